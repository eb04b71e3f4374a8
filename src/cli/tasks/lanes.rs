//! `logferry tasks pause --lanes` and `resume --lanes`: lanes of the ledger as a whole.

use std::process::ExitCode;

use color_eyre::eyre::Report;
use serde::Serialize;

use super::args::SomeLanes;
use crate::cli::follow::Narrator;
use crate::cli::outcome::WrongUsage;
use crate::cli::output::{Form, fields, json_line};
use crate::domain::place::Lane;
use crate::ledger::Ledger;

/// A lane and whether it is held, as one JSON object; README documents it.
#[derive(Serialize)]
struct Record<'a> {
    account: &'a str,
    region: &'a str,
    endpoint: Option<&'a str>,
    paused: bool,
}

/// Holds the lanes, or lets them go on, and tells each. Wrong usage if there is none like that.
pub async fn hold(ledger: &Ledger, some: &SomeLanes, paused: bool, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let mut lanes = ledger.lanes().await?;
    lanes.retain(|record| some.has(&record.lane));
    if lanes.is_empty() {
        return Err(WrongUsage("the ledger knows no such lane".to_owned()).into());
    }
    for record in lanes {
        ledger.pause_lane(&record.lane, paused).await?;
        let text = row(&record.lane, paused, narrator.form());
        narrator.tell(&text);
    }
    Ok(ExitCode::SUCCESS)
}

impl SomeLanes {
    fn has(&self, lane: &Lane) -> bool {
        self.account.as_ref().is_none_or(|account| *account == lane.account.0)
            && self.region.as_ref().is_none_or(|region| *region == lane.region.0)
    }
}

fn row(lane: &Lane, paused: bool, form: Form) -> String {
    let Lane { account, region, endpoint } = lane;
    match form {
        Form::Json => {
            json_line(&Record { account: &account.0, region: &region.0, endpoint: endpoint.as_deref(), paused })
        }
        Form::People | Form::Fields => fields(&[
            account.0.clone(),
            region.0.clone(),
            endpoint.clone().unwrap_or_else(|| "-".to_owned()),
            if paused { "paused" } else { "-" }.to_owned(),
        ]),
    }
}
