//! What CloudWatch Logs, S3 and STS answer, a case for every row of the table that begins with an answer.

use std::fmt::Write as _;

use logferry::aws::Session;
use logferry::domain::names::RemoteId;
use logferry::domain::problem::Problem;

use crate::support::canned::{ACCOUNT, Answer, Canned};
use crate::{BUCKET, REGION, SECRET, create, region, session, tell};

/// A call that is answered with an error.
#[derive(Clone, Copy)]
enum Ask {
    Create,
    Cancel,
    Groups,
    Identity,
    /// S3, with a body.
    Policy,
    /// S3, without one.
    Head,
}

use Ask::{Cancel, Create, Groups, Head, Identity, Policy};

const DENIED: &str = "User: arn:aws:iam::123456789012:user/tests is not authorized to perform: logs:CreateExportTask on \
                      resource: arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/shop-web";
const GRANTED: &str = "Please check if CloudWatch Logs has been granted permission to perform this operation.";

/// The call, the status, the code and the message.
type Case = (Ask, u16, &'static str, String);

fn text(text: &str) -> String {
    text.to_owned()
}

/// AWS's answers to CreateExportTask and CancelExportTask.
fn exports() -> Vec<Case> {
    let acl = format!("GetBucketAcl call on the given bucket failed. {GRANTED}");
    let put = format!("PutObject call on the given bucket failed. {GRANTED}");
    let caller =
        text("Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.");
    vec![
        (
            Create,
            400,
            "InvalidParameterException",
            text("The given bucket does not exist. Please make sure the bucket is valid."),
        ),
        (Create, 400, "ResourceNotFoundException", text("The specified log group does not exist.")),
        (Create, 400, "LimitExceededException", text("Resource limit exceeded.")),
        (Create, 400, "InvalidParameterException", acl.clone()),
        (Create, 400, "AccessDeniedException", acl),
        (Create, 400, "InvalidParameterException", put.clone()),
        (Create, 400, "AccessDeniedException", put),
        (Create, 400, "InvalidParameterException", caller.clone()),
        (Create, 400, "AccessDeniedException", caller),
        (Create, 400, "ThrottlingException", text("Rate exceeded")),
        (Create, 400, "OperationAbortedException", text("Multiple concurrent requests to update the same resource.")),
        (Create, 500, "InternalFailure", text("Internal failure")),
        (Create, 503, "ServiceUnavailableException", text("The service cannot complete the request.")),
        (Create, 400, "InvalidParameterException", text("1 validation error detected")),
        (Create, 400, "NoveltyException", text("Nobody has seen this before.")),
        (Create, 502, "", String::new()),
        (
            Groups,
            400,
            "InvalidParameterException",
            text("The specified operation is not supported for log groups of log class INFREQUENT_ACCESS."),
        ),
        (Cancel, 400, "InvalidOperationException", text("The specified export task has already finished")),
        (Cancel, 400, "ResourceNotFoundException", text("The specified export task does not exist.")),
    ]
}

/// Answers about who is asking, and whether they may.
fn access() -> Vec<Case> {
    let denied = |why: &str| (Create, 400, "AccessDeniedException", format!("{DENIED} {why}"));
    let early = "Signature not yet current: 20260102T000000Z is still later than 20260101T000500Z";
    let late = "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z (20260101T001000Z - 5 min.)";
    let mismatch = format!(
        "The request signature we calculated does not match the signature you provided.\n\n\
         The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:{SECRET}\n'"
    );
    let invalid = || text("The security token included in the request is invalid.");
    vec![
        denied("because no identity-based policy allows the logs:CreateExportTask action"),
        denied("with an explicit deny in an identity-based policy"),
        denied("with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1"),
        denied("because no service control policy allows the logs:CreateExportTask action"),
        denied("with an explicit deny in a resource control policy"),
        denied("because no permissions boundary allows the logs:CreateExportTask action"),
        denied("with an explicit deny in a permissions boundary"),
        denied("because no session policy allows the logs:CreateExportTask action"),
        denied("with an explicit deny in a session policy"),
        denied("because no VPC endpoint policy allows the logs:CreateExportTask action"),
        denied("because no resource-based policy allows the logs:CreateExportTask action"),
        (Policy, 403, "AccessDenied", text("User: x is not authorized to perform: kms:Decrypt on the resource")),
        (Policy, 403, "AccessDenied", text("public policies are prevented by the BlockPublicPolicy setting")),
        (Policy, 403, "AccessDenied", text("Access Denied")),
        (Policy, 405, "MethodNotAllowed", text("The specified method is not allowed against this resource.")),
        (Groups, 400, "UnrecognizedClientException", invalid()),
        (Identity, 403, "InvalidClientTokenId", invalid()),
        (Policy, 403, "InvalidAccessKeyId", text("The AWS Access Key Id you provided does not exist in our records.")),
        (Groups, 400, "ExpiredTokenException", text("The security token included in the request is expired")),
        (Policy, 400, "ExpiredToken", text("The provided token has expired.")),
        (Identity, 403, "OptInRequired", text("You are not subscribed to this service.")),
        (Create, 400, "InvalidSignatureException", text(late)),
        (Create, 400, "InvalidSignatureException", text(early)),
        (Identity, 403, "SignatureDoesNotMatch", text(late)),
        (
            Policy,
            403,
            "RequestTimeTooSkewed",
            text("The difference between the request time and the current time is too large."),
        ),
        (Create, 400, "InvalidSignatureException", mismatch.clone()),
        (Policy, 403, "SignatureDoesNotMatch", mismatch),
        (Create, 407, "", String::new()),
    ]
}

/// S3's own answers.
fn buckets() -> Vec<Case> {
    let malformed = "The authorization header is malformed; the region 'eu-central-1' is wrong; expecting 'us-west-2'";
    vec![
        (Policy, 301, "PermanentRedirect", text("The bucket must be addressed using the specified endpoint.")),
        (Policy, 400, "AuthorizationHeaderMalformed", text(malformed)),
        (Head, 301, "", String::new()),
        (Head, 403, "", String::new()),
        (Head, 404, "", String::new()),
        (Policy, 404, "NoSuchBucket", text("The specified bucket does not exist")),
        (Policy, 409, "OperationAborted", text("A conflicting conditional operation is currently in progress.")),
        (Policy, 503, "SlowDown", text("Please reduce your request rate.")),
        (Policy, 500, "InternalError", text("We encountered an internal error. Please try again.")),
        (Policy, 400, "RequestTimeout", text("Your socket connection was not read from or written to in time.")),
        (Policy, 409, "BucketAlreadyExists", text("The requested bucket name is not available.")),
        (Policy, 409, "BucketAlreadyOwnedByYou", text("Your previous request to create the bucket succeeded.")),
        (Policy, 400, "TooManyBuckets", text("You have attempted to create more buckets than allowed.")),
        (Policy, 400, "MalformedPolicy", text("Invalid principal in policy")),
        (Policy, 400, "InvalidArgument", text("Invalid Argument")),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_aws_answers_to_exports_is_explained() {
    insta::assert_snapshot!(told(exports()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_aws_answers_to_those_it_does_not_let_in_is_explained() {
    insta::assert_snapshot!(told(access()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_s3_answers_is_explained() {
    insta::assert_snapshot!(told(buckets()).await);
}

async fn told(cases: Vec<Case>) -> String {
    // Side by side: the SDK waits before it tries again.
    let told = cases.into_iter().map(case);
    futures::future::join_all(told).await.concat()
}

async fn case((ask, status, code, message): Case) -> String {
    let server = Canned::start(answer(ask, status, code, &message)).await;
    let session = session(&server.url("http")).await;
    let known = session.identity().await;
    let problem = fail(&session, ask).await;
    assert_eq!(problem.request_id.as_deref(), Some("request-1"), "{problem:?}");
    assert_eq!(problem.region.as_deref(), Some(REGION));
    assert_eq!(problem.context.account.as_deref(), known.ok().map(|_| ACCOUNT), "{problem:?}");
    let all = format!("{problem:?} {problem} {:?}", problem.explain());
    assert!(!all.contains(SECRET), "{all}");
    let mut name = String::new();
    let _ = write!(name, "{} {status} {code}", problem.operation);
    tell(&name, &problem)
}

async fn fail(session: &Session, ask: Ask) -> Problem {
    match ask {
        Create => create(session).await,
        Cancel => session.cancel_export_task(&RemoteId("4ab5".to_owned())).await.expect_err("it fails"),
        Groups => session.log_groups(None).await.expect_err("it fails"),
        Identity => session.identity().await.expect_err("it fails"),
        Policy => session.bucket_policy(BUCKET, &region()).await.expect_err("it fails"),
        Head => session.bucket_exists(BUCKET, &region()).await.expect_err("it fails"),
    }
}

fn answer(ask: Ask, status: u16, code: &str, message: &str) -> Answer {
    let error = format!("<Code>{code}</Code><Message>{message}</Message>");
    let (id, kind, body) = match ask {
        Create | Cancel | Groups => (
            "x-amzn-requestid",
            "application/x-amz-json-1.1",
            serde_json::json!({"__type": code, "message": message}).to_string(),
        ),
        Identity => (
            "x-amzn-requestid",
            "text/xml",
            format!(
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>{error}</Error></ErrorResponse>"
            ),
        ),
        Policy | Head => ("x-amz-request-id", "application/xml", format!("<Error>{error}</Error>")),
    };
    let body = if code.is_empty() { String::new() } else { body };
    let mut headers = vec![(id, "request-1"), ("content-type", kind)];
    if status == 301 || code == "AuthorizationHeaderMalformed" {
        headers.push(("x-amz-bucket-region", "us-west-2"));
    }
    Answer { status, headers, body }
}
