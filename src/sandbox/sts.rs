//! STS: `GetCallerIdentity`, in the query protocol.

use bytes::Bytes;
use http::StatusCode;

use super::faults::Refusal;
use super::server::{Response, respond};
use super::world::Caller;

const XML: &str = "text/xml";

/// The operation a form body asks for.
pub fn operation(body: &Bytes) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    text.split('&').find_map(|pair| pair.strip_prefix("Action="))
}

/// Answers `operation`.
pub fn handle(caller: &Caller, operation: &str) -> Response {
    match operation {
        "GetCallerIdentity" => respond(StatusCode::OK, XML, identity(caller)),
        _ => error(StatusCode::BAD_REQUEST, "InvalidAction", "The sandbox's STS knows GetCallerIdentity only."),
    }
}

fn identity(caller: &Caller) -> String {
    let (arn, account) = (caller.arn(), &caller.account);
    // IAM user ids are 21 characters and begin with AIDA; the account's digits make it one per account.
    let user = format!("AIDASANDB{account}");
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{arn}</Arn><UserId>{user}</UserId><Account>{account}</Account></GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
        uuid::Uuid::new_v4()
    )
}

/// Answers a refused call as STS words it.
pub fn refuse(caller: &Caller, operation: &str, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Throttle => error(StatusCode::BAD_REQUEST, "Throttling", "Rate exceeded"),
        Refusal::ServerError => error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "Internal failure"),
        Refusal::ExpiredToken => {
            error(StatusCode::FORBIDDEN, "ExpiredToken", "The security token included in the request is expired")
        }
        Refusal::AccessDenied => {
            let text = format!("User: {} is not authorized to perform: sts:{operation}", caller.arn());
            error(StatusCode::FORBIDDEN, "AccessDenied", &text)
        }
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let kind = if status.is_server_error() { "Receiver" } else { "Sender" };
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{kind}</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        uuid::Uuid::new_v4()
    );
    respond(status, XML, body)
}
