//! What the demo account has at the start: about 40 log groups with a week of events, six buckets with a story each,
//! and three weeks of past export tasks. Everything follows from fixed seeds, except that times are relative to now;
//! the events are computed when somebody reads them, so seeding takes no time.
//!
//! `/demo/orders` is small and fully predictable, for tests and for the README: streams `orders-1`, `orders-2` and
//! `orders-3` with 100 events each. Event `n` of 300 (`n` from 1) lies in stream `orders-{(n - 1) % 3 + 1}`, 14 minutes
//! and 24 seconds after event `n - 1`, the last one 14 minutes and 24 seconds before the (full) second of the start; see
//! [`orders::message`] for its text.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{Duration, DurationRound, Utc};

use crate::domain::place::{AccountId, Lane, Region};
use crate::domain::time::Timestamp;

use super::super::Seed;
use super::super::world::World;

mod buckets;
mod groups;
mod orders;
mod past;
mod voices;

/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Plants what exists at the start, as the World's configuration asks.
pub fn seed(world: &Arc<World>) {
    match world.config.seed {
        Seed::Demo => demo(world),
        Seed::Empty => {}
    }
}

fn demo(world: &World) {
    let config = &world.config;
    let lane = Lane::new(AccountId(config.account.clone()), Region(config.region.clone()));
    let now = full_second();
    buckets::plant(&world.s3, &lane);
    world.logs.with(&lane, |shelf| {
        shelf.groups.extend(groups::all(now));
        shelf.groups.insert(orders::GROUP.to_owned(), orders::group(now));
        shelf.tasks.extend(past::tasks(now));
    });
}

/// Now, to the second: demo events carry no stray milliseconds of the start.
fn full_second() -> i64 {
    let now = chrono::DateTime::<Utc>::from(SystemTime::now());
    Timestamp::from(now.duration_trunc(Duration::seconds(1)).unwrap_or(now)).millis()
}
