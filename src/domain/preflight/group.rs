//! The log group, and whether there is anything in it.

use super::{Check, Finding};
use crate::domain::engine::EngineKind;
use crate::domain::inventory::{GroupClass, LogGroup};
use crate::domain::place::{AccountId, Lane};
use crate::domain::problem::Problem;

/// What DescribeLogGroups tells of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupAnswer {
    /// There is no such log group.
    None,
    /// There is.
    Own(LogGroup),
    /// It belongs to this other account, linked to the caller's for monitoring.
    Linked(AccountId),
}

/// Whether the log group called `name` exists in `lane` and can be exported by `engine`.
pub fn log_group(name: &str, lane: &Lane, answer: &Result<GroupAnswer, Problem>, engine: EngineKind) -> Finding {
    const CHECK: Check = Check::LogGroup;
    match answer {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(GroupAnswer::None) => Finding::block(
            CHECK,
            format!("there is no log group {name} in account {} in {}", lane.account, lane.region),
        )
        .advising("check its name, the profile and the Region"),
        // CreateExportTask takes a name and no ARN, so it cannot be told which account is meant.
        Ok(GroupAnswer::Linked(account)) => Finding::block(
            CHECK,
            format!("{name} belongs to the linked account {account}: AWS exports own log groups alone"),
        )
        .advising(format!("use that account's profile: start with --profile for {account}")),
        Ok(GroupAnswer::Own(group)) => match engine {
            EngineKind::Managed => exportable(&group.class),
            EngineKind::Direct => readable(&group.class),
        },
    }
}

/// Whether the events of a class can be read: GetLogEvents and FilterLogEvents take log groups of class STANDARD (CloudWatch
/// Logs user guide, "Log classes").
fn readable(class: &GroupClass) -> Finding {
    const CHECK: Check = Check::LogGroup;
    match class {
        GroupClass::Standard => Finding::pass(CHECK, "it exists, of class STANDARD"),
        GroupClass::InfrequentAccess => unreadable("INFREQUENT_ACCESS"),
        GroupClass::Delivery => unreadable("DELIVERY"),
        GroupClass::Other(name) => {
            Finding::warn(CHECK, format!("its class {name} is not known here: whether it can be read is not either"))
        }
    }
}

fn unreadable(class: &str) -> Finding {
    Finding::block(Check::LogGroup, format!("its class is {class}, whose events no call reads"))
        .advising("use the managed engine: there AWS reads them itself")
}

fn exportable(class: &GroupClass) -> Finding {
    const CHECK: Check = Check::LogGroup;
    match class {
        GroupClass::Standard => Finding::pass(CHECK, "it exists, of class STANDARD"),
        GroupClass::InfrequentAccess => Finding::warn(
            CHECK,
            "its class is INFREQUENT_ACCESS: AWS exports it today, and older documents say that it does not",
        )
        .advising("if AWS refuses it, query it with Logs Insights instead"),
        GroupClass::Delivery => Finding::warn(CHECK, "its class is DELIVERY: whether AWS exports it is not documented"),
        GroupClass::Other(name) => {
            Finding::warn(CHECK, format!("its class {name} is not known here: whether AWS exports it is not either"))
        }
    }
}

/// What a bounded look for events found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsSeen {
    /// At least one.
    Some,
    /// None, and every page was read.
    None,
    /// None in this many pages, and there are more: FilterLogEvents answers empty pages while it searches.
    GaveUp(usize),
    /// The log group's class lets nobody look.
    NotReadable,
}

/// Whether there are events in the range.
pub fn events(seen: &Result<EventsSeen, Problem>) -> Finding {
    const CHECK: Check = Check::Events;
    match seen {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(EventsSeen::Some) => Finding::pass(CHECK, "there are events in the range"),
        Ok(EventsSeen::None) => Finding::warn(CHECK, "no event was found in the range: the export would be empty")
            .advising("check the range, its time zone and the log stream prefix"),
        Ok(EventsSeen::GaveUp(pages)) => {
            Finding::unknown(CHECK, format!("no event in the first {pages} pages, and there are more"))
        }
        Ok(EventsSeen::NotReadable) => {
            Finding::unknown(CHECK, "log groups of this class can be exported and not be looked into")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{denied, shown};
    use super::super::{Remedy, Verdict};
    use super::*;
    use crate::domain::place::Region;

    fn found(answer: &Result<GroupAnswer, Problem>) -> Finding {
        let lane = Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()));
        log_group("web", &lane, answer, EngineKind::Managed)
    }

    fn own(class: GroupClass) -> Verdict {
        let group = LogGroup { name: "web".to_owned(), class, stored: None, retention_days: None, created: None };
        found(&Ok(GroupAnswer::Own(group))).verdict
    }

    #[test]
    fn an_unknown_group_blocks_and_a_linked_one_names_its_account() {
        let missing = found(&Ok(GroupAnswer::None));
        assert_eq!(shown(&missing), "block: there is no log group web in account 123456789012 in eu-central-1");
        let linked = found(&Ok(GroupAnswer::Linked(AccountId("210987654321".to_owned()))));
        assert_eq!(linked.verdict, Verdict::Block);
        let advice = "use that account's profile: start with --profile for 210987654321";
        assert_eq!(linked.remedy, Some(Remedy::Advice(advice.to_owned())));
    }

    #[test]
    fn only_the_standard_class_passes() {
        assert_eq!(own(GroupClass::Standard), Verdict::Pass);
        for class in [GroupClass::InfrequentAccess, GroupClass::Delivery, GroupClass::Other("NEW".to_owned())] {
            assert_eq!(own(class), Verdict::Warn);
        }
    }

    #[test]
    fn no_events_warn_and_an_unfinished_search_proves_nothing() {
        let verdict = |seen| events(&Ok(seen)).verdict;
        assert_eq!(verdict(EventsSeen::Some), Verdict::Pass);
        assert_eq!(verdict(EventsSeen::None), Verdict::Warn);
        assert_eq!(verdict(EventsSeen::GaveUp(10)), Verdict::Unchecked);
        assert_eq!(verdict(EventsSeen::NotReadable), Verdict::Unchecked);
    }

    #[test]
    fn what_may_not_be_asked_is_unchecked() {
        assert_eq!(found(&Err(denied("DescribeLogGroups"))).verdict, Verdict::Unchecked);
        assert_eq!(events(&Err(denied("FilterLogEvents"))).verdict, Verdict::Unchecked);
    }
}
