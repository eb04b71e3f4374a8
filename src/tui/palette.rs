//! The command palette: everything that can be done here, by name. One types a part of it, and Enter does it.
//!
//! It offers the rows of the key table that hold on the screen it lies over, those that make no sense just now with the
//! reason. What is offered is decided when it opens; whether it makes sense is asked once more when it is chosen.

use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::tui::entry::TakesText;
use crate::tui::keys::{self, Action, Binding, Verdict};
use crate::tui::line::{insert, type_key, without_controls};
use crate::tui::list::Motion;
use crate::tui::model::Model;
use crate::tui::search::Search;

/// Something that can be done.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// What it is called.
    pub name: &'static str,
    /// Its row of the key table.
    pub binding: &'static Binding,
    /// Whether it made sense when the palette opened, and if not, why.
    pub verdict: Verdict,
}

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    offers: Vec<Offer>,
    cursor: usize,
}

impl Palette {
    /// Over the screen as it is.
    pub fn over(model: &Model) -> Self {
        let mut offers: Vec<Offer> = Vec::new();
        for binding in keys::here(model).filter(|binding| is_worth_naming(binding)) {
            let Some(name) = binding.action.name() else { continue };
            let verdict = binding.verdict(model);
            match offers.iter_mut().find(|offer| offer.name == name) {
                // Of several rows for one thing the first that makes sense stands for it.
                Some(offer) if offer.verdict.is_err() && verdict.is_ok() => *offer = Offer { name, binding, verdict },
                Some(_) => {}
                None => offers.push(Offer { name, binding, verdict }),
            }
        }
        offers.sort_by_key(|offer| offer.verdict.is_err());
        Self { input: Input::default(), offers, cursor: 0 }
    }

    /// What is offered for what is typed, the best first: by the name, or else by what help says of it.
    pub fn shown(&self) -> Vec<Offer> {
        let typed = self.input.value().trim();
        if typed.is_empty() {
            return self.offers.clone();
        }
        let (mut loose, mut strict) = (Search::new(typed), Search::new(typed).strict());
        let mut rank = |offer: &Offer| {
            let by_name = loose.score(offer.name);
            let by_help = strict.score(offer.binding.help);
            (by_name.is_some() || by_help.is_some()).then_some((
                offer.name == typed,
                offer.name.starts_with(typed),
                by_name,
                by_help,
            ))
        };
        let mut ranked: Vec<_> = self.offers.iter().filter_map(|offer| Some((rank(offer)?, *offer))).collect();
        ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        ranked.into_iter().map(|(_, offer)| offer).collect()
    }

    /// The row of the offer under the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor.min(self.shown().len().saturating_sub(1))
    }

    /// The offer under the cursor.
    pub fn chosen(&self) -> Option<Offer> {
        self.shown().get(self.cursor()).copied()
    }

    /// Moves the cursor, with `page` rows in sight.
    pub fn step(&mut self, motion: Motion, page: usize) {
        self.cursor = motion.apply(self.cursor(), self.shown().len(), page);
    }
}

impl TakesText for Palette {
    /// Gives a key to the text. The best match has the cursor while one types.
    fn edit(&mut self, key: KeyEvent) {
        if type_key(&mut self.input, key) {
            self.cursor = 0;
        }
    }

    /// Pastes into the text.
    fn paste(&mut self, text: &str) {
        insert(&mut self.input, &without_controls(text));
        self.cursor = 0;
    }
}

/// Moving about is no command, and the palette is open already.
fn is_worth_naming(binding: &Binding) -> bool {
    !binding.help.is_empty() && !matches!(binding.action, Action::Move(_) | Action::Dismiss | Action::OpenPalette)
}

impl PartialEq for Palette {
    fn eq(&self, other: &Self) -> bool {
        (self.input.value(), self.cursor) == (other.input.value(), other.cursor)
    }
}

impl Eq for Palette {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixtures::{connected, press};
    use crate::tui::model::{Overlay, Screen};
    use crossterm::event::KeyCode;

    fn with_palette(typed: &str) -> Model {
        let (mut model, _) = connected((80, 24));
        press(&mut model, KeyCode::Char(':'));
        for c in typed.chars() {
            press(&mut model, KeyCode::Char(c));
        }
        model
    }

    fn names(model: &Model) -> Vec<&'static str> {
        let Some(Overlay::Palette(palette)) = &model.overlay else { panic!("no palette") };
        palette.shown().iter().map(|offer| offer.name).collect()
    }

    #[test]
    fn a_screen_is_reached_by_its_name_or_the_beginning_of_it() {
        for (typed, screen) in [("buckets", Screen::Buckets), ("exp", Screen::Exports), ("hist", Screen::History)] {
            let mut model = with_palette("");
            press(&mut model, KeyCode::Esc);
            press(&mut model, KeyCode::Char('5'));
            press(&mut model, KeyCode::Char(':'));
            typed.chars().for_each(|c| drop(press(&mut model, KeyCode::Char(c))));
            press(&mut model, KeyCode::Enter);
            assert_eq!((model.screen, &model.overlay), (screen, &None), "{typed}");
        }
    }

    #[test]
    fn what_help_says_is_searched_too_and_nonsense_finds_nothing() {
        assert!(names(&with_palette("without a log group")).contains(&"export"));
        let mut model = with_palette("xyzzy");
        assert!(names(&model).is_empty());
        press(&mut model, KeyCode::Enter);
        assert!(matches!(model.overlay, Some(Overlay::Palette(_))), "there is nothing to be done: it stays");
    }

    #[test]
    fn each_thing_is_offered_once_and_what_makes_no_sense_stands_last_with_its_reason() {
        let model = with_palette("");
        let Some(Overlay::Palette(palette)) = &model.overlay else { panic!("no palette") };
        let shown = palette.shown();
        assert!(shown.is_sorted_by_key(|offer| offer.verdict.is_err()));
        let mut once: Vec<_> = shown.iter().map(|offer| offer.name).collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), shown.len());
        assert!(once.contains(&"quit") && !once.contains(&"down"));
        let marking = shown.iter().find(|offer| offer.name == "mark").unwrap();
        assert!(marking.verdict.is_err(), "there is no log group yet");
    }

    #[test]
    fn what_makes_no_sense_says_why_and_the_palette_stays() {
        let mut model = with_palette("mark");
        press(&mut model, KeyCode::Enter);
        assert!(matches!(model.overlay, Some(Overlay::Palette(_))));
        assert_eq!(model.message().unwrap().text, "no log group here: e opens the form without one");
    }
}
