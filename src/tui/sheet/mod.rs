//! The short form for a new bucket, and for a lifecycle rule of one that is there: what is typed, and what it comes to.
//!
//! Pure state. Nothing comes of it but a page that shows what would be done.

mod check;
mod item;

#[cfg(test)]
mod tests;

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::lifecycle::{ArchiveClass, Edit, Lifecycle, NewRule, OWN_RULE};
use crate::domain::names::BucketName;
use crate::export::remedy::NewBucket;
use crate::tui::entry::{Entry, TakesText};
use crate::tui::line::{self, without_controls};
use crate::tui::model::Overlay;

pub use item::Item;

/// What can be done in it by a key that is not typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetAction {
    /// To the next field.
    Next,
    /// To the previous field.
    Previous,
    /// Empties the field.
    Clear,
    /// Shows what would be done.
    Submit,
}

/// What it is for.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, in the form that is open")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new bucket.
    Bucket,
    /// A lifecycle rule of a bucket.
    Rule {
        /// The bucket.
        bucket: BucketName,
        /// The rules it has.
        before: Option<Lifecycle>,
        /// The rule that is changed; `None` if it is a new one.
        old: Option<NewRule>,
    },
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This bucket is to be created.
    Bucket(NewBucket),
    /// This is to become of the bucket's rules.
    Rule(BucketName, Edit),
}

/// What stands in a field.
#[derive(Clone, Debug)]
pub enum Value {
    /// What was typed.
    Text(Entry),
    /// Which of the item's choices.
    Choice(usize),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.value() == other.value(),
            (Self::Choice(one), Self::Choice(other)) => one == other,
            (Self::Text(_), Self::Choice(_)) | (Self::Choice(_), Self::Text(_)) => false,
        }
    }
}

impl Eq for Value {}

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What it is for.
    pub purpose: Purpose,
    /// What was over the screen before.
    pub back: Option<Box<Overlay>>,
    fields: Vec<(Item, Value)>,
    at: usize,
    /// Whether somebody wanted to go on: then every error is shown, also of fields nobody has touched.
    tried: bool,
}

impl Sheet {
    /// For a new bucket, called `name` unless somebody changes that.
    pub fn bucket(name: &str, back: Option<Box<Overlay>>) -> Self {
        let items = [Item::Name, Item::Versions, Item::Exports].into_iter().chain(Item::ACTIONS);
        let mut sheet = Self::empty(Purpose::Bucket, items, back);
        sheet.write(Item::Name, name);
        sheet.choose(Item::Exports, 1);
        sheet
    }

    /// For one more lifecycle rule of `bucket`; `prefix` is what most people mean it for.
    pub fn new_rule(bucket: BucketName, before: Option<Lifecycle>, prefix: &str, back: Option<Box<Overlay>>) -> Self {
        let id = free_id(before.as_ref());
        let items = [Item::Id, Item::Prefix].into_iter().chain(Item::ACTIONS);
        let mut sheet = Self::empty(Purpose::Rule { bucket, before, old: None }, items, back);
        sheet.write(Item::Id, &id);
        sheet.write(Item::Prefix, prefix);
        sheet
    }

    /// For the rule `old` of `bucket`. It keeps its id.
    pub fn rule(bucket: BucketName, before: Option<Lifecycle>, old: NewRule, back: Option<Box<Overlay>>) -> Self {
        let (prefix, actions) = (old.prefix().to_owned(), old.actions());
        let items = [Item::Prefix].into_iter().chain(Item::ACTIONS);
        let mut sheet = Self::empty(Purpose::Rule { bucket, before, old: Some(old) }, items, back);
        sheet.write(Item::Prefix, &prefix);
        if let Some(archive) = actions.archive {
            let at = ArchiveClass::ALL.iter().position(|class| *class == archive.class);
            sheet.choose(Item::Archive, at.map_or(0, |at| at + 1));
            sheet.write(Item::ArchiveAfter, &archive.days.to_string());
        }
        for (item, days) in [(Item::ExpireAfter, actions.expire), (Item::AbortAfter, actions.abort)] {
            sheet.write(item, &days.map(|days| days.to_string()).unwrap_or_default());
        }
        sheet
    }

    fn empty(purpose: Purpose, items: impl Iterator<Item = Item>, back: Option<Box<Overlay>>) -> Self {
        let value = |item: Item| match item.choices() {
            [] => Value::Text(Entry::default()),
            _ => Value::Choice(0),
        };
        Self { purpose, back, fields: items.map(|item| (item, value(item))).collect(), at: 0, tried: false }
    }

    /// Its fields from top to bottom.
    pub fn fields(&self) -> &[(Item, Value)] {
        &self.fields
    }

    /// The field under the cursor.
    pub fn here(&self) -> Option<Item> {
        self.fields.get(self.at).map(|(item, _)| *item)
    }

    /// To the next field, or the one before; round at the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.fields.len().cast_signed().max(1);
        self.at = (self.at.cast_signed() + by).rem_euclid(count).unsigned_abs();
    }

    /// The text under the cursor, if it stands in one.
    pub fn entry(&mut self) -> Option<&mut Entry> {
        match self.fields.get_mut(self.at) {
            Some((_, Value::Text(entry))) => Some(entry),
            Some((_, Value::Choice(_))) | None => None,
        }
    }

    /// Empties the field under the cursor.
    pub fn clear(&mut self) {
        match self.fields.get_mut(self.at) {
            Some((_, Value::Text(entry))) => {
                entry.edit(line::Edit::CutAll);
            }
            Some((_, Value::Choice(at))) => *at = 0,
            None => {}
        }
    }

    /// What it comes to, if nothing is wrong in it; otherwise the cursor goes to the first field that is.
    pub fn submit(&mut self) -> Option<Wanted> {
        match self.check() {
            Ok(wanted) => Some(wanted),
            Err(errors) => {
                self.tried = true;
                let wrong = |(item, _): &(Item, Value)| errors.iter().any(|(at, _)| at == item);
                self.at = self.fields.iter().position(wrong).unwrap_or(self.at);
                None
            }
        }
    }

    /// What is wrong with a field and worth showing: not that a field is empty which nobody has touched yet.
    pub fn error(&self, item: Item) -> Option<String> {
        let errors = self.check().err()?;
        let shown = self.tried || !self.text(item).is_empty();
        errors.into_iter().find(|(at, _)| *at == item && shown).map(|(_, error)| error)
    }

    fn value(&self, item: Item) -> Option<&Value> {
        self.fields.iter().find(|(at, _)| *at == item).map(|(_, value)| value)
    }

    /// What is typed in a field; nothing where something is chosen, or where there is no such field.
    fn text(&self, item: Item) -> &str {
        match self.value(item) {
            Some(Value::Text(entry)) => entry.value(),
            Some(Value::Choice(_)) | None => "",
        }
    }

    /// Which of its choices a field stands on.
    fn choice(&self, item: Item) -> usize {
        match self.value(item) {
            Some(Value::Choice(at)) => *at,
            Some(Value::Text(_)) | None => 0,
        }
    }

    fn write(&mut self, item: Item, text: &str) {
        self.set(item, Value::Text(Entry::new(text.to_owned())));
    }

    fn choose(&mut self, item: Item, at: usize) {
        self.set(item, Value::Choice(at));
    }

    fn set(&mut self, item: Item, to: Value) {
        if let Some((_, value)) = self.fields.iter_mut().find(|(at, _)| *at == item) {
            *value = to;
        }
    }
}

impl TakesText for Sheet {
    /// Gives a key to the field under the cursor.
    fn edit(&mut self, key: KeyEvent) {
        let Some((item, value)) = self.fields.get_mut(self.at) else { return };
        let count = item.choices().len();
        match value {
            Value::Text(entry) => {
                entry.type_key(key);
            }
            Value::Choice(at) => match key.code {
                KeyCode::Right | KeyCode::Char(' ') => *at = (*at + 1) % count,
                KeyCode::Left => *at = (*at + count - 1) % count,
                _ => {}
            },
        }
    }

    /// Pastes into the field under the cursor.
    fn paste(&mut self, text: &str) {
        if let Some(entry) = self.entry() {
            entry.insert(without_controls(text).trim());
        }
    }

    fn field(&mut self) -> Option<&mut Entry> {
        self.entry()
    }
}

/// An id that no rule has yet.
fn free_id(before: Option<&Lifecycle>) -> String {
    let is_free = |id: &String| before.is_none_or(|before| before.rule(id).is_none());
    let more = (2_usize..).map(|number| format!("{OWN_RULE}-{number}"));
    std::iter::once(OWN_RULE.to_owned()).chain(more).find(is_free).unwrap_or_default()
}
