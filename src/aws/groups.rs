//! Listing log groups: their names by the thousand, and what is to be known of some of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::config::Builder as Override;
use aws_sdk_cloudwatchlogs::operation::list_log_groups::ListLogGroupsOutput;
use aws_sdk_cloudwatchlogs::types::{LogGroup as SdkGroup, LogGroupClass, LogGroupSummary};

use super::Session;
use crate::domain::amount::ByteCount;
use crate::domain::inventory::{GroupClass, GroupDetails, ListedGroup, LogGroup, Page};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time::Timestamp;

/// The most DescribeLogGroups gives a page, and the most identifiers it takes (service model).
const PAGE: i32 = 50;
/// The most ListLogGroups gives a page (service model).
const NAMES_PAGE: i32 = 1000;

/// Before a token of ListLogGroups, and before one of DescribeLogGroups: a listing goes on as it began.
const BY_NAME: &str = "names ";
const IN_FULL: &str = "groups ";

/// A row of a listing of names. The details come with it where the listing had to be made in full.
pub type NamedGroup = (ListedGroup, Option<GroupDetails>);

/// Whether ListLogGroups is of no use to a session: known once it was refused.
#[derive(Debug, Default)]
pub(super) struct NamesRefused(AtomicBool);

impl Session {
    /// One page of log groups in full (DescribeLogGroups, 50 a page), by name.
    pub async fn log_groups(&self, token: Option<String>) -> Result<Page<LogGroup>, Problem> {
        let call = self.call("DescribeLogGroups", None);
        let answer = self.logs.describe_log_groups().limit(PAGE).set_next_token(token).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        let items = answer.log_groups.unwrap_or_default().into_iter().filter_map(log_group).collect();
        Ok(Page { items, next: answer.next_token })
    }

    /// One page of log groups by name: ListLogGroups, a thousand a page; where a policy, a Region or an emulator does
    /// not let it answer, DescribeLogGroups, fifty a page.
    pub async fn log_group_names(&self, token: Option<String>) -> Result<Page<NamedGroup>, Problem> {
        match token.as_deref().map(|token| (token.strip_prefix(BY_NAME), token.strip_prefix(IN_FULL))) {
            Some((Some(token), _)) => self.names(Some(token.to_owned())).await,
            Some((None, token)) => self.in_full(token.map(str::to_owned)).await,
            None if self.names_refused.0.load(Ordering::Relaxed) => self.in_full(None).await,
            None => self.first_names().await,
        }
    }

    /// What is to be known of the log groups of these names, fifty at most (DescribeLogGroups by identifiers). Those
    /// that are gone are left out.
    pub async fn log_group_details(&self, names: &[Arc<str>]) -> Result<Vec<LogGroup>, Problem> {
        let call = self.call("DescribeLogGroups", None);
        let names = names.iter().map(ToString::to_string).collect();
        let answer = self.logs.describe_log_groups().set_log_group_identifiers(Some(names)).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        Ok(answer.log_groups.unwrap_or_default().into_iter().filter_map(log_group).collect())
    }

    /// Log groups whose names have `pattern` in them as it stands, or begin with it if it begins with `^`: the first
    /// thousand of ListLogGroups, or the first fifty of DescribeLogGroups. Capitals matter.
    pub async fn find_log_groups(&self, pattern: &str) -> Result<Page<NamedGroup>, Problem> {
        if self.names_refused.0.load(Ordering::Relaxed) {
            return self.find_in_full(pattern).await;
        }
        let call = self.call("ListLogGroups", Some(pattern));
        let answer = self.logs.list_log_groups().limit(NAMES_PAGE).log_group_name_pattern(pattern).send().await;
        answer.map(named).map_err(|error| call.problem(&error))
    }

    async fn find_in_full(&self, pattern: &str) -> Result<Page<NamedGroup>, Problem> {
        let call = self.call("DescribeLogGroups", Some(pattern));
        let request = self.logs.describe_log_groups().limit(PAGE);
        let request = match pattern.strip_prefix('^') {
            Some(prefix) => request.log_group_name_prefix(prefix),
            None => request.log_group_name_pattern(pattern),
        };
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        // By a pattern it tells little more than names.
        let items = answer.log_groups.unwrap_or_default().into_iter().filter_map(log_group);
        Ok(Page { items: items.map(|group| (group.listed(), None)).collect(), next: answer.next_token })
    }

    /// The first page shows whether ListLogGroups is to be had. A failure of its own is not waited for a second time: the
    /// other call tells more than a third attempt would.
    async fn first_names(&self) -> Result<Page<NamedGroup>, Problem> {
        let once = Override::new().retry_config(RetryConfig::disabled());
        let request = self.logs.list_log_groups().limit(NAMES_PAGE).customize().config_override(once);
        let problem = match request.send().await {
            Ok(answer) => return Ok(named(answer)),
            Err(error) => self.call("ListLogGroups", None).problem(&error),
        };
        let Some(lasting) = is_refusal(problem.kind) else { return self.names(None).await };
        tracing::info!(kind = ?problem.kind, "ListLogGroups is not to be had: listing by DescribeLogGroups");
        self.names_refused.0.fetch_or(lasting, Ordering::Relaxed);
        self.in_full(None).await
    }

    async fn names(&self, token: Option<String>) -> Result<Page<NamedGroup>, Problem> {
        let call = self.call("ListLogGroups", None);
        let answer = self.logs.list_log_groups().limit(NAMES_PAGE).set_next_token(token).send().await;
        answer.map(named).map_err(|error| call.problem(&error))
    }

    async fn in_full(&self, token: Option<String>) -> Result<Page<NamedGroup>, Problem> {
        let page = self.log_groups(token).await?;
        let items = page.items.into_iter().map(|group| (group.listed(), Some(group.details()))).collect();
        Ok(Page { items, next: page.next.map(|token| format!("{IN_FULL}{token}")) })
    }
}

/// Whether a failure is one of this operation rather than of the connection or the credentials, and if so, whether it
/// will be the same next time.
const fn is_refusal(kind: ProblemKind) -> Option<bool> {
    use ProblemKind::{AccessDenied, InvalidRequest, NotFound, Server, Unknown};
    if matches!(kind, AccessDenied | InvalidRequest | NotFound | Unknown) {
        Some(true)
    } else if matches!(kind, Server) {
        Some(false)
    } else {
        None
    }
}

fn named(answer: ListLogGroupsOutput) -> Page<NamedGroup> {
    let listed = |group: LogGroupSummary| {
        let name = Arc::from(group.log_group_name?);
        Some((ListedGroup { name, class: class(group.log_group_class.as_ref()) }, None))
    };
    let items = answer.log_groups.unwrap_or_default().into_iter().filter_map(listed).collect();
    Page { items, next: answer.next_token.map(|token| format!("{BY_NAME}{token}")) }
}

pub(super) fn log_group(group: SdkGroup) -> Option<LogGroup> {
    Some(LogGroup {
        name: group.log_group_name?,
        class: class(group.log_group_class.as_ref()),
        stored: group.stored_bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(ByteCount),
        retention_days: group.retention_in_days.and_then(|days| u32::try_from(days).ok()),
        created: group.creation_time.map(Timestamp::from_millis),
    })
}

fn class(class: Option<&LogGroupClass>) -> GroupClass {
    class.map_or(GroupClass::Standard, |class| GroupClass::from_code(class.as_str()))
}
