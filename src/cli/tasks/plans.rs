//! `logferry tasks plans`, `pause` and `resume`: plans as a whole.

use std::process::ExitCode;

use color_eyre::eyre::{Report, eyre};

use super::record::PlanRecord;
use super::resolve;
use crate::cli::follow::Narrator;
use crate::cli::follow::plain::{counted, pause as why};
use crate::cli::output::{Form, fields, json_line};
use crate::domain::queued_plan::{Counts, Pause, QueuedPlan};
use crate::domain::text::escape;
use crate::domain::zone::Zone;
use crate::ledger::Ledger;

/// Lists the newest.
pub async fn list(ledger: &Ledger, limit: usize, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let plans = ledger.plans(limit).await?;
    let form = narrator.form();
    narrator.tell(&plans.iter().map(|plan| row(plan, form)).collect::<String>());
    if plans.is_empty() {
        narrator.say("the ledger holds no plan");
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds one.
pub async fn pause(ledger: &Ledger, typed: &str, narrator: Narrator) -> Result<ExitCode, Report> {
    hold(ledger, typed, Some(Pause::Asked), narrator).await
}

/// Lets one go on.
pub async fn resume(ledger: &Ledger, typed: &str, narrator: Narrator) -> Result<ExitCode, Report> {
    hold(ledger, typed, None, narrator).await
}

async fn hold(ledger: &Ledger, typed: &str, pause: Option<Pause>, mut narrator: Narrator) -> Result<ExitCode, Report> {
    let id = resolve::plan(ledger, typed).await?;
    ledger.pause_plan(id, pause).await?;
    let plan = ledger.plan(id).await?.ok_or_else(|| eyre!("the plan {id} is gone"))?;
    let text = row(&plan, narrator.form());
    narrator.tell(&text);
    Ok(ExitCode::SUCCESS)
}

fn row(plan: &QueuedPlan, form: Form) -> String {
    match form {
        Form::Json => json_line(&PlanRecord::from(plan)),
        Form::Fields => as_fields(plan),
        Form::People => for_people(plan),
    }
}

fn as_fields(plan: &QueuedPlan) -> String {
    let Counts { queued, active, completed, empty, failed, cancelled } = plan.counts;
    let counts = [queued, active, completed, empty, failed, cancelled].map(|count| count.to_string());
    let name = plan.name.as_ref().map_or("-", |name| name.as_str()).to_owned();
    let standing = if plan.pause.is_some() { "paused" } else { "-" };
    let head = [plan.id.to_string(), name, plan.queued.to_string(), standing.to_owned()];
    fields(&[&head[..], &counts].concat())
}

fn for_people(plan: &QueuedPlan) -> String {
    let name = plan.name.as_ref().map(|name| format!("  {}", escape(name.as_str()))).unwrap_or_default();
    let held = plan.pause.as_ref().map(|pause| format!("  paused: {}\n", why(pause))).unwrap_or_default();
    format!(
        "{}  queued {}{name}\n  {} of {}: {}; {}\n{held}",
        plan.id,
        plan.queued.show(Zone::Utc),
        counted(usize::try_from(plan.counts.total()).unwrap_or(usize::MAX), "task"),
        counted(plan.groups as usize, "log group"),
        counts(plan.counts),
        plan.landed,
    )
}

fn counts(counts: Counts) -> String {
    let Counts { queued, active, completed, empty, failed, cancelled } = counts;
    let all = [
        ("queued", queued),
        ("active", active),
        ("completed", completed),
        ("empty", empty),
        ("failed", failed),
        ("cancelled", cancelled),
    ];
    let told = all.into_iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{count} {word}"));
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::follow::fixtures::plan;
    use crate::domain::names::PlanName;

    #[test]
    fn a_plan_is_told_in_every_form() {
        let mut plan = plan(1);
        plan.name = Some(PlanName::parse("nightly").unwrap());
        plan.counts = Counts { queued: 3, active: 1, completed: 20, failed: 2, ..Counts::default() };
        plan.pause = Some(Pause::Asked);
        insta::assert_snapshot!(
            [row(&plan, Form::People), row(&plan, Form::Fields), row(&plan, Form::Json)].join("\n")
        );
    }
}
