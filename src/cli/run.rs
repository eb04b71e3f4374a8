//! `logferry run`: drives the queue until it is empty, whoever filled it.
//!
//! Every lane with open tasks is connected to as it was when its tasks were queued; lanes that come up meanwhile too. A
//! lane that cannot be reached is told, and the others go on. Paused plans wait for somebody to let them go on, not for us.

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Report;
use serde::Serialize;
use tokio::task::JoinSet;

use super::Target;
use super::follow::{Follower, Narrator, Scope};
use super::lanes::{Unreached, Way};
use super::outcome::remedy;
use super::output::{Form, json_line};
use super::signals::Signals;
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::text::escape;
use crate::export::Terms;
use crate::ledger::{LaneRecord, Ledger};

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// How to drive.
    pub terms: Terms,
    /// One JSON object a line.
    pub json: bool,
}

/// The end of `logferry run --help`.
pub const AFTER_HELP: &str = "\
Exit codes:
  0    every task that ended completed, with log objects in the bucket; or nothing was queued
  1    an error: a lane could not be reached (the others were driven)
  2    wrong usage
  3    some tasks failed or were cancelled
  4    all completed, but some are empty or could not be checked
  130  interrupted (129 by SIGHUP, 143 by SIGTERM): AWS goes on with the tasks it has, the others stay queued";

/// Drives everything that can be driven. `Target`'s own connection is used for whichever lane it leads to.
pub async fn run(target: Target, request: Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let mut signals = Signals::listen()?;
    let chosen = target.is_chosen();
    let state = target.state(state_dir)?;
    let place = target.open().await?;
    let ledger = Ledger::open(state.path()).await?;
    let mut narrator = Narrator::new(request.json);
    narrator.show_progress();
    let mut follower = Follower::start(ledger, request.terms, Scope::Everything, narrator).await?;
    let empty = follower.has_ended();
    // With nothing to do, no connection is needed, and none that fails is an error.
    let given = if empty {
        None
    } else {
        tokio::select! {
            biased;
            ended = signals.next() => { follower.interrupt(ended); return follower.conclude(&mut signals).await }
            way = Way::given(&place) => Some(way),
        }
    };
    let mut lanes = Lanes::new(given, chosen, &mut follower).await;
    lanes.drive(&mut follower, &mut signals).await?;
    if empty {
        follower.narrator.say("nothing is queued");
    }
    follower.summary.unreached = lanes.unreached.len() + usize::from(lanes.chosen_failed);
    follower.conclude(&mut signals).await
}

/// The lanes of this run.
struct Lanes {
    /// The connection that was asked for, if it leads anywhere.
    given: Option<Way>,
    /// Somebody named a connection, and it cannot be made.
    chosen_failed: bool,
    /// Those that a way was looked for, or found.
    tried: HashSet<Arc<Lane>>,
    connecting: JoinSet<(Arc<Lane>, Result<Way, Unreached>)>,
    unreached: HashSet<Arc<Lane>>,
}

impl Lanes {
    async fn new(given: Option<Result<Way, Problem>>, chosen: bool, follower: &mut Follower) -> Self {
        let chosen_failed = chosen && matches!(given, Some(Err(_)));
        if let (true, Some(Err(problem))) = (chosen, &given) {
            let (why, remedy) = (escape(&problem.to_string()).into_owned(), remedy(problem));
            follower.narrator.say(&format!("logferry: {why}\n  what to do: {remedy}"));
        }
        let given = given.and_then(Result::ok);
        let (tried, unreached) = (HashSet::new(), HashSet::new());
        let mut lanes = Self { given, chosen_failed, tried, connecting: JoinSet::new(), unreached };
        if let Some(way) = lanes.given.clone() {
            lanes.tried.insert(Arc::new(way.lane.clone()));
            follower.queue.work(way.lane, way.session).await;
        }
        lanes
    }

    /// Until nothing moves any more in the lanes that can be reached, or a signal comes.
    async fn drive(&mut self, follower: &mut Follower, signals: &mut Signals) -> Result<(), Report> {
        loop {
            self.look_for_ways(follower);
            if self.connecting.is_empty() && follower.left(&self.unreached).moving == 0 {
                return Ok(());
            }
            tokio::select! {
                biased;
                ended = signals.next() => {
                    follower.interrupt(ended);
                    return Ok(());
                }
                Some(found) = self.connecting.join_next() => {
                    let (lane, way) = found?;
                    self.found(lane, way, follower).await;
                }
                heard = follower.next() => follower.hear(heard?),
            }
        }
    }

    /// Begins to connect to lanes in which something waits.
    fn look_for_ways(&mut self, follower: &Follower) {
        let snapshot = follower.snapshot();
        let busy = |record: &&Arc<LaneRecord>| {
            snapshot.plans.iter().any(|plan| plan.lane == record.lane && plan.counts.open() > 0)
        };
        for record in snapshot.lanes.iter().filter(busy) {
            if self.tried.insert(Arc::clone(&record.lane)) {
                let (record, given) = (Arc::clone(record), self.given.clone());
                self.connecting.spawn(async move {
                    let way = Way::to(&record, given.as_ref()).await;
                    (Arc::clone(&record.lane), way)
                });
            }
        }
    }

    async fn found(&mut self, lane: Arc<Lane>, way: Result<Way, Unreached>, follower: &mut Follower) {
        match way {
            Ok(way) => follower.queue.work(way.lane, way.session).await,
            Err(unreached) => {
                tell(&unreached, &mut follower.narrator);
                self.unreached.insert(lane);
            }
        }
    }
}

/// A lane that is not driven, as one JSON object; README documents it.
#[derive(Serialize)]
struct Record<'a> {
    event: &'static str,
    account: &'a str,
    region: &'a str,
    endpoint: Option<&'a str>,
    problem: &'a str,
    remedy: &'a str,
}

fn tell(unreached: &Unreached, narrator: &mut Narrator) {
    let Unreached { lane, why, remedy } = unreached;
    narrator.say(&format!("logferry: {} is left out: {why}\n  what to do: {remedy}", escape(&lane.to_string())));
    if narrator.form() == Form::Json {
        narrator.tell(&json_line(&Record {
            event: "lane_unreached",
            account: &lane.account.0,
            region: &lane.region.0,
            endpoint: lane.endpoint.as_deref(),
            problem: why,
            remedy,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::follow::fixtures::lane;
    use super::*;

    #[test]
    fn a_lane_left_out_is_told_as_documented() {
        let lane = lane();
        let record = Record {
            event: "lane_unreached",
            account: &lane.account.0,
            region: &lane.region.0,
            endpoint: None,
            problem: "no usable AWS credentials were found",
            remedy: "run `aws sso login`",
        };
        insta::assert_snapshot!(json_line(&record), @r#"{"event":"lane_unreached","account":"123456789012","region":"eu-central-1","endpoint":null,"problem":"no usable AWS credentials were found","remedy":"run `aws sso login`"}"#);
    }
}
