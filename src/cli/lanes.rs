//! Ways to lanes: how a command that drives connects to those the ledger knows of.
//!
//! A lane is only driven through credentials of its own account, in its own Region and at its own endpoint: what was queued
//! for one account must never be launched in another. Callers: `run` and `tasks cancel`.

use std::sync::Arc;

use crate::aws::{ConnectOptions, Session};
use crate::domain::place::Lane;
use crate::domain::problem::Problem;
use crate::domain::text::escape;
use crate::domain::time::Timestamp;
use crate::ledger::{Driver, LaneRecord};

use super::connection::Place;
use super::outcome::remedy;

/// A lane that can be driven.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where it leads.
    pub lane: Lane,
    /// Through what.
    pub session: Session,
}

impl Way {
    /// Through the connection that was asked for, wherever it leads.
    pub async fn given(place: &Place) -> Result<Self, Problem> {
        Self::find(place.connect.clone()).await
    }

    async fn find(options: ConnectOptions) -> Result<Self, Problem> {
        let session = Session::connect(options).await?;
        let lane = session.lane(session.identity().await?.account);
        Ok(Self { lane, session })
    }

    /// To the lane of `record`: through `given` if that leads there, else as it was connected to before.
    pub async fn to(record: &LaneRecord, given: Option<&Self>) -> Result<Self, Unreached> {
        if let Some(given) = given.filter(|given| given.lane == *record.lane) {
            return Ok(given.clone());
        }
        let unreached = |why, remedy| Unreached { lane: Arc::clone(&record.lane), why, remedy };
        let lane = &record.lane;
        let options = ConnectOptions {
            profile: record.profile.clone(),
            region: Some(lane.region.0.clone()),
            endpoint_url: lane.endpoint.clone(),
            fixed_keys: None,
            read_only: given.is_some_and(|given| given.session.is_read_only()),
        };
        let way = Self::find(options)
            .await
            .map_err(|problem| unreached(escape(&problem.to_string()).into_owned(), remedy(&problem)))?;
        if way.lane == *record.lane {
            return Ok(way);
        }
        Err(unreached(elsewhere(&way.lane, record), ASK_FOR_IT.to_owned()))
    }
}

/// Who drives the lane of `record` at `now`, this process included.
pub fn driver_of(record: &LaneRecord, now: Timestamp) -> Option<&Driver> {
    record.driver.as_ref().filter(|_| record.until.is_some_and(|until| until > now))
}

/// What to do about a connection that leads elsewhere.
const ASK_FOR_IT: &str = "give the right one with --profile (and --endpoint-url, where one is needed)";

fn elsewhere(found: &Lane, record: &LaneRecord) -> String {
    let by = match &record.profile {
        Some(profile) => format!("the credentials of profile {}", escape(profile)),
        None => "the default credentials".to_owned(),
    };
    if found.account == record.lane.account {
        let endpoint = |lane: &Lane| lane.endpoint.clone().unwrap_or_else(|| "AWS itself".to_owned());
        let (to, not) = (endpoint(found), endpoint(&record.lane));
        return format!("the configuration leads to {}, not to {}", escape(&to), escape(&not));
    }
    format!("{by} lead to account {}", escape(&found.account.0))
}

/// A lane that could not be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// Which.
    pub lane: Arc<Lane>,
    /// Why, safe to show.
    pub why: String,
    /// What to do.
    pub remedy: String,
}

#[cfg(test)]
mod tests {
    use super::super::follow::fixtures::{lane, record};
    use super::*;
    use crate::domain::place::AccountId;

    #[test]
    fn a_connection_that_leads_elsewhere_is_told_by_what_differs() {
        let other = Lane { account: AccountId("999999999999".to_owned()), ..lane() };
        let known = LaneRecord { profile: Some("prod".to_owned()), ..record() };
        assert_eq!(elsewhere(&other, &known), "the credentials of profile prod lead to account 999999999999");
        assert_eq!(elsewhere(&other, &record()), "the default credentials lead to account 999999999999");
        let emulated = Lane { endpoint: Some("http://127.0.0.1:4566".to_owned()), ..lane() };
        let told = "the configuration leads to http://127.0.0.1:4566, not to AWS itself";
        assert_eq!(elsewhere(&emulated, &record()), told);
    }
}
