//! The control endpoint's share of CloudWatch Logs: what tests and demonstrations plant. The server calls it for paths
//! under `/_sandbox/logs`.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::domain::place::AccountId;

use super::super::world::{Caller, World};
use super::Reply;
use super::answer::{Answer, ServiceError, answer, nothing};
use super::export::foreign;
use super::ops::Call;
use super::store::{FailRule, SyntheticGroup};
use super::whims::Whims;

/// What answers to a path.
type Control = fn(&Call<'_>) -> Answer;

const CONTROLS: &[(&str, Control)] = &[
    ("crowd", plant_crowd),
    ("empty-pages", empty_pages),
    ("fail-tasks", fail_tasks),
    ("foreign-tasks", plant_foreign_task),
    ("kms", set_kms),
    ("linked-accounts", link_account),
    ("synthetic-groups", plant_synthetic_group),
    ("whims", set_whims),
];

/// Answers `method` on `path`, which is what follows `/_sandbox/logs`: `POST /foreign-tasks`, `/synthetic-groups`,
/// `/crowd`, `/fail-tasks`, `/empty-pages`, `/linked-accounts`, `/kms` and `/whims`, each with a JSON body.
pub fn control(world: &Arc<World>, caller: &Caller, method: &str, path: &str, body: &Bytes) -> Reply {
    let path = path.trim_matches('/');
    let Some((_, control)) = CONTROLS.iter().find(|(name, _)| *name == path && method == "POST") else {
        return Reply { status: 404, body: Bytes::from_static(br#"{"message":"no such control"}"#) };
    };
    Reply::from(control(&Call::new(world, caller, body)))
}

#[derive(Deserialize)]
struct ForeignTask {
    group: String,
    name: Option<String>,
    seconds: f64,
}

fn plant_foreign_task(call: &Call<'_>) -> Answer {
    let wanted: ForeignTask = call.input()?;
    let span = Duration::try_from_secs_f64(wanted.seconds).map_err(|error| ServiceError::invalid(error.to_string()))?;
    let planted = foreign::plant(call.world, &call.lane, &wanted.group, wanted.name.as_deref(), span);
    let id = planted.ok_or_else(|| ServiceError::new("LimitExceededException", "Resource limit exceeded."))?;
    answer(&json!({"taskId": id}))
}

fn plant_synthetic_group(call: &Call<'_>) -> Answer {
    let group: SyntheticGroup = call.input()?;
    call.world.logs.plant_synthetic_group(&call.lane, &group);
    Ok(nothing())
}

#[derive(Deserialize)]
struct Crowd {
    groups: u32,
}

fn plant_crowd(call: &Call<'_>) -> Answer {
    call.world.logs.plant_crowd(&call.lane, call.input::<Crowd>()?.groups);
    Ok(nothing())
}

fn fail_tasks(call: &Call<'_>) -> Answer {
    call.world.logs.fail_exports(call.input::<FailRule>()?);
    Ok(nothing())
}

fn set_whims(call: &Call<'_>) -> Answer {
    call.world.logs.set_whims(call.input::<Whims>()?);
    Ok(nothing())
}

#[derive(Deserialize)]
struct EmptyPages {
    pages: u32,
}

fn empty_pages(call: &Call<'_>) -> Answer {
    call.world.logs.empty_pages(call.input::<EmptyPages>()?.pages);
    Ok(nothing())
}

#[derive(Deserialize)]
struct Link {
    account: String,
}

fn link_account(call: &Call<'_>) -> Answer {
    call.world.logs.link(&call.lane, AccountId(call.input::<Link>()?.account));
    Ok(nothing())
}

#[derive(Deserialize)]
struct Kms {
    accept: bool,
}

fn set_kms(call: &Call<'_>) -> Answer {
    call.world.logs.accept_kms(call.input::<Kms>()?.accept);
    Ok(nothing())
}
