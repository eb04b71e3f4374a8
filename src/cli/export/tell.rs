//! Says what a plan is and that it is queued, in the form for whoever reads; warnings for people go to stderr.

use super::record::Record;
use super::request::Request;
use super::{Size, plain};
use crate::cli::follow::Narrator;
use crate::cli::output::{Form, json_line};
use crate::domain::layout::{DEFAULT_PREFIX, example_key};
use crate::domain::place::Lane;
use crate::domain::plan::{Plan, PlannedTask, sharing};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::template::Context;

/// Tasks written at once.
const CHUNK: usize = 256;

/// What was understood, before anything is queued.
pub fn plan(narrator: &mut Narrator, request: &Request, lane: &Lane, tasks: &[PlannedTask]) {
    let size = Size::of(tasks);
    let text = match narrator.form() {
        Form::Json => json_line(&Record::plan(request, lane, size)),
        Form::People | Form::Fields => plain::plan(request, lane, size),
    };
    narrator.tell(&text);
    if let Some(shared) = sharing(tasks).filter(|shared| shared.groups > 1) {
        narrator.say(&format!("note: {shared}"));
    }
}

/// Every task that would be launched.
pub fn dry_run(narrator: &mut Narrator, plan: &Plan, lane: &Lane, tasks: &[PlannedTask]) {
    let form = narrator.form();
    each(narrator, tasks, |task| {
        let key = shown_key(plan, lane, task);
        match form {
            Form::Json => json_line(&Record::planned(task, &key, true)),
            Form::People | Form::Fields => plain::planned(task, &key),
        }
    });
}

/// What is in the queue now.
pub fn queued(narrator: &mut Narrator, plan: &QueuedPlan, tasks: &[PlannedTask]) {
    match narrator.form() {
        Form::Json => {
            narrator.tell(&json_line(&Record::queued(plan, tasks.len())));
            each(narrator, tasks, |task| {
                let key = example_key(task.spec.destination.prefix(), None, None);
                json_line(&Record::planned(task, &key, false))
            });
        }
        form @ (Form::People | Form::Fields) => narrator.tell(&plain::queued(plan, tasks, form)),
    }
}

fn each(narrator: &mut Narrator, tasks: &[PlannedTask], line: impl Fn(&PlannedTask) -> String) {
    for chunk in tasks.chunks(CHUNK) {
        narrator.tell(&chunk.iter().map(&line).collect::<String>());
    }
}

/// The key of a task's first object; what is not known yet stands in angle brackets.
fn shown_key(plan: &Plan, lane: &Lane, task: &PlannedTask) -> String {
    let spec = &task.spec;
    let context = Context { lane, group: &spec.group, window: spec.window, zone: plan.zone };
    let prefix = plan.template.as_ref().map(|template| template.show(&context));
    example_key(prefix.as_deref().unwrap_or(DEFAULT_PREFIX), None, None)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::request::Then;
    use super::*;
    use crate::cli::follow::fixtures::{NOW, lane, plain_plan, plan as queued_plan};
    use crate::domain::names::{LogGroupName, PlanName, TaskId};
    use crate::domain::preflight::{Check, Finding, Item, Remedy, Verdict};
    use crate::domain::when::{self, Reading};
    use crate::domain::zone::Zone;

    fn request() -> Request {
        let from = when::read_tolerant("1793491200", NOW, Zone::Utc).unwrap();
        let plan = plain_plan();
        let to = Reading::exactly(plan.range.to());
        Request { plan, from: Some(from), to, now: NOW, file: None, since_last: false, then: Then::Show, json: false }
    }

    fn tasks() -> Vec<PlannedTask> {
        request().plan.expand(&lane(), || TaskId(Uuid::from_u128(7))).unwrap()
    }

    fn item() -> Item {
        let statement = r#"{"Effect": "Allow"}"#.to_owned();
        let finding = Finding {
            check: Check::Encryption,
            verdict: Verdict::Warn,
            reason: "a key".to_owned(),
            remedy: Some(Remedy::KeyStatement(statement)),
        };
        Item { finding, groups: vec![LogGroupName::parse("web").unwrap()] }
    }

    fn queued_named() -> QueuedPlan {
        QueuedPlan { name: Some(PlanName::parse("nightly").unwrap()), ..queued_plan(1) }
    }

    #[test]
    fn the_json_lines_are_as_documented() {
        let (request, lane, tasks) = (request(), lane(), tasks());
        let key = |task| shown_key(&request.plan, &lane, task);
        insta::assert_snapshot!(
            "export_json",
            [
                json_line(&Record::plan(&request, &lane, Size::of(&tasks))),
                json_line(&Record::finding(&item(), &request.plan.store)),
                json_line(&Record::planned(&tasks[0], &key(&tasks[0]), true)),
                json_line(&Record::planned(&tasks[1], "web/02/x/<taskId>/<stream>/000000.gz", false)),
                json_line(&Record::queued(&queued_named(), 2)),
            ]
            .concat()
        );
    }

    #[test]
    fn the_plain_lines_are_as_documented() {
        let (request, tasks) = (request(), tasks());
        let many = [&tasks[..], &tasks, &tasks, &tasks, &tasks, &tasks].concat();
        insta::assert_snapshot!(
            "export_plain",
            [
                plain::plan(&request, &lane(), Size::of(&tasks)),
                plain::lag(&request).unwrap() + "\n",
                plain::planned(&tasks[0], "web/01/<task>/<taskId>/<stream>/000000.gz"),
                plain::queued(&queued_named(), &tasks, Form::Fields),
                plain::queued(&queued_named(), &many, Form::People),
            ]
            .concat()
        );
    }
}
