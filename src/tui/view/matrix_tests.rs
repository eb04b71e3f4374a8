//! Every screen that lists something, empty, loading, refused, with a few rows and with many, at three sizes.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::inventory::{Page, RemoteStatus};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::State;
use crate::export::Snapshot;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::{Msg, Reply};
use crate::tui::update::update;

/// More rows than the largest of the three sizes has lines.
const MANY: usize = 120;

type Size = (u16, u16);

/// A state of a screen by its name, and how it comes about at a size.
type Made<'a> = (&'a str, fn(Size) -> Model);

/// Draws what `states` make at each size.
fn each(screen: &str, states: &[Made<'_>]) {
    for (state, make) in states {
        for (width, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
            insta::assert_snapshot!(format!("{screen}_{state}_{width}"), text(&make(size)));
        }
    }
}

fn names(stem: &str) -> Vec<String> {
    (0..MANY).map(|number| format!("{stem}-{number:03}")).collect()
}

fn refused(operation: &'static str) -> Problem {
    Problem::new(ProblemKind::AccessDenied, operation).in_region("eu-central-1")
}

fn groups(size: Size, answer: Result<Vec<String>, Problem>) -> Model {
    let (mut model, effects) = connected(size);
    let page = answer.map(|names| Page { items: names.iter().map(|name| group(name)).collect(), next: None });
    answer_groups(&mut model, &effects, page);
    model
}

#[test]
fn log_groups() {
    each(
        "groups",
        &[
            ("empty", |size| groups(size, Ok(Vec::new()))),
            ("loading", |size| connected(size).0),
            ("error", |size| groups(size, Err(refused("ListLogGroups")))),
            ("few", |size| groups(size, Ok(vec!["/aws/lambda/checkout".into(), "/ecs/web".into()]))),
            ("many", |size| {
                let mut model = groups(size, Ok(names("/aws/lambda/function")));
                press(&mut model, KeyCode::End);
                model
            }),
        ],
    );
}

fn buckets(size: Size, names: &[String]) -> Model {
    let (mut model, effects) = with_buckets(size, &names.iter().map(String::as_str).collect::<Vec<_>>());
    answer_details(&mut model, effects, bucket_details);
    model
}

#[test]
fn destination_buckets() {
    each(
        "buckets",
        &[
            ("empty", |size| buckets(size, &[])),
            ("loading", |size| {
                let (mut model, _) = connected(size);
                press(&mut model, KeyCode::Char('2'));
                model
            }),
            ("error", |size| {
                let (mut model, effects) = connected(size);
                for effect in effects {
                    if let Effect::LoadBuckets(request, _) = effect {
                        update(&mut model, Msg::Reply(request, Reply::Buckets(Err(refused("ListBuckets")))));
                    }
                }
                press(&mut model, KeyCode::Char('2'));
                model
            }),
            ("few", |size| buckets(size, &["acme-log-archive".into(), "acme-log-exports".into()])),
            ("many", |size| buckets(size, &names("acme-logs"))),
        ],
    );
}

/// A screen of the queue, with what the ledger says.
fn queued(size: Size, screen: char, snapshot: Snapshot) -> Model {
    let (mut model, _) = connected(size);
    update(&mut model, Msg::Snapshot(Arc::new(snapshot)));
    press(&mut model, KeyCode::Char(screen));
    model
}

fn unreadable() -> Snapshot {
    Snapshot { trouble: Some(Arc::from("the disk that holds the ledger is full")), ..Snapshot::default() }
}

fn few_tasks() -> Snapshot {
    queue(vec![plan_of(1, &[(State::Running, 1), (State::Queued, 1), (State::Completed, 2)])])
}

fn many_plans() -> Snapshot {
    let states = [(State::Running, 1), (State::Queued, 6), (State::Completed, 8), (State::Failed, 1)];
    queue((1..=8).map(|number| plan_of(number, &states)).collect())
}

#[test]
fn exports() {
    each(
        "exports",
        &[
            ("empty", |size| queued(size, '3', Snapshot::default())),
            ("loading", |size| {
                let (mut model, _) = connected(size);
                press(&mut model, KeyCode::Char('3'));
                model
            }),
            ("error", |size| queued(size, '3', unreadable())),
            ("few", |size| queued(size, '3', few_tasks())),
            ("many", |size| queued(size, '3', many_plans())),
        ],
    );
}

/// The history, with what AWS answers.
fn history(size: Size, answer: &Result<usize, Problem>) -> Model {
    let (mut model, _) = connected(size);
    for effect in open_history(&mut model) {
        if let Effect::LoadHistory { request, .. } = effect {
            let tasks = |count| (0..count).zip(RemoteStatus::KNOWN.into_iter().cycle());
            let page = answer.clone().map(|count| Page {
                items: tasks(count).map(|(number, status)| past(number, status)).collect(),
                next: None,
            });
            update(&mut model, Msg::Reply(request, Reply::History(page)));
        }
    }
    model
}

#[test]
fn past_tasks() {
    each(
        "history",
        &[
            ("empty", |size| history(size, &Ok(0))),
            ("loading", |size| {
                let (mut model, _) = connected(size);
                open_history(&mut model);
                model
            }),
            ("error", |size| history(size, &Err(refused("DescribeExportTasks")))),
            ("few", |size| history(size, &Ok(3))),
            ("many", |size| history(size, &Ok(MANY))),
        ],
    );
}

#[test]
fn lanes() {
    each(
        "lanes",
        &[
            ("empty", |size| queued(size, '5', Snapshot::default())),
            ("error", |size| queued(size, '5', unreadable())),
            ("few", |size| queued(size, '5', few_tasks())),
            ("many", |size| {
                let lane_of = |number: usize| {
                    let mut other = lane();
                    other.account.0 = format!("{number:012}");
                    Arc::new(record(other))
                };
                queued(size, '5', Snapshot { lanes: (1..=MANY).map(lane_of).collect(), ..few_tasks() })
            }),
        ],
    );
}
