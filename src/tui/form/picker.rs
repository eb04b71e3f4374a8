//! The picker: a list over the form to choose log groups or a bucket from, narrowed as one types: a loose search as in the
//! lists, the best match first.
//!
//! It works on its own copy of the names, so that keys act on the very rows that are on the screen.

use std::cmp::Reverse;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use tui_input::Input;

use super::fields::Field;
use crate::tui::line::{self, Edit, insert, type_key, without_controls};
use crate::tui::search::Search;

/// How far Page Up and Page Down go.
const PAGE: usize = 10;

/// An open picker.
#[derive(Clone, Debug)]
pub struct Picker {
    field: Field,
    several: bool,
    names: Vec<String>,
    filter: Input,
    /// Indices into `names` of what the filter lets through.
    matches: Vec<usize>,
    cursor: usize,
    marked: Vec<String>,
}

impl Picker {
    /// Opens on `names` for `field`, which holds `chosen`. One chosen name is where the cursor starts; several are
    /// marked.
    pub fn open<'a>(field: Field, several: bool, names: impl Iterator<Item = &'a str>, chosen: &[String]) -> Self {
        let marked = if several && chosen.len() > 1 { chosen.to_vec() } else { Vec::new() };
        let names: Vec<String> = names.map(str::to_owned).collect();
        let cursor = chosen.first().and_then(|first| names.iter().position(|name| name == first)).unwrap_or(0);
        let matches = (0..names.len()).collect();
        Self { field, several, names, filter: Input::default(), matches, cursor, marked }
    }

    /// The field it chooses for.
    pub const fn field(&self) -> Field {
        self.field
    }

    /// Whether several rows can be marked.
    pub const fn takes_several(&self) -> bool {
        self.several
    }

    /// The filter's text with its cursor.
    pub const fn filter(&self) -> &Input {
        &self.filter
    }

    /// All names there are.
    pub const fn total(&self) -> usize {
        self.names.len()
    }

    /// How many names are marked.
    pub const fn marked(&self) -> usize {
        self.marked.len()
    }

    /// How many names the filter lets through.
    pub const fn len(&self) -> usize {
        self.matches.len()
    }

    /// At most `count` rows from row `first` on: the name, and whether it is marked.
    pub fn rows(&self, first: usize, count: usize) -> impl Iterator<Item = (&str, bool)> {
        self.matches.iter().skip(first).take(count).map(|index| {
            let name = &self.names[*index];
            (name.as_str(), self.marked.contains(name))
        })
    }

    /// The row under the cursor.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// Takes in what was listed since; the cursor stays on its name.
    pub fn learn<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: Vec<String> = names.map(str::to_owned).collect();
        if names != self.names {
            let here = self.under_cursor().map(str::to_owned);
            self.names = names;
            self.narrow(here.as_deref());
        }
    }

    /// Moves down or up; stops at the ends.
    pub fn step(&mut self, by: isize) {
        let last = self.matches.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Space marks, the page keys move, everything else goes to the filter.
    pub fn edit(&mut self, key: KeyEvent) {
        const HOP: isize = PAGE.cast_signed();
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Char(' ') => self.toggle(),
            KeyCode::PageDown => self.step(HOP),
            KeyCode::PageUp => self.step(-HOP),
            _ => {
                if type_key(&mut self.filter, key) {
                    self.narrow(None);
                }
            }
        }
    }

    /// Moves or cuts in the filter.
    pub fn adjust(&mut self, edit: Edit) {
        if line::edit(&mut self.filter, edit) {
            self.narrow(None);
        }
    }

    /// Pastes into the filter.
    pub fn paste(&mut self, text: &str) {
        insert(&mut self.filter, without_controls(text).trim());
        self.narrow(None);
    }

    /// Empties the filter; the cursor stays on its name.
    pub fn clear(&mut self) {
        let here = self.under_cursor().map(str::to_owned);
        self.filter.reset();
        self.narrow(here.as_deref());
    }

    /// What was chosen: the marked names, or else the one under the cursor.
    pub fn chosen(&self) -> Vec<String> {
        if self.marked.is_empty() {
            self.under_cursor().map(str::to_owned).into_iter().collect()
        } else {
            self.marked.clone()
        }
    }

    fn under_cursor(&self) -> Option<&str> {
        self.matches.get(self.cursor).map(|index| self.names[*index].as_str())
    }

    /// Marks the name under the cursor, or takes its mark away, and goes down.
    pub fn toggle(&mut self) {
        let Some(name) = self.under_cursor().filter(|_| self.several).map(str::to_owned) else { return };
        match self.marked.iter().position(|marked| *marked == name) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(name),
        }
        self.step(1);
    }

    /// Applies the filter, the best matches first. The cursor goes to `keep`, or to the first.
    fn narrow(&mut self, keep: Option<&str>) {
        let mut search = Search::new(self.filter.value());
        let scored = self.names.iter().enumerate().filter_map(|(at, name)| Some((Reverse(search.score(name)?), at)));
        let mut scored: Vec<(Reverse<u32>, usize)> = scored.collect();
        scored.sort_unstable();
        self.matches = scored.into_iter().map(|(_, at)| at).collect();
        let at = |name: &str| self.matches.iter().position(|index| self.names[*index] == name);
        self.cursor = keep.and_then(at).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    fn names() -> Vec<String> {
        ["/aws/lambda/checkout", "/aws/lambda/Login", "/ecs/web", "vpc"].map(str::to_owned).to_vec()
    }

    fn typed(picker: &mut Picker, text: &str) {
        text.chars().for_each(|c| picker.edit(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
    }

    fn shown(picker: &Picker) -> Vec<&str> {
        picker.rows(0, usize::MAX).map(|(name, _)| name).collect()
    }

    #[test]
    fn typing_narrows_the_list_to_what_has_the_letters_the_best_first() {
        let mut picker = Picker::open(Field::Groups, true, names().iter().map(String::as_str), &[]);
        typed(&mut picker, "lo");
        assert_eq!(shown(&picker), ["/aws/lambda/Login", "/aws/lambda/checkout"]);
        picker.clear();
        typed(&mut picker, "Log");
        assert_eq!(shown(&picker), ["/aws/lambda/Login"]);
        picker.clear();
        assert_eq!(shown(&picker).len(), 4);
        assert_eq!(picker.chosen(), ["/aws/lambda/Login"], "the cursor stays on its name");
    }

    #[test]
    fn space_marks_several_and_they_outlive_the_filter() {
        let mut picker = Picker::open(Field::Groups, true, names().iter().map(String::as_str), &[]);
        typed(&mut picker, "vpc ");
        picker.clear();
        picker.step(-9);
        typed(&mut picker, " ");
        assert_eq!(picker.chosen(), ["vpc", "/aws/lambda/checkout"]);
        picker.step(-9);
        typed(&mut picker, " ");
        assert_eq!(picker.chosen(), ["vpc"], "a second time takes the mark away");
    }

    #[test]
    fn one_chosen_name_is_under_the_cursor_and_several_are_marked() {
        let one = Picker::open(Field::Groups, true, names().iter().map(String::as_str), &["/ecs/web".to_owned()]);
        assert_eq!((one.marked(), one.chosen()), (0, vec!["/ecs/web".to_owned()]));
        let several = ["vpc".to_owned(), "typed-by-hand".to_owned()];
        assert_eq!(Picker::open(Field::Groups, true, names().iter().map(String::as_str), &several).chosen(), several);
    }

    #[test]
    fn a_bucket_cannot_be_marked() {
        let mut picker = Picker::open(Field::Bucket, false, names().iter().map(String::as_str), &[]);
        typed(&mut picker, " ");
        assert_eq!((picker.marked(), picker.chosen()), (0, vec!["/aws/lambda/checkout".to_owned()]));
    }

    #[test]
    fn names_that_arrive_late_join_and_the_cursor_stays_on_its_name() {
        let all = names();
        let mut picker =
            Picker::open(Field::Groups, true, all[1..3].iter().map(String::as_str), &["/ecs/web".to_owned()]);
        picker.learn(all.iter().map(String::as_str));
        assert_eq!((picker.total(), picker.chosen()), (4, vec!["/ecs/web".to_owned()]));
    }

    #[test]
    fn nothing_listed_is_nothing_chosen() {
        let mut picker = Picker::open(Field::Groups, true, std::iter::empty(), &[]);
        picker.step(1);
        typed(&mut picker, " x");
        assert_eq!(picker.chosen(), Vec::<String>::new());
    }
}
