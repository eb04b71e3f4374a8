//! `logferry verify`: reads back what tasks have left in a bucket or a directory, and says what that proves and what it does not.
//!
//! What is found is `domain::verify`'s, the reading `export::verify`'s. [`tell`] makes the text, [`bar`] shows how far it
//! has come.

mod bar;
mod tell;

use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;

use clap::Args;
use color_eyre::eyre::{Report, eyre};
use tokio::sync::{mpsc, watch};

use super::Target;
use super::connection::Connection;
use super::follow::now;
use super::lanes::Way;
use super::outcome::{WrongUsage, say};
use super::output::Output;
use super::signals::Signals;
use super::tasks::resolve;
use crate::domain::names::TaskId;
use crate::domain::text::escape;
use crate::domain::verify::manifest::{Manifest, ObjectRecord};
use crate::domain::verify::object::ReadBack;
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::{Tally, Verdict};
use crate::export::verify::{Progress, Verification};
use crate::ledger::Ledger;
use crate::tui::EndedBySignal;
use bar::Bar;

/// Objects that were read back and are not told yet.
const UNTOLD: usize = 64;

/// The codes of what was found.
const WRONG: u8 = 3;
const DOUBTFUL: u8 = 4;

/// The end of `logferry verify --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry verify 019a7c3e
  logferry verify 019a7c3e --manifest
  logferry verify 019a7c3e --json | jq 'select(.event == \"finding\")'

Exit codes:
  0    whatever can be checked is as it should be
  1    an error: a task could not be reached (no connection, no such bucket); the others are verified all the same
  2    wrong usage: no such task, or one that has not ended
  3    an object is damaged or missing, or events lie outside the range; whatever else there is
  4    nothing is wrong, and not everything could be shown to be right: nothing landed, or an object could not be read
  130  interrupted (129 by SIGHUP, 143 by SIGTERM)";

/// The options as given.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Tasks that have ended: their ids, or unique beginnings of them
    #[arg(value_name = "TASK", required = true)]
    ids: Vec<String>,

    /// Write what was found into the task's folder: <prefix>/<taskId>/manifest.json
    #[arg(long)]
    manifest: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

/// What was asked for.
#[derive(Debug)]
pub struct Request {
    ids: Vec<String>,
    manifest: bool,
    json: bool,
}

impl VerifyArguments {
    /// Where to connect, and what is verified.
    pub fn resolve(self) -> (Connection, Request) {
        (self.connection, Request { ids: self.ids, manifest: self.manifest, json: self.json })
    }
}

impl Request {
    /// Whether an object is put.
    pub const fn writes(&self) -> bool {
        self.manifest
    }
}

/// Verifies each task in turn, and answers what the worst of them comes to.
pub async fn run(target: Target, request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let mut signals = Signals::listen()?;
    let state = target.state(state_dir)?;
    let ledger = Ledger::open(state.path()).await?;
    let mut subjects = Vec::new();
    for id in resolve::tasks(&ledger, &request.ids).await? {
        subjects.push(subject(&ledger, id).await?);
    }
    let work = async {
        let place = target.open().await?;
        let given = Way::given(&place).await.ok();
        let mut desk = Desk { ledger: &ledger, given, output: Output::new(request.json) };
        Ok(desk.verify_all(subjects, request.manifest).await)
    };
    tokio::select! {
        biased;
        ended = signals.next() => Ok(interrupted(ended)),
        done = work => done,
    }
}

fn interrupted(ended: EndedBySignal) -> ExitCode {
    say(&format!("logferry: ended by {}: not everything was read back", ended.name));
    ExitCode::from(ended.exit_code)
}

async fn subject(ledger: &Ledger, id: TaskId) -> Result<Subject, Report> {
    let task = ledger.task(id).await?.ok_or_else(|| eyre!("the task {id} is gone"))?;
    Subject::of(&task).map_err(|not_yet| WrongUsage(format!("the task {id} cannot be verified: {not_yet}")).into())
}

/// What all tasks have in common.
struct Desk<'a> {
    ledger: &'a Ledger,
    /// The connection that was asked for, if it leads anywhere.
    given: Option<Way>,
    output: Output,
}

impl Desk<'_> {
    /// Verifies one after the other. One that cannot be reached keeps nobody from the rest.
    async fn verify_all(&mut self, subjects: Vec<Subject>, manifest: bool) -> ExitCode {
        let (mut worst, mut unreached) = (Verdict::Sound, false);
        for subject in subjects {
            let task = subject.task;
            match self.verify(subject, manifest).await {
                Ok(verdict) => worst = worst.max(verdict),
                Err(failure) => {
                    tracing::error!(error = %format!("{failure:#}"), %task, "not verified");
                    tell::unverified(&mut self.output, task, &failure);
                    unreached = true;
                }
            }
        }
        match (worst, unreached) {
            (Verdict::Wrong, _) => ExitCode::from(WRONG),
            (Verdict::Sound | Verdict::Doubtful, true) => ExitCode::FAILURE,
            (Verdict::Doubtful, false) => ExitCode::from(DOUBTFUL),
            (Verdict::Sound, false) => ExitCode::SUCCESS,
        }
    }

    async fn verify(&mut self, subject: Subject, manifest: bool) -> Result<Verdict, Report> {
        let verification = match Verification::here(&subject) {
            Some(verification) => verification,
            None => Verification::new(self.way(&subject).await?.session, subject).await?,
        };
        let mut records = Vec::new();
        let tally = {
            let output = &mut self.output;
            let told = |object: &ReadBack| {
                tell::object(output, object);
                if manifest {
                    records.push(ObjectRecord::from(object));
                }
            };
            read_back(&verification, told).await?
        };
        let subject = verification.subject();
        if manifest {
            verification.write(&Manifest::new(subject, &tally, records, now())).await?;
        }
        tell::whole(&mut self.output, subject, &tally, manifest);
        Ok(tally.verdict())
    }

    /// To where the task ran.
    async fn way(&self, subject: &Subject) -> Result<Way, Report> {
        let lanes = self.ledger.lanes().await?;
        let record = lanes.into_iter().find(|record| record.lane == subject.lane);
        let record = record.ok_or_else(|| eyre!("the ledger does not know the lane {}", subject.lane))?;
        Way::to(&record, self.given.as_ref()).await.map_err(|unreached| {
            let lane = unreached.lane.to_string();
            eyre!("{} cannot be reached: {}; what to do: {}", escape(&lane), unreached.why, unreached.remedy)
        })
    }
}

/// Reads everything back, and has each object `told` as it comes.
async fn read_back(verification: &Verification, mut told: impl FnMut(&ReadBack)) -> Result<Tally, Report> {
    let (progress, mut seen) = watch::channel(Progress::default());
    let (objects, mut untold) = mpsc::channel(UNTOLD);
    let bar = Bar::on_terminal();
    let tally = {
        let mut run = pin!(verification.run(&progress, objects));
        loop {
            tokio::select! {
                biased;
                Some(object) = untold.recv() => bar.aside(|| told(&object)),
                tally = &mut run => break tally?,
                Ok(()) = seen.changed() => bar.show(&seen.borrow_and_update()),
            }
        }
    };
    while let Ok(object) = untold.try_recv() {
        bar.aside(|| told(&object));
    }
    Ok(tally)
}
