//! The keys: one table from which dispatch, footer and help are generated.
//!
//! A key bound twice where both bindings could be meant is a start-up error, see [`check`]. The table's rows stand in
//! `browsing`, `buckets`, `queue`, `landed`, `dialogs`, `finding`, `calendar` and `typing`; when a key means nothing just now,
//! `enabled` has the reason.

mod action;
mod browsing;
mod buckets;
mod calendar;
mod context;
mod dialogs;
mod enabled;
mod finding;
mod key;
mod keymap;
mod landed;
mod names;
mod queue;
mod typing;

use thiserror::Error;

pub use self::action::Action;
pub use self::context::{Context, of_screen, stack};
pub use self::enabled::Verdict;
pub use self::key::Key;
pub use self::keymap::Keymap;

use self::context::STACKS;
use self::enabled::Enabled;
use self::key::{ENTER, ESC, PEEK, alt, c, ctrl, k};
use crate::tui::list::Filter;
use crate::tui::model::{Model, Overlay, Screen};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// Any of these keys.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The word in the footer.
    pub label: &'static str,
    /// The sentence in help.
    pub help: &'static str,
    /// Rank in the footer, 1 first; 0 stays out of it.
    pub footer: u8,
    /// Whether it makes sense now.
    pub enabled: Enabled,
    /// Whether it changes something in AWS, or in the queue.
    pub changes: bool,
}

const fn bind(
    context: Context,
    keys: &'static [Key],
    action: Action,
    footer: u8,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, label, help, footer, enabled: |_| Ok(()), changes: false }
}

impl Binding {
    const fn when(mut self, enabled: Enabled) -> Self {
        self.enabled = enabled;
        self
    }

    /// It changes something in AWS, now or later: no key of a read-only interface.
    const fn changing(mut self) -> Self {
        self.changes = true;
        self
    }

    /// Whether it may be used now; if not, why.
    pub fn verdict(&self, model: &Model) -> Verdict {
        (self.enabled)(model)?;
        if self.is_forbidden(model) { Err(READ_ONLY) } else { Ok(()) }
    }

    /// Whether it is out of use for as long as the program runs.
    pub const fn is_forbidden(&self, model: &Model) -> bool {
        self.changes && model.settings.read_only
    }
}

/// Why a key that changes something means nothing in a read-only interface.
const READ_ONLY: &str = "read-only by --read-only, LOGFERRY_READ_ONLY or the configuration: nothing is changed";

/// Every key there is, in the order README and help list them.
pub fn bindings() -> impl Iterator<Item = &'static Binding> + Clone {
    [
        browsing::ROWS,
        buckets::ROWS,
        queue::ROWS,
        landed::ROWS,
        dialogs::ROWS,
        finding::ROWS,
        calendar::ROWS,
        typing::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The rows of the table that hold now, innermost first.
pub fn here(model: &Model) -> impl Iterator<Item = &'static Binding> + use<> {
    stack(model).iter().flat_map(|context| bindings().filter(|binding| binding.context == *context))
}

/// The filter of the list that is seen.
pub fn filter(model: &Model) -> Option<&Filter> {
    if let Some(Overlay::Landed(_)) = &model.overlay {
        return model.landed.as_deref().map(|landed| landed.list.filter());
    }
    match model.screen {
        Screen::Groups => Some(model.groups.list.filter()),
        Screen::Buckets => Some(model.buckets.list.filter()),
        Screen::Exports => Some(model.exports.filter()),
        Screen::History => Some(model.history.filter()),
        Screen::Lanes => Some(model.lanes.filter()),
        Screen::Form => None,
    }
}

/// The binding a key means now.
pub fn find(model: &Model, key: Key) -> Option<&'static Binding> {
    let keys = &model.settings.keys;
    let bound = |context: &Context| bindings().find(|b| b.context == *context && keys.of(b).contains(&key));
    stack(model).iter().find_map(bound)
}

/// The names of the keys of `binding`, as they are shown.
pub fn names(model: &Model, binding: &Binding) -> Vec<String> {
    let name = if model.settings.ascii { Key::plain_name } else { Key::name };
    model.settings.keys.of(binding).into_iter().map(name).collect()
}

/// The name of the key that performs `action` in the form, to be told of where it helps.
pub fn name_in_form(action: Action) -> String {
    let bound = bindings().find(|binding| binding.context == Context::Form && binding.action == action);
    bound.and_then(|binding| binding.keys.first()).map(|key| key.name()).unwrap_or_default()
}

/// What the footer may show now, most important first; with them keys that only a read-only interface has no use for.
pub fn footer(model: &Model) -> Vec<&'static Binding> {
    let contexts = stack(model);
    let fits = |b: &&Binding| b.footer > 0 && contexts.contains(&b.context) && (b.enabled)(model).is_ok();
    let mut rows: Vec<&Binding> = bindings().filter(fits).collect();
    rows.sort_by_key(|b| b.footer);
    let mut offered: Vec<Action> = Vec::new();
    rows.retain(|b| {
        let new = !offered.contains(&b.action);
        offered.push(b.action);
        new
    });
    rows
}

/// A key that would mean two things.
#[derive(Clone, Debug, Error)]
#[error("the key {key} is bound twice: {} and {}", .first.help, .second.help)]
pub struct DuplicateKey {
    key: String,
    first: &'static Binding,
    second: &'static Binding,
}

/// Fails if a key means two things in contexts that hold at once.
pub fn check(bindings: &[&'static Binding], keys: &Keymap) -> Result<(), DuplicateKey> {
    for stack in STACKS {
        let mut seen: Vec<(Key, &'static Binding)> = Vec::new();
        let held = bindings.iter().filter(|b| stack.contains(&b.context));
        for (key, second) in held.flat_map(|b| keys.of(b).into_iter().map(|key| (key, *b))) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) {
                return Err(DuplicateKey { key: key.name(), first, second });
            }
            seen.push((key, second));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    /// The keys as README shows them.
    fn markdown() -> String {
        let told = bindings().filter(|binding| !binding.help.is_empty());
        let rows = told.map(|binding| {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.name())).collect();
            format!("| {} | {} | {} |\n", keys.join(", "), binding.context.title().to_lowercase(), binding.help)
        });
        format!("| key | where | what it does |\n| --- | --- | --- |\n{}", rows.collect::<String>())
    }

    #[test]
    fn the_readme_lists_every_key() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        let expected = markdown();
        assert!(readme.contains(&expected), "README's key table has to be:\n{expected}");
    }

    #[test]
    fn no_key_means_two_things() {
        check(&bindings().collect::<Vec<_>>(), &Keymap::default()).unwrap();
    }

    #[test]
    fn a_key_bound_twice_is_found() {
        static CLASH: Binding = bind(Context::Groups, &[c('q')], Action::Mark, 0, "", "a clash");
        let rows: Vec<&Binding> = bindings().chain([&CLASH]).collect();
        let error = check(&rows, &Keymap::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the key q is bound twice: Quit; asks first if work would stand still and a clash"
        );
    }

    #[test]
    fn shift_does_not_hide_a_capital() {
        assert_eq!(Key::of(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)), c('G'));
    }
}
