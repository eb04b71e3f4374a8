//! Verifications as text: while it is read back, and what was found.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::tests::{LARGE, SMALL, text};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::export::verify::Progress;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};
use crate::tui::update::update;

fn reading(size: (u16, u16)) -> (Model, RequestId) {
    let (mut model, _) = connected(size);
    let tasks = vec![Arc::new(task(1, "/aws/lambda/checkout", State::Completed))];
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    let effects = press(&mut model, KeyCode::Char('v'));
    let [Effect::Verify { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let (request, listed) = (*request, Landed { objects: 12, bytes: ByteCount(3_565_158) });
    let progress = Progress { listed, listed_all: true, objects: 4, bytes: ByteCount(1_188_386) };
    update(&mut model, Msg::Reply(request, Reply::Verifying(progress)));
    (model, request)
}

fn found(size: (u16, u16)) -> Model {
    let (mut model, request) = reading(size);
    update(&mut model, Msg::Reply(request, Reply::Verified(Ok(evidence()))));
    model
}

#[test]
fn reading_back_shows_how_far_it_is() {
    insta::assert_snapshot!("proof_reading_80", text(&reading(SMALL).0));
}

#[test]
fn what_was_found_at_two_sizes() {
    insta::assert_snapshot!("proof_found_80", text(&found(SMALL)));
    insta::assert_snapshot!("proof_found_200", text(&found(LARGE)));
}

#[test]
fn the_question_before_a_manifest_names_its_place() {
    let mut model = found(SMALL);
    press(&mut model, KeyCode::Char('m'));
    insta::assert_snapshot!("proof_manifest_80", text(&model));
}
