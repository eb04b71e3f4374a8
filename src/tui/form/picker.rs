//! The picker: a list over the form to choose log groups or a bucket from, narrowed as one types.
//!
//! It works on its own copy of the names, so that keys act on the very rows that are on the screen.

use std::ops::Range;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use tui_input::Input;

use super::fields::Field;
use crate::tui::line::{self, Edit, insert, type_key, without_controls};
use crate::tui::list::{Filter, List, Motion, Row};

/// How far Page Up and Page Down go.
const PAGE: usize = 10;

/// A name to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name(Arc<str>);

impl Row for Name {
    const RANKED: bool = true;
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn name(&self) -> &str {
        &self.0
    }
}

/// An open picker.
#[derive(Clone, Debug)]
pub struct Picker {
    field: Field,
    several: bool,
    names: List<Name>,
    filter: Input,
    marked: Vec<String>,
}

impl Picker {
    /// Opens on `names` for `field`, which holds `chosen`. One chosen name is where the cursor starts; several are
    /// marked.
    pub fn open(field: Field, several: bool, names: impl Iterator<Item = Arc<str>>, chosen: &[String]) -> Self {
        let marked = if several && chosen.len() > 1 { chosen.to_vec() } else { Vec::new() };
        let mut list = List::default();
        list.replace(names.map(Name).collect());
        if let Some(first) = chosen.first() {
            list.seek(|name: &Name| *name.0 == **first);
        }
        Self { field, several, names: list, filter: Input::default(), marked }
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
    pub fn total(&self) -> usize {
        self.names.rows().len()
    }

    /// How many names are marked.
    pub const fn marked(&self) -> usize {
        self.marked.len()
    }

    /// How many names the filter lets through.
    pub fn len(&self) -> usize {
        self.names.shown_count()
    }

    /// The rows at these places: the name, and whether it is marked.
    pub fn rows(&self, places: Range<usize>) -> impl Iterator<Item = (&str, bool)> {
        let names = self.names.between(places).map(|(_, Name(name))| &**name);
        names.map(|name| (name, self.marked.iter().any(|marked| marked == name)))
    }

    /// The row under the cursor.
    pub const fn cursor(&self) -> usize {
        self.names.cursor()
    }

    /// Takes in what was listed since; the cursor stays on its name.
    pub fn learn(&mut self, names: impl Iterator<Item = Arc<str>>) {
        let names: Vec<Name> = names.map(Name).collect();
        if names != self.names.rows() {
            self.names.replace(names);
        }
    }

    /// Whether the filter has not looked at every name yet.
    pub fn is_sifting(&self) -> bool {
        self.names.is_sifting()
    }

    /// Has the filter look at some more names.
    pub fn sift(&mut self) {
        self.names.sift();
    }

    /// Moves the cursor; stops at the ends.
    pub fn step(&mut self, motion: Motion) {
        self.names.step(motion, PAGE);
    }

    /// Space marks, the page keys move, everything else goes to the filter.
    pub fn edit(&mut self, key: KeyEvent) {
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Char(' ') => self.toggle(),
            KeyCode::PageDown => self.step(Motion::PageDown),
            KeyCode::PageUp => self.step(Motion::PageUp),
            _ => {
                if type_key(&mut self.filter, key) {
                    self.narrow();
                }
            }
        }
    }

    /// Moves or cuts in the filter.
    pub fn adjust(&mut self, edit: Edit) {
        if line::edit(&mut self.filter, edit) {
            self.narrow();
        }
    }

    /// Pastes into the filter.
    pub fn paste(&mut self, text: &str) {
        insert(&mut self.filter, without_controls(text).trim());
        self.narrow();
    }

    /// Empties the filter; the cursor stays on its name.
    pub fn clear(&mut self) {
        self.filter.reset();
        self.narrow();
    }

    /// What was chosen: the marked names, or else the one under the cursor.
    pub fn chosen(&mut self) -> Vec<String> {
        self.names.settle();
        if self.marked.is_empty() { self.under_cursor().into_iter().collect() } else { self.marked.clone() }
    }

    fn under_cursor(&self) -> Option<String> {
        self.names.current().map(|Name(name)| name.to_string())
    }

    /// Marks the name under the cursor, or takes its mark away, and goes down.
    pub fn toggle(&mut self) {
        self.names.settle();
        let Some(name) = self.under_cursor().filter(|_| self.several) else { return };
        match self.marked.iter().position(|marked| *marked == name) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(name),
        }
        self.step(Motion::Down);
    }

    /// Applies the filter.
    fn narrow(&mut self) {
        self.names.set_filter(Filter::Kept(self.filter.value().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::array::IntoIter;

    use crossterm::event::KeyModifiers;

    fn names() -> IntoIter<Arc<str>, 4> {
        ["/aws/lambda/checkout", "/aws/lambda/Login", "/ecs/web", "vpc"].map(Arc::from).into_iter()
    }

    fn typed(picker: &mut Picker, text: &str) {
        text.chars().for_each(|c| picker.edit(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
    }

    fn shown(picker: &Picker) -> Vec<&str> {
        picker.rows(0..picker.len()).map(|(name, _)| name).collect()
    }

    #[test]
    fn typing_narrows_the_list_as_loosely_as_a_filter() {
        let mut picker = Picker::open(Field::Groups, true, names(), &[]);
        typed(&mut picker, "lmlog");
        assert_eq!(shown(&picker), ["/aws/lambda/Login"]);
        picker.clear();
        assert_eq!(shown(&picker).len(), 4);
        assert_eq!(picker.chosen(), ["/aws/lambda/Login"], "the cursor stays on its name");
    }

    #[test]
    fn space_marks_several_and_they_outlive_the_filter() {
        let mut picker = Picker::open(Field::Groups, true, names(), &[]);
        typed(&mut picker, "vpc ");
        picker.clear();
        picker.step(Motion::First);
        typed(&mut picker, " ");
        assert_eq!(picker.chosen(), ["vpc", "/aws/lambda/checkout"]);
        picker.step(Motion::First);
        typed(&mut picker, " ");
        assert_eq!(picker.chosen(), ["vpc"], "a second time takes the mark away");
    }

    #[test]
    fn one_chosen_name_is_under_the_cursor_and_several_are_marked() {
        let mut one = Picker::open(Field::Groups, true, names(), &["/ecs/web".to_owned()]);
        assert_eq!((one.marked(), one.chosen()), (0, vec!["/ecs/web".to_owned()]));
        let several = ["vpc".to_owned(), "typed-by-hand".to_owned()];
        assert_eq!(Picker::open(Field::Groups, true, names(), &several).chosen(), several);
    }

    #[test]
    fn a_bucket_cannot_be_marked() {
        let mut picker = Picker::open(Field::Bucket, false, names(), &[]);
        typed(&mut picker, " ");
        assert_eq!((picker.marked(), picker.chosen()), (0, vec!["/aws/lambda/checkout".to_owned()]));
    }

    #[test]
    fn names_that_arrive_late_join_and_the_cursor_stays_on_its_name() {
        let all: Vec<Arc<str>> = names().collect();
        let mut picker = Picker::open(Field::Groups, true, all[1..3].iter().cloned(), &["/ecs/web".to_owned()]);
        picker.learn(all.iter().cloned());
        assert_eq!((picker.total(), picker.chosen()), (4, vec!["/ecs/web".to_owned()]));
    }

    #[test]
    fn nothing_listed_is_nothing_chosen() {
        let mut picker = Picker::open(Field::Groups, true, std::iter::empty(), &[]);
        picker.step(Motion::Down);
        typed(&mut picker, " x");
        assert_eq!(picker.chosen(), Vec::<String>::new());
    }
}
