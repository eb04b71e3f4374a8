//! The screen of log groups as text, where accounts are large.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::tests::{LARGE, SMALL, text};
use crate::domain::problem::{Problem, ProblemKind};
use crate::tui::fixtures::*;

#[test]
fn a_listing_of_an_earlier_time_and_names_without_details() {
    for (name, size) in [("80", SMALL), ("200", LARGE)] {
        let (mut model, effects) = connected(size);
        recalled(&mut model, &effects, "123456789012", 12_000);
        insta::assert_snapshot!(format!("groups_recalled_{name}"), text(&model));
    }
}

#[test]
fn a_listing_that_cannot_be_had_anew_says_how_old_it_is_and_why() {
    let (mut model, effects) = connected(LARGE);
    recalled(&mut model, &effects, "123456789012", 12_000);
    answer_groups(&mut model, &effects, Err(Problem::new(ProblemKind::Timeout, "ListLogGroups")));
    model.now = model.now.after(Duration::from_hours(1));
    insta::assert_snapshot!("groups_not_renewed", text(&model).lines().take(6).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_filter_under_way_says_how_far_it_is_and_that_aws_can_search_too() {
    let (mut model, effects) = connected(SMALL);
    recalled(&mut model, &effects, "123456789012", 60_000);
    press(&mut model, KeyCode::Char('/'));
    type_text(&mut model, "app/0");
    insta::assert_snapshot!("groups_sifting", text(&model));
}
