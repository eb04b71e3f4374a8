//! `logferry policy`: the policies that exports need, as JSON on stdout: the bucket's, or the least IAM policy of whoever
//! runs this program.
//!
//! Nothing is asked of AWS but whose the credentials are, and that only where account and Region are not both given.

use std::io::IsTerminal as _;

use clap::Args;
use clap::error::ErrorKind;
use color_eyre::eyre::{Report, WrapErr};

use super::Target;
use super::check;
use super::connection::Connection;
use super::export::Wrong;
use super::outcome::say;
use super::output::Output;
use crate::domain::names::BucketName;
use crate::domain::partition::Partition;
use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::policy::{Export, Feature, iam_policy, merge, missing, pretty};

/// What stands for the bucket's name in an IAM policy for no particular bucket.
const ANY_BUCKET: &str = "BUCKET";

/// The end of `logferry policy --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry policy --bucket logs-archive > policy.json
  aws s3api put-bucket-policy --bucket logs-archive --policy file://policy.json
  logferry policy --bucket logs-archive --account 123456789012 --region eu-central-1
  logferry policy --iam
  logferry policy --iam browse,export --bucket logs-archive

put-bucket-policy replaces the policy a bucket has: look at it first with `aws s3api get-bucket-policy`.";

/// The options as given.
#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// The bucket that is to be exported into
    #[arg(long, value_name = "NAME", value_parser = BucketName::parse, required_unless_present = "iam")]
    bucket: Option<BucketName>,

    /// The account whose log groups are exported [default: that of the credentials]
    #[arg(long, value_name = "ID", value_parser = check::account, conflicts_with = "iam")]
    account: Option<String>,

    /// Print the least IAM policy of whoever runs logferry, for these features; without any, of each feature by its name
    ///
    /// The features: browse, export, cancel, preflight, probe, fix-buckets, verify.
    #[arg(long, value_name = "FEATURE", num_args = 0.., value_delimiter = ',', value_parser = feature)]
    iam: Option<Vec<Feature>>,

    #[command(flatten)]
    connection: Connection,
}

/// Which policy is printed.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// The bucket's, for exports from this account, or from that of the credentials.
    Bucket(BucketName, Option<AccountId>),
    /// The caller's, for these features or for each; on one bucket or on a name to be filled in.
    Iam(Vec<Feature>, Option<BucketName>),
}

impl PolicyArguments {
    /// Where to connect, and what is printed.
    pub fn resolve(self) -> Result<(Connection, Request), Wrong> {
        let request = match (self.iam, self.bucket) {
            (Some(features), bucket) => Request::Iam(features, bucket),
            (None, Some(bucket)) => Request::Bucket(bucket, self.account.map(AccountId)),
            // clap has seen to it already; said all the same should it ever not.
            (None, None) => {
                let message = "'--bucket <NAME>' or '--iam' is needed".to_owned();
                return Err(Wrong { kind: ErrorKind::MissingRequiredArgument, message });
            }
        };
        Ok((self.connection, request))
    }
}

/// `--iam`: a feature by its name.
fn feature(typed: &str) -> Result<Feature, String> {
    let words = || Feature::ALL.map(Feature::word).join(", ");
    Feature::ALL
        .into_iter()
        .find(|feature| feature.word() == typed)
        .ok_or_else(|| format!("expected one of {}", words()))
}

/// Prints what was asked for.
pub async fn run(target: Target, request: Request) -> Result<(), Report> {
    let text = match request {
        Request::Iam(features, bucket) => iam(&target, &features, bucket.as_ref()),
        Request::Bucket(bucket, account) => {
            let text = of_bucket(&lane(target, account).await?, &bucket)?;
            warn_of_replacing();
            text
        }
    };
    Output::new(true).write(&(text + "\n")).wrap_err("cannot write to stdout")?;
    Ok(())
}

/// The lane exports come from.
async fn lane(target: Target, account: Option<AccountId>) -> Result<Lane, Report> {
    if let (Some(account), Some(region)) = (&account, chosen_region(&target)) {
        return Ok(Lane::new(account.clone(), region));
    }
    let place = target.open().await?;
    let session = place.session().await?;
    let account = match account {
        Some(account) => account,
        None => session.identity().await?.account,
    };
    Ok(session.lane(account))
}

/// The Region, if an option says it.
fn chosen_region(target: &Target) -> Option<Region> {
    match target {
        Target::Aws(options) => options.region.clone().map(Region),
        Target::Sandbox { config, .. } => Some(Region(config.region.clone())),
    }
}

/// The policy of a bucket that has none yet.
fn of_bucket(lane: &Lane, bucket: &BucketName) -> Result<String, Report> {
    let export = Export {
        account: lane.account.clone(),
        region: lane.region.clone(),
        group: None,
        bucket: bucket.to_string(),
        prefix: None,
    };
    Ok(merge(None, &export, &missing(None, &export))?.pretty())
}

/// stdout is for the policy alone.
fn warn_of_replacing() {
    if std::io::stderr().is_terminal() {
        say("logferry: `aws s3api put-bucket-policy` replaces whatever policy the bucket has");
    }
}

/// One policy for `features`, or one for each feature by its name.
fn iam(target: &Target, features: &[Feature], bucket: Option<&BucketName>) -> String {
    // Policies differ by the partition alone, and without a Region named it is the commercial one.
    let partition = Partition::of(&chosen_region(target).unwrap_or_else(|| Region(String::new())));
    let bucket = bucket.map_or(ANY_BUCKET, BucketName::as_str);
    if !features.is_empty() {
        return iam_policy(features, partition, bucket);
    }
    let each = Feature::ALL.map(|feature| {
        format!("{}:{}", serde_json::Value::from(feature.word()), iam_policy(&[feature], partition, bucket))
    });
    pretty(&format!("{{{}}}", each.join(",")))
}
