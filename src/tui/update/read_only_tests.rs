//! A read-only interface: whatever is typed, nothing is asked for that would change AWS.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use super::update;
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::keys::bindings;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{Msg, Reply};
use crate::tui::review::Stage;

const SIZE: (u16, u16) = (120, 40);

fn closed() -> Model {
    let (mut model, effects) = with_buckets(SIZE, &["acme-archive", "acme-closed"]);
    model.settings.read_only = true;
    answer_details(&mut model, effects, bucket_details);
    let (plan, tasks) = plan_of(3, &[(State::Queued, 2), (State::Running, 1), (State::Failed, 2)]);
    update(&mut model, Msg::Snapshot(Arc::new(queue(vec![(plan, tasks)]))));
    model
}

/// Whether it changes something in AWS, or in the queue.
fn changes(effect: &Effect) -> bool {
    match effect {
        Effect::Work(..)
        | Effect::Submit(..)
        | Effect::Change(..)
        | Effect::Apply { .. }
        | Effect::CreateBucket { .. }
        | Effect::WriteManifest { .. } => true,
        Effect::Connect(..)
        | Effect::Identify(..)
        | Effect::LookAtSlot(..)
        | Effect::LoadGroups(..)
        | Effect::LoadGroupDetails(..)
        | Effect::RecallGroups(..)
        | Effect::KeepGroups(..)
        | Effect::FindGroups(..)
        | Effect::LoadBuckets(..)
        | Effect::LoadBucketDetails { .. }
        | Effect::CheckBucket { .. }
        | Effect::Check { .. }
        | Effect::Propose { .. }
        | Effect::LoadHistory { .. }
        | Effect::LoadPast { .. }
        | Effect::KeepSorting(_)
        | Effect::LoadTask(..)
        | Effect::Verify { .. }
        | Effect::StopVerifying
        | Effect::Expand(..)
        | Effect::Notify(..)
        | Effect::Suspend
        | Effect::Quit
        | Effect::QuitAtOnce
        | Effect::LookSince(..)
        | Effect::Peek { .. }
        | Effect::StopPeek
        | Effect::Landed(_)
        | Effect::Copy(_)
        | Effect::LoadPlanGroups(..)
        // A file of the person's own: nothing of AWS's, nor of the queue's.
        | Effect::SavePlan(..)
        | Effect::Hook(_) => false,
    }
}

#[test]
fn a_key_that_would_change_something_says_why_it_does_not() {
    let mut model = closed();
    press(&mut model, KeyCode::Char('3'));
    for key in ['C', 'p', 'P', 'T', '<', '>'] {
        assert_eq!(press(&mut model, KeyCode::Char(key)), [], "{key}");
        let said = model.message().map(|message| message.text.clone()).unwrap_or_default();
        assert!(said.starts_with("read-only by --read-only"), "{key}: {said}");
        assert_eq!(model.overlay, None, "{key} asks nothing");
        model.note = None;
    }
}

#[test]
fn an_export_can_be_thought_through_and_is_not_queued() {
    let mut model = closed();
    type_text(&mut model, "e");
    let form = model.form.as_deref_mut().expect("the form is open");
    form.set_groups(&["/ecs/web".to_owned()]);
    form.set_bucket("acme-archive");
    let effects = ctrl(&mut model, 's');
    let Some(Effect::Expand(request, lane, plan)) = effects.first() else { panic!("{effects:?}") };
    let draft = drafted(lane, plan);
    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(draft))));
    assert!(matches!(&model.overlay, Some(Overlay::Review(review)) if matches!(review.stage, Stage::Ready(_))));
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert!(model.message().is_some_and(|message| message.text.starts_with("read-only")));
    assert!(matches!(model.overlay, Some(Overlay::Review(_))), "it stays to be read");
}

#[test]
fn it_drives_no_lane_and_ends_without_a_question() {
    let mut model = starting(SIZE);
    model.settings.read_only = true;
    let link = crate::tui::msg::Link { profile: None, region: lane().region, endpoint_url: None };
    let effects = update(&mut model, Msg::Reply(crate::tui::list::RequestId(1), Reply::Connected(Ok(link))));
    let who = effects.iter().find_map(|effect| match effect {
        Effect::Identify(_, request) => Some(*request),
        _ => None,
    });
    let identity = crate::domain::place::Identity { account: lane().account, arn: "arn".into() };
    let effects = update(&mut model, Msg::Reply(who.expect("asked"), Reply::Identity(Ok(identity))));
    assert!(!effects.iter().any(changes), "{effects:?}");
    let running = task(1, "/a", State::Running);
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks: vec![Arc::new(running)], ..Snapshot::default() })));
    assert_eq!(press(&mut model, KeyCode::Char('q')), [Effect::Quit]);
}

proptest! {
    #[test]
    fn no_keys_change_anything(keys in prop::collection::vec(0usize..1_000, 1..60)) {
        // Every key that means something somewhere, and a few letters to type.
        let mut all: Vec<KeyEvent> = bindings().flat_map(|binding| binding.keys).map(|key| key.event()).collect();
        all.extend("acme".chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        let mut model = closed();
        for at in keys {
            let key = all[at % all.len()];
            for effect in update(&mut model, Msg::Key(key)) {
                prop_assert!(!changes(&effect), "{:?} gives {:?}", key, effect);
                if let Effect::Expand(request, lane, plan) = &effect {
                    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(drafted(lane, plan)))));
                }
            }
        }
    }
}
