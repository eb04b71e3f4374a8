//! Buckets themselves: create, delete, find, list.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use std::collections::btree_map::Entry;
use std::ops::Bound;

use s3s::dto::{
    Bucket as ListedBucket, BucketLocationConstraint, CreateBucketInput, CreateBucketOutput, DeleteBucketInput,
    DeleteBucketOutput, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput, HeadBucketOutput,
    ListBucketsInput, ListBucketsOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::bucket::{Bucket, owner};
use super::wire::Call;
use super::{Store, errors};
use crate::sandbox::world::lock;

/// The Region whose buckets have no location constraint.
const CLASSIC: &str = "us-east-1";

/// The most buckets a page may hold, and what it holds when nothing is asked for.
const MAX_BUCKETS: i32 = 10_000;

pub(super) fn create(store: &Store, call: &Call, input: CreateBucketInput) -> S3Result<CreateBucketOutput> {
    let constraint = input.create_bucket_configuration.and_then(|wanted| wanted.location_constraint);
    let region = placed(&call.caller.region, constraint.as_ref().map(BucketLocationConstraint::as_str))?;
    let location = Some(format!("/{}", input.bucket));
    match lock(&store.buckets).entry(input.bucket) {
        Entry::Vacant(place) => {
            place.insert(Bucket::new(&region, &call.caller.account));
        }
        Entry::Occupied(taken) => taken_by(taken.get(), &call.caller.account, &region)?,
    }
    Ok(CreateBucketOutput { location })
}

/// Where a bucket goes: the Region the call is signed for, which the constraint must repeat outside us-east-1.
fn placed(region: &str, constraint: Option<&str>) -> S3Result<String> {
    match constraint.filter(|wanted| !wanted.is_empty()) {
        Some(CLASSIC) => Err(s3_error!(InvalidLocationConstraint, "The specified location-constraint is not valid")),
        // The classic endpoint creates buckets anywhere.
        Some(wanted) if wanted == region || region == CLASSIC => Ok(wanted.to_owned()),
        None if region == CLASSIC => Ok(region.to_owned()),
        unsuitable => Err(illegal_location(unsuitable.unwrap_or("unspecified"))),
    }
}

fn illegal_location(constraint: &str) -> S3Error {
    let text = format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    S3Error::with_message(S3ErrorCode::IllegalLocationConstraintException, text)
}

/// Creating a bucket again: in us-east-1 its owner's second attempt succeeds, for compatibility.
fn taken_by(bucket: &Bucket, account: &str, region: &str) -> S3Result<()> {
    match (bucket.owner == account, region == CLASSIC && bucket.region == CLASSIC) {
        (true, true) => Ok(()),
        (true, false) => Err(s3_error!(
            BucketAlreadyOwnedByYou,
            "Your previous request to create the named bucket succeeded and you already own it."
        )),
        (false, _) => Err(s3_error!(
            BucketAlreadyExists,
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. \
             Please select a different name and try again."
        )),
    }
}

pub(super) fn delete(store: &Store, _call: &Call, input: DeleteBucketInput) -> S3Result<DeleteBucketOutput> {
    let mut buckets = lock(&store.buckets);
    let bucket = buckets.get(&input.bucket).ok_or_else(errors::no_such_bucket)?;
    if !bucket.objects.is_empty() {
        return Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"));
    }
    buckets.remove(&input.bucket);
    Ok(DeleteBucketOutput {})
}

pub(super) fn head(store: &Store, _call: &Call, input: HeadBucketInput) -> S3Result<HeadBucketOutput> {
    let region = store.with(&input.bucket, |bucket| Ok(bucket.region.clone()))?;
    Ok(HeadBucketOutput { bucket_region: Some(region), ..HeadBucketOutput::default() })
}

pub(super) fn location(
    store: &Store,
    _call: &Call,
    input: GetBucketLocationInput,
) -> S3Result<GetBucketLocationOutput> {
    let region = store.with(&input.bucket, |bucket| Ok(bucket.region.clone()))?;
    let location_constraint = Some(region).filter(|region| region != CLASSIC).map(BucketLocationConstraint::from);
    Ok(GetBucketLocationOutput { location_constraint })
}

pub(super) fn list(store: &Store, call: &Call, input: ListBucketsInput) -> S3Result<ListBucketsOutput> {
    let max = match input.max_buckets.unwrap_or(MAX_BUCKETS) {
        max @ 1..=MAX_BUCKETS => usize::try_from(max).unwrap_or_default(),
        _ => return Err(errors::invalid_argument("Argument max-buckets must be an integer between 1 and 10000")),
    };
    // The token is the last name of the page before.
    let after = input.continuation_token.map_or(Bound::Unbounded, Bound::Excluded);
    let buckets = lock(&store.buckets);
    let mut mine = buckets
        .range((after, Bound::Unbounded))
        .filter(|(_, bucket)| bucket.owner == call.caller.account)
        .filter(|(name, _)| input.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix.as_str())))
        .filter(|(_, bucket)| input.bucket_region.as_ref().is_none_or(|region| bucket.region == *region))
        .peekable();
    let page: Vec<ListedBucket> = mine.by_ref().take(max).map(listed).collect();
    let continuation_token = mine.peek().and_then(|_| page.last()).and_then(|last| last.name.clone());
    Ok(ListBucketsOutput {
        buckets: Some(page),
        continuation_token,
        owner: Some(owner(&call.caller.account)),
        prefix: input.prefix,
    })
}

fn listed((name, bucket): (&String, &Bucket)) -> ListedBucket {
    ListedBucket {
        bucket_region: Some(bucket.region.clone()),
        creation_date: Some(bucket.created.clone()),
        name: Some(name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_goes_where_the_call_is_signed_for() {
        for (region, constraint, expected) in [
            ("eu-west-1", Some("eu-west-1"), Ok("eu-west-1")),
            ("us-east-1", None, Ok("us-east-1")),
            ("us-east-1", Some(""), Ok("us-east-1")),
            ("us-east-1", Some("eu-west-1"), Ok("eu-west-1")),
            ("eu-west-1", None, Err(S3ErrorCode::IllegalLocationConstraintException)),
            ("eu-west-1", Some("us-west-2"), Err(S3ErrorCode::IllegalLocationConstraintException)),
            ("us-east-1", Some("us-east-1"), Err(S3ErrorCode::InvalidLocationConstraint)),
        ] {
            let found = placed(region, constraint).map_err(|error| error.code().clone());
            assert_eq!(found, expected.map(str::to_owned), "{constraint:?} at {region}");
        }
    }
}
