//! Lifecycle rules by keys: their page, the form, and the change that comes of it.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::lifecycle::Edit;
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::remedy::{Applied, Change};
use crate::tui::change::{Stage, Wish};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Overlay, Subject};
use crate::tui::msg::{BucketDetails, Msg, Reply};

const SIZE: (u16, u16) = (80, 24);

/// The page of the rules of a bucket, opened from the bucket's own.
fn opened() -> Model {
    let (mut model, effects) = with_buckets(SIZE, &["acme-archive"]);
    answer_details(&mut model, effects, |name| BucketDetails {
        lifecycle: Ok(Some(lifecycle())),
        ..bucket_details(name)
    });
    press(&mut model, KeyCode::Char('i'));
    press(&mut model, KeyCode::Char('l'));
    model
}

/// What is asked to be worked out.
fn wish(effects: &[Effect]) -> &Wish {
    let [Effect::Propose { wish, .. }] = effects else { panic!("{effects:?}") };
    wish
}

fn said(model: &Model) -> &str {
    model.message().map_or("", |message| &message.text)
}

#[test]
fn a_rule_is_added_by_way_of_the_page_of_a_change() {
    let mut model = opened();
    press(&mut model, KeyCode::Char('n'));
    for _ in 0..4 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "365");
    let effects = press(&mut model, KeyCode::Enter);
    let Wish::Lifecycle(bucket, Edit::Add(rule)) = wish(&effects) else { panic!("{effects:?}") };
    assert_eq!((bucket.as_str(), rule.id(), rule.prefix()), ("acme-archive", "logferry", "exportedlogs/"));
    assert_eq!(rule.to_string(), "expire after 365 d");
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Sheet(_))), "back in the form, with what was typed");
    let effects = press(&mut model, KeyCode::Enter);
    assert!(
        matches!(wish(&effects), Wish::Lifecycle(_, Edit::Add(again)) if again.to_string() == "expire after 365 d")
    );
    apply(&mut model, &effects);
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Rules(_))), "the form has served: {:?}", model.overlay);
    assert_eq!(model.rules_here(), None, "they are asked for again");
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Details(Subject::Bucket(_), _))));
}

/// Whatever was asked for is worked out, confirmed and done.
fn apply(model: &mut Model, effects: &[Effect]) {
    let [Effect::Propose { request, .. }] = effects else { panic!("{effects:?}") };
    let change: Arc<Change> = granting("acme-archive");
    update(model, Msg::Reply(*request, Reply::Proposed(Ok(Some(change)))));
    let effects = press(model, KeyCode::Enter);
    let [Effect::Apply { request, change, .. }] = &effects[..] else { panic!("{effects:?}") };
    update(model, Msg::Reply(*request, Reply::Applied(Arc::clone(change), Ok(Applied { copy: None }))));
    assert!(matches!(&model.overlay, Some(Overlay::Change(page)) if matches!(page.stage, Stage::Applied(..))));
}

#[test]
fn the_rule_under_the_cursor_is_edited_or_removed() {
    let mut model = opened();
    press(&mut model, KeyCode::Enter);
    assert_eq!(press(&mut model, KeyCode::Enter), [], "nothing is different");
    assert_eq!(said(&model), "the rule is like that already");
    for _ in 0..3 {
        press(&mut model, KeyCode::Tab);
    }
    ctrl(&mut model, 'u');
    let effects = press(&mut model, KeyCode::Enter);
    let Wish::Lifecycle(_, Edit::Change(rule)) = wish(&effects) else { panic!("{effects:?}") };
    assert_eq!(
        (rule.id(), rule.to_string().as_str()),
        ("to-glacier", "archive to Glacier Flexible Retrieval after 30 d")
    );
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::End);
    let effects = press(&mut model, KeyCode::Char('d'));
    assert_eq!(*wish(&effects), Wish::Lifecycle(name(), Edit::Remove("reports".into())));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Rules(page)) if page.at == 3), "back, on the same rule");
}

fn name() -> crate::domain::names::BucketName {
    crate::domain::names::BucketName::parse("acme-archive").expect("a name")
}

#[test]
fn a_rule_that_says_more_than_can_be_written_is_not_edited() {
    let mut model = opened();
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Char('e')), []);
    assert!(said(&model).starts_with("the rule \"tagged\" holds more than logferry can write"), "{}", said(&model));
    assert!(matches!(&model.overlay, Some(Overlay::Rules(_))));
}

#[test]
fn nothing_is_done_about_rules_that_are_not_known() {
    let (mut model, effects) = with_buckets(SIZE, &["acme-archive"]);
    let denied = || Problem::new(ProblemKind::AccessDenied, "GetBucketLifecycleConfiguration");
    answer_details(&mut model, effects, |name| BucketDetails { lifecycle: Err(denied()), ..bucket_details(name) });
    press(&mut model, KeyCode::Char('l'));
    for (key, why) in [('n', "the bucket's rules are not known"), ('e', "no rule here"), ('d', "no rule here")] {
        assert_eq!(press(&mut model, KeyCode::Char(key)), []);
        assert_eq!(said(&model), why);
    }
    let again = press(&mut model, KeyCode::Char('R'));
    assert!(again.iter().any(|effect| matches!(effect, Effect::LoadBucketDetails { .. })), "{again:?}");
    answer_details(&mut model, again, bucket_details);
    assert_eq!(model.rules_here(), Some(&[][..]));
    press(&mut model, KeyCode::Char('n'));
    assert!(matches!(&model.overlay, Some(Overlay::Sheet(_))));
}

#[test]
fn a_read_only_interface_shows_rules_and_changes_none() {
    let mut model = opened();
    model.settings.read_only = true;
    for key in ['n', 'e', 'd'] {
        assert_eq!(press(&mut model, KeyCode::Char(key)), []);
        assert!(said(&model).starts_with("read-only"), "{key}: {}", said(&model));
        model.note = None;
    }
    assert!(matches!(&model.overlay, Some(Overlay::Rules(_))));
}
