//! From what somebody typed to the one task or plan that is meant. What is unknown or could be several is wrong usage, with
//! the candidates named.

use color_eyre::eyre::Report;

use super::args::Which;
use crate::cli::outcome::WrongUsage;
use crate::domain::names::{Label, PlanId, PlanName, TaskId};
use crate::domain::text::escape;
use crate::domain::zone::Zone;
use crate::ledger::{Ledger, LedgerError};

/// The task whose id begins with `typed`.
pub async fn task(ledger: &Ledger, typed: &str) -> Result<TaskId, Report> {
    let start = typed.trim().to_lowercase();
    if start.is_empty() {
        return Err(WrongUsage("an id is needed: the beginning of a task's".to_owned()).into());
    }
    let found = ledger.resolve_task(&start).await?;
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(WrongUsage(format!("no task's id begins with '{}'", escape(typed))).into()),
        many => {
            let mut told = format!("the ids of several tasks begin with '{}':", escape(typed));
            for id in many {
                told.push_str(&candidate(ledger, *id).await?);
            }
            Err(WrongUsage(told).into())
        }
    }
}

async fn candidate(ledger: &Ledger, id: TaskId) -> Result<String, LedgerError> {
    let Some(task) = ledger.task(id).await? else { return Ok(String::new()) };
    let from = task.spec.window.from().show(Zone::Utc);
    Ok(format!("\n  {id}  {:<10}  {from}  {}", task.state.word(), escape(task.spec.group.as_str())))
}

/// Each of the tasks.
pub async fn tasks(ledger: &Ledger, typed: &[String]) -> Result<Vec<TaskId>, Report> {
    let mut found = Vec::with_capacity(typed.len());
    for typed in typed {
        let id = task(ledger, typed).await?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The plan whose id begins with `typed`, or whose name it is; else the one whose label it is.
pub async fn plan(ledger: &Ledger, typed: &str) -> Result<PlanId, Report> {
    if typed.is_empty() {
        return Err(WrongUsage("a plan is needed: the beginning of its id, or its name".to_owned()).into());
    }
    let mut found = ledger.resolve_plan(typed).await?;
    if found.is_empty() {
        found = labelled(ledger, typed).await?;
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let said = format!(
                "no plan's id begins with '{0}', and none is named so: see `logferry tasks plans`",
                escape(typed)
            );
            Err(WrongUsage(said).into())
        }
        many => {
            let mut told = format!("several plans are meant by '{}', give the beginning of an id:", escape(typed));
            for id in many {
                let Some(plan) = ledger.plan(*id).await? else { continue };
                let name = plan.name.as_ref().map(PlanName::as_str).or(plan.label.as_ref().map(Label::as_str));
                let name = name.map(|name| escape(name).into_owned()).unwrap_or_default();
                told.extend(["\n  ", &id.to_string(), "  queued ", &plan.queued.show(Zone::Utc), "  ", &name]);
            }
            Err(WrongUsage(told).into())
        }
    }
}

/// Plans that are looked through for a label: none of the ledger's indices leads to it.
const LOOKED_THROUGH: usize = 1000;
/// Plans that somebody is offered to choose from.
const HANDFUL: usize = 10;

/// The newest plans that were queued with this label (`export --name`).
async fn labelled(ledger: &Ledger, label: &str) -> Result<Vec<PlanId>, LedgerError> {
    let plans = ledger.plans(LOOKED_THROUGH).await?;
    let labelled = plans.iter().filter(|plan| plan.label.as_ref().is_some_and(|own| own.as_str() == label));
    Ok(labelled.map(|plan| plan.id).take(HANDFUL).collect())
}

/// What is meant: tasks one by one, or a plan.
pub enum Meant {
    /// These tasks.
    Tasks(Vec<TaskId>),
    /// This plan.
    Plan(PlanId),
}

/// What `which` means.
pub async fn which(ledger: &Ledger, which: &Which) -> Result<Meant, Report> {
    Ok(match which {
        Which::Tasks(typed) => Meant::Tasks(tasks(ledger, typed).await?),
        Which::Plan(typed) => Meant::Plan(plan(ledger, typed).await?),
    })
}
