//! The known word a mistyped one was probably meant to be, for errors that help.
//!
//! Time zones, template fields and plan files ask it. It decides nothing: a near word is offered, never taken.

/// The candidate nearest to `word`, if one is near enough to be what was meant; upper and lower case count the same.
///
/// Distances are counted in slips of the hand (a letter more, less, changed, or two swapped): a third of the word's
/// length at most, and always one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    let slips = |candidate: &str| strsim::osa_distance(&word, &candidate.to_lowercase());
    let ranked = candidates.into_iter().map(|candidate| (slips(candidate), candidate));
    ranked.filter(|(slips, _)| *slips <= limit).min_by_key(|(slips, _)| *slips).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [&str; 4] = ["group", "groups", "from", "to"];

    #[test]
    fn a_slip_of_the_hand_finds_the_word_that_was_meant() {
        for (typed, meant) in
            [("gruop", "group"), ("GROUPS", "groups"), ("form", "from"), ("ot", "to"), ("grups", "groups")]
        {
            assert_eq!(nearest(typed, KNOWN), Some(meant), "{typed}");
        }
    }

    #[test]
    fn a_word_unlike_all_others_has_no_neighbour() {
        for typed in ["", "bucket", "destination", "xyz"] {
            assert_eq!(nearest(typed, KNOWN), None, "{typed}");
        }
        assert_eq!(nearest("group", []), None);
    }

    proptest! {
        #[test]
        fn a_known_word_is_its_own_neighbour(at in 0..KNOWN.len()) {
            prop_assert_eq!(nearest(KNOWN[at], KNOWN), Some(KNOWN[at]));
        }
    }
}
