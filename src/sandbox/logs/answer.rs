//! How an operation ends: JSON bytes, or an error in AWS's shape. Every operation and the control endpoint answer so.

use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use super::Reply;

/// The body of a good answer, or the error to send.
pub(super) type Answer = Result<Bytes, ServiceError>;

/// A service error: AWS's code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceError {
    /// AWS's code, such as `ResourceNotFoundException`.
    pub code: &'static str,
    /// AWS's message.
    pub message: String,
}

impl ServiceError {
    /// Any code and message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The request itself is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// The state of a thing does not allow the operation.
    pub fn invalid_operation(message: impl Into<String>) -> Self {
        Self::new("InvalidOperationException", message)
    }

    /// `what` is "log group", "log stream" or "export task".
    pub fn not_found(what: &str) -> Self {
        Self::new("ResourceNotFoundException", format!("The specified {what} does not exist."))
    }

    /// `what` is "log group" or "log stream".
    pub fn already_exists(what: &str) -> Self {
        Self::new("ResourceAlreadyExistsException", format!("The specified {what} already exists"))
    }

    /// A next token that this service did not hand out.
    pub fn bad_token() -> Self {
        Self::invalid("The specified nextToken is invalid.")
    }

    /// An operation this sandbox does not know.
    pub fn unknown_operation(operation: &str) -> Self {
        Self::new("UnknownOperationException", format!("Unknown operation {operation}"))
    }

    /// The body is not the JSON the operation takes.
    pub fn serialization(error: &serde_json::Error) -> Self {
        Self::new("SerializationException", error.to_string())
    }
}

/// The answer `value` as JSON.
pub(super) fn answer(value: &impl Serialize) -> Answer {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| ServiceError::serialization(&error))
}

/// The answer of operations that answer nothing: an empty body, as AWS sends it.
pub(super) const fn nothing() -> Bytes {
    Bytes::new()
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        match answer {
            Ok(body) => Self { status: 200, body },
            Err(error) => {
                let body = json!({"__type": error.code, "message": error.message});
                Self { status: 400, body: Bytes::from(body.to_string()) }
            }
        }
    }
}
