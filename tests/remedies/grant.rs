//! Letting the export service in, and taking it back: what is written, kept and refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use logferry::domain::names::LogGroupName;
use logferry::domain::place::AccountId;
use logferry::domain::policy::{Change as Mark, same};
use logferry::domain::problem::ProblemKind;
use logferry::export::remedy::{Change, Remedies, RemedyError, Setting};
use logferry::sandbox::faults::{Kind, Refusal};

use crate::bench::{Bench, bucket, destination, session};

const BUCKET: &str = "acme-legacy-archive";
const THEIRS: &str = r#"{"Version":"2012-10-17","Id":"Old \u00e9","Statement":{"Sid":"TheirOwn","Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-legacy-archive/*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":false}}}}"#;

impl Bench {
    /// A bench on which somebody else's policy stands in the bucket.
    async fn with_theirs() -> Self {
        let bench = Self::new().await;
        bench.sandbox.world.s3.set_policy(BUCKET, Some(THEIRS.to_owned()));
        bench
    }
}

/// What the bucket's policy lacks.
async fn needed(remedies: &Remedies) -> Change {
    let change = remedies.propose_grant(&destination(BUCKET), &[], None).await;
    change.expect("a proposal").expect("something is missing")
}

#[tokio::test]
async fn what_is_missing_is_shown_added_and_taken_back() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    assert_eq!(change.title(), "change the bucket policy of acme-legacy-archive");
    assert!(change.notes().is_empty(), "{:?}", change.notes());
    let diff = change.diff();
    let added: String = diff.iter().filter(|line| line.change == Mark::Added).map(|line| line.text.clone()).collect();
    assert!(added.contains("LogferryExportGetBucketAcl") && added.contains("LogferryExportPutObject"), "{added}");
    assert!(!added.contains("TheirOwn"), "{added}");
    assert_eq!(bench.policy(BUCKET).as_deref(), Some(THEIRS), "a proposal changes nothing");

    let applied = remedies.apply(&change).await.expect("it is applied");
    let now = bench.policy(BUCKET).expect("a policy");
    assert_eq!(Some(now.as_str()), change.after());
    let statement = &THEIRS[THEIRS.find("{\"Sid").expect("a statement")..THEIRS.len() - 1];
    assert!(now.contains(statement) && now.contains(r#""Id":"Old \u00e9""#), "byte for byte: {now}");
    assert!(
        remedies.propose_grant(&destination(BUCKET), &[], None).await.expect("a look").is_none(),
        "nothing is missing"
    );

    let copy = applied.copy.expect("a copy");
    assert_eq!(bench.copies("policies", BUCKET), [copy.as_path()]);
    assert_eq!(fs::metadata(&copy).expect("a file").permissions().mode() & 0o777, 0o600);
    let kept = fs::read_to_string(&copy).expect("text");
    assert!(kept.contains("TheirOwn") && kept.contains("LogferryExportPutObject"), "{kept}");

    let undo = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect("something to undo");
    assert_eq!(undo.title(), "put back the bucket policy of acme-legacy-archive");
    assert_eq!(remedies.apply(&undo).await.expect("undone").copy, None);
    assert_eq!(bench.policy(BUCKET).as_deref(), Some(THEIRS));
    let again = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect_err("undone already");
    assert!(matches!(again, RemedyError::NothingToUndo { .. }), "{again}");
}

#[tokio::test]
async fn the_first_policy_of_a_bucket_is_undone_by_deleting_it() {
    let bench = Bench::new().await;
    bench.sandbox.world.s3.set_policy(BUCKET, None);
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    assert_eq!(change.title(), "set the bucket policy of acme-legacy-archive");
    remedies.apply(&change).await.expect("it is applied");
    assert!(bench.policy(BUCKET).is_some());
    let undo = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect("something to undo");
    assert_eq!(undo.title(), "delete the bucket policy of acme-legacy-archive");
    remedies.apply(&undo).await.expect("undone");
    assert_eq!(bench.policy(BUCKET), None);
}

#[tokio::test]
async fn grants_are_undone_one_by_one() {
    let bench = Bench::new().await;
    bench.sandbox.world.s3.set_policy(BUCKET, None);
    let remedies = bench.remedies().await;
    let other = AccountId("999988887777".to_owned());
    let mut stood = vec![bench.policy(BUCKET)];
    for account in [None, Some(&other)] {
        let change =
            remedies.propose_grant(&destination(BUCKET), &[], account).await.expect("a proposal").expect("needed");
        remedies.apply(&change).await.expect("it is applied");
        stood.push(bench.policy(BUCKET));
    }
    let last = stood.pop().flatten().expect("a policy");
    assert!(last.contains("arn:aws:iam::999988887777:root") && last.contains("LogferryExportPutObject2"), "{last}");
    while let Some(before) = stood.pop() {
        let undo = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect("something to undo");
        remedies.apply(&undo).await.expect("undone");
        assert_eq!(bench.policy(BUCKET), before);
    }
}

#[tokio::test]
async fn a_policy_that_changed_in_between_is_left_alone() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    let newer = THEIRS.replace("s3:DeleteObject", "s3:DeleteBucket");
    bench.sandbox.world.s3.set_policy(BUCKET, Some(newer.clone()));
    let refused = remedies.apply(&change).await.expect_err("it has changed");
    assert!(matches!(refused, RemedyError::Changed { .. }), "{refused}");
    assert!(refused.to_string().contains("nothing was written"), "{refused}");
    assert_eq!(bench.policy(BUCKET), Some(newer));
    assert_eq!((bench.calls("PutBucketPolicy"), bench.copies("policies", BUCKET).len()), (0, 0));
}

#[tokio::test]
async fn another_spelling_of_the_same_policy_is_no_change() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    let spelled = THEIRS.replace("\"s3:DeleteObject\"", "[ \"s3:DeleteObject\" ]");
    assert!(same(&spelled, THEIRS) && spelled != THEIRS);
    bench.sandbox.world.s3.set_policy(BUCKET, Some(spelled));
    remedies.apply(&change).await.expect("it is applied");
}

#[tokio::test]
async fn what_somebody_wrote_after_a_grant_is_not_undone_with_it() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    remedies.apply(&change).await.expect("it is applied");
    let newer = bench.policy(BUCKET).expect("a policy").replace("s3:DeleteObject", "s3:DeleteBucket");
    bench.sandbox.world.s3.set_policy(BUCKET, Some(newer.clone()));
    let refused = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect_err("theirs came after");
    assert!(matches!(refused, RemedyError::Changed { .. }), "{refused}");
    bench.sandbox.world.s3.set_policy(BUCKET, Some(THEIRS.to_owned()));
    let refused = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect_err("undone by hand");
    assert!(matches!(refused, RemedyError::AsBefore { .. }), "{refused}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_no_failure_if_the_work_was_done() {
    for kind in [Kind::CutAfter, Kind::CutBefore, Kind::Refuse(Refusal::ServerError)] {
        let bench = Bench::with_theirs().await;
        let remedies = bench.remedies().await;
        let change = needed(&remedies).await;
        // One less than the SDK tries, or as often: then only a look can tell.
        let times = if kind == Kind::CutAfter { 3 } else { 2 };
        bench.fault("PutBucketPolicy", kind, times);
        remedies.apply(&change).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(bench.policy(BUCKET).as_deref(), change.after(), "{kind:?}");
        assert_eq!(bench.copies("policies", BUCKET).len(), 1);
    }
}

#[tokio::test]
async fn a_failure_for_good_says_why_and_an_unknown_one_keeps_its_copy() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    bench.fault("PutBucketPolicy", Kind::Refuse(Refusal::AccessDenied), 1);
    let refused = remedies.apply(&change).await.expect_err("denied");
    assert!(matches!(&refused, RemedyError::Aws(problem) if problem.kind == ProblemKind::AccessDenied), "{refused}");
    assert!(bench.copies("policies", BUCKET).is_empty(), "nothing was replaced");
    assert_eq!(bench.policy(BUCKET).as_deref(), Some(THEIRS));

    bench.fault("PutBucketPolicy", Kind::Refuse(Refusal::ServerError), 3);
    let failed = remedies.apply(&change).await.expect_err("it was not done");
    assert!(matches!(&failed, RemedyError::Aws(problem) if problem.kind == ProblemKind::Server), "{failed}");
    assert_eq!(bench.copies("policies", BUCKET).len(), 1, "it might have been done");
    let undo = remedies.propose_undo(&bucket(BUCKET), Setting::Policy).await.expect_err("it was not");
    assert!(matches!(undo, RemedyError::AsBefore { .. }), "{undo}");
}

#[tokio::test]
async fn without_a_copy_nothing_is_written() {
    let bench = Bench::with_theirs().await;
    let remedies = bench.remedies().await;
    let change = needed(&remedies).await;
    fs::write(bench.state.path().join("policies"), "in the way").expect("a file");
    let refused = remedies.apply(&change).await.expect_err("no copy");
    assert!(matches!(refused, RemedyError::Copy { .. }), "{refused}");
    assert_eq!((bench.policy(BUCKET).as_deref(), bench.calls("PutBucketPolicy")), (Some(THEIRS), 0));
}

#[tokio::test]
async fn a_policy_that_names_log_groups_is_asked_for_each() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let ready = destination("acme-log-exports");
    let source = "arn:aws:logs:eu-central-1:123456789012:log-group:";
    let policy = bench.policy("acme-log-exports").expect("a policy");
    assert!(policy.contains(&format!("{source}*")), "{policy}");
    let narrow = policy.replace(&format!("{source}*"), &format!("{source}/ecs/shop-web*"));
    bench.sandbox.world.s3.set_policy("acme-log-exports", Some(narrow));
    let groups = |names: &[&str]| -> Vec<LogGroupName> {
        names.iter().map(|name| LogGroupName::parse(name).expect("a good name")).collect()
    };
    let ask = async |names: &[&str]| remedies.propose_grant(&ready, &groups(names), None).await.expect("a look");
    assert!(ask(&["/ecs/shop-web"]).await.is_none());
    assert!(ask(&["/ecs/shop-web", "/aws/lambda/checkout"]).await.is_some());
}

#[tokio::test]
async fn a_deny_that_stays_is_noted_and_a_broken_policy_is_not_touched() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let deny =
        THEIRS.replace("s3:DeleteObject", "s3:PutObject").replace("aws:MultiFactorAuthPresent", "aws:SecureTransport");
    let deny = deny.replace(":false}", ":true}");
    bench.sandbox.world.s3.set_policy(BUCKET, Some(deny));
    let change = needed(&remedies).await;
    assert_eq!(change.notes(), ["statement 1 (TheirOwn) denies s3:PutObject to the logs service"]);
    bench.sandbox.world.s3.set_policy(BUCKET, Some("{}".to_owned()));
    let refused = remedies.propose_grant(&destination(BUCKET), &[], None).await.expect_err("it cannot be read");
    assert_eq!(
        refused.to_string(),
        "the bucket policy of acme-legacy-archive cannot be read, so nothing is added to it: the policy: there is no Statement"
    );
}

#[tokio::test]
async fn another_account_s_bucket_and_a_read_only_session_write_nothing() {
    let bench = Bench::with_theirs().await;
    let admitting = THEIRS.replace("TheirOwn", "Admits999988887777");
    bench.sandbox.world.s3.set_policy(BUCKET, Some(admitting.clone()));
    let stranger = bench.remedies_in("eu-central-1", "999988887777").await;
    let change =
        stranger.propose_grant(&destination(BUCKET), &[], None).await.expect("it may look").expect("it is needed");
    let refused = stranger.apply(&change).await.expect_err("it is not theirs");
    assert!(matches!(&refused, RemedyError::Aws(problem) if problem.kind == ProblemKind::AccessDenied), "{refused}");

    let options = logferry::aws::ConnectOptions { read_only: true, ..bench.connect() };
    let lane = bench.remedies().await.lane().clone();
    let looking = logferry::export::remedy::Remedies::new(session(options).await, lane, bench.state.path().to_owned());
    let change =
        looking.propose_grant(&destination(BUCKET), &[], None).await.expect("it may look").expect("it is needed");
    let refused = looking.apply(&change).await.expect_err("it is read-only");
    assert!(matches!(&refused, RemedyError::Aws(problem) if problem.kind == ProblemKind::ReadOnly), "{refused}");
    assert_eq!(bench.policy(BUCKET), Some(admitting));
    assert!(bench.copies("policies", BUCKET).is_empty());
}
