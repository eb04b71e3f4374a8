//! Says what happens on stdout, in the form for whoever reads it; warnings for people go to stderr.

use std::collections::HashSet;

use super::plain;
use super::record::Record;
use super::request::Request;
use super::summary::Summary;
use crate::cli::outcome::say;
use crate::cli::output::{Form, Output, json_line};
use crate::domain::layout::{DEFAULT_PREFIX, example_key};
use crate::domain::place::Lane;
use crate::domain::plan::{Plan, PlannedTask, sharing};
use crate::domain::template::Context;
use crate::export::Transition;

/// Tasks of a dry run written at once.
const CHUNK: usize = 256;

/// The narrator of one export. A reader that goes away stops no export.
#[derive(Debug)]
pub struct Teller {
    output: Output,
}

impl Teller {
    /// Speaks JSON or plain.
    pub fn new(json: bool) -> Self {
        Self { output: Output::new(json) }
    }

    /// What was understood, before anything is launched.
    pub fn plan(&mut self, request: &Request, lane: &Lane, tasks: &[PlannedTask]) {
        let windows = tasks.iter().map(|task| task.spec.window.from()).collect::<HashSet<_>>().len();
        let text = match self.output.form() {
            Form::Json => json_line(&Record::plan(request, lane, windows, tasks.len())),
            Form::People | Form::Fields => plain::plan(request, lane, windows, tasks.len()),
        };
        self.output.tell(&text);
        if let Some(warning) = plain::lag(request) {
            say(&warning);
        }
        if let Some(shared) = sharing(tasks).filter(|shared| shared.groups > 1) {
            say(&format!("note: {shared}"));
        }
    }

    /// Every task that would be launched.
    pub fn dry_run(&mut self, plan: &Plan, lane: &Lane, tasks: &[PlannedTask]) {
        for chunk in tasks.chunks(CHUNK) {
            let text: String = chunk.iter().map(|task| self.would_be(plan, lane, task)).collect();
            self.output.tell(&text);
        }
    }

    fn would_be(&self, plan: &Plan, lane: &Lane, task: &PlannedTask) -> String {
        let spec = &task.spec;
        let context = Context { lane, group: &spec.group, window: spec.window, zone: plan.zone };
        let prefix = plan.template.as_ref().map(|template| template.show(&context));
        let key = example_key(prefix.as_deref().unwrap_or(DEFAULT_PREFIX), None, None);
        match self.output.form() {
            Form::Json => json_line(&Record::planned(task, &key)),
            Form::People | Form::Fields => plain::planned(task, &key),
        }
    }

    /// A transition.
    pub fn transition(&mut self, moved: &Transition) {
        let text = match self.output.form() {
            Form::Json => json_line(&Record::moved(moved)),
            form @ (Form::People | Form::Fields) => plain::moved(moved, form),
        };
        self.output.tell(&text);
    }

    /// The end.
    pub fn summary(&mut self, summary: &Summary) {
        let text = match self.output.form() {
            Form::Json => json_line(&Record::summary(summary)),
            Form::People | Form::Fields => plain::summary(summary),
        };
        self.output.tell(&text);
    }
}

#[cfg(test)]
pub mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::domain::amount::{ByteCount, Landed};
    use crate::domain::layout::Destination;
    use crate::domain::names::{BucketName, LogGroupName, PlanId, RemoteId, TaskId};
    use crate::domain::place::{AccountId, Region};
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::split::Split;
    use crate::domain::task::{Moment, State, Task, TaskSpec};
    use crate::domain::template::Template;
    use crate::domain::time::{TimeRange, Timestamp};
    use crate::domain::when;
    use crate::domain::zone::Zone;
    use crate::tui::EndedBySignal;
    use uuid::Uuid;

    /// 2026-11-03T06:00:00Z.
    const NOW: Timestamp = Timestamp::from_millis(1_793_685_600_000);

    /// A queued task of one day.
    pub fn task(group: &str) -> Task {
        let to = NOW.before(Duration::from_hours(6));
        let spec = TaskSpec {
            group: LogGroupName::parse(group).unwrap(),
            window: TimeRange::new(to.before(Duration::from_hours(24)), to).unwrap(),
            destination: Destination { bucket: BucketName::parse("logs-archive").unwrap(), prefix: None },
            stream_prefix: None,
            label: None,
        };
        Task::new(TaskId(Uuid::from_u128(7)), PlanId(Uuid::from_u128(1)), Arc::new(lane()), spec, NOW)
    }

    fn lane() -> Lane {
        Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))
    }

    fn request() -> Request {
        let from = when::read_tolerant("1793491200", NOW, Zone::Utc).unwrap();
        let to = when::read_tolerant("2026-11-03", NOW, Zone::Utc).unwrap();
        let plan = Plan {
            name: None,
            groups: vec![LogGroupName::parse("web").unwrap()],
            range: TimeRange::new(from.at, to.at).unwrap(),
            split: Split::Daily,
            zone: Zone::Utc,
            bucket: BucketName::parse("logs-archive").unwrap(),
            template: Some(Template::parse("{group}/{from:%d}/{task}").unwrap()),
            stream_prefix: None,
            label: None,
        };
        Request { plan, from, to, now: NOW, file: None, dry_run: true, json: false }
    }

    fn moved() -> Transition {
        let remote = RemoteId("0e4c2ad4".to_owned());
        let moment = Moment { at: NOW, state: State::Running, remark: "AWS is exporting\u{1b}[2J".to_owned() };
        let landed = Landed { objects: 2, bytes: ByteCount(2048) };
        let mut task = Task { state: State::Running, remote: Some(remote), landed, ..task("web") };
        task.timeline.push(moment.clone());
        Transition { before: State::Pending, moment, task: Arc::new(task) }
    }

    fn summary() -> Summary {
        let mut summary = Summary::of(5);
        let problem =
            Problem::new(ProblemKind::NotFound, "CreateExportTask").saying("The given bucket does not exist.");
        summary.add(&Task { state: State::Failed, problem: Some(problem), ..task("web") });
        summary.add(&Task { state: State::Completed, counted: true, ..task("app") });
        let landed = Landed { objects: 3, bytes: ByteCount(1536) };
        summary.add(&Task { state: State::Completed, counted: true, landed, ..task("db") });
        summary.in_aws = vec![moved().task];
        summary.interrupted = Some(EndedBySignal { name: "SIGINT", exit_code: 130 });
        summary
    }

    fn planned() -> PlannedTask {
        let plan = request().plan;
        plan.expand(&lane(), || TaskId(Uuid::from_u128(7))).unwrap().remove(0)
    }

    #[test]
    fn the_json_lines_are_as_documented() {
        let teller = Teller { output: Output::new(true) };
        let (request, moved, summary) = (request(), moved(), summary());
        insta::assert_snapshot!(
            "export_json",
            [
                json_line(&Record::plan(&request, &lane(), 2, 2)),
                teller.would_be(&request.plan, &lane(), &planned()),
                json_line(&Record::moved(&moved)),
                json_line(&Record::summary(&summary)),
            ]
            .concat()
        );
    }

    #[test]
    fn the_plain_lines_are_as_documented() {
        let (request, moved) = (request(), moved());
        insta::assert_snapshot!(
            "export_plain",
            [
                plain::plan(&request, &lane(), 2, 2),
                plain::lag(&request).unwrap() + "\n",
                plain::planned(&planned(), "web/01/<task>/<taskId>/<stream>/000000.gz"),
                plain::moved(&moved, Form::Fields),
                plain::moved(&moved, Form::People),
                plain::summary(&summary()),
            ]
            .concat()
        );
    }
}
