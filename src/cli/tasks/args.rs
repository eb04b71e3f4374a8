//! The options of `logferry tasks`, validated into one [`Request`]. Nothing is opened here: whether an id is known is for
//! the ledger to say.

use clap::error::ErrorKind;
use clap::{Args, Subcommand};

use crate::cli::connection::Connection;
use crate::cli::environment::Usual;
use crate::cli::export::{Wrong, instant};
use crate::domain::names::BucketName;
use crate::domain::split::Split;
use crate::domain::task::State;
use crate::domain::time::Timestamp;
use crate::domain::zone::Zone;

/// The end of `logferry tasks --help`.
pub const AFTER_HELP: &str = "\
Examples:
  logferry tasks list --state failed --from 'last month'
  logferry tasks show 019a7c3e
  logferry tasks cancel --plan nightly
  logferry tasks retry --plan nightly
  logferry tasks retry 019a7c3e --split hourly

Exit codes (`watch` has those of `logferry run`):
  0    done
  1    an error
  2    wrong usage: no such task, or more than one
  3    some tasks could not be cancelled or retried";

/// Tasks and plans that are listed if nobody says how many.
const TASKS: usize = 100;
const PLANS: usize = 20;

/// What is said of `logferry tasks --state failed show …`.
const MISPLACED: &str = "options of a list stand before another command: put that command's own behind it";

/// What was asked for.
#[derive(Debug)]
pub enum Request {
    /// Tasks that pass a filter, the newest first.
    List {
        /// Which.
        wanted: Wanted,
        /// One JSON object a line.
        json: bool,
    },
    /// The newest plans.
    Plans {
        /// How many.
        limit: usize,
        /// One JSON object a line.
        json: bool,
    },
    /// Everything about some tasks.
    Show {
        /// Beginnings of their ids.
        ids: Vec<String>,
        /// One JSON object a line.
        json: bool,
    },
    /// Cancel.
    Cancel {
        /// What.
        which: Which,
        /// One JSON object a line.
        json: bool,
    },
    /// Run again.
    Retry {
        /// What.
        which: Which,
        /// In finer windows.
        split: Option<Split>,
        /// Even what was exported or queued since.
        again: bool,
        /// One JSON object a line.
        json: bool,
    },
    /// Follow without driving.
    Watch {
        /// A plan; everything without.
        plan: Option<String>,
        /// One JSON object a line.
        json: bool,
    },
    /// Hold a plan or lanes.
    Pause {
        /// Which.
        held: Held,
        /// One JSON object a line.
        json: bool,
    },
    /// Let a plan or lanes go on.
    Resume {
        /// Which.
        held: Held,
        /// One JSON object a line.
        json: bool,
    },
}

impl Request {
    /// Whether results are JSON.
    pub const fn json(&self) -> bool {
        match self {
            Self::List { json, .. }
            | Self::Plans { json, .. }
            | Self::Show { json, .. }
            | Self::Cancel { json, .. }
            | Self::Retry { json, .. }
            | Self::Watch { json, .. }
            | Self::Pause { json, .. }
            | Self::Resume { json, .. } => *json,
        }
    }
}

impl Request {
    /// Whether it changes what is queued, or cancels what AWS has.
    pub const fn changes(&self) -> bool {
        match self {
            Self::Cancel { .. } | Self::Retry { .. } | Self::Pause { .. } | Self::Resume { .. } => true,
            Self::List { .. } | Self::Plans { .. } | Self::Show { .. } | Self::Watch { .. } => false,
        }
    }
}

/// Tasks, as they are named on the command line.
#[derive(Debug)]
pub enum Which {
    /// By beginnings of their ids.
    Tasks(Vec<String>),
    /// All of a plan that can be.
    Plan(String),
}

/// What is held or let go on.
#[derive(Debug)]
pub enum Held {
    /// A plan, by the beginning of its id or its name.
    Plan(String),
    /// Lanes.
    Lanes(SomeLanes),
}

/// Lanes of the ledger; all that fit.
#[derive(Debug)]
pub struct SomeLanes {
    /// Of this account alone.
    pub account: Option<String>,
    /// In this Region alone.
    pub region: Option<String>,
}

/// Which tasks are listed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Part of the log group's name.
    pub group: Option<String>,
    /// In any of these states; none stands for all.
    pub states: Vec<Wish>,
    /// To this bucket.
    pub bucket: Option<String>,
    /// Of this plan.
    pub plan: Option<String>,
    /// With windows that end after this.
    pub from: Option<Timestamp>,
    /// With windows that begin before this.
    pub to: Option<Timestamp>,
    /// At most so many.
    pub limit: usize,
}

/// A state, or one that has no state of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// In this state.
    In(State),
    /// Completed, and nothing landed.
    Empty,
}

impl Wish {
    fn parse(word: &str) -> Result<Self, String> {
        let word = word.trim().to_lowercase();
        if word == "empty" {
            return Ok(Self::Empty);
        }
        let known = State::ALL.into_iter().find(|state| state.word().to_lowercase() == word);
        known.map(Self::In).ok_or_else(|| {
            let all: Vec<_> = State::ALL.iter().map(|state| state.word().to_lowercase()).collect();
            format!("no such state: choose from {} and empty", all.join(", "))
        })
    }
}

/// `logferry tasks …`.
#[derive(Debug, Args)]
pub struct TasksArguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    list: ListArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List tasks, the newest first (the default)
    List(ListArguments),

    /// List plans, the newest first
    Plans(PlansArguments),

    /// Tell everything about tasks: what was asked for, what happened when, and what to do about a failure
    Show(ShowArguments),

    /// Cancel tasks: a queued one at once, one that AWS has through whoever drives its lane
    ///
    /// If nobody drives the lane, this command asks AWS itself and waits until it has cancelled; that needs a connection.
    Cancel(CancelArguments),

    /// Queue failed or cancelled tasks again
    Retry(RetryArguments),

    /// Follow what happens, without driving anything, until everything has ended
    Watch(WatchArguments),

    /// Hold a plan, or lanes (an account and Region each): nothing queued there is launched
    Pause(HeldArguments),

    /// Let a paused plan, or paused lanes, go on
    Resume(HeldArguments),
}

#[derive(Debug, Default, PartialEq, Args)]
struct ListArguments {
    /// Only log groups with this in their names
    #[arg(long, value_name = "PART")]
    group: Option<String>,

    /// Only tasks in this state; several with commas. Besides the states: empty (completed, and nothing landed)
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = Wish::parse)]
    state: Vec<Wish>,

    /// Only exports to this bucket
    #[arg(long, value_name = "NAME", value_parser = BucketName::parse)]
    bucket: Option<BucketName>,

    /// Only tasks of this plan: the beginning of its id, or its name
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,

    /// Only windows that end after this
    #[arg(long, value_name = "TIME")]
    from: Option<String>,

    /// Only windows that begin before this
    #[arg(long, value_name = "TIME")]
    to: Option<String>,

    /// Read times in this zone: UTC (default), Local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = Zone::parse)]
    timezone: Option<Zone>,

    /// At most so many [default: 100]
    #[arg(long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct PlansArguments {
    /// At most so many [default: 20]
    #[arg(long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ShowArguments {
    /// Tasks: their ids, or unique beginnings of them
    #[arg(value_name = "TASK", required = true)]
    ids: Vec<String>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Tasks by their ids, or all of a plan.
#[derive(Debug, Args)]
struct WhichArguments {
    /// Tasks: their ids, or unique beginnings of them
    #[arg(value_name = "TASK", required_unless_present = "plan", conflicts_with = "plan")]
    ids: Vec<String>,

    /// All tasks of this plan that can be: the beginning of its id, or its name
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
}

#[derive(Debug, Args)]
struct CancelArguments {
    #[command(flatten)]
    which: WhichArguments,

    /// One JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct RetryArguments {
    #[command(flatten)]
    which: WhichArguments,

    /// Make a new plan of finer windows instead: hourly, daily, weekly or monthly
    #[arg(long, value_name = "SPLIT", value_parser = Split::parse)]
    split: Option<Split>,

    /// Even if the window has been exported since, or other tasks are to export it: it is then in the bucket twice
    #[arg(long)]
    again: bool,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct WatchArguments {
    /// Only this plan: the beginning of its id, or its name
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct HeldArguments {
    /// The beginning of the plan's id, or its name
    #[arg(value_name = "PLAN", required_unless_present = "lanes", conflicts_with = "lanes")]
    plan: Option<String>,

    /// The lanes of the ledger instead: every account and Region that something was queued in
    #[arg(long)]
    lanes: bool,

    /// Only lanes of this account
    #[arg(long, value_name = "ID", requires = "lanes")]
    account: Option<String>,

    /// Only lanes in this Region
    #[arg(long = "region", id = "lanes_region", value_name = "REGION", requires = "lanes")]
    region: Option<String>,

    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

fn limit(typed: &str) -> Result<usize, String> {
    typed.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| "expected a number from 1 on".to_owned())
}

impl TasksArguments {
    /// The connection options behind the command, and the request, with times read as `usual`.
    pub fn resolve(self, usual: Usual<'_>) -> Result<(Connection, Request), Wrong> {
        if self.command.is_some() && self.list != ListArguments::default() {
            let message = MISPLACED.to_owned();
            return Err(Wrong { kind: ErrorKind::ArgumentConflict, message });
        }
        let request = match self.command.unwrap_or(Command::List(self.list)) {
            Command::Cancel(CancelArguments { which, json, connection }) => {
                return Ok((connection, Request::Cancel { which: which.which(), json }));
            }
            Command::List(list) => Request::List { json: list.json, wanted: list.wanted(usual)? },
            Command::Plans(PlansArguments { limit, json }) => Request::Plans { limit: limit.unwrap_or(PLANS), json },
            Command::Show(ShowArguments { ids, json }) => Request::Show { ids, json },
            Command::Retry(RetryArguments { which, split, again, json }) => {
                Request::Retry { which: which.which(), split, again, json }
            }
            Command::Watch(WatchArguments { plan, json }) => Request::Watch { plan, json },
            Command::Pause(held) => Request::Pause { json: held.json, held: held.held() },
            Command::Resume(held) => Request::Resume { json: held.json, held: held.held() },
        };
        Ok((Connection::default(), request))
    }
}

impl ListArguments {
    fn wanted(self, usual: Usual<'_>) -> Result<Wanted, Wrong> {
        let (now, zone) = (usual.now, self.timezone.unwrap_or(usual.zone));
        let read = |option, typed: Option<String>| {
            typed.map(|typed| instant(option, &typed, now, zone).map(|reading| reading.at)).transpose()
        };
        Ok(Wanted {
            from: read("--from", self.from)?,
            to: read("--to", self.to)?,
            group: self.group,
            states: self.state,
            bucket: self.bucket.map(|bucket| bucket.to_string()),
            plan: self.plan,
            limit: self.limit.unwrap_or(TASKS),
        })
    }
}

impl HeldArguments {
    fn held(self) -> Held {
        match self.plan {
            Some(plan) => Held::Plan(plan),
            None => Held::Lanes(SomeLanes { account: self.account, region: self.region }),
        }
    }
}

impl WhichArguments {
    fn which(self) -> Which {
        match self.plan {
            Some(plan) => Which::Plan(plan),
            None => Which::Tasks(self.ids),
        }
    }
}
