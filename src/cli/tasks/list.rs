//! `logferry tasks list`: tasks that pass a filter, the newest first.

use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::args::{Wanted, Wish};
use super::detail::held;
use super::record::TaskRecord;
use super::resolve;
use crate::cli::follow::summary::End;
use crate::cli::follow::{Narrator, problem_words, wait_words};
use crate::cli::output::{Form, fields, json_line};
use crate::domain::task::{State, Task};
use crate::domain::text::escape;
use crate::domain::zone::Zone;
use crate::ledger::{Cursor, Ledger, TaskFilter};

/// Tasks read at once.
const PAGE: usize = 500;

/// Lists.
pub async fn run(ledger: &Ledger, wanted: &Wanted, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let filter = filter(ledger, wanted).await?;
    let lanes = ledger.lanes().await?;
    let (mut after, mut told) = (None, 0);
    // One more than is told shows whether there are more.
    while told <= wanted.limit && narrator.is_read() {
        let page = ledger.tasks(filter.clone(), after, PAGE.min(wanted.limit + 1)).await?;
        let passing: Vec<&Task> = page.iter().filter(|task| passes(&wanted.states, task)).collect();
        let shown = passing.len().min(wanted.limit - told);
        let row = |task: &&Task| row(task, held(&lanes, task), narrator.form());
        let rows: String = passing[..shown].iter().map(row).collect();
        narrator.tell(&rows);
        told += shown;
        if passing.len() > shown {
            narrator.say(&format!("these are the newest {told}; --limit shows more"));
            break;
        }
        after = page.last().map(Cursor::from);
        if after.is_none() {
            break;
        }
    }
    if told == 0 {
        narrator.say("no task of the ledger is like that");
    }
    Ok(ExitCode::SUCCESS)
}

async fn filter(ledger: &Ledger, wanted: &Wanted) -> Result<TaskFilter, Report> {
    let plan = match &wanted.plan {
        Some(typed) => Some(resolve::plan(ledger, typed).await?),
        None => None,
    };
    Ok(TaskFilter {
        group: wanted.group.clone(),
        states: states(&wanted.states),
        empty: (wanted.states == [Wish::Empty]).then_some(true),
        bucket: wanted.bucket.clone(),
        plan,
        lane: None,
        from: wanted.from,
        to: wanted.to,
    })
}

/// The states that what is wished for may be in.
fn states(wishes: &[Wish]) -> Vec<State> {
    let state = |wish: &Wish| match wish {
        Wish::In(state) => *state,
        Wish::Empty => State::Completed,
    };
    let mut states: Vec<State> = Vec::new();
    for state in wishes.iter().map(state) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    states
}

/// What the ledger's filter cannot say: empty ones beside others.
fn passes(wishes: &[Wish], task: &Task) -> bool {
    let is_it = |wish: &Wish| match wish {
        Wish::In(state) => task.state == *state,
        Wish::Empty => task.is_empty(),
    };
    wishes.is_empty() || wishes.iter().any(is_it)
}

fn row(task: &Task, held: Option<String>, form: Form) -> String {
    match form {
        Form::Json => json_line(&TaskRecord::brief(task, held)),
        Form::Fields => as_fields(task),
        Form::People => for_people(task, held),
    }
}

fn as_fields(task: &Task) -> String {
    let spec = &task.spec;
    fields(&[
        task.id.to_string(),
        word(task).to_owned(),
        spec.group.to_string(),
        spec.window.from().to_string(),
        spec.window.to().to_string(),
        spec.destination.store.to_string(),
        spec.destination.prefix().to_owned(),
        task.landed.objects.to_string(),
        task.landed.bytes.0.to_string(),
        task.plan.to_string(),
    ])
}

/// Two lines: what it is, and how to name it with how it stands. Both fit on a narrow terminal.
fn for_people(task: &Task, held: Option<String>) -> String {
    let window = task.spec.window;
    format!(
        "{:<10}  {}  {} to {}\n            {}  {}\n",
        word(task),
        escape(task.spec.group.as_str()),
        window.from().show(Zone::Utc),
        window.to().show(Zone::Utc),
        task.id,
        held.unwrap_or_else(|| standing(task)),
    )
}

/// Its state, and `Empty` for one that completed so.
pub fn word(task: &Task) -> &'static str {
    match End::of(task) {
        Some(End::Empty) => "Empty",
        Some(End::Completed | End::Unchecked | End::Failed | End::Cancelled) | None => task.state.word(),
    }
}

/// Why it waits or failed, or else what has landed.
fn standing(task: &Task) -> String {
    match (&task.wait, &task.problem) {
        (Some(wait), _) => wait_words(wait),
        (None, Some(problem)) => problem_words(problem),
        (None, None) => task.landed.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::follow::fixtures::task;
    use crate::domain::amount::{ByteCount, Landed};
    use crate::domain::problem::{Problem, ProblemKind};

    fn empty() -> Task {
        Task { state: State::Completed, wait: None, counted: true, ..task("web") }
    }

    #[test]
    fn a_task_is_told_in_every_form() {
        let problem = Problem::new(ProblemKind::ExportFailed, "DescribeExportTasks").saying("broke\u{1b}[2J");
        let failed = Task { state: State::Failed, wait: None, problem: Some(problem), ..task("app") };
        let landed = Landed { objects: 2, bytes: ByteCount(2048) };
        let full = Task { landed, ..empty() };
        let told = [task("web"), failed, full, empty()];
        let told = |form| told.iter().map(|task| row(task, None, form)).collect::<String>();
        insta::assert_snapshot!([told(Form::People), told(Form::Fields), told(Form::Json)].join("\n"));
    }

    #[test]
    fn empty_is_asked_for_alone_or_beside_states() {
        let failed = Task { state: State::Failed, ..task("web") };
        let both = [Wish::Empty, Wish::In(State::Failed)];
        assert!(passes(&both, &failed) && passes(&both, &empty()) && !passes(&both, &task("web")));
        let full = Task { landed: Landed { objects: 1, bytes: ByteCount(1) }, ..empty() };
        assert!(!passes(&both, &full) && passes(&[], &full) && passes(&[Wish::In(State::Completed)], &full));
        assert_eq!(states(&[Wish::Empty, Wish::In(State::Completed)]), [State::Completed]);
    }
}
