//! Verifying by keys: what is asked for, what goes on while its page is closed, and that nothing is written unasked.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::export::verify::Progress;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Subject, Tone};
use crate::tui::msg::{Msg, Reply};
use crate::tui::proof::{Stage, Written};

const SIZE: (u16, u16) = (80, 24);

/// Tasks in these states, and the cursor on the first.
fn tasks(states: &[State]) -> Model {
    let (mut model, _) = connected(SIZE);
    let tasks = (1..).zip(states).map(|(n, state)| Arc::new(task(n, &format!("/ecs/web-{n}"), *state))).collect();
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    model
}

/// A completed task that is being read back, by this question.
fn reading() -> (Model, RequestId) {
    let mut model = tasks(&[State::Completed, State::Completed]);
    let request = asked(&press(&mut model, KeyCode::Char('v'))).expect("it is read back");
    (model, request)
}

fn asked(effects: &[Effect]) -> Option<RequestId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Verify { request, .. } => Some(*request),
        _ => None,
    })
}

fn done(model: &mut Model, request: RequestId) {
    update(model, Msg::Reply(request, Reply::Verified(Ok(evidence()))));
}

fn stage(model: &Model) -> &Stage {
    &model.proof.as_ref().expect("a verification").stage
}

#[test]
fn only_what_has_ended_can_be_verified() {
    for state in [State::Queued, State::Launching, State::Pending, State::Running, State::Cancelling] {
        let mut model = tasks(&[state]);
        assert_eq!(asked(&press(&mut model, KeyCode::Char('v'))), None, "{state:?}");
        let said = &model.message().expect("a reason").text;
        assert!(said.contains("has not ended yet"), "{state:?}: {said}");
    }
    for state in [State::Completed, State::Failed, State::Cancelled] {
        assert!(asked(&press(&mut tasks(&[state]), KeyCode::Char('v'))).is_some(), "{state:?}");
    }
}

#[test]
fn it_goes_on_while_its_page_is_closed_and_is_there_when_it_is_opened_again() {
    let (mut model, request) = reading();
    let progress = Progress { objects: 3, ..Progress::default() };
    update(&mut model, Msg::Reply(request, Reply::Verifying(progress)));
    assert_eq!(*stage(&model), Stage::Reading(request, progress));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlay, None);
    done(&mut model, request);
    let message = model.message().expect("it is told");
    assert_eq!((message.tone, message.text.starts_with("verified /ecs/web-1: wrong, ")), (Tone::Bad, true));
    assert_eq!(asked(&press(&mut model, KeyCode::Char('v'))), None, "it is not read once more");
    assert!(matches!(model.overlay, Some(Overlay::Proof(_))));
    assert!(asked(&press(&mut model, KeyCode::Char('R'))).is_some(), "but for a key");
}

#[test]
fn closing_it_leads_back_to_the_details_it_was_opened_from() {
    let mut model = tasks(&[State::Completed]);
    press(&mut model, KeyCode::Enter);
    assert!(asked(&press(&mut model, KeyCode::Char('v'))).is_some());
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Details(Subject::Task(_), _))), "{:?}", model.overlay);
}

#[test]
fn one_task_is_read_back_at_a_time() {
    let (mut model, request) = reading();
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Down);
    assert_eq!(asked(&press(&mut model, KeyCode::Char('v'))), None);
    assert!(model.message().expect("a reason").text.contains("another task is being verified"));
    done(&mut model, request);
    assert!(asked(&press(&mut model, KeyCode::Char('v'))).is_some());
}

#[test]
fn a_stopped_one_takes_no_answer_any_more() {
    let (mut model, request) = reading();
    assert_eq!(press(&mut model, KeyCode::Char('c')), [Effect::StopVerifying]);
    done(&mut model, request);
    assert_eq!(*stage(&model), Stage::Stopped);
    assert!(asked(&press(&mut model, KeyCode::Char('R'))).is_some());
}

#[test]
fn a_manifest_is_written_after_a_question_only() {
    let (mut model, request) = reading();
    press(&mut model, KeyCode::Char('m'));
    assert!(matches!(model.overlay, Some(Overlay::Proof(_))), "there is nothing to write down yet");
    done(&mut model, request);
    assert_eq!(press(&mut model, KeyCode::Char('m')), []);
    assert!(matches!(model.overlay, Some(Overlay::Confirm(Confirm::Manifest(_)))));
    assert_eq!(press(&mut model, KeyCode::Char('n')), []);
    assert!(matches!(model.overlay, Some(Overlay::Proof(_))), "back on its page");
    press(&mut model, KeyCode::Char('m'));
    let effects = press(&mut model, KeyCode::Char('y'));
    let [Effect::WriteManifest { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let written = |model: &Model| model.proof.as_ref().expect("a verification").written.clone();
    assert_eq!(written(&model), Written::Writing(*request));
    let refused = Problem::new(ProblemKind::AccessDenied, "PutObject");
    update(&mut model, Msg::Reply(*request, Reply::ManifestWritten(Err(refused.clone()))));
    assert_eq!(written(&model), Written::Refused(refused));
}

#[test]
fn a_read_only_interface_verifies_and_writes_nothing() {
    let (mut model, request) = reading();
    model.settings.read_only = true;
    done(&mut model, request);
    press(&mut model, KeyCode::Char('m'));
    assert!(matches!(model.overlay, Some(Overlay::Proof(_))));
    assert!(model.message().expect("a reason").text.starts_with("read-only by "));
}
