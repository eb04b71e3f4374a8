//! A bucket's lifecycle configuration, as the very text S3 keeps.
//!
//! The SDK's types hold what the SDK knows, and everything newer would be lost between reading and writing. So the answer's
//! body is taken as it came, and the request's body is put in before it is signed.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::primitives::SdkBody;
use aws_sdk_s3::types::TransitionDefaultMinimumObjectSize;

use super::Session;
use super::bucket_changes::BucketAt;
use super::bucket_settings::there;
use crate::domain::problem::{Problem, ProblemKind};

/// What S3 answers where a bucket has no lifecycle configuration.
const NONE: &str = "NoSuchLifecycleConfiguration";

/// Where S3 tells below which size nothing is archived: it is part of the configuration, and not of its text.
const SMALLEST: &str = "x-amz-transition-default-minimum-object-size";

/// A lifecycle configuration as S3 gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleText {
    /// The configuration: XML.
    pub xml: String,
    /// Below which size nothing is archived, by S3's word; emulators may not say.
    pub smallest: Option<String>,
}

impl Session {
    /// The bucket's lifecycle configuration (GetBucketLifecycleConfiguration).
    pub async fn lifecycle(&self, at: BucketAt<'_>) -> Result<Option<LifecycleText>, Problem> {
        let call = self.call_there("GetBucketLifecycleConfiguration", at.bucket, at.region);
        let kept = Kept::default();
        let request = self.s3.get_bucket_lifecycle_configuration().bucket(at.bucket);
        let request = request.expected_bucket_owner(&at.owner.0).customize().config_override(there(at.region));
        let answer = request.interceptor(kept.clone()).send().await;
        if let Some(text) = kept.text() {
            // What the SDK makes of it does not matter, not even whether it can read it.
            return Ok(Some(text));
        }
        match answer {
            Ok(_) => Err(call.says(ProblemKind::Unknown, "the answer is no text")),
            Err(error) => call.unless(NONE, &error, None),
        }
    }

    /// Puts a lifecycle configuration in place of any other (PutBucketLifecycleConfiguration).
    pub async fn put_lifecycle(&self, at: BucketAt<'_>, text: &LifecycleText) -> Result<(), Problem> {
        let call = self.call_there("PutBucketLifecycleConfiguration", at.bucket, at.region);
        let smallest = text.smallest.as_deref().map(TransitionDefaultMinimumObjectSize::from);
        let request = self.s3.put_bucket_lifecycle_configuration().bucket(at.bucket);
        let request = request.expected_bucket_owner(&at.owner.0).set_transition_default_minimum_object_size(smallest);
        let request = request.customize().config_override(there(at.region)).interceptor(Given(text.xml.clone()));
        request.send().await.map(drop).map_err(|error| call.problem(&error))
    }

    /// Takes the bucket's lifecycle configuration away, if it has one (DeleteBucketLifecycle).
    pub async fn delete_lifecycle(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("DeleteBucketLifecycle", at.bucket, at.region);
        let request = self.s3.delete_bucket_lifecycle().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let answer = request.customize().config_override(there(at.region)).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }
}

/// Keeps the last good answer as it came.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Option<LifecycleText>>>);

impl Kept {
    fn text(&self) -> Option<LifecycleText> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for Kept {
    fn name(&self) -> &'static str {
        "KeptLifecycle"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let response = context.response();
        let body = response.body().bytes().and_then(|bytes| str::from_utf8(bytes).ok());
        if let Some(xml) = body.filter(|_| response.status().is_success()) {
            let smallest = response.headers().get(SMALLEST).map(str::to_owned);
            let text = LifecycleText { xml: xml.to_owned(), smallest };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        }
        Ok(())
    }
}

/// Puts this text into the request, before its checksum is taken and it is signed.
#[derive(Debug)]
struct Given(String);

impl Intercept for Given {
    fn name(&self) -> &'static str {
        "GivenLifecycle"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.0.as_str());
        request.headers_mut().try_insert("content-length", self.0.len().to_string())?;
        Ok(())
    }
}
