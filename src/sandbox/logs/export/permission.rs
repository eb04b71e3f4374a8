//! Whether a bucket may be exported to: the checks CreateExportTask makes on the destination, in AWS's order, with
//! AWS's codes and texts (`aws-facts` section 2).

use crate::domain::inventory::Encryption;
use crate::domain::place::Lane;

use super::super::super::s3::BucketFacts;
use super::super::super::world::World;
use super::super::answer::ServiceError;
use super::super::ops::{group_arn, partition};
use super::policy::{Policy, Request, Verdict, Who};
use super::task::Order;

/// Checks the destination of `order`.
pub(super) fn check(world: &World, lane: &Lane, order: &Order) -> Result<(), ServiceError> {
    let bucket = world.s3.bucket(&order.bucket).ok_or_else(|| {
        ServiceError::invalid("The given bucket does not exist. Please make sure the bucket is valid.")
    })?;
    if bucket.region != lane.region.0 {
        // AWS's own text for this case is not known.
        return Err(ServiceError::invalid(format!(
            "The given bucket is in Region {}, the log group in {}. Both must be in the same Region.",
            bucket.region, lane.region
        )));
    }
    check_encryption(&bucket.encryption, world.logs.accepts_kms())?;
    check_policy(&bucket, lane, order)
}

fn check_encryption(encryption: &Encryption, accepts_kms: bool) -> Result<(), ServiceError> {
    let refused = match encryption {
        Encryption::S3 | Encryption::None | Encryption::Other(_) => return Ok(()),
        Encryption::Kms(Some(_)) if accepts_kms => return Ok(()),
        Encryption::Kms(Some(_)) => "Exporting to S3 buckets that are encrypted with SSE-KMS is not supported.",
        // Its key policy cannot be changed to let the service in.
        Encryption::Kms(None) => {
            "Exporting to S3 buckets that are encrypted with SSE-KMS and the aws/s3 key is not supported."
        }
        Encryption::KmsDual => "Exporting to S3 buckets that are encrypted with DSSE-KMS is not supported.",
    };
    Err(ServiceError::invalid(refused))
}

/// `AccessDeniedException` is what the service answered in 2026; in 2023 the same texts came as
/// `InvalidParameterException`.
fn denied(text: &str) -> ServiceError {
    ServiceError::new("AccessDeniedException", text)
}

fn call_failed(call: &str) -> ServiceError {
    denied(&format!(
        "{call} call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform \
         this operation."
    ))
}

fn check_policy(bucket: &BucketFacts, lane: &Lane, order: &Order) -> Result<(), ServiceError> {
    let policy = bucket.policy.as_deref().and_then(Policy::parse).unwrap_or_default();
    let bucket_arn = format!("arn:{}:s3:::{}", partition(&lane.region.0), order.bucket);
    let object_arn = format!("{bucket_arn}/{}", order.write_test_key());
    let service_names = service_names(&lane.region.0);
    let source_arn = format!("{}:*", group_arn(lane, &order.group));
    let anybody = every_call(lane);
    let service_brings = [
        ("aws:SourceAccount", lane.account.0.as_str()),
        ("aws:SourceArn", source_arn.as_str()),
        ("aws:PrincipalIsAWSService", "true"),
        ("aws:PrincipalServiceName", service_names[0].as_str()),
    ];
    let acl = [("s3:x-amz-acl", "bucket-owner-full-control")];
    let look = [&anybody[..], &service_brings].concat();
    let write = [&look[..], &acl].concat();
    let caller_brings = [("aws:PrincipalAccount", lane.account.0.as_str()), ("aws:PrincipalIsAWSService", "false")];
    let caller_writes = [&anybody[..], &caller_brings, &acl].concat();
    let ask = |who: Who<'_>, action: &str, resource: &str, context: &[(&str, &str)]| {
        policy.decide(&Request { who, action, resource, context })
    };
    let service = Who::Service(&service_names);
    if ask(service, "s3:GetBucketAcl", &bucket_arn, &look) != Verdict::Allowed {
        return Err(call_failed("GetBucketAcl"));
    }
    if ask(service, "s3:PutObject", &object_arn, &write) != Verdict::Allowed {
        return Err(call_failed("PutObject"));
    }
    let caller = ask(Who::Account(&lane.account.0), "s3:PutObject", &object_arn, &caller_writes);
    // In one's own account IAM decides, and in the sandbox IAM allows everything; a foreign bucket must say so itself.
    let own = bucket.owner == lane.account.0;
    match caller {
        Verdict::Allowed => Ok(()),
        Verdict::Silent if own => Ok(()),
        Verdict::Silent | Verdict::Denied => Err(denied(
            "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.",
        )),
    }
}

/// The condition keys that every call brings (IAM user guide, "AWS global condition context keys"; Amazon S3, "Condition
/// keys").
fn every_call(lane: &Lane) -> [(&str, &str); 4] {
    [
        ("aws:SecureTransport", "true"),
        ("aws:RequestedRegion", lane.region.0.as_str()),
        ("aws:ViaAWSService", "false"),
        ("s3:TlsVersion", "1.3"),
    ]
}

/// The names a policy may know the export service by: the Region's own, and the global one (seen to be accepted).
fn service_names(region: &str) -> [String; 2] {
    let suffix = if partition(region) == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    [format!("logs.{region}.{suffix}"), format!("logs.{suffix}")]
}
