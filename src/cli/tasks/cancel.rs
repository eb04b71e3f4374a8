//! `logferry tasks cancel`: a queued task is cancelled at once, and AWS never hears of it. For one that AWS has the wish
//! is recorded, and whoever drives the lane passes it on; if nobody does, this process does until it is done.

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::{Report, eyre};
use serde::Serialize;

use super::args::Which;
use super::list::word;
use super::resolve::{self, Meant};
use crate::cli::Target;
use crate::cli::connection::Place;
use crate::cli::follow::{Follower, Narrator, Scope, now};
use crate::cli::lanes::{Way, driver_of};
use crate::cli::output::{Form, fields, json_line};
use crate::cli::signals::Signals;
use crate::domain::names::TaskId;
use crate::domain::place::Lane;
use crate::domain::reducer::Reduced;
use crate::domain::task::{Fact, State, Task};
use crate::domain::text::escape;
use crate::export::{Drive, Terms};
use crate::ledger::Ledger;

/// The code of a command that could not do all of what was asked.
const NOT_ALL: u8 = 3;

/// What came of a wish to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Done, and AWS never had it.
    Cancelled,
    /// The wish is recorded; AWS has the task.
    Asked,
    /// It was cancelled before.
    Already,
    /// It ended before anybody could cancel it.
    Finished,
}

impl Outcome {
    const fn of(task: &Task, reduced: Reduced) -> Self {
        match (task.state, reduced) {
            (State::Cancelled, Reduced::Moved(_)) => Self::Cancelled,
            (State::Cancelled, Reduced::Changed | Reduced::Ignored) => Self::Already,
            (State::Completed | State::Failed, _) => Self::Finished,
            (State::Queued | State::Launching | State::Pending | State::Running | State::Cancelling, _) => Self::Asked,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Asked => "asked",
            Self::Already => "already_cancelled",
            Self::Finished => "already_finished",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled before AWS had it",
            Self::Asked => "cancel asked for",
            Self::Already => "it was cancelled already",
            Self::Finished => "nothing to cancel: it had already finished",
        }
    }
}

/// What came of one task, as one JSON object; README documents it.
#[derive(Serialize)]
struct Record {
    event: &'static str,
    task: String,
    outcome: &'static str,
    state: String,
}

/// Cancels.
pub async fn run(target: Target, ledger: Ledger, which: &Which, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let mut signals = Signals::listen()?;
    let ids = match resolve::which(&ledger, which).await? {
        Meant::Tasks(ids) => ids,
        Meant::Plan(plan) => {
            let open = State::ALL.into_iter().filter(|state| !state.is_end()).collect();
            ledger.ids(plan, open).await?
        }
    };
    if ids.is_empty() {
        narrator.say("nothing of the plan is left to cancel");
    }
    let (asked, missed) = wish(&ledger, &ids, &mut narrator).await?;
    let undriven = undriven(&ledger, &asked, &narrator).await?;
    if undriven.is_empty() {
        return Ok(if missed { ExitCode::from(NOT_ALL) } else { ExitCode::SUCCESS });
    }
    let place = target.open().await?;
    see_to_it(ledger, &undriven, &place, narrator, &mut signals, missed).await
}

/// Records the wishes. Answers the tasks AWS has to be asked about, and whether one had finished already.
async fn wish(ledger: &Ledger, ids: &[TaskId], narrator: &mut Narrator) -> Result<(Vec<Task>, bool), Report> {
    let facts = ids.iter().map(|id| (*id, Fact::CancelAsked)).collect();
    let folded = ledger.fold(facts, now(), None).await?;
    let (mut asked, mut missed) = (Vec::new(), false);
    for (id, reduced) in ids.iter().zip(folded) {
        let task = ledger.task(*id).await?.ok_or_else(|| eyre!("the task {id} is gone"))?;
        let outcome = Outcome::of(&task, reduced);
        tell(&task, outcome, narrator);
        missed |= outcome == Outcome::Finished;
        if outcome == Outcome::Asked {
            asked.push(task);
        }
    }
    Ok((asked, missed))
}

fn tell(task: &Task, outcome: Outcome, narrator: &mut Narrator) {
    let text = match narrator.form() {
        Form::Json => json_line(&Record {
            event: "cancel",
            task: task.id.to_string(),
            outcome: outcome.code(),
            state: task.state.word().to_lowercase(),
        }),
        Form::People | Form::Fields => fields(&[
            task.id.to_string(),
            word(task).to_owned(),
            task.spec.group.to_string(),
            outcome.words().to_owned(),
        ]),
    };
    narrator.tell(&text);
}

/// Those of `asked` whose lane nobody drives; of the others it is said who does.
async fn undriven(ledger: &Ledger, asked: &[Task], narrator: &Narrator) -> Result<Vec<Task>, Report> {
    let lanes = ledger.lanes().await?;
    let mut left = Vec::new();
    let mut drivers = HashSet::new();
    for task in asked {
        let record = lanes.iter().find(|record| record.lane == task.lane);
        match record.and_then(|record| driver_of(record, now())) {
            Some(driver) => drop(drivers.insert(driver.label.clone())),
            None => left.push(task.clone()),
        }
    }
    for driver in drivers {
        narrator.say(&format!("{} passes it on to AWS", escape(&driver)));
    }
    Ok(left)
}

/// Drives the lanes of `tasks`, launching nothing, until all of them have ended.
async fn see_to_it(
    ledger: Ledger,
    tasks: &[Task],
    place: &Place,
    narrator: Narrator,
    signals: &mut Signals,
    missed: bool,
) -> Result<ExitCode, Report> {
    let scope = Scope::Tasks(tasks.iter().map(|task| task.id).collect());
    let terms = Terms { drive: Drive::Begun, ..Terms::default() };
    let given = Way::given(place).await.ok();
    let mut follower = Follower::start(ledger, terms, scope, narrator).await?;
    let lanes: HashSet<Arc<Lane>> = tasks.iter().map(|task| Arc::clone(&task.lane)).collect();
    for record in follower.snapshot().lanes.iter().filter(|record| lanes.contains(&record.lane)) {
        match Way::to(record, given.as_ref()).await {
            Ok(way) => follower.queue.work(way.lane, way.session).await,
            Err(unreached) => {
                let why = format!("the wish is recorded, and nobody passes it on yet: {}", unreached.why);
                return Err(eyre!("{why}; what to do: {}", unreached.remedy));
            }
        }
    }
    for task in tasks {
        // It may have ended before the first look at the queue.
        if let Some(task) = follower.queue.ledger().task(task.id).await? {
            follower.summary.take(&task);
        }
    }
    follower.until(signals, Follower::has_come_to_rest).await?;
    let all_cancelled = follower.summary.tally.cancelled == tasks.len() && !missed;
    let interrupted = follower.summary.interrupted;
    follower.leave(signals).await?;
    Ok(ExitCode::from(match interrupted {
        Some(ended) => ended.exit_code,
        None if all_cancelled => 0,
        None => NOT_ALL,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::follow::fixtures::task;

    #[test]
    fn what_came_of_it_is_told_as_what_it_is() {
        let outcome = |state, reduced| Outcome::of(&Task { state, ..task("web") }, reduced);
        assert_eq!(outcome(State::Cancelled, Reduced::Moved(State::Queued)), Outcome::Cancelled);
        assert_eq!(outcome(State::Cancelled, Reduced::Ignored), Outcome::Already);
        assert_eq!(outcome(State::Cancelling, Reduced::Moved(State::Running)), Outcome::Asked);
        assert_eq!(outcome(State::Cancelling, Reduced::Ignored), Outcome::Asked, "asked for before");
        assert_eq!(outcome(State::Completed, Reduced::Ignored), Outcome::Finished);
    }

    #[test]
    fn the_json_line_is_as_documented() {
        let task = task("web");
        let (outcome, state) = (Outcome::Finished.code(), "completed".to_owned());
        let record = Record { event: "cancel", task: task.id.to_string(), outcome, state };
        insta::assert_snapshot!(json_line(&record), @r#"{"event":"cancel","task":"00000000-0000-0000-0000-000000000007","outcome":"already_finished","state":"completed"}"#);
    }
}
