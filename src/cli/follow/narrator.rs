//! Says what happens: results on stdout in the form for whoever reads them, everything else on stderr, a progress bar at
//! the foot of a terminal.
//!
//! With a bar on the terminal the bar shows what goes on, and a line is written above it when something has ended, as cargo
//! does. Without one every transition is a line. A reader that goes away stops nothing.

use std::sync::Arc;

use super::bar::Bar;
use super::progress::Progress;
use super::record::Record;
use super::scope::Scope;
use super::{Summary, plain};
use crate::cli::outcome::say;
use crate::cli::output::{Form, Output, json_line};
use crate::domain::direct::telling::Telling;
use crate::domain::task::Task;
use crate::domain::text::escape;
use crate::domain::time::Timestamp;
use crate::export::{Snapshot, Transition};

/// The narrator of one command.
#[derive(Debug)]
pub struct Narrator {
    output: Output,
    bar: Option<Bar>,
    trouble: Option<Arc<str>>,
}

impl Narrator {
    /// Speaks JSON or plain; without a bar.
    pub fn new(json: bool) -> Self {
        Self { output: Output::new(json), bar: None, trouble: None }
    }

    /// Shows progress from here on, if stderr is a terminal.
    pub fn show_progress(&mut self) {
        self.bar = Bar::on_terminal();
    }

    /// The form results are written in.
    pub const fn form(&self) -> Form {
        self.output.form()
    }

    /// Whether somebody still reads the results.
    pub const fn is_read(&self) -> bool {
        self.output.is_read()
    }

    /// Writes results.
    pub fn tell(&mut self, text: &str) {
        let Self { output, bar, .. } = self;
        match bar {
            Some(bar) => bar.aside(|| output.tell(text)),
            None => output.tell(text),
        }
    }

    /// Tells people something that is no result.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.aside(|| say(line)),
            None => say(line),
        }
    }

    /// A transition.
    pub fn transition(&mut self, moved: &Transition) {
        let text = match self.form() {
            Form::Json => json_line(&Record::moved(moved)),
            Form::People if self.bar.is_some() && !moved.moment.state.is_end() => return,
            Form::People if self.bar.is_some() => plain::ended(moved),
            form @ (Form::People | Form::Fields) => plain::moved(moved, form),
        };
        self.tell(&text);
    }

    /// How far a direct export has come. People with a bar see it there.
    pub fn progress(&mut self, task: &Task, telling: Telling<'_>) {
        let text = match self.form() {
            Form::Json => json_line(&Record::progress(task, telling)),
            Form::People if self.bar.is_some() => return,
            form @ (Form::People | Form::Fields) => plain::progress(task, telling, form),
        };
        self.tell(&text);
    }

    /// How the queue stands: for the bar. Trouble with the ledger is told once.
    pub fn stands(
        &mut self,
        snapshot: &Snapshot,
        scope: &Scope,
        summary: &Summary,
        started: Timestamp,
        progress: &Progress,
    ) {
        if self.trouble != snapshot.trouble {
            self.trouble.clone_from(&snapshot.trouble);
            if let Some(trouble) = &self.trouble {
                self.say(&format!("logferry: {}", escape(trouble)));
            }
        }
        if let Some(bar) = &mut self.bar {
            bar.show(snapshot, scope, summary, started, progress);
        }
    }

    /// Takes the bar away for good.
    pub fn clear(&mut self) {
        self.bar = None;
    }

    /// The end.
    pub fn summary(&mut self, summary: &Summary) {
        let text = match self.form() {
            Form::Json => json_line(&Record::summary(summary)),
            Form::People | Form::Fields => plain::summary(summary),
        };
        self.tell(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, lane, plan, task};
    use super::*;
    use crate::domain::amount::{ByteCount, Landed};
    use crate::domain::names::{RemoteId, TaskId};
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::queued_plan::{Counts, Pause};
    use crate::domain::task::{Moment, State, Task};
    use crate::tui::EndedBySignal;
    use uuid::Uuid;

    fn moved() -> Transition {
        let remote = RemoteId("0e4c2ad4".to_owned());
        let moment = Moment { at: NOW, state: State::Running, remark: "AWS is exporting\u{1b}[2J".to_owned() };
        let landed = Landed { objects: 2, bytes: ByteCount(2048) };
        let task = Task { state: State::Running, remote: Some(remote), landed, ..task("web") };
        Transition { before: State::Pending, moment, task: Arc::new(task) }
    }

    fn summary() -> Summary {
        let mut summary = Summary::default();
        let problem =
            Problem::new(ProblemKind::NotFound, "CreateExportTask").saying("The given bucket does not exist.");
        let id = |n| TaskId(Uuid::from_u128(n));
        summary.take(&Task { id: id(1), state: State::Failed, problem: Some(problem.clone()), ..task("web") });
        summary.take(&Task { id: id(2), state: State::Completed, counted: true, ..task("app") });
        let landed = Landed { objects: 3, bytes: ByteCount(1536) };
        summary.take(&Task { id: id(3), state: State::Completed, counted: true, landed, ..task("db") });
        summary.active = vec![moved().task];
        summary.still_queued = 4;
        let mut paused = plan(1);
        paused.counts = Counts { queued: 4, ..Counts::default() };
        paused.pause = Some(Pause::Failures(problem));
        summary.paused = vec![Arc::new(paused)];
        summary.paused_lanes = vec![Arc::new(lane())];
        summary.interrupted = Some(EndedBySignal { name: "SIGINT", exit_code: 130 });
        summary
    }

    #[test]
    fn the_json_lines_are_as_documented() {
        let (moved, summary) = (moved(), summary());
        insta::assert_snapshot!(
            "follow_json",
            [json_line(&Record::moved(&moved)), json_line(&Record::summary(&summary))].concat()
        );
    }

    #[test]
    fn the_plain_lines_are_as_documented() {
        let moved = moved();
        insta::assert_snapshot!(
            "follow_plain",
            [
                plain::moved(&moved, Form::Fields),
                plain::moved(&moved, Form::People),
                plain::ended(&moved),
                plain::summary(&summary()),
            ]
            .concat()
        );
    }
}
