//! What is asked of one log group before it is exported: that it is there, whose it is, and whether it holds events.

use super::Session;
use super::groups::log_group;
use crate::domain::inventory::GroupClass;
use crate::domain::place::AccountId;
use crate::domain::preflight::{EventsSeen, GroupAnswer};
use crate::domain::problem::Problem;
use crate::domain::time::TimeRange;

/// FilterLogEvents answers empty pages while it searches. So many are read: a look, not a search.
const PAGES: usize = 10;

impl Session {
    /// The log group called `name` (DescribeLogGroups), in the caller's account or else in one linked to it.
    pub async fn find_group(&self, name: &str) -> Result<GroupAnswer, Problem> {
        let call = self.call("DescribeLogGroups", Some(name));
        // Listed by name, so what has exactly the prefix as its name comes first.
        let request = self.logs.describe_log_groups().log_group_name_prefix(name);
        let own = request.clone().send().await.map_err(|error| call.problem(&error))?;
        let exactly = |group: &aws_sdk_cloudwatchlogs::types::LogGroup| group.log_group_name.as_deref() == Some(name);
        let own = own.log_groups.unwrap_or_default().into_iter().find(exactly);
        if let Some(own) = own.and_then(log_group) {
            return Ok(GroupAnswer::Own(own));
        }
        // Not every account may ask for linked ones. It is not in this account in any case.
        let Ok(all) = request.include_linked_accounts(true).send().await else { return Ok(GroupAnswer::None) };
        let linked = all.log_groups.unwrap_or_default().into_iter().find(exactly);
        let account = linked.and_then(|group| account_of(group.arn.as_deref()?));
        Ok(account.map_or(GroupAnswer::None, GroupAnswer::Linked))
    }

    /// Whether `group` holds events in `range` (FilterLogEvents), by a bounded look.
    pub async fn look_for_events(
        &self,
        group: &str,
        class: &GroupClass,
        range: TimeRange,
    ) -> Result<EventsSeen, Problem> {
        if *class == GroupClass::InfrequentAccess {
            return Ok(EventsSeen::NotReadable);
        }
        let call = self.call("FilterLogEvents", Some(group));
        let mut token = None;
        for _ in 0..PAGES {
            let request = self.logs.filter_log_events().log_group_name(group).limit(1).set_next_token(token);
            // Its end belongs to the range; that of an export does not.
            let request = request.start_time(range.from().millis()).end_time(range.to().millis() - 1);
            let answer = request.send().await.map_err(|error| call.problem(&error))?;
            if answer.events.is_some_and(|events| !events.is_empty()) {
                return Ok(EventsSeen::Some);
            }
            token = answer.next_token;
            if token.is_none() {
                return Ok(EventsSeen::None);
            }
        }
        Ok(EventsSeen::GaveUp(PAGES))
    }
}

/// The account in `arn:aws:logs:eu-central-1:123456789012:log-group:web:*`.
fn account_of(arn: &str) -> Option<AccountId> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(|account| AccountId(account.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linked_groups_account_is_read_from_its_arn() {
        let arn = "arn:aws:logs:eu-central-1:210987654321:log-group:web:*";
        assert_eq!(account_of(arn), Some(AccountId("210987654321".to_owned())));
        assert_eq!(account_of("arn:aws:logs"), None);
    }
}
