//! Why a task waits or failed, in a sentence for a line of text. Whatever comes from outside is escaped.

use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::task::Wait;
use crate::domain::text::escape;
use crate::domain::zone::Zone;

/// Why a task that could move does not.
pub fn wait(wait: &Wait) -> String {
    match wait {
        Wait::Turn => "waits for its turn".to_owned(),
        Wait::Slot(None) => "waits for the slot".to_owned(),
        Wait::Slot(Some(holder)) => {
            let group = escape(&holder.group);
            format!("waits for the slot, which the export of {group} has ({})", escape(&holder.remote.0))
        }
        Wait::Retry { problem, until } => {
            format!("{}; next try at {}", problem.explain().cause, until.show(Zone::Utc))
        }
    }
}

/// That somebody holds a lane.
pub fn lane_paused(lane: &Lane) -> String {
    format!("lane {} is paused", escape(&lane.to_string()))
}

/// What lets a lane go on.
pub fn lane_remedy(lane: &Lane) -> String {
    let (account, region) = (escape(&lane.account.0), escape(&lane.region.0));
    format!("`logferry tasks resume --lanes --account {account} --region {region}`")
}

/// Why it failed, with AWS's own words.
pub fn problem(problem: &Problem) -> String {
    let cause = problem.explain().cause;
    let said = problem.message.as_deref().map(|said| format!(" ({})", escape(said)));
    format!("{cause}{}", said.unwrap_or_default())
}
