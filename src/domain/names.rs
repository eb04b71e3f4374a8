//! Names with rules: what AWS accepts for each, checked before AWS is asked.

use std::fmt;

use thiserror::Error;
use uuid::Uuid;

/// What every export task of ours is labelled with, before our task id: `logferry/<task id>`.
pub const LABEL_MARK: &str = "logferry/";

/// Why a name is not accepted. The texts stand under form fields: short, and they say what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given where something is needed.
    #[error("a {0} is needed")]
    Empty(&'static str),
    /// Longer than the service takes.
    #[error("{0} too long: {1} characters, {2} at most")]
    TooLong(&'static str, usize, usize),
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

/// AWS's id of an export task, known once AWS has accepted it; also the folder its objects land in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

fn group_rule(_text: &str) -> Result<(), NameError> {
    Ok(())
}

fn bucket_rule(_text: &str) -> Result<(), NameError> {
    Ok(())
}

fn prefix_rule(_text: &str) -> Result<(), NameError> {
    Ok(())
}

fn stream_prefix_rule(_text: &str) -> Result<(), NameError> {
    Ok(())
}

fn label_rule(_text: &str) -> Result<(), NameError> {
    Ok(())
}

/// The `taskName` a task is launched under: our mark, our id and the person's label. It identifies a task whose reply
/// was lost, because CreateExportTask has no idempotency token.
pub fn task_name(id: TaskId, label: Option<&Label>) -> String {
    match label {
        Some(label) => format!("{LABEL_MARK}{id} {label}"),
        None => format!("{LABEL_MARK}{id}"),
    }
}

/// Our id in a `taskName`, if this program gave it.
pub fn task_id_in(name: &str) -> Option<TaskId> {
    let rest = name.strip_prefix(LABEL_MARK)?;
    let id = rest.split(' ').next()?;
    Uuid::parse_str(id).ok().map(TaskId)
}
