//! The checks that `logferry export` makes before it queues: what AWS would refuse is not queued at all.
//!
//! They are bounded in calls and in time, because nobody looks at a cron job that hangs. What they could not find out holds
//! nothing up: each task is checked again before its launch. Events are not looked for; `logferry doctor` does.

use std::process::ExitCode;
use std::time::Duration;

use tokio::time::timeout;

use super::plain;
use super::record::Record;
use super::request::Request;
use super::since::some;
use crate::cli::advice::advice;
use crate::cli::follow::{Narrator, now};
use crate::cli::lanes::Way;
use crate::cli::output::{Form, json_line};
use crate::domain::plan::Plan;
use crate::domain::preflight::{Check, Checklist, Item, Preflight, Remedy, Verdict};
use crate::domain::text::escape;
use crate::export::{Checker, Choices};

/// The exit code of an export that a check blocks: those of ends, 0, 3 and 4, are not free for it.
const BLOCKED: u8 = 5;

/// They take about a second; an AWS that does not answer is not waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// Findings told to people; a plan of many broken log groups has one of each.
const TOLD: usize = 10;

/// What was found before queueing.
#[derive(Debug)]
pub enum Checks {
    /// Nobody wants them.
    Off,
    /// AWS did not answer in time.
    Unanswered,
    /// They were made.
    Made(Checklist),
}

impl Checks {
    /// Makes those that `plan` wants.
    pub async fn make(way: &Way, plan: &Plan) -> Self {
        let choices = match plan.preflight {
            Preflight::Off => return Self::Off,
            Preflight::Full | Preflight::AllowKms => {
                Choices { allow_kms: plan.preflight.allows_kms(), engine: plan.engine.kind(), ..Choices::default() }
            }
        };
        let checker = Checker::default();
        let list = checker.checklist_to_queue(&way.session, &way.lane, plan, choices, now());
        timeout(PATIENCE, list).await.map_or(Self::Unanswered, Self::Made)
    }

    /// Whether AWS would refuse the export.
    pub fn block(&self) -> bool {
        self.list().is_some_and(|list| list.block().is_some())
    }

    /// What an export ends with that goes no further than this.
    pub fn exit_code(&self) -> ExitCode {
        if self.block() { ExitCode::from(BLOCKED) } else { ExitCode::SUCCESS }
    }

    /// Tells what blocks and what warns, the blocks first; programs hear of all of it.
    pub fn tell(&self, narrator: &mut Narrator, request: &Request) {
        let findings = self.list().map(findings).unwrap_or_default();
        if narrator.form() == Form::Json {
            let lines = findings.iter().map(|item| json_line(&Record::finding(item, &request.plan.store)));
            let lines: String = lines.collect();
            narrator.tell(&lines);
        }
        findings.iter().take(TOLD).for_each(|item| narrator.say(&line(item, &request.plan)));
        if findings.len() > TOLD {
            narrator.say(&format!("… and {} more findings: `--json` tells all", findings.len() - TOLD));
        }
        // Of the range there is this to say without AWS; otherwise it is among the findings.
        if let Some(warning) = plain::lag(request).filter(|_| self.list().is_none()) {
            narrator.say(&warning);
        }
        self.notes(request).iter().for_each(|note| narrator.say(&format!("note: {note}")));
        if self.block() {
            narrator.say(&refusal(request));
        }
    }

    const fn list(&self) -> Option<&Checklist> {
        match self {
            Self::Off | Self::Unanswered => None,
            Self::Made(list) => Some(list),
        }
    }

    /// What was not looked at. Nobody needs to hear every night that each task is checked once more.
    fn notes(&self, request: &Request) -> Vec<String> {
        match self {
            Self::Unanswered => {
                vec!["AWS did not answer the checks in time: each task is checked before its launch".to_owned()]
            }
            Self::Made(list) if request.is_dry_run() => list.remarks().to_vec(),
            Self::Off | Self::Made(_) => Vec::new(),
        }
    }
}

/// What is worth a line, the blocks first. That the slot is taken is not: tasks wait for it, that is what a queue is for.
fn findings(list: &Checklist) -> Vec<&Item> {
    let warned = list.of(Verdict::Warn).filter(|item| item.finding.check != Check::Slot);
    list.of(Verdict::Block).chain(warned).collect()
}

/// A finding for people, safe to show.
fn line(Item { finding, groups }: &Item, plan: &Plan) -> String {
    let word = if finding.verdict == Verdict::Block { "blocked" } else { "warning" };
    let mut text = format!("{word}: {}: {}", finding.check.word(), escape(&finding.reason));
    if let Some(remedy) = &finding.remedy {
        text.extend(["\n  what to do: ", escape(&what_to_do(remedy, plan)).as_ref()]);
    }
    if !groups.is_empty() {
        text.extend(["\n  log groups: ", &some(groups.iter())]);
    }
    text
}

/// What to do. A statement of many lines is left to the command that prints it.
fn what_to_do(remedy: &Remedy, plan: &Plan) -> String {
    let advice = advice(remedy, plan.store.as_str());
    if remedy.statement().is_none() {
        return advice;
    }
    let allowed = if plan.preflight.allows_kms() { " --allow-kms" } else { "" };
    format!("{advice}; `logferry doctor --bucket {}{allowed}` prints it", plan.store)
}

/// The last word on what is blocked.
fn refusal(request: &Request) -> String {
    let what = if request.is_dry_run() { "this would not be queued" } else { "nothing was queued" };
    format!("{what}: mend what blocks, or say --no-preflight to have AWS itself refuse it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::follow::fixtures::plain_plan;
    use crate::domain::names::LogGroupName;
    use crate::domain::preflight::Finding;

    fn finding(check: Check, verdict: Verdict, reason: &str, remedy: Option<Remedy>) -> Finding {
        Finding { check, verdict, reason: reason.to_owned(), remedy }
    }

    fn shown(shared: Vec<Finding>, each: Vec<(&str, Vec<Finding>)>, preflight: Preflight) -> Vec<String> {
        let each = each.into_iter().map(|(group, findings)| (LogGroupName::parse(group).unwrap(), findings));
        let list = Checklist::new(shared, each.collect());
        let plan = Plan { preflight, ..plain_plan() };
        findings(&list).into_iter().map(|item| line(item, &plan)).collect()
    }

    #[test]
    fn blocks_are_told_before_warnings_with_what_to_do_and_the_log_groups() {
        let gone = || finding(Check::LogGroup, Verdict::Block, "there is none\u{1b}", None);
        let there = finding(Check::LogGroup, Verdict::Pass, "it exists", None);
        let old = finding(Check::Range, Verdict::Warn, "old", Some(Remedy::Advice("choose a later one".to_owned())));
        let closed = finding(Check::Policy, Verdict::Block, "closed", Some(Remedy::Grant(Vec::new())));
        let taken = finding(Check::Slot, Verdict::Warn, "somebody has it", None);
        let gone_ones = (1..=7).map(|_| vec![gone()]).zip(["a", "b", "c", "d", "e", "f", "g"]);
        let mut each: Vec<_> = gone_ones.map(|(findings, group)| (group, findings)).collect();
        each.push(("web", vec![there, old]));
        assert_eq!(
            shown(vec![closed, taken], each, Preflight::Full),
            [
                "blocked: log group: there is none\\u{1b}\n  log groups: a, b, c, d, e and 2 more",
                "blocked: bucket policy: closed\n  what to do: let the logs service in: add the missing statements to the \
                 bucket policy; `logferry buckets grant logs-archive`, with the prefix if there is one, does it",
                "warning: range: old\n  what to do: choose a later one\n  log groups: web",
            ]
        );
    }

    #[test]
    fn a_statement_is_left_to_doctor() {
        let key = finding(Check::Encryption, Verdict::Warn, "a key", Some(Remedy::KeyStatement("{}".to_owned())));
        assert_eq!(
            shown(vec![key], Vec::new(), Preflight::AllowKms),
            [
                "warning: encryption: a key\n  what to do: have this statement added to the key policy; `logferry doctor \
              --bucket logs-archive --allow-kms` prints it"
            ]
        );
    }
}
