//! Objects of one bucket: put whole or in parts, listed, removed.
//!
//! Every body travels with its CRC-64/NVME, the checksum S3 itself keeps of whole objects: what arrives otherwise is
//! refused.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3 as s3;
use aws_sdk_s3::config::Region as SdkRegion;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart, ObjectStorageClass};
use bytes::Bytes;

use super::Session;
use super::error::Call;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{Object, Page, Upload};
use crate::domain::names::BucketName;
use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;

/// One attempt of a call that carries data: 32 MiB over a link of 3 Mbit/s. A connection that stands still is given up
/// long before by the SDK's stalled stream protection.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(90);

/// One bucket, and clients for the Region it is in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    s3: s3::Client,
    bucket: String,
    region: String,
    /// What is told of every call that fails.
    origin: Call,
}

/// A part that was put.
#[derive(Clone, Debug)]
pub struct Part(CompletedPart);

impl Session {
    /// The objects of a bucket in `region`, which need not be this session's.
    pub fn objects(&self, bucket: &BucketName, region: &Region) -> Objects {
        let timeouts = self.s3.config().timeout_config().map_or_else(TimeoutConfig::builder, TimeoutConfig::to_builder);
        let config = self
            .s3
            .config()
            .to_builder()
            .region(SdkRegion::new(region.0.clone()))
            .timeout_config(timeouts.operation_attempt_timeout(ATTEMPT_TIMEOUT).build());
        Objects {
            s3: s3::Client::from_conf(config.build()),
            bucket: bucket.as_str().to_owned(),
            region: region.0.clone(),
            origin: self.call("", None),
        }
    }
}

impl Objects {
    fn call(&self, operation: &'static str, key: Option<&str>) -> Call {
        let resource = key.map_or_else(|| self.bucket.clone(), |key| format!("s3://{}/{key}", self.bucket));
        Call { operation, resource: Some(resource), region: self.region.clone(), ..self.origin.clone() }
    }

    /// Puts an object in one request (PutObject), over whatever lies there.
    pub async fn put(&self, key: &str, body: Bytes) -> Result<(), Problem> {
        let call = self.call("PutObject", Some(key));
        let request = self.s3.put_object().bucket(&self.bucket).key(key).body(ByteStream::from(body));
        let answer = request.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }

    /// Begins an upload in parts (CreateMultipartUpload).
    pub async fn begin(&self, key: &str) -> Result<Upload, Problem> {
        let call = self.call("CreateMultipartUpload", Some(key));
        let request = self.s3.create_multipart_upload().bucket(&self.bucket).key(key);
        let request = request.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).checksum_type(ChecksumType::FullObject);
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        let id = answer.upload_id.ok_or_else(|| call.says(ProblemKind::Server, "the answer holds no upload id"))?;
        Ok(Upload { key: key.to_owned(), id })
    }

    /// Puts one part, counted from 1 (UploadPart).
    pub async fn put_part(&self, upload: &Upload, number: u32, body: Bytes) -> Result<Part, Problem> {
        let call = self.call("UploadPart", Some(&upload.key));
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        let request = self.s3.upload_part().bucket(&self.bucket).key(&upload.key).upload_id(&upload.id);
        let request = request.part_number(number).body(ByteStream::from(body));
        let answer = request.checksum_algorithm(ChecksumAlgorithm::Crc64Nvme).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag);
        Ok(Part(part.set_checksum_crc64_nvme(answer.checksum_crc64_nvme).build()))
    }

    /// Makes the object of its parts (CompleteMultipartUpload). `size`: of all of them.
    ///
    /// Where the answer was lost, a second try finds no such upload any more: the object is then looked for.
    pub async fn complete(&self, upload: &Upload, parts: Vec<Part>, size: ByteCount) -> Result<(), Problem> {
        let call = self.call("CompleteMultipartUpload", Some(&upload.key));
        let parts = parts.into_iter().map(|Part(part)| part).collect();
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.s3.complete_multipart_upload().bucket(&self.bucket).key(&upload.key);
        let request = request.upload_id(&upload.id).multipart_upload(parts).checksum_type(ChecksumType::FullObject);
        let Err(error) = request.send().await else { return Ok(()) };
        let problem = call.problem(&error);
        if problem.code.as_deref() == Some("NoSuchUpload") && self.size(&upload.key).await? == Some(size) {
            return Ok(());
        }
        Err(problem)
    }

    /// Gives an upload up and what was put of it (AbortMultipartUpload). One that is gone already is given up.
    pub async fn abort(&self, upload: &Upload) -> Result<(), Problem> {
        let call = self.call("AbortMultipartUpload", Some(&upload.key));
        let request = self.s3.abort_multipart_upload().bucket(&self.bucket).key(&upload.key).upload_id(&upload.id);
        let Err(error) = request.send().await else { return Ok(()) };
        let problem = call.problem(&error);
        if problem.code.as_deref() == Some("NoSuchUpload") { Ok(()) } else { Err(problem) }
    }

    /// Every upload under `prefix` that was neither completed nor given up (ListMultipartUploads, 1,000 a page).
    pub async fn uploads(&self, prefix: &str) -> Result<Vec<Upload>, Problem> {
        let call = self.call("ListMultipartUploads", None);
        let (mut all, mut key, mut id) = (Vec::new(), None, None);
        loop {
            let request = self.s3.list_multipart_uploads().bucket(&self.bucket).prefix(prefix);
            let answer = request.set_key_marker(key).set_upload_id_marker(id).send().await;
            let answer = answer.map_err(|error| call.problem(&error))?;
            let found = answer.uploads.unwrap_or_default().into_iter();
            all.extend(found.filter_map(|upload| Some(Upload { key: upload.key?, id: upload.upload_id? })));
            (key, id) = (answer.next_key_marker, answer.next_upload_id_marker);
            // Some services say there is more and do not say where.
            if answer.is_truncated != Some(true) || key.is_none() {
                return Ok(all);
            }
        }
    }

    /// One page of the objects under `prefix`, by key (ListObjectsV2, 1,000 a page).
    pub async fn list(&self, prefix: &str, token: Option<String>) -> Result<Page<Object>, Problem> {
        let call = self.call("ListObjectsV2", None);
        let request = self.s3.list_objects_v2().bucket(&self.bucket).prefix(prefix).set_continuation_token(token);
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        Ok(page_of(answer))
    }

    /// An object's size (HeadObject); `None` if there is no such object.
    async fn size(&self, key: &str) -> Result<Option<ByteCount>, Problem> {
        let call = self.call("HeadObject", Some(key));
        match self.s3.head_object().bucket(&self.bucket).key(key).send().await {
            Ok(answer) => Ok(answer.content_length.and_then(|size| u64::try_from(size).ok()).map(ByteCount)),
            Err(error) => match call.problem(&error) {
                problem if problem.kind == ProblemKind::NotFound => Ok(None),
                problem => Err(problem),
            },
        }
    }

    /// Removes an object (DeleteObject). One that is not there is removed.
    pub async fn delete(&self, key: &str) -> Result<(), Problem> {
        let call = self.call("DeleteObject", Some(key));
        let answer = self.s3.delete_object().bucket(&self.bucket).key(key).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }
}

/// The page that an answer to ListObjectsV2 holds.
pub(super) fn page_of(answer: ListObjectsV2Output) -> Page<Object> {
    let object = |object: s3::types::Object| {
        let size = object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        let modified = object.last_modified.and_then(|at| at.to_millis().ok()).map(Timestamp::from_millis);
        let class = object.storage_class.filter(|class| *class != ObjectStorageClass::Standard);
        let class = class.map(|class| class.as_str().to_owned());
        Some(Object { key: object.key?, size: ByteCount(size), modified, class })
    };
    let items = answer.contents.unwrap_or_default().into_iter().filter_map(object).collect();
    Page { items, next: answer.next_continuation_token }
}
