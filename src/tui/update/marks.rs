//! Marking log groups: one, all, a range, those that are not marked.

use crate::tui::cells::counted;
use crate::tui::model::{Model, Tone};
use crate::tui::search::Search;

/// Marks or unmarks the log group under the cursor; ranges begin there.
pub fn mark(model: &mut Model) {
    let groups = &mut model.groups;
    let Some(name) = groups.list.current().map(|group| group.name.to_string()) else { return };
    groups.set_anchor();
    if !groups.marks.remove(&name) {
        groups.marks.insert(name);
    }
}

/// What is marked is exported: a row in which the filter found no more than its letters, perhaps out of sight below those
/// that were meant, is not marked along with them.
pub fn mark_all(model: &mut Model) {
    let groups = &mut model.groups;
    let shown: Vec<String> = groups.list.shown().map(|group| group.name.to_string()).collect();
    let mut search = Search::new(groups.list.filter().text()).strict();
    let (meant, loose): (Vec<String>, Vec<String>) = shown.into_iter().partition(|name| search.score(name).is_some());
    let (meant, left) = if meant.is_empty() { (loose, 0) } else { (meant, loose.len()) };
    if meant.iter().all(|name| groups.marks.contains(name)) {
        for name in &meant {
            groups.marks.remove(name);
        }
        return;
    }
    groups.marks.extend(meant);
    if left > 0 {
        model.say(Tone::Note, format!("{} with nothing but the letters not marked", counted(left, "row")));
    }
}

/// Marks everything between the log group that was marked last and the one under the cursor, both included.
pub fn mark_range(model: &mut Model) {
    let Some(anchor) = model.groups.anchor() else {
        return model.say(Tone::Note, "the log group marked last is not among those shown");
    };
    let groups = &mut model.groups;
    let here = groups.list.cursor();
    let range = anchor.min(here)..anchor.max(here) + 1;
    let count = range.len();
    let names: Vec<String> = groups.list.between(range).map(|(_, group)| group.name.to_string()).collect();
    groups.marks.extend(names);
    groups.set_anchor();
    model.say(Tone::Note, format!("{} marked, from the one marked last to here", counted(count, "log group")));
}

/// Of what is shown: marks what is not marked, and the other way round.
pub fn invert(model: &mut Model) {
    let groups = &mut model.groups;
    for group in groups.list.shown() {
        if !groups.marks.remove(&*group.name) {
            groups.marks.insert(group.name.to_string());
        }
    }
}
