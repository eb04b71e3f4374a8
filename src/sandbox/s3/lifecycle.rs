//! A bucket's lifecycle rules, kept as they were put: who reads them gets every byte back.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use s3s::dto::{
    BucketLifecycleConfiguration, DeleteBucketLifecycleInput, DeleteBucketLifecycleOutput,
    GetBucketLifecycleConfigurationInput, GetBucketLifecycleConfigurationOutput, LifecycleRule,
    PutBucketLifecycleConfigurationInput, PutBucketLifecycleConfigurationOutput, TransitionDefaultMinimumObjectSize,
};
use s3s::xml::{DeError, Deserialize, Deserializer};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::settings::{get, malformed, put};
use super::wire::Call;
use super::{Store, errors};

/// A lifecycle configuration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lifecycle {
    pub rules: Vec<LifecycleRule>,
    /// As it was put; `None` if S3 had to name a rule that came without an id.
    text: Option<String>,
    /// Below which size nothing is archived.
    smallest: TransitionDefaultMinimumObjectSize,
}

impl Lifecycle {
    /// Reads a configuration from S3's XML.
    pub fn parse(xml: &str) -> Result<Self, DeError> {
        let mut deserializer = Deserializer::new(xml.as_bytes());
        let read = BucketLifecycleConfiguration::deserialize(&mut deserializer)?;
        deserializer.expect_eof()?;
        Ok(Self { rules: read.rules, text: Some(xml.to_owned()), smallest: default_smallest() })
    }
}

/// S3's default: it archives nothing below 128 KiB.
fn default_smallest() -> TransitionDefaultMinimumObjectSize {
    TransitionDefaultMinimumObjectSize::from_static(TransitionDefaultMinimumObjectSize::ALL_STORAGE_CLASSES_128K)
}

const NONE: (&str, &str) = ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");

pub(super) fn get_lifecycle(
    store: &Store,
    call: &Call,
    input: GetBucketLifecycleConfigurationInput,
) -> S3Result<GetBucketLifecycleConfigurationOutput> {
    let found = get(store, &input.bucket, |settings| settings.lifecycle.clone(), NONE)?;
    if let Some(text) = found.text {
        call.answer(text);
    }
    Ok(GetBucketLifecycleConfigurationOutput {
        rules: Some(found.rules),
        transition_default_minimum_object_size: Some(found.smallest),
    })
}

pub(super) fn put_lifecycle(
    store: &Store,
    call: &Call,
    input: PutBucketLifecycleConfigurationInput,
) -> S3Result<PutBucketLifecycleConfigurationOutput> {
    let wanted = input.lifecycle_configuration.filter(|wanted| !wanted.rules.is_empty()).ok_or_else(malformed)?;
    let mut rules = wanted.rules;
    let as_put = rules.iter().all(|rule| rule.id.is_some());
    for rule in &mut rules {
        // S3 names the rules that come without an ID.
        rule.id.get_or_insert_with(|| uuid::Uuid::new_v4().simple().to_string());
    }
    check(&rules)?;
    let text = String::from_utf8(call.body.to_vec()).ok().filter(|_| as_put);
    let smallest = input.transition_default_minimum_object_size.unwrap_or_else(default_smallest);
    let kept = Lifecycle { rules, text, smallest: smallest.clone() };
    store.with(&input.bucket, |bucket| {
        bucket.settings.lifecycle = Some(kept);
        Ok(PutBucketLifecycleConfigurationOutput { transition_default_minimum_object_size: Some(smallest) })
    })
}

pub(super) fn delete_lifecycle(
    store: &Store,
    _call: &Call,
    input: DeleteBucketLifecycleInput,
) -> S3Result<DeleteBucketLifecycleOutput> {
    put(store, &input.bucket, |settings| settings.lifecycle = None)
}

/// Refuses what S3 refuses, in its words.
fn check(rules: &[LifecycleRule]) -> S3Result<()> {
    let mut ids: Vec<_> = rules.iter().map(|rule| &rule.id).collect();
    ids.sort();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(errors::invalid_argument("Rule ID must be unique. Found same ID for more than one rule"));
    }
    let filtered = rules.iter().any(|rule| rule.filter.is_some());
    if filtered && rules.iter().any(|rule| rule.filter.is_none()) {
        let text = "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.";
        return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, text));
    }
    if rules.iter().any(expires_first) {
        let text = "'Days' in the Expiration action must be greater than 'Days' in the Transition action";
        return Err(errors::invalid_argument(text));
    }
    Ok(())
}

/// Whether objects would be gone before they are archived.
fn expires_first(rule: &LifecycleRule) -> bool {
    let gone = rule.expiration.as_ref().and_then(|expiration| expiration.days);
    let archived = rule.transitions.iter().flatten().filter_map(|transition| transition.days).max();
    gone.zip(archived).is_some_and(|(gone, archived)| gone <= archived)
}
