//! Log groups made, changed and deleted.

use serde::Deserialize;

use super::super::answer::{Answer, ServiceError, nothing};
use super::super::check::{Checks, FREE, GROUP};
use super::super::store::{Class, Group};
use super::{Call, now};

/// The retention periods AWS knows, in days (PutRetentionPolicy reference).
const RETENTION_DAYS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateInput {
    log_group_name: Option<String>,
    log_group_class: Option<String>,
    kms_key_id: Option<String>,
}

/// CreateLogGroup.
pub(super) fn create(call: &Call<'_>) -> Answer {
    let input: CreateInput = call.input()?;
    let mut checks = Checks::default();
    let name = checks.required("logGroupName", input.log_group_name, &GROUP);
    checks.word("logGroupClass", input.log_group_class.as_deref(), &Class::WORDS);
    checks.optional("kmsKeyId", input.kms_key_id.as_deref(), &FREE);
    checks.finish()?;
    let class = input.log_group_class.as_deref().and_then(Class::from_word).unwrap_or_default();
    let group = Group { class, kms_key: input.kms_key_id, created: now(), ..Group::default() };
    call.with(|shelf| {
        if shelf.groups.contains_key(&name) {
            return Err(ServiceError::already_exists("log group"));
        }
        shelf.groups.insert(name, group);
        Ok(nothing())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NameInput {
    log_group_name: Option<String>,
}

/// The one member of operations that take only a group's name.
fn only_name(call: &Call<'_>) -> Result<String, ServiceError> {
    let input: NameInput = call.input()?;
    let mut checks = Checks::default();
    let name = checks.required("logGroupName", input.log_group_name, &GROUP);
    checks.finish().map(|()| name)
}

/// DeleteLogGroup.
pub(super) fn delete(call: &Call<'_>) -> Answer {
    let name = only_name(call)?;
    call.with(|shelf| shelf.groups.remove(&name)).ok_or_else(|| ServiceError::not_found("log group"))?;
    Ok(nothing())
}

/// DeleteRetentionPolicy.
pub(super) fn delete_retention(call: &Call<'_>) -> Answer {
    set_retention(call, &only_name(call)?, None)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetentionInput {
    log_group_name: Option<String>,
    retention_in_days: Option<i64>,
}

/// PutRetentionPolicy.
pub(super) fn put_retention(call: &Call<'_>) -> Answer {
    let input: RetentionInput = call.input()?;
    let words = RETENTION_DAYS.map(|days| days.to_string());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut checks = Checks::default();
    let name = checks.required("logGroupName", input.log_group_name, &GROUP);
    let days = checks.present("retentionInDays", input.retention_in_days);
    checks.word("retentionInDays", input.retention_in_days.map(|days| days.to_string()).as_deref(), &words);
    checks.finish()?;
    set_retention(call, &name, Some(days))
}

fn set_retention(call: &Call<'_>, name: &str, days: Option<i64>) -> Answer {
    call.with_group(name, |group| {
        group.retention_days = days;
        Ok(nothing())
    })
}
