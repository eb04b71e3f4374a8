//! Ranges one asks for again and again, as the words one would type for them.
//!
//! A preset is nothing but text in two fields: it is read, shown and checked like anything typed.

use crate::tui::since;

/// A range with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called.
    pub name: &'static str,
    /// The text of the field "from".
    pub from: &'static str,
    /// The text of the field "to".
    pub to: &'static str,
}

/// In the order they come round.
pub const PRESETS: [Preset; 7] = [
    Preset { name: "last hour", from: "1h ago", to: "now" },
    Preset { name: "last 24 hours", from: "24h ago", to: "now" },
    Preset { name: "today", from: "today", to: "now" },
    Preset { name: "yesterday", from: "yesterday", to: "today" },
    Preset { name: "last 7 days", from: "7d ago", to: "now" },
    Preset { name: "last month", from: "last month", to: "this month" },
    // What is younger may not be exportable yet.
    Preset { name: "since last export", from: since::WORD, to: "12h ago" },
];

/// What a new form begins with: the last whole day, past AWS's lag for half of the day.
pub const FIRST: Preset = PRESETS[3];

/// Which preset these texts are.
pub fn current(from: &str, to: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| (preset.from, preset.to) == (from.trim(), to.trim()))
}

/// The round of presets, with what was typed before it began as one of its stations: nothing typed is lost.
#[derive(Clone, Debug, Default)]
pub struct Round {
    typed: Option<(String, String)>,
}

impl Round {
    /// The texts that come after `from` and `to`.
    pub fn next(&mut self, from: &str, to: &str) -> (String, String) {
        let here = PRESETS.iter().position(|preset| current(from, to) == Some(preset));
        if here.is_none() {
            self.typed = Some((from.to_owned(), to.to_owned()));
        }
        let next = here.map_or(0, |here| here + 1);
        match (PRESETS.get(next), &self.typed) {
            (Some(preset), _) => (preset.from.to_owned(), preset.to.to_owned()),
            (None, Some(typed)) => typed.clone(),
            (None, None) => (PRESETS[0].from.to_owned(), PRESETS[0].to.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{TimeRange, Timestamp, Zone};
    use crate::domain::when;

    #[test]
    fn every_preset_is_a_range_in_every_zone() {
        let now = Timestamp::from_millis(1_795_366_636_123);
        for preset in PRESETS.into_iter().filter(|preset| !since::is_word(preset.from)) {
            for zone in [Zone::Utc, Zone::Local] {
                let at = |text| when::parse(text, now, zone).unwrap();
                assert!(TimeRange::new(at(preset.from), at(preset.to)).is_ok(), "{}", preset.name);
            }
        }
    }

    #[test]
    fn the_round_of_presets_comes_back_to_what_was_typed() {
        let mut round = Round::default();
        let mut texts = ("2026-11-01".to_owned(), "2026-11-0".to_owned());
        let mut names = Vec::new();
        for _ in 0..=PRESETS.len() {
            texts = round.next(&texts.0, &texts.1);
            names.push(current(&texts.0, &texts.1).map_or("typed", |preset| preset.name));
        }
        let expected = [
            "last hour",
            "last 24 hours",
            "today",
            "yesterday",
            "last 7 days",
            "last month",
            "since last export",
            "typed",
        ];
        assert_eq!(names, expected);
        assert_eq!(texts, ("2026-11-01".to_owned(), "2026-11-0".to_owned()));
    }

    #[test]
    fn a_round_that_began_on_a_preset_skips_what_was_never_typed() {
        let last = PRESETS[PRESETS.len() - 1];
        assert_eq!(Round::default().next(last.from, last.to), ("1h ago".to_owned(), "now".to_owned()));
    }
}
