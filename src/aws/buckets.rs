//! Listing buckets, their traits, and what lies in them.

use aws_sdk_s3::config::{Builder as Override, Region as SdkRegion};
use aws_sdk_s3::types::{BucketLocationConstraint, ServerSideEncryption};

use super::Session;
use super::error::Call;
use crate::domain::amount::Landed;
use crate::domain::inventory::{Bucket, Encryption, Page};
use crate::domain::layout;
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::domain::time::Timestamp;

/// Buckets a page: S3 allows up to 10,000; 1,000 show soon.
const PAGE: i32 = 1000;
/// What S3 answers when a bucket has no default encryption (emulators: S3 itself always has one since January 2023).
const NO_ENCRYPTION: &str = "ServerSideEncryptionConfigurationNotFoundError";

impl Session {
    /// One page of the account's buckets (ListBuckets), by name, of all Regions.
    pub async fn buckets(&self, token: Option<String>) -> Result<Page<Bucket>, Problem> {
        let call = self.call("ListBuckets", None);
        let answer = self.s3.list_buckets().max_buckets(PAGE).set_continuation_token(token).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        let items = answer.buckets.unwrap_or_default().into_iter().filter_map(bucket).collect();
        Ok(Page { items, next: answer.continuation_token })
    }

    /// A bucket's Region (GetBucketLocation).
    pub async fn bucket_region(&self, bucket: &str) -> Result<Region, Problem> {
        let call = self.call("GetBucketLocation", Some(bucket));
        let answer = self.s3.get_bucket_location().bucket(bucket).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        Ok(Region(region_of(answer.location_constraint.as_ref().map(BucketLocationConstraint::as_str))))
    }

    /// The default encryption of a bucket in `region` (GetBucketEncryption). S3 answers it only in the bucket's own
    /// Region, and the SDK follows no redirect.
    pub async fn bucket_encryption(&self, bucket: &str, region: &Region) -> Result<Encryption, Problem> {
        let call = Call { region: region.0.clone(), ..self.call("GetBucketEncryption", Some(bucket)) };
        let there = Override::new().region(SdkRegion::new(region.0.clone()));
        let request = self.s3.get_bucket_encryption().bucket(bucket).customize().config_override(there);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return call.unless(NO_ENCRYPTION, &error, Encryption::None),
        };
        let rules = answer.server_side_encryption_configuration.map(|configuration| configuration.rules);
        let default = rules.into_iter().flatten().find_map(|rule| rule.apply_server_side_encryption_by_default);
        Ok(default.map_or(Encryption::None, |by| encryption(&by.sse_algorithm, by.kms_master_key_id)))
    }

    /// What has landed under `folder` (`<prefix>/<taskId>/`): log objects and their bytes, without write tests.
    /// Pages through ListObjectsV2; the cost grows with the number of objects, a call per thousand.
    pub async fn landed(&self, bucket: &str, folder: &str) -> Result<Landed, Problem> {
        let mut landed = Landed::default();
        let mut token = None;
        loop {
            let page = self.objects_in(bucket, self.region(), folder, token).await?;
            page.items.iter().for_each(|object| layout::count(&mut landed, &object.key, object.size.0));
            token = page.next;
            if token.is_none() {
                return Ok(landed);
            }
        }
    }
}

fn bucket(bucket: aws_sdk_s3::types::Bucket) -> Option<Bucket> {
    Some(Bucket {
        name: bucket.name?,
        created: bucket.creation_date.and_then(|at| at.to_millis().ok()).map(Timestamp::from_millis),
        region: bucket.bucket_region.map(Region),
    })
}

/// A location constraint as a Region. us-east-1 has none: the SDK yields null from AWS and `""` from emulators. `EU`
/// is eu-west-1 by its oldest name.
fn region_of(location: Option<&str>) -> String {
    match location {
        None | Some("") => "us-east-1",
        Some("EU") => "eu-west-1",
        Some(region) => region,
    }
    .to_owned()
}

fn encryption(algorithm: &ServerSideEncryption, key: Option<String>) -> Encryption {
    match algorithm {
        ServerSideEncryption::Aes256 => Encryption::S3,
        ServerSideEncryption::AwsKms => Encryption::Kms(key),
        ServerSideEncryption::AwsKmsDsse => Encryption::KmsDual,
        other => Encryption::Other(other.as_str().to_owned()),
    }
}
