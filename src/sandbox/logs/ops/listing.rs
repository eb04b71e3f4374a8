//! Log groups listed: DescribeLogGroups with details, fifty a page, and ListLogGroups with names, a thousand a page.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::domain::place::Lane;

use super::super::answer::{Answer, ServiceError, answer};
use super::super::check::{Checks, GROUP, is_group_char};
use super::super::store::{Class, Group};
use super::super::token;
use super::{Call, group_arn, named};

const DESCRIBE: char = 'g';
const LIST: char = 'l';

/// ListLogGroups' pattern, as the service model has it: up to five parts divided by `|`, each a substring, or a prefix if
/// it begins with `^`.
const PATTERN: &str = r"(\^?[\.\-_\/#A-Za-z0-9]{3,24})(\|\^?[\.\-_\/#A-Za-z0-9]{3,24}){0,4}";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeInput {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
    log_group_class: Option<String>,
    include_linked_accounts: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// One row of DescribeLogGroups; a listing by pattern leaves most of it out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    log_group_name: String,
    arn: String,
    creation_time: i64,
    #[serde(flatten)]
    details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    log_group_arn: String,
    log_group_class: &'static str,
    stored_bytes: u64,
    metric_filter_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Groups<T> {
    log_groups: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// DescribeLogGroups.
pub(super) fn describe(call: &Call<'_>) -> Answer {
    let input: DescribeInput = call.input()?;
    let limit = check_describe(&input)?;
    if let Some(identifiers) = input.log_group_identifiers {
        return by_identifiers(call, identifiers);
    }
    let class = input.log_group_class.as_deref().and_then(Class::from_word);
    let fits = |name: &str, group: &Group| {
        class.is_none_or(|class| class == group.class)
            && input.log_group_name_prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
            && input.log_group_name_pattern.as_ref().is_none_or(|part| name.contains(part))
    };
    let with_details = input.log_group_name_pattern.is_none();
    let row = |lane: &Lane, name: &str, group: &Group| described(lane, name, group, with_details);
    let with_linked = input.include_linked_accounts.unwrap_or_default();
    page(call, DESCRIBE, &Turn { next: input.next_token.as_deref(), limit, with_linked }, fits, row)
}

/// Those of the caller's that are there, in the order of their names.
fn by_identifiers(call: &Call<'_>, identifiers: Vec<String>) -> Answer {
    let names: BTreeSet<String> = identifiers.into_iter().filter_map(|id| named(None, Some(id))).collect();
    let log_groups = call.with(|shelf| {
        let known = names.iter().filter_map(|name| Some((name, shelf.groups.get(name)?)));
        known.map(|(name, group)| described(&call.lane, name, group, true)).collect()
    });
    answer(&Groups { log_groups, next_token: None })
}

fn described(lane: &Lane, name: &str, group: &Group, with_details: bool) -> Described {
    Described {
        log_group_name: name.to_owned(),
        arn: format!("{}:*", group_arn(lane, name)),
        creation_time: group.created,
        details: with_details.then(|| details(lane, name, group)),
    }
}

fn check_describe(input: &DescribeInput) -> Result<usize, ServiceError> {
    let mut checks = Checks::default();
    checks.optional("logGroupNamePrefix", input.log_group_name_prefix.as_deref(), &GROUP);
    checks.optional("logGroupNamePattern", input.log_group_name_pattern.as_deref(), &GROUP);
    checks.word("logGroupClass", input.log_group_class.as_deref(), &Class::WORDS);
    if let Some(identifiers) = &input.log_group_identifiers {
        checks.length(&format!("'{identifiers:?}'"), "logGroupIdentifiers", identifiers.len(), 1..=50);
    }
    let limit = checks.limit(input.limit, 50, 50);
    checks.finish()?;
    let ways = [&input.log_group_name_prefix, &input.log_group_name_pattern].into_iter().flatten().count()
        + usize::from(input.log_group_identifiers.is_some());
    if ways > 1 {
        return Err(ServiceError::invalid(
            "LogGroup name prefix, LogGroup name pattern and LogGroup identifiers are mutually exclusive parameters.",
        ));
    }
    Ok(limit)
}

fn details(lane: &Lane, name: &str, group: &Group) -> Details {
    Details {
        log_group_arn: group_arn(lane, name),
        log_group_class: group.class.word(),
        stored_bytes: group.stored_bytes(),
        metric_filter_count: 0,
        retention_in_days: group.retention_days,
        kms_key_id: group.kms_key.clone(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListInput {
    log_group_name_pattern: Option<String>,
    log_group_class: Option<String>,
    limit: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    #[serde(rename = "logGroupName")]
    name: String,
    #[serde(rename = "logGroupArn")]
    arn: String,
    #[serde(rename = "logGroupClass")]
    class: &'static str,
}

/// ListLogGroups.
pub(super) fn list(call: &Call<'_>) -> Answer {
    let input: ListInput = call.input()?;
    let mut checks = Checks::default();
    checks.pattern("logGroupNamePattern", input.log_group_name_pattern.as_deref(), is_pattern, PATTERN);
    checks.word("logGroupClass", input.log_group_class.as_deref(), &Class::WORDS);
    let limit = checks.limit(input.limit, 1_000, 50);
    checks.finish()?;
    let class = input.log_group_class.as_deref().and_then(Class::from_word);
    let fits = |name: &str, group: &Group| {
        class.is_none_or(|class| class == group.class)
            && input.log_group_name_pattern.as_ref().is_none_or(|pattern| pattern_fits(pattern, name))
    };
    let row = |lane: &Lane, name: &str, group: &Group| Listed {
        name: name.to_owned(),
        arn: group_arn(lane, name),
        class: group.class.word(),
    };
    page(call, LIST, &Turn { next: input.next_token.as_deref(), limit, with_linked: false }, fits, row)
}

/// Whether a text is what [`PATTERN`] asks for.
fn is_pattern(text: &str) -> bool {
    let is_part = |part: &str| {
        let part = part.strip_prefix('^').unwrap_or(part);
        (3..=24).contains(&part.len()) && part.chars().all(is_group_char)
    };
    text.split('|').count() <= 5 && text.split('|').all(is_part)
}

fn pattern_fits(pattern: &str, name: &str) -> bool {
    pattern.split('|').any(|part| match part.strip_prefix('^') {
        Some(prefix) => name.starts_with(prefix),
        None => name.contains(part),
    })
}

/// Which page.
struct Turn<'a> {
    next: Option<&'a str>,
    limit: usize,
    /// With the log groups of linked accounts, behind those of the account itself.
    with_linked: bool,
}

/// A page of the groups that fit, in the order of their names, account by account.
fn page<T: Serialize>(
    call: &Call<'_>,
    kind: char,
    turn: &Turn<'_>,
    fits: impl Fn(&str, &Group) -> bool,
    row: impl Fn(&Lane, &str, &Group) -> T,
) -> Answer {
    let mut lanes = vec![call.lane.clone()];
    lanes.extend(turn.with_linked.then(|| call.world.logs.linked(&call.lane)).into_iter().flatten());
    let (first, mut start) = start_of(kind, turn.next)?;
    let mut groups: Groups<T> = Groups { log_groups: Vec::new(), next_token: None };
    for (place, lane) in lanes.iter().enumerate().skip(first) {
        let range = (start.as_ref(), Bound::Unbounded);
        call.world.logs.with(lane, |shelf| {
            for (name, group) in shelf.groups.range::<String, _>(range).filter(|(name, group)| fits(name, group)) {
                if groups.log_groups.len() == turn.limit {
                    groups.next_token.get_or_insert_with(|| token::encode(kind, &format!("{place}:{name}")));
                    break;
                }
                groups.log_groups.push(row(lane, name, group));
            }
        });
        start = Bound::Unbounded;
    }
    answer(&groups)
}

/// Where a page begins: an account by its place, and the name of the first log group.
fn start_of(kind: char, next: Option<&str>) -> Result<(usize, Bound<String>), ServiceError> {
    let Some(place) = token::decode_optional(kind, next)? else { return Ok((0, Bound::Unbounded)) };
    let (account, name) = place.split_once(':').ok_or_else(ServiceError::bad_token)?;
    Ok((account.parse().map_err(|_| ServiceError::bad_token())?, Bound::Included(name.to_owned())))
}
