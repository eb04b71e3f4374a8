//! Taking an answer's body before the SDK reads it.
//!
//! Signing, credentials, endpoints, connections and errors stay the SDK's; only a good answer's bytes are ours. The SDK
//! gets `{}` in their place, which is an answer without events.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_cloudwatchlogs::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudwatchlogs::error::BoxError;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use thiserror::Error;

/// A page is 1 MB of events (GetLogEvents and FilterLogEvents references); each byte of a message may take six in JSON.
const LARGEST: usize = 64 * 1024 * 1024;

/// How long the next bytes of a body may be in coming.
const STALL: Duration = Duration::from_secs(15);

/// Where a body waits between the SDK and us.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(Arc<Mutex<Option<SdkBody>>>);

/// Why a body could not be read.
#[derive(Debug, Error)]
pub(super) enum BodyError {
    /// The connection broke off.
    #[error("{0}")]
    Broken(String),
    /// Nothing came for too long.
    #[error("nothing more of the answer came for {} s", STALL.as_secs())]
    Stalled,
    /// Larger than any page.
    #[error("the answer has more than {LARGEST} bytes")]
    TooLarge,
}

impl Intercept for Taken {
    fn name(&self) -> &'static str {
        "TakeBody"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().is_success() {
            let body = std::mem::replace(response.body_mut(), SdkBody::from("{}"));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
        Ok(())
    }
}

impl Taken {
    /// All bytes of the body, in `buffer`, which is emptied first.
    pub async fn read(self, mut buffer: Vec<u8>) -> Result<Vec<u8>, BodyError> {
        buffer.clear();
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(SdkBody::empty);
        if let Some(length) = body.content_length().and_then(|length| usize::try_from(length).ok()) {
            buffer.reserve(length.min(LARGEST));
        }
        let mut stream = ByteStream::new(body);
        loop {
            let next = tokio::time::timeout(STALL, stream.next()).await.map_err(|_| BodyError::Stalled)?;
            let Some(chunk) = next else { return Ok(buffer) };
            let chunk = chunk.map_err(|error| BodyError::Broken(crate::aws::error::chain(&error)))?;
            if buffer.len() + chunk.len() > LARGEST {
                return Err(BodyError::TooLarge);
            }
            buffer.extend_from_slice(&chunk);
        }
    }
}
