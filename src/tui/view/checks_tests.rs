//! Checks as text: beside the form, in its line, as a page, and before queueing.

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::preflight::{Check, Checklist, Finding, Remedy, Verdict};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};
use crate::tui::update::update;

const SIZES: [(&str, (u16, u16)); 3] = [("80", SMALL), ("120", MEDIUM), ("200", LARGE)];

fn advising(finding: Finding, advice: &str) -> Finding {
    Finding { remedy: Some(Remedy::Advice(advice.into())), ..finding }
}

fn permission() -> Finding {
    let reason = "only a probe object would tell whether you may put objects there";
    advising(
        finding(Check::Caller, Verdict::Unchecked, reason),
        "`logferry doctor --probe` puts one and removes it again",
    )
}

fn no_events() -> Finding {
    let reason = "no event was found in the range: the export would be empty";
    advising(finding(Check::Events, Verdict::Warn, reason), "check the range, its time zone and the log stream prefix")
}

fn no_policy() -> Finding {
    let reason = "the bucket has no policy, so the logs service is not let in";
    Finding { remedy: Some(Remedy::Grant(Vec::new())), ..finding(Check::Policy, Verdict::Block, reason) }
}

fn own_key() -> Finding {
    let reason = "SSE-KMS with a customer-managed key, which AWS's guide to exports says is not supported";
    Finding { remedy: Some(Remedy::TrustKey), ..finding(Check::Encryption, Verdict::Block, reason) }
}

fn key_statement() -> Finding {
    let reason = "SSE-KMS: the export works only if the policy of key/1f2e lets the logs service in";
    let statement = "{\n  \"Effect\": \"Allow\",\n  \"Action\": \"kms:GenerateDataKey\"\n}";
    let remedy = Some(Remedy::KeyStatement(statement.into()));
    Finding { remedy, ..finding(Check::Encryption, Verdict::Warn, reason) }
}

fn denied() -> Finding {
    let reason = "GetBucketPolicy on acme-log-archive failed: your credentials may not do this";
    advising(finding(Check::Policy, Verdict::Unchecked, reason), "have the action allowed in your IAM policy")
}

fn form(size: (u16, u16), found: Vec<Finding>) -> Model {
    let (mut model, effects) = with_form(size);
    answer_checks(&mut model, &effects, found);
    model
}

#[test]
fn beside_the_form_or_in_its_line() {
    for (name, size) in SIZES {
        insta::assert_snapshot!(format!("checks_under_way_{name}"), text(&with_form(size).0));
        let scenes = [
            ("pass", Vec::new()),
            ("warn", vec![no_events(), key_statement(), permission()]),
            ("block", vec![own_key(), no_policy(), no_events(), permission()]),
            ("unchecked", vec![denied(), permission()]),
        ];
        for (scene, found) in scenes {
            insta::assert_snapshot!(format!("checks_{scene}_{name}"), text(&form(size, found)));
        }
    }
}

#[test]
fn as_a_page_with_the_worst_first() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM)] {
        let mut model = form(size, vec![key_statement(), no_policy(), no_events(), permission()]);
        ctrl(&mut model, 'l');
        insta::assert_snapshot!(format!("checks_page_{name}"), text(&model));
    }
}

#[test]
fn a_finding_of_some_log_groups_names_them_and_what_was_left_out_is_said() {
    let (mut model, effects) = with_form(MEDIUM);
    let name = |name| crate::domain::names::LogGroupName::parse(name).unwrap();
    let there = finding(Check::LogGroup, Verdict::Pass, "it exists");
    let each = vec![
        (name("/ecs/web"), vec![there.clone()]),
        (name("/ecs/batch"), vec![finding(Check::LogGroup, Verdict::Block, "it does not exist")]),
        (name("/ecs/odd"), vec![finding(Check::LogGroup, Verdict::Block, "\u{202e}evil")]),
    ];
    let list = Checklist::new(Vec::new(), each).remarking("380 more are looked at before each launch");
    let Some(Effect::Check { request, .. }) = effects.iter().find(|effect| matches!(effect, Effect::Check { .. }))
    else {
        panic!("nothing is checked: {effects:?}")
    };
    update(&mut model, Msg::Reply(*request, Reply::Checklist(list.into())));
    for text in [text(&model), {
        ctrl(&mut model, 'l');
        text(&model)
    }] {
        assert!(text.contains("of /ecs/batch") && text.contains("380 more are looked"), "{text}");
        assert!(text.contains("\\u{202e}evil"), "{text}");
    }
}

#[test]
fn before_queueing() {
    let mut model = form(SMALL, vec![no_policy(), no_events(), permission()]);
    ctrl(&mut model, 'x');
    insta::assert_snapshot!("checks_launch_anyway", text(&model));
    press(&mut model, KeyCode::Char('y'));
    insta::assert_snapshot!("checks_off", text(&model));
    let effects = ctrl(&mut model, 's');
    let Some(Effect::Expand(request, lane, plan)) = effects.first() else { panic!("not worked out: {effects:?}") };
    update(&mut model, Msg::Reply(*request, Reply::Expanded(Ok(drafted(lane, plan)))));
    insta::assert_snapshot!("checks_review", text(&model));
}
