//! Lifecycle rules on screen: their page, and the form for one of them. What is wanted goes on to the page of a change.

use super::{change, creation};
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::lifecycle::{Edit, Lifecycle, editable};
use crate::domain::names::BucketName;
use crate::tui::change::Wish;
use crate::tui::effect::Effect;
use crate::tui::list::Motion;
use crate::tui::model::{Model, Overlay, Tone};
use crate::tui::rules::RulesPage;
use crate::tui::sheet::{Purpose, Sheet, SheetAction, Wanted};

/// Shows the rules of the bucket a key is about.
pub fn open(model: &mut Model) {
    let Some(bucket) = model.bucket_here() else { return };
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Rules(RulesPage { bucket, at: 0, back }));
}

/// Moves the cursor among the rules, of which `page` are in sight.
pub fn walk(model: &mut Model, motion: Motion, page: usize) {
    let count = model.rules_here().map_or(0, <[_]>::len);
    if let Some(Overlay::Rules(rules)) = &mut model.overlay {
        rules.at = motion.apply(rules.at, count, page);
    }
}

/// Opens the form for one more rule.
pub fn add(model: &mut Model) {
    let Some((bucket, before)) = about(model) else { return };
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Sheet(Sheet::new_rule(bucket, before, &format!("{DEFAULT_PREFIX}/"), back)));
}

/// Opens the form for the rule under the cursor, if this program can write all that it says.
pub fn edit(model: &mut Model) {
    let Some(id) = id_here(model) else { return };
    let Some((bucket, before)) = about(model) else { return };
    match editable(before.as_ref(), &id) {
        Ok(old) => {
            let back = model.overlay.take().map(Box::new);
            model.overlay = Some(Overlay::Sheet(Sheet::rule(bucket, before, old, back)));
        }
        Err(error) => model.say(Tone::Note, error.to_string()),
    }
}

/// Shows what removing the rule under the cursor would change.
pub fn remove(model: &mut Model) -> Vec<Effect> {
    let Some(id) = id_here(model) else { return Vec::new() };
    let Some((bucket, _)) = about(model) else { return Vec::new() };
    let back = model.overlay.take().map(Box::new);
    change::propose(model, Wish::Lifecycle(bucket, Edit::Remove(id)), back)
}

/// The id of the rule under the cursor. S3 gives every rule one.
fn id_here(model: &mut Model) -> Option<String> {
    let id = model.rule_here()?.id.clone();
    if id.is_none() {
        model.say(Tone::Note, "this rule has no id: edit it where it was made");
    }
    id
}

/// The bucket whose rules are shown, and them.
fn about(model: &mut Model) -> Option<(BucketName, Option<Lifecycle>)> {
    let Some(Overlay::Rules(page)) = &model.overlay else { return None };
    let before = model.buckets.rules(&page.bucket)?.as_ref().ok()?.clone();
    match BucketName::parse(&page.bucket) {
        Ok(bucket) => Some((bucket, before)),
        Err(error) => {
            model.say(Tone::Note, format!("not a bucket that logferry changes: {error}"));
            None
        }
    }
}

/// Something in the form for a rule or a bucket.
pub fn in_sheet(model: &mut Model, action: SheetAction) -> Vec<Effect> {
    let Some(Overlay::Sheet(sheet)) = &mut model.overlay else { return Vec::new() };
    match action {
        SheetAction::Next => sheet.step(1),
        SheetAction::Previous => sheet.step(-1),
        SheetAction::Clear => sheet.clear(),
        SheetAction::Submit => {
            let sheet = sheet.clone();
            return submit(model, sheet);
        }
    }
    Vec::new()
}

/// Shows what would be done.
fn submit(model: &mut Model, mut sheet: Sheet) -> Vec<Effect> {
    let wanted = sheet.submit();
    let same = matches!(
        (&sheet.purpose, &wanted),
        (Purpose::Rule { old: Some(old), .. }, Some(Wanted::Rule(_, Edit::Change(rule)))) if old == rule
    );
    match wanted {
        Some(_) if same => model.say(Tone::Note, "the rule is like that already"),
        Some(Wanted::Rule(bucket, edit)) => {
            let back = Some(Box::new(Overlay::Sheet(sheet)));
            return change::propose(model, Wish::Lifecycle(bucket, edit), back);
        }
        Some(Wanted::Bucket(new)) => creation::show(model, new, sheet),
        None => model.overlay = Some(Overlay::Sheet(sheet)),
    }
    Vec::new()
}
