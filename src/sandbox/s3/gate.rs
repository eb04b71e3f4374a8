//! The gate before every S3 operation: injected faults first, then Region, then permission.
//!
//! `s3s` runs it once the operation is known and before its input is read.

use std::sync::Arc;

use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::path::S3Path;
use s3s::{S3Result, s3_error};

use super::bucket::Bucket;
use super::errors;
use super::wire::Call;
use crate::sandbox::faults::{Service, Verdict};
use crate::sandbox::world::{Caller, World};

/// Lets calls through to the world's S3, or not.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    pub world: Arc<World>,
}

#[async_trait::async_trait]
impl S3Auth for Gate {
    /// Never asked: signatures are taken off before. It has to be there for the gate to be asked at all.
    async fn get_secret_key(&self, _access_key: &str) -> S3Result<SecretKey> {
        Err(s3_error!(InvalidAccessKeyId, "The sandbox knows no secrets."))
    }
}

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let call = Call::of(context.extensions_mut())?;
        let operation = context.s3_op().name();
        match self.world.faults.meet(Service::S3, operation, &call.caller).await {
            Verdict::Proceed => {}
            Verdict::ProceedThenCut | Verdict::ProceedThenCutWithin => call.cut(),
            Verdict::Cut => {
                call.cut();
                return Err(errors::access_denied());
            }
            Verdict::Refuse(refusal) => return Err(errors::refused(refusal)),
        }
        let Some(bucket) = bucket_of(context.s3_path()).filter(|_| operation != "CreateBucket") else { return Ok(()) };
        let expected = context.headers().get("x-amz-expected-bucket-owner").map(|value| value.as_bytes().to_vec());
        self.world.s3.with(bucket, |bucket| admit(bucket, operation, &call.caller, expected.as_deref()))
    }
}

impl Call {
    /// The call that travels with a request.
    pub fn of(extensions: &http::Extensions) -> S3Result<Self> {
        extensions.get::<Self>().cloned().ok_or_else(|| s3_error!(InternalError, "a request without a caller"))
    }
}

fn bucket_of(path: &S3Path) -> Option<&str> {
    match path {
        S3Path::Root => None,
        S3Path::Bucket { bucket } | S3Path::Object { bucket, .. } => Some(bucket),
    }
}

/// Region before permission, as S3 does; only `GetBucketLocation` may be asked from anywhere.
fn admit(bucket: &Bucket, operation: &str, caller: &Caller, expected_owner: Option<&[u8]>) -> S3Result<()> {
    if bucket.region != caller.region && operation != "GetBucketLocation" {
        return Err(errors::elsewhere(&bucket.region));
    }
    let expected = expected_owner.is_none_or(|owner| owner == bucket.owner.as_bytes());
    if expected && bucket.admits(&caller.account) { Ok(()) } else { Err(errors::closed(&bucket.region)) }
}
