//! What an exported line must look like.

/// How an event stands in an exported object: RFC 3339 in UTC with milliseconds, a space, the message.
pub fn line(millis: i64, message: &str) -> String {
    let at = chrono::DateTime::from_timestamp_millis(millis).expect("an instant chrono knows");
    format!("{} {message}", at.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
}
