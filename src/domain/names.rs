//! Names with rules: what AWS accepts for each, checked before AWS is asked.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::bucket_name;
use super::layout::PREFIX_ROOM;

/// What every export task of ours is labelled with, before our task id: `logferry/<task id>`.
pub const LABEL_MARK: &str = "logferry/";

/// Why a name is not accepted. The texts stand under form fields: short, and they say what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given where something is needed.
    #[error("a {0} is needed")]
    Empty(&'static str),
    /// Shorter than the service takes.
    #[error("{0} too short: {1} characters, {2} at least")]
    TooShort(&'static str, usize, usize),
    /// Longer than the service takes.
    #[error("{0} too long: {1} characters, {2} at most")]
    TooLong(&'static str, usize, usize),
    /// A destination prefix of this many bytes: with a long stream name the whole key would be over S3's limit.
    #[error("destination prefix too long: {0} bytes, {PREFIX_ROOM} at most")]
    NoRoomForKey(usize),
    /// A character the service does not take.
    #[error("{0} may not contain {1:?}")]
    Character(&'static str, char),
    /// Any other rule, as a sentence.
    #[error("{0}")]
    Rule(&'static str),
}

/// Our own id of a task, from the moment it is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub Uuid);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Our own id of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub Uuid);

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// One attempt at a task: what a `taskName` stands for. A task that is run again after it has ended is launched under
/// another name, so that a look for the new export task never finds the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// Whose.
    pub task: TaskId,
    /// Counted from 1.
    pub number: u32,
}

/// AWS's id of an export task, known once AWS has accepted it; also the folder its objects land in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RemoteId(pub String);

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Declares a checked string: a public constructor `parse` that applies a rule, and read access.
macro_rules! checked_name {
    ($(#[$meta:meta])* $name:ident, $rule:path) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes `text` if it follows the rule.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                $rule(text)?;
                Ok(Self(text.to_owned()))
            }

            /// The text, exactly as AWS takes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

checked_name!(
    /// A log group's name: 1..512 of `[.\-_/#A-Za-z0-9]`, never an ARN (service model of CreateExportTask).
    LogGroupName,
    group_rule
);
checked_name!(
    /// A destination bucket's name (S3's naming rules: 3..63 of lower-case letters, digits, `.` and `-`).
    BucketName,
    bucket_rule
);
checked_name!(
    /// A destination prefix, without a slash at either end.
    DestinationPrefix,
    prefix_rule
);
checked_name!(
    /// A log stream name prefix: 1..512 of anything but `:` and `*` (service model).
    StreamPrefix,
    stream_prefix_rule
);
checked_name!(
    /// The person's own label, carried in `taskName` after our mark and id.
    Label,
    label_rule
);
checked_name!(
    /// A CloudWatch Logs filter pattern: 1..1024 (service model of FilterLogEvents). Whether it is one, AWS alone tells.
    #[derive(Serialize, Deserialize)]
    FilterPattern,
    filter_pattern_rule
);
checked_name!(
    /// What a person calls a plan: one line, 1..100 characters (our own rule: it heads a list).
    PlanName,
    plan_name_rule
);

/// Longest log group name, stream prefix and taskName (service model of CreateExportTask: 1..512 each).
const MODEL_LIMIT: usize = 512;

/// A UUID in hyphenated form.
const ID_LENGTH: usize = 36;

/// Stands between our id and the number of an attempt after the first: `logferry/<task id>+2`.
const AGAIN: char = '+';

/// What our mark, our id, the number of any attempt and a space take of a taskName.
const OWN_LENGTH: usize = LABEL_MARK.len() + ID_LENGTH + "+4294967295".len() + " ".len();

/// What is left of a taskName for the person's label.
const LABEL_LIMIT: usize = MODEL_LIMIT - OWN_LENGTH;

fn group_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "log group name";
    refuse(text.starts_with("arn:"), NameError::Rule("a name, not an ARN: take the part after log-group:"))?;
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| c.is_ascii_alphanumeric() || ".-_/#".contains(c))?;
    at_most(WHAT, text, MODEL_LIMIT)
}

fn bucket_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "bucket name";
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))?;
    at_least(WHAT, text, 3)?;
    at_most(WHAT, text, 63)?;
    let bad_edge = text.starts_with(['.', '-']) || text.ends_with(['.', '-']);
    refuse(bad_edge, NameError::Rule("bucket name begins and ends with a lower-case letter or digit"))?;
    refuse(text.contains(".."), NameError::Rule("bucket name may not contain two dots in a row"))?;
    refuse(looks_like_ipv4(text), NameError::Rule("bucket name may not look like an IP address"))?;
    bucket_name::not_reserved(text)
}

fn looks_like_ipv4(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

fn prefix_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "destination prefix";
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| !c.is_control())?;
    refuse(text.starts_with('/'), NameError::Rule("destination prefix may not begin with /"))?;
    refuse(text.contains("//"), NameError::Rule("destination prefix may not contain //"))?;
    refuse(text.ends_with('/'), NameError::Rule("destination prefix needs no / at its end"))?;
    refuse(text.len() > PREFIX_ROOM, NameError::NoRoomForKey(text.len()))
}

fn stream_prefix_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "stream prefix";
    not_empty(WHAT, text)?;
    // The model's pattern forbids the first two alone; a control character is taken for a slip of the hand.
    only(WHAT, text, |c| c != ':' && c != '*' && !c.is_control())?;
    at_most(WHAT, text, MODEL_LIMIT)
}

fn label_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "task name";
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| !c.is_control())?;
    let length = text.chars().count();
    refuse(length > LABEL_LIMIT, NameError::TooLong(WHAT, length, LABEL_LIMIT))
}

fn filter_pattern_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "filter pattern";
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| !c.is_control())?;
    at_most(WHAT, text, 1024)
}

fn plan_name_rule(text: &str) -> Result<(), NameError> {
    const WHAT: &str = "plan name";
    not_empty(WHAT, text)?;
    only(WHAT, text, |c| !c.is_control())?;
    at_most(WHAT, text, 100)
}

fn refuse(broken: bool, error: NameError) -> Result<(), NameError> {
    if broken { Err(error) } else { Ok(()) }
}

fn not_empty(what: &'static str, text: &str) -> Result<(), NameError> {
    refuse(text.is_empty(), NameError::Empty(what))
}

fn only(what: &'static str, text: &str, allowed: impl Fn(char) -> bool) -> Result<(), NameError> {
    text.chars().find(|c| !allowed(*c)).map_or(Ok(()), |c| Err(NameError::Character(what, c)))
}

fn at_least(what: &'static str, text: &str, limit: usize) -> Result<(), NameError> {
    let length = text.chars().count();
    refuse(length < limit, NameError::TooShort(what, length, limit))
}

fn at_most(what: &'static str, text: &str, limit: usize) -> Result<(), NameError> {
    let length = text.chars().count();
    refuse(length > limit, NameError::TooLong(what, length, limit))
}

/// The `taskName` an attempt is launched under: our mark, our id, the attempt if it is not the first, and the person's
/// label. It identifies a task whose reply was lost, because CreateExportTask has no idempotency token.
pub fn task_name(attempt: Attempt, label: Option<&Label>) -> String {
    let Attempt { task, number } = attempt;
    let again = if number > 1 { format!("{AGAIN}{number}") } else { String::new() };
    let label = label.map(|label| format!(" {label}")).unwrap_or_default();
    format!("{LABEL_MARK}{task}{again}{label}")
}

/// The attempt a `taskName` stands for, if this program gave it.
pub fn attempt_in(name: &str) -> Option<Attempt> {
    own_parts(name).map(|(attempt, _)| attempt)
}

/// Our id in a `taskName`, if this program gave it.
pub fn task_id_in(name: &str) -> Option<TaskId> {
    attempt_in(name).map(|attempt| attempt.task)
}

/// The person's own label in a `taskName`: what follows our mark and id, or all of a name somebody else gave.
pub fn label_in(name: &str) -> &str {
    own_parts(name).map_or(name, |(_, label)| label)
}

fn own_parts(name: &str) -> Option<(Attempt, &str)> {
    let rest = name.strip_prefix(LABEL_MARK)?;
    let (mark, label) = rest.split_once(' ').unwrap_or((rest, ""));
    let (id, number) = match mark.split_once(AGAIN) {
        Some((id, number)) => (id, number.parse().ok()?),
        None => (mark, 1),
    };
    // `parse_str` also takes other spellings of a UUID; ours has this length alone.
    let id = (id.len() == ID_LENGTH).then(|| Uuid::parse_str(id).ok())??;
    Some((Attempt { task: TaskId(id), number }, label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refusal<T: fmt::Debug>(parsed: Result<T, NameError>) -> String {
        parsed.unwrap_err().to_string()
    }

    #[test]
    fn log_group_names_follow_the_service_model() {
        for name in ["/aws/lambda/checkout", "a", "API-Gateway_logs/x.1#2", &"g".repeat(512)] {
            assert!(LogGroupName::parse(name).is_ok(), "{name}");
        }
        let refused = |name: &str| refusal(LogGroupName::parse(name));
        assert_eq!(refused(""), "a log group name is needed");
        assert_eq!(refused("my group"), "log group name may not contain ' '");
        assert_eq!(refused("grün"), "log group name may not contain 'ü'");
        assert_eq!(refused("a\u{202e}b"), "log group name may not contain '\\u{202e}'");
        assert_eq!(refused(&"g".repeat(513)), "log group name too long: 513 characters, 512 at most");
        assert_eq!(
            refused("arn:aws:logs:eu-central-1:123456789012:log-group:web"),
            "a name, not an ARN: take the part after log-group:"
        );
    }

    #[test]
    fn bucket_names_follow_s3_s_naming_rules() {
        for name in ["abc", "my-logs.2026", "1a2", &"b".repeat(63), "1.2.3", "1.2.3.x"] {
            assert!(BucketName::parse(name).is_ok(), "{name}");
        }
        let refused = |name: &str| refusal(BucketName::parse(name));
        assert_eq!(refused(""), "a bucket name is needed");
        assert_eq!(refused("ab"), "bucket name too short: 2 characters, 3 at least");
        assert_eq!(refused(&"b".repeat(64)), "bucket name too long: 64 characters, 63 at most");
        assert_eq!(refused("My-logs"), "bucket name may not contain 'M'");
        assert_eq!(refused("s3://logs"), "bucket name may not contain ':'");
        assert_eq!(refused("-logs"), "bucket name begins and ends with a lower-case letter or digit");
        assert_eq!(refused("logs."), "bucket name begins and ends with a lower-case letter or digit");
        assert_eq!(refused("my..logs"), "bucket name may not contain two dots in a row");
        assert_eq!(refused("192.168.5.4"), "bucket name may not look like an IP address");
        assert_eq!(refused("xn--logs"), "bucket name may not begin with xn--: S3 keeps that for itself");
        assert!(BucketName::parse("amzn-s3-demo-logs").is_ok(), "older than the rule against it");
    }

    #[test]
    fn destination_prefixes_leave_room_for_the_whole_key() {
        for prefix in ["nightly", "a/b c/ü", &"p".repeat(PREFIX_ROOM)] {
            assert!(DestinationPrefix::parse(prefix).is_ok(), "{prefix}");
        }
        let refused = |prefix: &str| refusal(DestinationPrefix::parse(prefix));
        assert_eq!(refused(""), "a destination prefix is needed");
        assert_eq!(refused("/a"), "destination prefix may not begin with /");
        assert_eq!(refused("a//b"), "destination prefix may not contain //");
        assert_eq!(refused("a/"), "destination prefix needs no / at its end");
        assert_eq!(refused("a\tb"), "destination prefix may not contain '\\t'");
        assert_eq!(refused(&"ü".repeat(233)), "destination prefix too long: 466 bytes, 464 at most");
    }

    #[test]
    fn stream_prefixes_follow_the_service_model() {
        for prefix in ["2026/11/01/[$LATEST]", "web ü", &"ü".repeat(512)] {
            assert!(StreamPrefix::parse(prefix).is_ok(), "{prefix}");
        }
        let refused = |prefix: &str| refusal(StreamPrefix::parse(prefix));
        assert_eq!(refused("web:"), "stream prefix may not contain ':'");
        assert_eq!(refused("web*"), "stream prefix may not contain '*'");
        assert_eq!(refused(&"s".repeat(513)), "stream prefix too long: 513 characters, 512 at most");
    }

    #[test]
    fn labels_leave_room_for_our_mark_and_id() {
        let longest = Label::parse(&"ü".repeat(455)).unwrap();
        assert_eq!(
            task_name(Attempt { task: TaskId(Uuid::nil()), number: u32::MAX }, Some(&longest)).chars().count(),
            512
        );
        assert_eq!(refusal(Label::parse(&"n".repeat(456))), "task name too long: 456 characters, 455 at most");
        assert_eq!(refusal(Label::parse("a\u{7}")), "task name may not contain '\\u{7}'");
        assert_eq!(refusal(Label::parse("")), "a task name is needed");
    }

    #[test]
    fn plan_names_are_one_short_line() {
        assert!(PlanName::parse(&"ü".repeat(100)).is_ok());
        assert_eq!(refusal(PlanName::parse("")), "a plan name is needed");
        assert_eq!(refusal(PlanName::parse("a\nb")), "plan name may not contain '\\n'");
        assert_eq!(refusal(PlanName::parse(&"n".repeat(101))), "plan name too long: 101 characters, 100 at most");
    }

    #[test]
    fn names_that_others_gave_hold_no_id_of_ours() {
        for name in ["", "nightly", "logferry/", "logferry/nightly", "logferry/00000000000000000000000000000000"] {
            assert_eq!(task_id_in(name), None, "{name}");
            assert_eq!(label_in(name), name);
        }
    }

    proptest! {
        #[test]
        fn attempt_and_label_travel_in_a_task_name_and_come_back(id: u128, number in 1_u32.., label in "[^\\p{Cc}]{1,60}") {
            let (attempt, label) = (Attempt { task: TaskId(Uuid::from_u128(id)), number }, Label::parse(&label).unwrap());
            let name = task_name(attempt, Some(&label));
            prop_assert_eq!((attempt_in(&name), label_in(&name)), (Some(attempt), label.as_str()));
            let bare = task_name(attempt, None);
            prop_assert_eq!((attempt_in(&bare), label_in(&bare)), (Some(attempt), ""));
        }

        #[test]
        fn no_text_panics_and_what_is_accepted_is_kept(text in any::<String>()) {
            let acceptable =
                !text.is_empty() && !text.chars().any(char::is_control) && text.chars().count() <= LABEL_LIMIT;
            prop_assert_eq!(Label::parse(&text).is_ok_and(|label| label.as_str() == text), acceptable);
            let _ = (task_id_in(&text), label_in(&text), BucketName::parse(&text), StreamPrefix::parse(&text));
        }
    }
}
