//! The checklist of a plan that is thought of: what was found of its destination, and of each of its log groups.

use std::cmp::Reverse;

use super::{Check, Finding, Verdict};
use crate::domain::names::LogGroupName;

/// A finding, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What was found.
    pub finding: Finding,
    /// The log groups it is about; none if it is the destination's, or the same for all of them.
    pub groups: Vec<LogGroupName>,
}

/// What was found, in the order of the checklist; of one check the worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    items: Vec<Item>,
    remarks: Vec<String>,
}

impl Checklist {
    /// Of what was found of the destination, and of each log group. What is the same of several stands there once.
    pub fn new(shared: Vec<Finding>, each: Vec<(LogGroupName, Vec<Finding>)>) -> Self {
        let all = each.len();
        let mut of_groups: Vec<Item> = Vec::new();
        for (group, findings) in each {
            for finding in findings {
                match of_groups.iter_mut().find(|item| item.finding == finding) {
                    Some(item) => item.groups.push(group.clone()),
                    None => of_groups.push(Item { finding, groups: vec![group.clone()] }),
                }
            }
        }
        for item in of_groups.iter_mut().filter(|item| item.groups.len() == all) {
            item.groups.clear();
        }
        let mut items: Vec<Item> = shared.into_iter().map(|finding| Item { finding, groups: Vec::new() }).collect();
        items.extend(of_groups);
        items.sort_by_key(|item| (item.finding.check, Reverse(item.finding.verdict)));
        Self { items, remarks: Vec::new() }
    }

    /// With a sentence on what it does not cover.
    #[must_use]
    pub fn remarking(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// What was found.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What it does not cover, in sentences without a full stop.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The worst there is to say of `check`; nothing if it was not looked at.
    pub fn worst_of(&self, check: Check) -> Option<&Item> {
        self.items.iter().find(|item| item.finding.check == check)
    }

    /// What has this verdict, in the order of the checklist.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.finding.verdict == verdict)
    }

    /// What stands first against launching the plan, if anything does.
    pub fn block(&self) -> Option<&Item> {
        self.of(Verdict::Block).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> LogGroupName {
        LogGroupName::parse(name).unwrap()
    }

    fn shown(list: &Checklist) -> Vec<String> {
        let line = |item: &Item| {
            let groups: Vec<&str> = item.groups.iter().map(LogGroupName::as_str).collect();
            format!("{} [{}]", item.finding, groups.join(" "))
        };
        list.items().iter().map(line).collect()
    }

    #[test]
    fn what_all_log_groups_share_stands_there_once_and_what_some_share_with_their_names() {
        let there = || Finding::pass(Check::LogGroup, "it exists");
        let gone = || Finding::block(Check::LogGroup, "it does not");
        let let_in = || Finding::pass(Check::Policy, "let in");
        let each = vec![
            (name("a"), vec![there(), let_in()]),
            (name("b"), vec![gone(), let_in()]),
            (name("c"), vec![there(), let_in()]),
        ];
        let list = Checklist::new(vec![Finding::pass(Check::Slot, "free"), Finding::pass(Check::Bucket, "")], each);
        assert_eq!(
            shown(&list),
            [
                "log group: block: it does not [b]",
                "log group: pass: it exists [a c]",
                "bucket: pass:  []",
                "bucket policy: pass: let in []",
                "slot: pass: free []",
            ]
        );
        assert_eq!(list.worst_of(Check::LogGroup).unwrap().finding, gone());
        assert_eq!(list.worst_of(Check::Encryption), None);
        assert_eq!(list.of(Verdict::Pass).count(), 4);
        assert_eq!(list.block().unwrap().groups, [name("b")]);
    }

    #[test]
    fn one_log_group_need_not_be_named() {
        let list = Checklist::new(Vec::new(), vec![(name("a"), vec![Finding::warn(Check::Range, "old")])]);
        assert_eq!(shown(&list), ["range: warn: old []"]);
        assert_eq!(list.block(), None);
        assert_eq!(list.remarking("that is all").remarks(), ["that is all"]);
    }
}
