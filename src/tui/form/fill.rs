//! Filling the form without a hand: from what is under the cursor, from a task or from a whole plan.

use std::time::Duration;

use super::Form;
use super::fields::Field;
use crate::domain::inventory::RemoteTask;
use crate::domain::names::{DestinationPrefix, Label, LogGroupName, PlanName, StreamPrefix, label_in};
use crate::domain::preflight::Preflight;
use crate::domain::problem::ProblemKind;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::split::Split;
use crate::domain::task::Task;
use crate::domain::template::Template;
use crate::domain::zone::Zone;

impl Form {
    /// Puts these log groups into the form; everything else stays as typed.
    pub fn set_groups(&mut self, groups: &[String]) {
        self.popup = None;
        self.stream_prefix_untold = false;
        self.give(Field::Groups, &groups.join(", "));
    }

    /// Puts this bucket into the form; everything else stays as typed.
    pub fn set_bucket(&mut self, bucket: &str) {
        self.popup = None;
        self.give(Field::Bucket, bucket);
    }

    /// Fills every field from a task of the queue ("run again"), and from its plan as far as that is known. One that took
    /// AWS too long is cut into shorter windows.
    pub fn fill_from_task(&mut self, task: &Task, plan: Option<&QueuedPlan>) {
        let (spec, to) = (&task.spec, &task.spec.destination);
        self.begin(plan.map_or(self.zone, |plan| plan.zone));
        let prefix = as_template(to.prefix.as_ref().map_or("", DestinationPrefix::as_str));
        let (from, until) = (spec.window.from().to_string(), spec.window.to().to_string());
        let template = plan.and_then(|plan| plan.template.as_ref()).map_or(prefix.as_str(), Template::as_str);
        let values = [
            (Field::Groups, spec.group.as_str()),
            (Field::From, from.as_str()),
            (Field::To, until.as_str()),
            (Field::StreamPrefix, spec.stream_prefix.as_ref().map_or("", StreamPrefix::as_str)),
            (Field::Bucket, to.store.as_str()),
            (Field::Prefix, template),
            (Field::Name, plan.and_then(|plan| plan.name.as_ref()).map_or("", PlanName::as_str)),
            (Field::Label, spec.label.as_ref().map_or("", Label::as_str)),
        ];
        self.give_all(&values);
        self.trust_key(spec.preflight == Preflight::AllowKms);
        self.engine = spec.engine.clone();
        if took_too_long(task) {
            self.give(Field::Split, finer(spec.window.span()).word());
        }
    }

    /// Fills every field from a plan of these log groups ("run again"): all of it, whatever became of its tasks.
    pub fn fill_from_plan(&mut self, plan: &QueuedPlan, groups: &[LogGroupName]) {
        self.begin(plan.zone);
        let groups: Vec<&str> = groups.iter().map(LogGroupName::as_str).collect();
        let (groups, from, to) = (groups.join(", "), plan.range.from().to_string(), plan.range.to().to_string());
        let values = [
            (Field::Groups, groups.as_str()),
            (Field::From, from.as_str()),
            (Field::To, to.as_str()),
            (Field::Split, plan.split.word()),
            (Field::StreamPrefix, plan.stream_prefix.as_ref().map_or("", StreamPrefix::as_str)),
            (Field::Bucket, plan.store.as_str()),
            (Field::Prefix, plan.template.as_ref().map_or("", Template::as_str)),
            (Field::Name, plan.name.as_ref().map_or("", PlanName::as_str)),
            (Field::Label, plan.label.as_ref().map_or("", Label::as_str)),
        ];
        self.give_all(&values);
        self.trust_key(plan.preflight == Preflight::AllowKms);
        self.engine = plan.engine.clone();
    }

    /// Fills every field from a past task ("run again"). AWS does not tell a past task's stream prefix: it is emptied,
    /// so that none is left over from another draft, and the form says so.
    pub fn fill_from(&mut self, task: &RemoteTask) {
        self.begin(self.zone);
        self.stream_prefix_untold = true;
        let (from, to, prefix) = (task.from.to_string(), task.to.to_string(), as_template(&task.prefix));
        let values = [
            (Field::Groups, task.group.as_str()),
            (Field::From, from.as_str()),
            (Field::To, to.as_str()),
            (Field::Bucket, task.bucket.as_str()),
            (Field::Prefix, prefix.as_str()),
            (Field::Label, task.name.as_deref().map_or("", label_in)),
        ];
        self.give_all(&values);
    }

    /// Nothing is left of what stood there.
    fn begin(&mut self, zone: Zone) {
        *self = Self { zone, ..Self::default() };
    }

    fn give_all(&mut self, values: &[(Field, &str)]) {
        for (field, text) in values {
            self.give(*field, text);
        }
    }

    pub(super) fn give(&mut self, field: Field, text: &str) {
        self.fields.give(field, text);
        self.given.give(field, text);
    }
}

/// A prefix as the template that makes it: its own braces are no fields.
fn as_template(prefix: &str) -> String {
    prefix.replace('{', "{{").replace('}', "}}")
}

/// Whether AWS gave up on the task: running the same window again would end the same way.
pub fn took_too_long(task: &Task) -> bool {
    task.problem.as_ref().is_some_and(|problem| problem.kind == ProblemKind::ExportTimedOut)
}

/// The split that cuts a window of this length into shorter ones.
fn finer(span: Duration) -> Split {
    const DAY: Duration = Duration::from_hours(24);
    match span {
        _ if span > 31 * DAY => Split::Monthly,
        _ if span > 7 * DAY => Split::Weekly,
        _ if span > DAY + Duration::from_hours(1) => Split::Daily,
        _ => Split::Hourly,
    }
}
