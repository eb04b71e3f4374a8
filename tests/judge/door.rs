//! The way in: a bucket with a policy, set by S3's API, and what CreateExportTask says to it. Beside it, what is predicted.

use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region as SdkRegion};
use logferry::domain::engine::Engine;
use logferry::domain::layout::Destination;
use logferry::domain::names::{DestinationPrefix, LogGroupName};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::policy::{Access, Document, Export, rule};
use logferry::domain::preflight::Preflight;
use logferry::domain::preflight::{Verdict, policy};
use logferry::domain::problem::{Problem, ProblemKind};
use logferry::domain::store::Store;
use logferry::domain::task::TaskSpec;
use logferry::domain::time::{TimeRange, Timestamp};
use logferry::sandbox::logs::SyntheticGroup;
use logferry::sandbox::{Config, Sandbox, Seed};

use crate::support::session::connect;

const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-central-1";
const GROUP: &str = "/aws/lambda/checkout";
const BUCKET: &str = "acme-logs";

/// What CreateExportTask says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    /// "GetBucketAcl call on the given bucket failed."
    NoAcl,
    /// "PutObject call on the given bucket failed."
    NoPut,
    /// "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket."
    NotTheCaller,
}

use Answer::{Accepted, NoAcl, NoPut, NotTheCaller};

/// An embedded AWS of its own for one policy: an accepted task would hold the slot.
pub async fn decided(text: &str) -> Answer {
    let sandbox = Sandbox::start(Config { seed: Seed::Empty, ..Config::default() }).await.expect("a free port");
    let now = Timestamp::from(SystemTime::now());
    plant(&sandbox, now);
    let put = s3(&sandbox).put_bucket_policy().bucket(BUCKET).policy(text);
    put.send().await.expect("S3 takes the policy");
    let session = connect(&sandbox.endpoint_url()).await;
    answer(session.create_export_task("judge", &spec(now)).await.map(drop))
}

fn answer(result: Result<(), Problem>) -> Answer {
    let Err(problem) = result else { return Accepted };
    assert_eq!(problem.kind, ProblemKind::BucketAccess, "{problem}");
    let text = problem.message.clone().unwrap_or_default();
    let texts = [
        ("GetBucketAcl call on the given bucket failed. ", NoAcl),
        ("PutObject call on the given bucket failed. ", NoPut),
        (
            "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
            NotTheCaller,
        ),
    ];
    let known = texts.iter().find(|(known, _)| text.starts_with(known));
    known.unwrap_or_else(|| panic!("not a text of AWS's: {problem}")).1
}

/// The answers that are predicted: one, or all where the checklist says that it cannot know.
pub fn predicted(text: &str) -> Vec<Answer> {
    let ruling = rule(Some(&Document::parse(text).expect("a policy")), &export());
    let all = |access: &Access, refusal: Answer, then: Vec<Answer>| match access {
        Access::Allowed | Access::Lax(_) => then,
        Access::Unknown(_) => [vec![refusal], then].concat(),
        Access::NotAllowed(_) | Access::Denied(_) => vec![refusal],
    };
    // Whether the caller himself may put is asked elsewhere: a policy that keeps him out is none of the service's.
    let answers = all(&ruling.get_bucket_acl, NoAcl, all(&ruling.put_object, NoPut, vec![Accepted, NotTheCaller]));
    let verdict = policy(&export(), &Ok(Some(text.to_owned()))).verdict;
    let goes_in = answers.contains(&Accepted);
    let expected = match (goes_in, answers.len()) {
        (true, 2) => vec![Verdict::Pass, Verdict::Warn],
        (true, _) => vec![Verdict::Unchecked],
        // It may be that there is doubt about the one call; the other is refused for sure.
        (false, _) => vec![Verdict::Block],
    };
    assert!(expected.contains(&verdict), "the finding is {verdict:?} where the ruling says {answers:?}: {text}");
    answers
}

fn plant(sandbox: &Sandbox, now: Timestamp) {
    let hour = 3_600_000;
    let group = SyntheticGroup {
        name: GROUP.to_owned(),
        streams: 1,
        events_per_stream: 1,
        message_bytes: 10,
        from: now.millis() - 48 * hour,
        to: now.millis() - 24 * hour,
        seed: 1,
    };
    let lane = Lane::new(AccountId(ACCOUNT.to_owned()), Region(REGION.to_owned()));
    sandbox.world.logs.plant_synthetic_group(&lane, &group);
    sandbox.world.s3.create_bucket(BUCKET, REGION, ACCOUNT);
}

fn s3(sandbox: &Sandbox) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(sandbox.endpoint_url())
        .region(SdkRegion::new(REGION))
        .credentials_provider(Credentials::new("tests", "any secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .force_path_style(true);
    Client::from_conf(config.build())
}

fn destination() -> Destination {
    Destination {
        store: Store::stored(BUCKET).expect("a good name"),
        prefix: Some(DestinationPrefix::parse("exports").expect("a good prefix")),
    }
}

fn spec(now: Timestamp) -> TaskSpec {
    let days = |days: u32| now.before(std::time::Duration::from_hours(24) * days);
    TaskSpec {
        group: LogGroupName::parse(GROUP).expect("a good name"),
        window: TimeRange::new(days(2), days(1)).expect("from lies before to"),
        destination: destination(),
        stream_prefix: None,
        label: None,
        preflight: Preflight::Off,
        engine: Engine::Managed,
    }
}

fn export() -> Export {
    let lane = Lane::new(AccountId(ACCOUNT.to_owned()), Region(REGION.to_owned()));
    Export::new(&lane, Some(GROUP), &destination())
}
