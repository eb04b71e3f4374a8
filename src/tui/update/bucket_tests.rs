//! Buckets by keys: which details are asked for, and when.

use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::problem::{Problem, ProblemKind};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Checkup, Detail, Model, Screen};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("bucket-{n:05}")).collect()
}

fn listed(count: usize) -> (Model, Vec<Effect>) {
    let names = names(count);
    with_buckets(SIZE, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The buckets whose details are asked for.
fn asked(effects: &[Effect]) -> Vec<String> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::LoadBucketDetails { bucket, .. } => Some(bucket.clone()),
        _ => None,
    });
    asked.collect()
}

/// Time passes without a key.
fn later(model: &mut Model, millis: u64) -> Vec<Effect> {
    model.now = model.now.after(Duration::from_millis(millis));
    update(model, Msg::Tick)
}

#[test]
fn at_most_four_details_are_under_way_and_each_is_asked_for_once() {
    let (mut model, effects) = listed(50);
    assert_eq!(asked(&effects), ["bucket-00000", "bucket-00001", "bucket-00002", "bucket-00003"]);
    assert_eq!(press(&mut model, KeyCode::Down), []);
    answer_details(&mut model, effects, bucket_details);
    let known = model.buckets.details.values().filter(|detail| matches!(detail, Detail::Known(_))).count();
    assert_eq!(known, model.buckets.sight.names.len(), "all that is on screen, and nothing else");
    assert_eq!(later(&mut model, 1_000), []);
}

#[test]
fn rows_that_are_scrolled_past_are_not_asked_for() {
    let (mut model, effects) = listed(500);
    answer_details(&mut model, effects, bucket_details);
    for _ in 0..5 {
        assert_eq!(asked(&press(&mut model, KeyCode::PageDown)), [""; 0]);
        assert_eq!(asked(&later(&mut model, 100)), [""; 0]);
    }
    let due = model.wakes_at().expect("the loop wakes by itself").since(model.now);
    assert_eq!(due, Duration::from_millis(50));
    let first = asked(&later(&mut model, 50));
    assert_eq!(first.first(), model.buckets.sight.names.first());
    assert_eq!(model.wakes_at(), None, "nothing is due any more");
}

#[test]
fn details_wait_until_it_is_known_for_whom_they_are_judged() {
    let mut model = starting(SIZE);
    let link = crate::tui::msg::Link { profile: None, region: lane().region, endpoint_url: None };
    let effects = update(&mut model, Msg::Reply(RequestId(1), Reply::Connected(Ok(link))));
    let request = |wanted: fn(&Effect) -> Option<RequestId>| effects.iter().find_map(wanted).expect("asked");
    let buckets = request(|effect| if let Effect::LoadBuckets(request, _) = effect { Some(*request) } else { None });
    let page = crate::domain::inventory::Page { items: vec![bucket("a")], next: None };
    update(&mut model, Msg::Reply(buckets, Reply::Buckets(Ok(page))));
    assert_eq!(asked(&press(&mut model, KeyCode::Char('2'))), [""; 0]);
    let who = request(|effect| if let Effect::Identify(_, request) = effect { Some(*request) } else { None });
    let refused = Problem::new(ProblemKind::AccessDenied, "GetCallerIdentity");
    let effects = update(&mut model, Msg::Reply(who, Reply::Identity(Err(refused))));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::LoadBucketDetails { lane: None, .. })),
        "without an account too, and then nothing is judged: {effects:?}"
    );
}

#[test]
fn a_late_answer_from_before_a_reload_is_dropped() {
    let (mut model, effects) = listed(1);
    let Some(Effect::LoadBucketDetails { request: old, .. }) = effects.first() else { panic!("{effects:?}") };
    let again = press(&mut model, KeyCode::Char('R'));
    assert_eq!(asked(&again), ["bucket-00000"], "R asks for them again");
    update(&mut model, Msg::Reply(*old, Reply::BucketDetails(bucket_details("bucket-00000"))));
    assert!(matches!(model.buckets.details["bucket-00000"], Detail::Asked(_)));
    answer_details(&mut model, again, bucket_details);
    assert!(matches!(model.buckets.details["bucket-00000"], Detail::Known(_)));
}

/// The checks asked for: of which bucket, and whether old answers will not do.
fn checked(effects: &[Effect]) -> Vec<(String, bool)> {
    let checked = effects.iter().filter_map(|effect| match effect {
        Effect::CheckBucket { to, anew, .. } => Some((to.store.to_string(), *anew)),
        _ => None,
    });
    checked.collect()
}

#[test]
fn a_bucket_s_page_makes_its_checks_once_and_again_on_demand() {
    let (mut model, effects) = listed(2);
    answer_details(&mut model, effects, bucket_details);
    let opened = press(&mut model, KeyCode::Char('i'));
    assert_eq!(checked(&opened), [("bucket-00000".to_owned(), false)]);
    let Some(Effect::CheckBucket { request, .. }) = opened.first() else { panic!("{opened:?}") };
    let done = Reply::BucketChecked("bucket-00000".into(), report());
    update(&mut model, Msg::Reply(RequestId(request.0 + 1), done.clone()));
    assert!(matches!(model.buckets.checkups["bucket-00000"], Checkup::Asked(_)), "an answer to another question");
    update(&mut model, Msg::Reply(*request, done));
    assert_eq!(model.buckets.checkups["bucket-00000"], Checkup::Done(report()));
    press(&mut model, KeyCode::Esc);
    assert_eq!(checked(&press(&mut model, KeyCode::Char('i'))), [], "what is known is not asked again");
    let again = press(&mut model, KeyCode::Char('R'));
    assert_eq!(checked(&again), [("bucket-00000".to_owned(), true)]);
    assert_eq!(asked(&again), ["bucket-00000"], "its row is asked for again too");
}

#[test]
fn a_bucket_that_no_export_can_name_is_not_checked() {
    let (mut model, _) = with_buckets(SIZE, &["Old_Bucket"]);
    assert_eq!(checked(&press(&mut model, KeyCode::Char('i'))), []);
    assert!(matches!(&model.buckets.checkups["Old_Bucket"], Checkup::Unfit(why) if why.contains("'O'")));
}

#[test]
fn the_form_is_opened_with_the_bucket_from_its_page() {
    let (mut model, _) = listed(2);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Char('i'));
    press(&mut model, KeyCode::Char('e'));
    assert_eq!(model.form.as_deref().map(|form| form.bucket().to_owned()).as_deref(), Some("bucket-00001"));
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
}
