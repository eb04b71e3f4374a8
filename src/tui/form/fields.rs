//! The form's text fields: what they are called, in which order the cursor visits them, and how they are edited.
//!
//! Knows nothing of what the texts mean (that is `check`) or how they look (that is `rows`).

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::domain::split::Split;
use crate::tui::entry::Entry;
use crate::tui::line::{Edit, split, without_controls};

/// A field, in the order they stand on the screen. All hold text; that of the split is one of a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// One or several log group names, separated by commas.
    Groups,
    /// Start of the range.
    From,
    /// End of the range.
    To,
    /// How the range is cut: chosen, not typed.
    Split,
    /// Only streams that begin with this.
    StreamPrefix,
    /// The destination bucket.
    Bucket,
    /// The destination prefix.
    Prefix,
    /// What the plan is called.
    Name,
    /// The person's own label.
    Label,
}

impl Field {
    /// Every field, from top to bottom.
    pub const ALL: [Self; 9] = [
        Self::Groups,
        Self::From,
        Self::To,
        Self::Split,
        Self::StreamPrefix,
        Self::Bucket,
        Self::Prefix,
        Self::Name,
        Self::Label,
    ];

    /// The word left of the field.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Groups => "Log groups",
            Self::From => "From",
            Self::To => "To",
            Self::Split => "Split",
            Self::StreamPrefix => "Stream prefix",
            Self::Bucket => "Bucket",
            Self::Prefix => "Prefix",
            Self::Name => "Plan name",
            Self::Label => "Task name",
        }
    }

    /// Whether nothing can be exported while it is empty.
    pub const fn is_needed(self) -> bool {
        match self {
            Self::Groups | Self::From | Self::To | Self::Bucket => true,
            Self::Split | Self::StreamPrefix | Self::Prefix | Self::Name | Self::Label => false,
        }
    }

    /// What stands in the field while it is empty: what to type, or what an empty field means.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Groups => "names, separated by commas",
            Self::From | Self::To => "2026-11-01 14:00, 2h ago, yesterday, epoch milliseconds",
            Self::Split => "",
            Self::StreamPrefix => "all log streams",
            Self::Bucket => "a bucket in the log groups' Region",
            Self::Prefix => "exportedlogs (AWS's default), or {group}/{from:%Y/%m/%d}",
            Self::Name => "none: its log groups and dates",
            Self::Label => "none",
        }
    }
}

/// Where the form's cursor can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// In a field.
    Field(Field),
    /// On the line that submits.
    Submit,
}

impl Stop {
    /// One more than there are fields: the line that submits is the last.
    const COUNT: usize = Field::ALL.len() + 1;

    /// The stop below; from the last to the first.
    pub fn next(self) -> Self {
        self.step(1)
    }

    /// The stop above; from the first to the last.
    pub fn previous(self) -> Self {
        self.step(Self::COUNT - 1)
    }

    fn step(self, by: usize) -> Self {
        let here = self.field().map_or(Field::ALL.len(), |field| field as usize);
        Field::ALL.get((here + by) % Self::COUNT).map_or(Self::Submit, |field| Self::Field(*field))
    }

    /// The field under the cursor, if it stands in one.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Submit => None,
        }
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::Field(Field::Groups)
    }
}

/// The texts of all fields.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    slots: [Slot; Field::ALL.len()],
}

#[derive(Clone, Debug, Default)]
struct Slot {
    entry: Entry,
    /// Whether a hand has ever changed it: an empty field nobody touched is not worth an error yet.
    touched: bool,
}

impl Fields {
    /// What stands in `field`.
    pub fn text(&self, field: Field) -> &str {
        self.input(field).value()
    }

    /// The text of `field` with its cursor.
    pub fn input(&self, field: Field) -> &Input {
        self.slots[field as usize].entry.input()
    }

    /// Whether a person has edited `field`.
    pub const fn is_touched(&self, field: Field) -> bool {
        self.slots[field as usize].touched
    }

    /// Fills `field` anew, cursor at its end; there is nothing to undo then. Control characters are left out.
    pub fn give(&mut self, field: Field, text: &str) {
        self.slots[field as usize].entry = Entry::new(without_controls(text));
    }

    /// Replaces the text of `field`, cursor at its end. Control characters are left out.
    pub fn set(&mut self, field: Field, text: &str) {
        self.slots[field as usize].entry.set(without_controls(text));
    }

    /// Empties `field` by a person's hand.
    pub fn clear(&mut self, field: Field) {
        let slot = &mut self.slots[field as usize];
        slot.entry.edit(Edit::CutAll);
        slot.touched = true;
    }

    /// Moves or cuts in `field`.
    pub fn adjust(&mut self, field: Field, edit: Edit) {
        if field != Field::Split {
            let slot = &mut self.slots[field as usize];
            slot.touched |= slot.entry.edit(edit);
        }
    }

    /// Takes the last change of `field` back; `false` if there is none.
    pub fn undo(&mut self, field: Field) -> bool {
        self.slots[field as usize].entry.undo()
    }

    /// Makes the change of `field` again that was taken back last; `false` if there is none.
    pub fn redo(&mut self, field: Field) -> bool {
        self.slots[field as usize].entry.redo()
    }

    /// The split that is chosen.
    pub fn split(&self) -> Split {
        Split::parse(self.text(Field::Split)).unwrap_or_default()
    }

    /// Gives a key to `field`: letters, arrows, Backspace and the like; the split is chosen by arrows, Space and
    /// first letters.
    pub fn edit(&mut self, field: Field, key: KeyEvent) {
        if field == Field::Split {
            if let Some(split) = chosen(self.split(), key.code) {
                self.set(field, split.word());
            }
            return;
        }
        let slot = &mut self.slots[field as usize];
        slot.touched |= slot.entry.type_key(key);
    }

    /// Pastes at the cursor of `field`. What is pasted into the log groups becomes names; an S3 address pasted into the
    /// bucket fills the bucket and the prefix.
    pub fn paste(&mut self, field: Field, text: &str) {
        if field == Field::Split {
            if let Ok(split) = Split::parse(text) {
                self.set(field, split.word());
            }
            return;
        }
        let address = s3_address(text).filter(|_| field == Field::Bucket);
        if let Some((bucket, prefix)) = address {
            return self.paste_address(bucket, prefix);
        }
        let slot = &mut self.slots[field as usize];
        let text = match field {
            Field::Groups => names(text, split(slot.entry.input()).0),
            Field::From
            | Field::To
            | Field::Split
            | Field::StreamPrefix
            | Field::Bucket
            | Field::Prefix
            | Field::Name
            | Field::Label => without_controls(text),
        };
        slot.entry.insert(&text);
        slot.touched = true;
    }

    fn paste_address(&mut self, bucket: &str, prefix: &str) {
        let parts = [(Field::Bucket, bucket), (Field::Prefix, prefix)];
        for (field, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            self.set(field, text);
            self.slots[field as usize].touched = true;
        }
    }
}

/// The split that a key leads to from `now`.
fn chosen(now: Split, key: KeyCode) -> Option<Split> {
    let count = Split::ALL.len();
    let here = Split::ALL.iter().position(|split| *split == now).unwrap_or(0);
    match key {
        KeyCode::Right | KeyCode::Char(' ') => Split::ALL.get((here + 1) % count).copied(),
        KeyCode::Left => Split::ALL.get((here + count - 1) % count).copied(),
        KeyCode::Char(letter) => {
            Split::ALL.into_iter().find(|split| split.word().starts_with(letter.to_ascii_lowercase()))
        }
        _ => None,
    }
}

/// Bucket and prefix of `s3://bucket/prefix`; the prefix may be empty.
fn s3_address(text: &str) -> Option<(&str, &str)> {
    let (bucket, prefix) = text.trim().strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")))?;
    Some((bucket, prefix.trim_end_matches('/')))
}

/// Pasted log group names, which hold no white space: whatever stands between them becomes a comma. So does white space
/// before the first when something stands there already, and a line's end after the last: what is pasted next is another.
fn names(text: &str, before: &str) -> String {
    let between = |c: char| c == ',' || c.is_whitespace();
    let joined =
        text.split(between).map(without_controls).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
    let apart = text.starts_with(between) && !before.trim().is_empty() && !before.trim_end().ends_with(',');
    let goes_on = text.ends_with([',', '\n', '\r']);
    format!("{}{joined}{}", if apart { ", " } else { "" }, if goes_on && !joined.is_empty() { ", " } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    #[test]
    fn the_cursor_visits_every_field_and_the_submit_line_and_comes_round() {
        let walk: Vec<Stop> = std::iter::successors(Some(Stop::default()), |stop| Some(stop.next())).take(11).collect();
        assert_eq!(walk[..9], Field::ALL.map(Stop::Field));
        assert_eq!(walk[9..], [Stop::Submit, Stop::default()]);
        assert!(walk.iter().all(|stop| stop.next().previous() == *stop));
    }

    #[test]
    fn the_placeholder_of_the_prefix_is_what_aws_takes() {
        assert!(Field::Prefix.placeholder().starts_with(crate::domain::layout::DEFAULT_PREFIX));
    }

    #[test]
    fn a_split_is_chosen_by_arrows_space_and_first_letters() {
        let mut fields = Fields::default();
        let mut press = |code| {
            fields.edit(Field::Split, KeyEvent::new(code, KeyModifiers::NONE));
            fields.split()
        };
        assert_eq!(press(KeyCode::Right), Split::Hourly);
        assert_eq!(press(KeyCode::Char(' ')), Split::Daily);
        assert_eq!(press(KeyCode::Char('m')), Split::Monthly);
        assert_eq!(press(KeyCode::Right), Split::None, "they come round");
        assert_eq!(press(KeyCode::Left), Split::Monthly);
        assert_eq!(press(KeyCode::Char('x')), Split::Monthly);
        fields.paste(Field::Split, " Weekly\n");
        assert_eq!(fields.split(), Split::Weekly);
        fields.clear(Field::Split);
        assert_eq!(fields.split(), Split::None);
    }

    #[test]
    fn a_paste_goes_in_at_the_cursor_as_one_line() {
        let mut fields = Fields::default();
        fields.set(Field::Prefix, "ab");
        fields.edit(Field::Prefix, KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        fields.paste(Field::Prefix, "1\r\n2\u{1b}[3");
        assert_eq!(fields.text(Field::Prefix), "a12[3b");
        assert_eq!(fields.input(Field::Prefix).cursor(), 5);
    }

    #[test]
    fn lines_pasted_into_the_log_groups_become_names() {
        let mut fields = Fields::default();
        fields.paste(Field::Groups, "/a\r\n/b\n/c");
        assert_eq!(fields.text(Field::Groups), "/a, /b, /c");
    }

    #[test]
    fn whatever_stands_between_pasted_log_groups_becomes_a_comma() {
        // A terminal may send a carriage return for each line.
        for text in ["/a\r/b", "/a\t/b", "/a   /b", " /a ,\n/b", "/a,/b"] {
            let mut fields = Fields::default();
            fields.paste(Field::Groups, text);
            assert_eq!(fields.text(Field::Groups), "/a, /b", "{text:?}");
        }
        let mut fields = Fields::default();
        for line in ["/a\n", "/b", "\n/c"] {
            fields.paste(Field::Groups, line);
        }
        assert_eq!(fields.text(Field::Groups), "/a, /b, /c");
    }

    #[test]
    fn control_characters_are_no_letters() {
        let mut fields = Fields::default();
        fields.set(Field::Label, "nightly ");
        fields.edit(Field::Label, KeyEvent::new(KeyCode::Char('\u{7}'), KeyModifiers::NONE));
        assert_eq!(fields.text(Field::Label), "nightly ");
    }

    #[test]
    fn a_choice_is_undone_as_a_text_is_and_not_cut_by_words() {
        let mut fields = Fields::default();
        fields.edit(Field::Split, KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE));
        fields.adjust(Field::Split, Edit::CutWordBack);
        assert_eq!(fields.split(), Split::Daily);
        assert!(fields.undo(Field::Split) && !fields.undo(Field::Split));
        assert_eq!(fields.split(), Split::None);
        assert!(fields.redo(Field::Split));
        assert_eq!(fields.split(), Split::Daily);
    }

    #[test]
    fn only_a_change_of_text_touches_a_field() {
        let mut fields = Fields::default();
        fields.set(Field::Bucket, "logs");
        fields.edit(Field::Bucket, KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        assert!(!fields.is_touched(Field::Bucket));
        fields.edit(Field::Bucket, KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE));
        assert!(fields.is_touched(Field::Bucket));
    }
}
