//! Direct exports under way as text: in the queue, and in the details of one.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::tests::{LARGE, MEDIUM, SMALL, text};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::direct::headway::{Bound, Headway, PerSecond, Share};
use crate::domain::direct::quota::Operation;
use crate::domain::engine::{Direct, Engine};
use crate::domain::task::{State, Task};
use crate::export::Snapshot;
use crate::tui::fixtures::*;
use crate::tui::model::Model;
use crate::tui::msg::Msg;
use crate::tui::update::update;

fn direct(number: u128, group: &str, state: State, headway: Headway) -> Arc<Task> {
    let mut task = Task { headway: Some(headway), ..task(number, group, state) };
    if state == State::Running {
        task.landed = Landed::default();
    }
    task.spec.engine = Engine::Direct(Direct::default());
    Arc::new(task)
}

/// One stream by stream, held up by a quota; one over time while its streams are being counted; one that still looks for
/// its streams; and one that has ended.
fn at_work(second: u64) -> Snapshot {
    let quota = |call, of: f64| Bound::Quota { call, sent: PerSecond::of(of * 0.8), quota: Some(PerSecond::of(of)) };
    let by_streams = Headway {
        events: 48_200 * second,
        raw: ByteCount(6_000_000 * second),
        uploaded: ByteCount(600_000 * second),
        streams_done: 3,
        streams_known: 12,
        all_known: true,
        read: Some(Share::of(second, 80)),
        bound: Some(quota(Operation::GetLogEvents, 10.0)),
        ..Headway::default()
    };
    let over_time = Headway {
        streams_done: 0,
        streams_known: 4_350,
        all_known: false,
        over_time: true,
        bound: Some(Bound::Upload),
        ..by_streams
    };
    let looking = Headway { bound: Some(quota(Operation::DescribeLogStreams, 25.0)), ..Headway::default() };
    let done = Headway { streams_done: 12, read: Some(Share::of(1, 1)), bound: None, ..by_streams };
    let tasks = vec![
        direct(1, "/ecs/web", State::Running, by_streams),
        direct(2, "/aws/lambda/checkout", State::Running, over_time),
        direct(3, "/rds/audit", State::Running, looking),
        direct(4, "/vpc/flow-logs", State::Completed, done),
    ];
    Snapshot { tasks, ..Snapshot::default() }
}

/// The queue after twenty seconds of them.
fn seen(size: (u16, u16)) -> Model {
    let (mut model, _) = connected(size);
    for second in 0..=20 {
        model.now = NOW.after(Duration::from_secs(second));
        update(&mut model, Msg::Snapshot(Arc::new(at_work(second))));
    }
    press(&mut model, KeyCode::Char('3'));
    model
}

#[test]
fn rows_tell_how_far_exports_have_come_and_what_holds_them_up() {
    for (name, size) in [("80", SMALL), ("120", MEDIUM), ("200", LARGE)] {
        insta::assert_snapshot!(format!("exports_direct_{name}"), text(&seen(size)));
    }
}

#[test]
fn details_tell_all_of_it() {
    for (name, size) in [("80", (80, 40)), ("160", (160, 50))] {
        let mut model = seen(size);
        press(&mut model, KeyCode::Enter);
        insta::assert_snapshot!(format!("details_direct_{name}"), text(&model));
    }
    let mut model = seen((80, 40));
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Enter);
    let shown = text(&model);
    let ended = ["12/12 streams", "964,000 events"];
    assert!(ended.iter().all(|told| shown.contains(told)), "{shown}");
    let of_work = ["Speed", "Held up by", "Left", "~"];
    assert!(of_work.iter().all(|told| !shown.contains(told)), "{shown}");
}
