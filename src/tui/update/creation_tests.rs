//! A bucket is created by keys: nothing is created that was not shown, and nothing that is there is left unsaid.

use crossterm::event::KeyCode;

use super::update;
use crate::domain::inventory::Page;
use crate::domain::preflight::{Check, Finding, Remedy, Verdict};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::remedy::{Created, Outcome, Step};
use crate::tui::change::Refusal;
use crate::tui::creation::Stage;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Screen, Tone};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);
const NAME: &str = "acme-new";

/// The page that tells what will be created.
fn shown() -> Model {
    let (mut model, effects) = with_buckets(SIZE, &["acme-archive", "zebra"]);
    answer_details(&mut model, effects, bucket_details);
    assert_eq!(press(&mut model, KeyCode::Char('n')), []);
    type_text(&mut model, NAME);
    assert_eq!(press(&mut model, KeyCode::Enter), [], "nothing is created before it was shown");
    model
}

/// Confirmed; the question that is asked then.
fn begun() -> (Model, RequestId) {
    let mut model = shown();
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::CreateBucket { request, new, lane: asked, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((new.name.name().as_str(), asked), (NAME, &lane()));
    (model, *request)
}

fn stage(model: &Model) -> &Stage {
    match &model.overlay {
        Some(Overlay::Creation(page)) => &page.stage,
        other => panic!("{other:?}"),
    }
}

fn refusal() -> Refusal {
    Refusal { why: "the name is taken".into(), remedy: "choose another".into(), problem: None }
}

/// As it ends if everything, or everything up to the encryption, works.
fn created(outcome: &Outcome) -> Created {
    creation_of(NAME, outcome)
}

fn end(model: &mut Model, request: RequestId, answer: Result<Created, Refusal>) -> Vec<Effect> {
    let name = crate::domain::names::BucketName::parse(NAME).expect("a name");
    update(model, Msg::Reply(request, Reply::BucketCreated(name, answer)))
}

#[test]
fn a_bucket_is_created_step_by_step_and_then_in_the_list_under_the_cursor() {
    let (mut model, request) = begun();
    assert_eq!(press(&mut model, KeyCode::Enter), [], "once");
    update(&mut model, Msg::Reply(request, Reply::BucketStep(Step::Create, Outcome::Done)));
    let late = RequestId(request.0 + 1);
    update(&mut model, Msg::Reply(late, Reply::BucketStep(Step::Ownership, Outcome::Done)));
    assert_eq!(stage(&model).steps(), [(Step::Create, Outcome::Done)], "and no step of another question");
    let effects = end(&mut model, request, Ok(created(&Outcome::Done)));
    assert_eq!(*stage(&model), Stage::Made(created(&Outcome::Done)));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadBuckets(request, None) => Some(*request),
        _ => None,
    });
    let items = ["acme-archive", NAME, "zebra"].map(bucket).to_vec();
    update(&mut model, Msg::Reply(asked.expect("listed again"), Reply::Buckets(Ok(Page { items, next: None }))));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlay, None);
    assert_eq!(model.buckets.list.current().map(|bucket| bucket.name.as_str()), Some(NAME));
    press(&mut model, KeyCode::Enter);
    assert_eq!(
        (model.screen, model.form.as_deref().map(|form| form.bucket().to_owned())),
        (Screen::Form, Some(NAME.into()))
    );
}

#[test]
fn what_was_typed_is_not_lost_when_it_is_not_created() {
    let mut model = shown();
    press(&mut model, KeyCode::Esc);
    assert!(matches!(&model.overlay, Some(Overlay::Sheet(_))));
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::CreateBucket { request, .. }] = &effects[..] else { panic!("{effects:?}") };
    let effects = end(&mut model, *request, Err(refusal()));
    assert_eq!((effects, stage(&model)), (vec![], &Stage::Refused(refusal())));
    assert_eq!(press(&mut model, KeyCode::Enter), [], "Enter does not repeat it");
    press(&mut model, KeyCode::Esc);
    type_text(&mut model, "er");
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Enter);
    assert!(matches!(&effects[..], [Effect::CreateBucket { new, .. }] if new.name.name().as_str() == "acme-newer"));
}

#[test]
fn a_bucket_that_is_not_finished_is_gone_on_with() {
    let (mut model, request) = begun();
    let failed = Outcome::Failed(Problem::new(ProblemKind::AccessDenied, "PutBucketEncryption").on(NAME));
    end(&mut model, request, Ok(created(&failed)));
    let effects = press(&mut model, KeyCode::Char('R'));
    let [Effect::CreateBucket { request, new, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(new.name.name().as_str(), NAME, "the same bucket");
    end(&mut model, *request, Ok(created(&Outcome::Done)));
    assert_eq!(press(&mut model, KeyCode::Char('R')), [], "there is nothing left to do");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.overlay, None, "the bucket is there: back to the list, not to the form");
}

#[test]
fn whoever_leaves_meanwhile_is_told_and_quitting_asks() {
    let failed = Outcome::Failed(Problem::new(ProblemKind::AccessDenied, "PutBucketEncryption").on(NAME));
    for (answer, tone, words) in [
        (Ok(created(&Outcome::Done)), Tone::Good, "created acme-new"),
        (Ok(created(&failed)), Tone::Bad, "acme-new is there, and not finished: PutBucketEncryption"),
        (Err(refusal()), Tone::Bad, "acme-new was not created: the name is taken; choose another"),
    ] {
        let (mut model, request) = begun();
        press(&mut model, KeyCode::Esc);
        assert_eq!(model.overlay, None);
        press(&mut model, KeyCode::Char('q'));
        assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
        press(&mut model, KeyCode::Char('n'));
        end(&mut model, request, answer);
        let message = model.message().expect("it is told");
        assert_eq!(message.tone, tone);
        assert!(message.text.starts_with(words), "{}", message.text);
        assert!(!model.leaves_work());
    }
}

#[test]
fn a_filter_that_would_hide_the_new_bucket_goes() {
    let (mut model, effects) = with_buckets(SIZE, &["acme-archive", "zebra"]);
    answer_details(&mut model, effects, bucket_details);
    type_text(&mut model, "/zebra");
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Char('n'));
    type_text(&mut model, NAME);
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::CreateBucket { request, .. }] = &effects[..] else { panic!("{effects:?}") };
    end(&mut model, *request, Ok(created(&Outcome::Done)));
    assert_eq!(model.buckets.list.filter().text(), "");
}

#[test]
fn a_bucket_that_the_form_misses_is_created_from_there() {
    let (mut model, effects) = with_form(SIZE);
    answer_checks(&mut model, &effects, Vec::new());
    ctrl(&mut model, 'n');
    assert_eq!(model.overlay, None, "the checks do not miss it");
    let effects = ctrl(&mut model, 'r');
    let missing =
        Finding { remedy: Some(Remedy::Create), ..found(Check::Bucket, Verdict::Block, "there is no bucket") };
    answer_checks(&mut model, &effects, vec![missing]);
    ctrl(&mut model, 'n');
    press(&mut model, KeyCode::Enter);
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::CreateBucket { request, new, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(new.name.name().as_str(), "acme-log-archive", "as the form has it");
    let effects = end(&mut model, *request, Ok(creation_of("acme-log-archive", &Outcome::Done)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Check { fresh: true, .. })), "{effects:?}");
    press(&mut model, KeyCode::Esc);
    assert_eq!((model.screen, &model.overlay), (Screen::Form, &None));
}

#[test]
fn a_read_only_interface_opens_no_form_for_a_bucket() {
    let (mut model, _) = with_buckets(SIZE, &["acme-archive"]);
    model.settings.read_only = true;
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(model.overlay, None);
    assert!(model.message().is_some_and(|message| message.text.starts_with("read-only")));
}
