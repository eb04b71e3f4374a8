//! An embedded AWS with one log group and one bucket that is ready, to be spoilt by each test in its own way.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region as SdkRegion};
use logferry::aws::Session;
use logferry::domain::layout::Destination;
use logferry::domain::names::{DestinationPrefix, LogGroupName};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::policy::{Export, merge, missing};
use logferry::domain::preflight::{Check, Report};
use logferry::domain::store::Store;
use logferry::domain::time::Timestamp;
use logferry::domain::zone::Zone;
use logferry::export::{Checker, Choices, Freshness, Subject, Typed};
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::logs::SyntheticGroup;
use logferry::sandbox::{Config, Sandbox, Seed};

use crate::support::session::connect;

/// The lane's account and Region.
pub const ACCOUNT: &str = "123456789012";
pub const REGION: &str = "eu-central-1";
/// Another account.
pub const STRANGER: &str = "210987654321";
/// What is exported, and where to.
pub const GROUP: &str = "/ecs/shop-web";
pub const BUCKET: &str = "acme-logs";
pub const PREFIX: &str = "exports";

pub struct Bench {
    pub sandbox: Sandbox,
    pub session: Session,
    pub now: Timestamp,
    /// S3 as whoever sets the world up uses it.
    pub s3: Client,
}

impl Bench {
    /// The log group has events from three days ago to one day ago; the bucket has the policy AWS documents.
    pub async fn ready() -> Self {
        let config = Config { seed: Seed::Empty, ..Config::default() };
        let sandbox = Sandbox::start(config).await.expect("a free port on loopback");
        let session = connect(&sandbox.endpoint_url()).await;
        let s3 = client(&sandbox.endpoint_url(), ACCOUNT);
        let bench = Self { sandbox, session, now: Timestamp::from(SystemTime::now()), s3 };
        bench.plant(GROUP, 10, bench.days_ago(3), bench.days_ago(1));
        bench.sandbox.world.s3.create_bucket(BUCKET, REGION, ACCOUNT);
        bench.put_policy(&documented());
        bench
    }

    pub fn days_ago(&self, days: u32) -> Timestamp {
        self.now.before(Duration::from_hours(24) * days)
    }

    /// A log group with so many events, evenly from `from` to `to`.
    pub fn plant(&self, name: &str, events: u64, from: Timestamp, to: Timestamp) {
        let group = SyntheticGroup {
            name: name.to_owned(),
            streams: 1,
            events_per_stream: events,
            message_bytes: 40,
            from: from.millis(),
            to: to.millis(),
            seed: 7,
        };
        self.sandbox.world.logs.plant_synthetic_group(&lane(), &group);
    }

    pub fn put_policy(&self, policy: &str) {
        self.sandbox.world.s3.set_policy(BUCKET, Some(policy.to_owned()));
    }

    /// A call is refused from now on, as IAM refuses it.
    pub fn deny(&self, operation: &str) {
        self.sandbox.world.faults.add(Fault::new(operation, Kind::Refuse(Refusal::AccessDenied)));
    }

    /// The checklist of an export of three days ago to one day ago.
    pub async fn check(&self) -> Report {
        self.check_with(Choices::default()).await
    }

    pub async fn check_with(&self, choices: Choices) -> Report {
        self.check_export(GROUP, (self.days_ago(3), self.days_ago(1)), choices).await
    }

    pub async fn check_export(&self, group: &str, range: Typed, choices: Choices) -> Report {
        check_on(&self.session, self.now, group, range, choices).await
    }
}

/// The checklist of an export into [`BUCKET`], as it is just now.
pub async fn check_on(session: &Session, now: Timestamp, group: &str, range: Typed, choices: Choices) -> Report {
    let group = LogGroupName::parse(group).expect("a good name");
    let subject = Subject { group, range, destination: destination(), zone: Zone::Utc };
    let (lane, checker) = (lane(), Checker::default());
    checker.preflight(session, &lane, &subject, choices, Freshness::Now, now).await.report
}

/// What the checklist says of one thing, a line for each finding: `warn: … (…)`.
pub fn said(report: &Report, check: Check) -> String {
    let findings = report.findings().iter().filter(|finding| finding.check == check);
    let prefix = format!("{}: ", check.word());
    let lines: Vec<String> = findings.map(|finding| finding.to_string().replacen(&prefix, "", 1)).collect();
    assert!(!lines.is_empty(), "nothing is said of {check:?}: {report:?}");
    lines.join("\n")
}

/// The checks with a verdict worse than a pass, but for the caller's permission, which nobody can know.
pub fn troubled(report: &Report) -> Vec<Check> {
    use logferry::domain::preflight::Verdict;
    let troubled = report.findings().iter().filter(|finding| finding.verdict != Verdict::Pass);
    troubled.map(|finding| finding.check).filter(|check| *check != Check::Caller).collect()
}

/// S3 at `url` for `account`.
pub fn client(url: &str, account: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url)
        .region(SdkRegion::new(REGION))
        // The sandbox takes an access key of twelve digits for the account.
        .credentials_provider(Credentials::new(account, "any secret", None, None, "test"))
        .force_path_style(true);
    Client::from_conf(config.build())
}

pub fn lane() -> Lane {
    Lane::new(AccountId(ACCOUNT.to_owned()), Region(REGION.to_owned()))
}

pub fn destination() -> Destination {
    Destination {
        store: Store::stored(BUCKET).expect("a good name"),
        prefix: Some(DestinationPrefix::parse(PREFIX).expect("a good prefix")),
    }
}

/// The policy AWS documents for exports of the lane into the bucket.
pub fn documented() -> String {
    let export = Export::new(&lane(), Some(GROUP), &destination());
    merge(None, &export, &missing(None, &export)).expect("two statements").text()
}
