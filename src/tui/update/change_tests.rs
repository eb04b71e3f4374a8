//! Changes of buckets by keys: nothing is written that was not shown and confirmed.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::export::remedy::{Applied, Change};
use crate::tui::change::{ChangePage, Refusal, Stage, Wish};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Checkup, Confirm, Model, Overlay, Subject, Tone};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

/// The page of a bucket, and what is asked for when the service is to be let in.
fn asked() -> (Model, Vec<Effect>) {
    let (mut model, effects) = with_buckets(SIZE, &["acme-closed"]);
    answer_details(&mut model, effects, bucket_details);
    press(&mut model, KeyCode::Char('i'));
    let effects = press(&mut model, KeyCode::Char('a'));
    (model, effects)
}

fn answer(model: &mut Model, effects: &[Effect], answer: Result<Option<Arc<Change>>, Refusal>) {
    let [Effect::Propose { request, .. }] = effects else { panic!("{effects:?}") };
    update(model, Msg::Reply(*request, Reply::Proposed(answer)));
}

fn shown(model: &Model) -> &ChangePage {
    match &model.overlay {
        Some(Overlay::Change(page)) => page,
        other => panic!("{other:?}"),
    }
}

fn refusal() -> Refusal {
    Refusal { why: "it has changed".into(), remedy: "look again".into(), problem: None }
}

/// Confirmed: what is asked for then.
fn confirmed() -> (Model, Vec<Effect>, Arc<Change>) {
    let (mut model, effects) = asked();
    let change = granting("acme-legacy-archive");
    answer(&mut model, &effects, Ok(Some(Arc::clone(&change))));
    let effects = press(&mut model, KeyCode::Enter);
    (model, effects, change)
}

#[test]
fn a_grant_is_shown_applied_and_can_be_undone() {
    let (mut model, effects, change) = confirmed();
    let [Effect::Apply { request, change: applied, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*applied, change, "what was shown is what is written");
    assert_eq!(press(&mut model, KeyCode::Enter), [], "once");
    model.buckets.checkups.insert("acme-legacy-archive".into(), Checkup::Done(report()));
    let copy = Some(PathBuf::from("/state/policies/x.json"));
    let answer = Ok(Applied { copy: copy.clone() });
    update(&mut model, Msg::Reply(*request, Reply::Applied(Arc::clone(&change), answer)));
    assert_eq!(shown(&model).stage, Stage::Applied(change, copy));
    assert_eq!(model.buckets.checkups["acme-legacy-archive"], Checkup::Stale, "what was known of it is old");
    let undo = press(&mut model, KeyCode::Char('u'));
    assert!(matches!(&undo[..], [Effect::Propose { wish: Wish::Undo(..), .. }]), "{undo:?}");
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Details(Subject::Bucket(_), _))), "back on the bucket's page");
}

#[test]
fn nothing_is_applied_before_it_is_known_nor_when_there_is_nothing() {
    let (mut model, effects) = asked();
    assert_eq!(press(&mut model, KeyCode::Enter), [], "it is still being worked out");
    answer(&mut model, &effects, Ok(None));
    assert_eq!(shown(&model).stage, Stage::Nothing);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert_eq!(press(&mut model, KeyCode::Char('u')), []);
}

#[test]
fn a_refused_change_is_worked_out_anew_on_demand_and_late_answers_are_dropped() {
    let (mut model, effects) = asked();
    answer(&mut model, &effects, Err(refusal()));
    assert_eq!(shown(&model).stage, Stage::Refused(refusal()));
    let again = press(&mut model, KeyCode::Char('R'));
    answer(&mut model, &effects, Ok(None));
    assert!(matches!(shown(&model).stage, Stage::Asked(_)), "an answer to the first question");
    answer(&mut model, &again, Ok(None));
    assert_eq!(shown(&model).stage, Stage::Nothing);
}

#[test]
fn whoever_leaves_while_it_is_written_is_told_and_quitting_asks() {
    for (outcome, tone) in [(Ok(Applied { copy: None }), Tone::Good), (Err(refusal()), Tone::Bad)] {
        let (mut model, effects, change) = confirmed();
        let [Effect::Apply { request, .. }] = &effects[..] else { panic!("{effects:?}") };
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Esc);
        press(&mut model, KeyCode::Char('q'));
        assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
        press(&mut model, KeyCode::Char('n'));
        update(&mut model, Msg::Reply(*request, Reply::Applied(change, outcome)));
        let message = model.message().expect("it is told");
        assert_eq!(message.tone, tone);
        assert!(message.text.contains("bucket policy of acme-legacy-archive"), "{}", message.text);
        press(&mut model, KeyCode::Esc);
        assert!(!model.leaves_work());
    }
}
