//! Reading back what an export has written: a folder's objects, the bytes of one, and the manifest beside them.
//!
//! Nothing is ever held whole: listings come by the page and bodies as they arrive.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
use bytes::Bytes;

use super::Session;
use super::bucket_settings::there;
use super::error::Call;
use super::objects::page_of;
use crate::domain::inventory::{Object, Page};
use crate::domain::place::Region;
use crate::domain::problem::Problem;

/// One attempt at putting a manifest: one of a hundred thousand objects has 30 MB, which a slow link takes so long for.
const PUT_TIMEOUT: Duration = Duration::from_secs(90);

/// An object's bytes, from some byte on, as they arrive.
#[derive(Debug)]
pub struct ObjectBody {
    body: ByteStream,
    version: Option<String>,
    call: Call,
}

impl ObjectBody {
    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// The connection broke, or what arrived is not what S3's checksum of the object says. There is no next then.
    pub async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        let next = self.body.next().await?;
        Some(next.map_err(|error| self.call.cut_off(&error)))
    }

    /// What tells this content of the object from any other (its ETag).
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl Session {
    /// One page of the objects whose keys begin with `folder`, by key (ListObjectsV2, 1,000 a page).
    pub async fn objects_in(
        &self,
        bucket: &str,
        region: &Region,
        folder: &str,
        token: Option<String>,
    ) -> Result<Page<Object>, Problem> {
        let call = self.call_there("ListObjectsV2", bucket, region);
        let request = self.s3.list_objects_v2().bucket(bucket).prefix(folder).set_continuation_token(token);
        let answer = request.customize().config_override(there(region)).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        Ok(page_of(answer))
    }

    /// Begins to read an object at its byte `from` (GetObject); of `version` alone, if one is given.
    pub async fn open_object(
        &self,
        bucket: &str,
        region: &Region,
        key: &str,
        from: u64,
        version: Option<&str>,
    ) -> Result<ObjectBody, Problem> {
        let call = self.call_on_object("GetObject", bucket, region, key);
        let rest = (from > 0).then(|| format!("bytes={from}-"));
        let request = self.s3.get_object().bucket(bucket).key(key).set_range(rest);
        let request = request.set_if_match(version.map(str::to_owned));
        let answer = request.customize().config_override(there(region)).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        Ok(ObjectBody { body: answer.body, version: answer.e_tag, call })
    }

    /// Puts a JSON document (PutObject), over whatever lies there.
    pub async fn put_json(&self, bucket: &str, region: &Region, key: &str, json: Vec<u8>) -> Result<(), Problem> {
        let call = self.call_on_object("PutObject", bucket, region, key);
        let request = self.s3.put_object().bucket(bucket).key(key).content_type("application/json");
        let request = request.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).body(ByteStream::from(json));
        let patient = TimeoutConfig::builder().operation_attempt_timeout(PUT_TIMEOUT).build();
        let answer = request.customize().config_override(there(region).timeout_config(patient)).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }

    fn call_on_object(&self, operation: &'static str, bucket: &str, region: &Region, key: &str) -> Call {
        Call { resource: Some(format!("s3://{bucket}/{key}")), ..self.call_there(operation, bucket, region) }
    }
}
