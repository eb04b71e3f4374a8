//! New buckets and lifecycle rules as text: the form, the page before anything is done, and every way it can end.

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::remedy::{Outcome, Step};
use crate::tui::change::Refusal;
use crate::tui::creation::Stage;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::BucketDetails;

const SIZES: [(&str, (u16, u16)); 3] = [("80", SMALL), ("120", MEDIUM), ("200", LARGE)];

fn listed(size: (u16, u16)) -> Model {
    let (mut model, effects) = with_buckets(size, &["acme-archive"]);
    answer_details(&mut model, effects, |name| BucketDetails {
        lifecycle: Ok(Some(lifecycle())),
        ..bucket_details(name)
    });
    model
}

/// The form for a new bucket, as it opens.
fn form(size: (u16, u16)) -> Model {
    let mut model = listed(size);
    press(&mut model, KeyCode::Char('n'));
    model
}

/// What will be created, with everything there is to wish for.
fn shown(size: (u16, u16)) -> Model {
    let mut model = form(size);
    type_text(&mut model, "acme-log-exports");
    press(&mut model, KeyCode::Tab);
    press(&mut model, KeyCode::Right);
    for _ in 0..2 {
        press(&mut model, KeyCode::Tab);
    }
    press(&mut model, KeyCode::Left);
    press(&mut model, KeyCode::Tab);
    type_text(&mut model, "30");
    press(&mut model, KeyCode::Tab);
    type_text(&mut model, "60");
    press(&mut model, KeyCode::Enter);
    model
}

fn at(stage: Stage) -> String {
    let mut model = form(SMALL);
    type_text(&mut model, "acme-log-exports");
    press(&mut model, KeyCode::Enter);
    let Some(Overlay::Creation(page)) = &mut model.overlay else { panic!("{:?}", model.overlay) };
    page.stage = stage;
    text(&model)
}

#[test]
fn the_form_for_a_bucket_at_three_sizes_and_with_its_errors() {
    for (name, size) in SIZES {
        insta::assert_snapshot!(format!("new_bucket_{name}"), text(&form(size)));
    }
    let mut model = form(SMALL);
    type_text(&mut model, "Acme");
    for _ in 0..4 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "soon");
    press(&mut model, KeyCode::Enter);
    insta::assert_snapshot!("new_bucket_wrong", text(&model));
}

#[test]
fn what_will_be_created_at_three_sizes() {
    for (name, size) in SIZES {
        insta::assert_snapshot!(format!("creation_{name}"), text(&shown(size)));
    }
}

#[test]
fn a_creation_at_every_stage() {
    let done = [Step::Create, Step::Ownership].map(|step| (step, Outcome::Done)).to_vec();
    insta::assert_snapshot!("creation_making", at(Stage::Making(RequestId(9), done)));
    insta::assert_snapshot!("creation_made", at(Stage::Made(creation_of("acme-log-exports", &Outcome::Done))));
    let denied = Problem::new(ProblemKind::AccessDenied, "PutEncryptionConfiguration")
        .on("acme-log-exports")
        .in_region("eu-central-1");
    let failed = creation_of("acme-log-exports", &Outcome::Failed(denied));
    insta::assert_snapshot!("creation_unfinished", at(Stage::Made(failed)));
    let why = "the bucket name acme-log-exports is taken by another account".to_owned();
    let remedy = "choose another: names are shared by all accounts of AWS".to_owned();
    insta::assert_snapshot!("creation_refused", at(Stage::Refused(Refusal { why, remedy, problem: None })));
}

/// The page of the bucket's rules.
fn rules(size: (u16, u16)) -> Model {
    let mut model = listed(size);
    press(&mut model, KeyCode::Char('l'));
    model
}

#[test]
fn rules_at_three_sizes_and_the_form_for_one() {
    for (name, size) in SIZES {
        insta::assert_snapshot!(format!("rules_{name}"), text(&rules(size)));
        let mut model = rules(size);
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("rule_{name}"), text(&model));
    }
    let mut model = rules(SMALL);
    press(&mut model, KeyCode::Char('n'));
    press(&mut model, KeyCode::Enter);
    insta::assert_snapshot!("rule_wrong", text(&model));
}

#[test]
fn rules_that_are_not_there_or_not_known() {
    let told = |lifecycle| {
        let (mut model, effects) = with_buckets(SMALL, &["acme-archive"]);
        answer_details(&mut model, effects, |name| BucketDetails {
            lifecycle: lifecycle_of(lifecycle),
            ..bucket_details(name)
        });
        press(&mut model, KeyCode::Char('l'));
        text(&model)
    };
    assert!(told(true).contains("No lifecycle rule: whatever is put there stays as it is"), "{}", told(true));
    assert!(told(false).contains("Failed        GetBucketLifecycleConfiguration"), "{}", told(false));
    let (mut model, _) = with_buckets(SMALL, &["acme-archive"]);
    press(&mut model, KeyCode::Char('l'));
    assert!(text(&model).contains("looking at its rules …"), "{}", text(&model));
}

fn lifecycle_of(known: bool) -> Result<Option<crate::domain::lifecycle::Lifecycle>, Problem> {
    if known { Ok(None) } else { Err(Problem::new(ProblemKind::AccessDenied, "GetBucketLifecycleConfiguration")) }
}

#[test]
fn many_rules_are_scrolled_with_the_cursor() {
    let rule = |n: usize| {
        format!(
            "<Rule><ID>r{n}</ID><Filter><Prefix>p{n}/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>9</Days></Expiration></Rule>"
        )
    };
    let text_of: String = (0..100).map(rule).collect();
    let many = crate::domain::lifecycle::Lifecycle::parse(&format!(
        "<LifecycleConfiguration>{text_of}</LifecycleConfiguration>"
    ));
    let many = many.expect("rules");
    let (mut model, effects) = with_buckets(SMALL, &["acme-archive"]);
    answer_details(&mut model, effects, |name| BucketDetails {
        lifecycle: Ok(Some(many.clone())),
        ..bucket_details(name)
    });
    press(&mut model, KeyCode::Char('l'));
    press(&mut model, KeyCode::End);
    assert!(text(&model).contains("›  r99, on p99/"), "{}", text(&model));
    press(&mut model, KeyCode::PageUp);
    assert!(text(&model).contains("›  r91, on p91/"), "{}", text(&model));
}
