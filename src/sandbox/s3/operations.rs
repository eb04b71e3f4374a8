//! The table of S3 operations: which are carried out, and where. All others answer `NotImplemented`.

use std::sync::Arc;

use s3s::dto;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::gate::Gate;
use super::wire::Call;
use super::{Store, buckets, lifecycle, listing, multipart, objects, settings};
use crate::sandbox::world::World;

/// S3's wire protocol over the world's store.
pub(in crate::sandbox) fn service(world: &Arc<World>) -> S3Service {
    let gate = Gate { world: Arc::clone(world) };
    let mut builder = S3ServiceBuilder::new(Operations { world: Arc::clone(world) });
    builder.set_auth(gate.clone());
    builder.set_access(gate);
    builder.build()
}

/// Carries out operations on the world's store.
#[derive(Clone, Debug)]
struct Operations {
    world: Arc<World>,
}

/// Bodies above this are digested off the runtime's threads.
const LARGE: usize = 256 * 1024;

impl Operations {
    async fn carry_out<I, O>(
        &self,
        request: S3Request<I>,
        operation: fn(&Store, &Call, I) -> S3Result<O>,
    ) -> S3Result<S3Response<O>>
    where
        I: Send + 'static,
        O: Send + 'static,
    {
        let call = Call::of(&request.extensions)?;
        let world = Arc::clone(&self.world);
        let is_large = call.body.len() > LARGE;
        let work = move || operation(&world.s3, &call, request.input).map(S3Response::new);
        if is_large {
            tokio::task::spawn_blocking(work).await.map_err(|error| s3_error!(error, InternalError))?
        } else {
            work()
        }
    }
}

/// One line an operation: the trait's method, its input and output, and the function that does it.
macro_rules! operations {
    ($($method:ident($input:ty) -> $output:ty = $function:path;)*) => {
        #[async_trait::async_trait]
        impl S3 for Operations {
            $(async fn $method(&self, request: S3Request<$input>) -> S3Result<S3Response<$output>> {
                self.carry_out(request, $function).await
            })*
        }
    };
}

operations! {
    create_bucket(dto::CreateBucketInput) -> dto::CreateBucketOutput = buckets::create;
    delete_bucket(dto::DeleteBucketInput) -> dto::DeleteBucketOutput = buckets::delete;
    head_bucket(dto::HeadBucketInput) -> dto::HeadBucketOutput = buckets::head;
    list_buckets(dto::ListBucketsInput) -> dto::ListBucketsOutput = buckets::list;
    get_bucket_location(dto::GetBucketLocationInput) -> dto::GetBucketLocationOutput = buckets::location;

    get_bucket_encryption(dto::GetBucketEncryptionInput) -> dto::GetBucketEncryptionOutput = settings::get_encryption;
    put_bucket_encryption(dto::PutBucketEncryptionInput) -> dto::PutBucketEncryptionOutput = settings::put_encryption;
    delete_bucket_encryption(dto::DeleteBucketEncryptionInput) -> dto::DeleteBucketEncryptionOutput = settings::delete_encryption;
    get_bucket_policy(dto::GetBucketPolicyInput) -> dto::GetBucketPolicyOutput = settings::get_policy;
    put_bucket_policy(dto::PutBucketPolicyInput) -> dto::PutBucketPolicyOutput = settings::put_policy;
    delete_bucket_policy(dto::DeleteBucketPolicyInput) -> dto::DeleteBucketPolicyOutput = settings::delete_policy;
    get_bucket_policy_status(dto::GetBucketPolicyStatusInput) -> dto::GetBucketPolicyStatusOutput = settings::get_policy_status;
    get_bucket_lifecycle_configuration(dto::GetBucketLifecycleConfigurationInput)
        -> dto::GetBucketLifecycleConfigurationOutput = lifecycle::get_lifecycle;
    put_bucket_lifecycle_configuration(dto::PutBucketLifecycleConfigurationInput)
        -> dto::PutBucketLifecycleConfigurationOutput = lifecycle::put_lifecycle;
    delete_bucket_lifecycle(dto::DeleteBucketLifecycleInput) -> dto::DeleteBucketLifecycleOutput = lifecycle::delete_lifecycle;
    get_public_access_block(dto::GetPublicAccessBlockInput) -> dto::GetPublicAccessBlockOutput = settings::get_public_access;
    put_public_access_block(dto::PutPublicAccessBlockInput) -> dto::PutPublicAccessBlockOutput = settings::put_public_access;
    delete_public_access_block(dto::DeletePublicAccessBlockInput)
        -> dto::DeletePublicAccessBlockOutput = settings::delete_public_access;
    get_bucket_ownership_controls(dto::GetBucketOwnershipControlsInput)
        -> dto::GetBucketOwnershipControlsOutput = settings::get_ownership;
    put_bucket_ownership_controls(dto::PutBucketOwnershipControlsInput)
        -> dto::PutBucketOwnershipControlsOutput = settings::put_ownership;
    delete_bucket_ownership_controls(dto::DeleteBucketOwnershipControlsInput)
        -> dto::DeleteBucketOwnershipControlsOutput = settings::delete_ownership;
    get_bucket_versioning(dto::GetBucketVersioningInput) -> dto::GetBucketVersioningOutput = settings::get_versioning;
    put_bucket_versioning(dto::PutBucketVersioningInput) -> dto::PutBucketVersioningOutput = settings::put_versioning;
    get_bucket_tagging(dto::GetBucketTaggingInput) -> dto::GetBucketTaggingOutput = settings::get_tagging;
    put_bucket_tagging(dto::PutBucketTaggingInput) -> dto::PutBucketTaggingOutput = settings::put_tagging;
    delete_bucket_tagging(dto::DeleteBucketTaggingInput) -> dto::DeleteBucketTaggingOutput = settings::delete_tagging;
    get_bucket_acl(dto::GetBucketAclInput) -> dto::GetBucketAclOutput = settings::get_acl;
    get_object_lock_configuration(dto::GetObjectLockConfigurationInput)
        -> dto::GetObjectLockConfigurationOutput = settings::get_object_lock;
    put_object_lock_configuration(dto::PutObjectLockConfigurationInput)
        -> dto::PutObjectLockConfigurationOutput = settings::put_object_lock;
    put_bucket_request_payment(dto::PutBucketRequestPaymentInput)
        -> dto::PutBucketRequestPaymentOutput = settings::put_request_payment;
    get_bucket_request_payment(dto::GetBucketRequestPaymentInput)
        -> dto::GetBucketRequestPaymentOutput = settings::get_request_payment;

    put_object(dto::PutObjectInput) -> dto::PutObjectOutput = objects::put;
    get_object(dto::GetObjectInput) -> dto::GetObjectOutput = objects::get;
    head_object(dto::HeadObjectInput) -> dto::HeadObjectOutput = objects::head;
    delete_object(dto::DeleteObjectInput) -> dto::DeleteObjectOutput = objects::delete;
    delete_objects(dto::DeleteObjectsInput) -> dto::DeleteObjectsOutput = objects::delete_many;
    copy_object(dto::CopyObjectInput) -> dto::CopyObjectOutput = objects::copy;
    get_object_tagging(dto::GetObjectTaggingInput) -> dto::GetObjectTaggingOutput = objects::tagging;

    list_objects(dto::ListObjectsInput) -> dto::ListObjectsOutput = listing::list_v1;
    list_objects_v2(dto::ListObjectsV2Input) -> dto::ListObjectsV2Output = listing::list_v2;

    create_multipart_upload(dto::CreateMultipartUploadInput) -> dto::CreateMultipartUploadOutput = multipart::create;
    upload_part(dto::UploadPartInput) -> dto::UploadPartOutput = multipart::upload_part;
    upload_part_copy(dto::UploadPartCopyInput) -> dto::UploadPartCopyOutput = multipart::copy_part;
    complete_multipart_upload(dto::CompleteMultipartUploadInput) -> dto::CompleteMultipartUploadOutput = multipart::complete;
    abort_multipart_upload(dto::AbortMultipartUploadInput) -> dto::AbortMultipartUploadOutput = multipart::abort;
    list_parts(dto::ListPartsInput) -> dto::ListPartsOutput = multipart::list_parts;
    list_multipart_uploads(dto::ListMultipartUploadsInput) -> dto::ListMultipartUploadsOutput = multipart::list_uploads;
}
