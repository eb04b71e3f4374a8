//! The screens of buckets as text.

use crossterm::event::KeyCode;
use ratatui::style::Modifier;

use super::tests::{LARGE, MEDIUM, SMALL, drawn, text};
use crate::domain::inventory::{Encryption, Page};
use crate::domain::lifecycle::Lifecycle;
use crate::domain::place::Region;
use crate::domain::preflight::{Check, Verdict};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::remedy::Change;
use crate::tui::change::{Refusal, Stage};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::{BucketDetails, Msg, Reply};
use crate::tui::update::update;

const NAMES: &[&str] = &[
    "acme-archive",
    "acme-closed",
    "acme-kms",
    "acme-lax",
    "acme-very-long-bucket-name-for-the-logs-of-production",
    "us-backups",
];

/// One lifecycle rule, that does not touch exports.
fn one_rule() -> Lifecycle {
    let rule = "<Rule><ID>old</ID><Filter><Prefix>reports/</Prefix></Filter><Status>Enabled</Status>\
        <Expiration><Days>90</Days></Expiration></Rule>";
    Lifecycle::parse(&format!("<LifecycleConfiguration>{rule}</LifecycleConfiguration>")).expect("a rule")
}

/// A bucket of each kind by its name.
fn told(name: &str) -> BucketDetails {
    let denied = |operation| Problem::new(ProblemKind::AccessDenied, operation);
    let details = bucket_details(name);
    let policy = |verdict| found(Check::Policy, verdict, "for a reason");
    match name {
        "acme-closed" => BucketDetails { policy: policy(Verdict::Block), ..details },
        "acme-kms" => BucketDetails { encryption: Ok(Encryption::Kms(None)), ..details },
        "acme-lax" => BucketDetails { policy: policy(Verdict::Warn), ..details },
        "us-backups" => {
            BucketDetails { lifecycle: Ok(Some(one_rule())), region: Ok(Region("us-east-1".into())), ..details }
        }
        "acme-archive" => BucketDetails { lifecycle: Ok(Some(lifecycle())), ..details },
        _ => BucketDetails {
            region: Err(denied("GetBucketLocation")),
            encryption: Err(denied("GetBucketEncryption")),
            lifecycle: Err(denied("GetBucketLifecycleConfiguration")),
            policy: policy(Verdict::Unchecked),
            ..details
        },
    }
}

fn few(size: (u16, u16)) -> Model {
    let (mut model, effects) = with_buckets(size, NAMES);
    answer_details(&mut model, effects, told);
    model
}

#[test]
fn buckets_at_three_sizes() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("buckets_few_{name}"), text(&few(size)));
    }
}

#[test]
fn buckets_before_their_details_and_none_at_all() {
    let (mut model, _) = connected(SMALL);
    press(&mut model, KeyCode::Char('2'));
    insta::assert_snapshot!("buckets_loading", text(&model));
    insta::assert_snapshot!("buckets_untold", text(&with_buckets(SMALL, NAMES).0));
    insta::assert_snapshot!("buckets_empty", text(&with_buckets(SMALL, &[]).0));
}

#[test]
fn a_listing_that_is_refused() {
    let (mut model, effects) = connected(SMALL);
    press(&mut model, KeyCode::Char('2'));
    let asked = effects.iter().find_map(|e| if let Effect::LoadBuckets(r, _) = e { Some(*r) } else { None });
    let problem = Problem::new(ProblemKind::AccessDenied, "ListBuckets").in_region("eu-central-1");
    update(&mut model, Msg::Reply(asked.expect("asked"), Reply::Buckets(Err::<Page<_>, _>(problem))));
    insta::assert_snapshot!("buckets_error", text(&model));
}

#[test]
fn many_buckets_and_what_the_filter_finds() {
    let names: Vec<String> = (0..10_000).map(|n| format!("team-{:02}-logs-{n:05}", n % 97)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut model, effects) = with_buckets(MEDIUM, &names);
    answer_details(&mut model, effects, told);
    press(&mut model, KeyCode::End);
    insta::assert_snapshot!("buckets_many", text(&model));
    type_text(&mut model, "/t42 lg 99");
    insta::assert_snapshot!("buckets_filtered", text(&model));
}

#[test]
fn the_letters_that_match_are_underlined_in_cut_names_too() {
    let mut model = few(SMALL);
    type_text(&mut model, "/^acme prod");
    let terminal = drawn(&model);
    let buffer = terminal.backend().buffer();
    let row = 6;
    let marked: String = (0..30)
        .map(|x| &buffer[(x, row)])
        .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "acmeprod", "{}", text(&model));
}

/// The page of the second bucket, its checks made.
fn page(size: (u16, u16)) -> Model {
    let mut model = few(size);
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Char('i'));
    let Some(Effect::CheckBucket { request, to, .. }) = effects.first() else { panic!("{effects:?}") };
    update(&mut model, Msg::Reply(*request, Reply::BucketChecked(to.store.to_string(), report())));
    model
}

#[test]
fn a_bucket_s_page_at_three_sizes() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("bucket_page_{name}"), text(&page(size)));
    }
}

#[test]
fn the_rules_that_touch_exports_are_told_in_full() {
    let page = |at: usize| {
        let mut model = few(MEDIUM);
        for _ in 0..at {
            press(&mut model, KeyCode::Down);
        }
        press(&mut model, KeyCode::Char('i'));
        text(&model)
    };
    let several = page(0);
    for told in [
        "Lifecycle     to-glacier, on exportedlogs/: archive to Glacier Flexible Retrieval after 30 d",
        "tagged, on exportedlogs/, tagged keep=no: expire after 7 d (may touch exports)",
        "all-off, on the whole bucket: off: expire after 1 d",
        "1 rule that does not touch exports",
    ] {
        assert!(several.contains(told), "{told} in {several}");
    }
    assert!(!several.contains("reports"), "{several}");
    assert!(page(2).contains("Lifecycle     no rules"));
    assert!(page(4).contains("Lifecycle     cannot be read: "), "{}", page(4));
    assert!(page(5).contains("Lifecycle     1 rule that does not touch exports"), "{}", page(5));
}

#[test]
fn a_bucket_s_page_before_its_checks() {
    let mut model = few(SMALL);
    press(&mut model, KeyCode::Char('i'));
    assert!(text(&model).contains("checking …"), "{}", text(&model));
}

#[test]
fn a_read_only_interface_says_so_and_where_the_keys_would_be() {
    let mut model = few(SMALL);
    model.settings.read_only = true;
    model.settings.sandbox = Some("SANDBOX x6".into());
    insta::assert_snapshot!("read_only_buckets", text(&model));
    update(&mut model, Msg::Snapshot(std::sync::Arc::new(many_tasks())));
    press(&mut model, KeyCode::Char('3'));
    insta::assert_snapshot!("read_only_exports", text(&model));
}

/// The page of a grant, at `stage` of the change it would be.
fn granted(size: (u16, u16), stage: impl FnOnce(std::sync::Arc<Change>) -> Stage) -> String {
    let mut model = page(size);
    press(&mut model, KeyCode::Char('a'));
    let Some(Overlay::Change(shown)) = &mut model.overlay else { panic!("the page of a change") };
    shown.stage = stage(granting("acme-legacy-archive"));
    text(&model)
}

#[test]
fn a_grant_at_three_sizes_and_every_stage() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("grant_ready_{name}"), granted(size, Stage::Ready));
    }
    let copy = Some("/home/ada/.local/state/logferry/policies/acme-legacy-archive/2026.json".into());
    insta::assert_snapshot!("grant_applied", granted(SMALL, |change| Stage::Applied(change, copy)));
    let why = "the bucket policy of acme-legacy-archive has changed since it was looked at: nothing was written";
    let refusal = Refusal { why: why.into(), remedy: "look at it again and decide anew".into(), problem: None };
    insta::assert_snapshot!("grant_refused", granted(SMALL, |_| Stage::Refused(refusal)));
    let nothing = granted(SMALL, |_| Stage::Nothing);
    assert!(nothing.contains("✓ Nothing to do: its policy lets the logs service in already."), "{nothing}");
}

/// Printed, not held to a limit: `cargo test --release --lib ten_thousand -- --nocapture`.
#[test]
#[expect(clippy::print_stdout, reason = "the figure is what it is for")]
fn ten_thousand_buckets_from_key_to_frame() {
    let names: Vec<String> = (0..10_000).map(|n| format!("team-{:02}-logs-{n:05}", n % 97)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut model, _) = with_buckets(LARGE, &names);
    let mut terminal = drawn(&model);
    for key in
        [KeyCode::Down, KeyCode::PageDown, KeyCode::End, KeyCode::Char('/'), KeyCode::Char('t'), KeyCode::Char('9')]
    {
        let begun = std::time::Instant::now();
        press(&mut model, key);
        while model.is_sifting() {
            update(&mut model, Msg::Sift);
        }
        terminal.draw(|out| super::view(&model, out)).expect("a frame");
        println!("{key:?}: {:?}", begun.elapsed());
    }
    assert_eq!(model.buckets.list.filter().text(), "t9");
    assert!(terminal.backend().to_string().contains(" of 10,000  / t9"), "{}", text(&model));
}
