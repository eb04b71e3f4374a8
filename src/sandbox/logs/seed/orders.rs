//! The predictable group `/demo/orders`; the module above documents it.

use super::super::events::Event;
use super::super::store::{Group, Stream};
use super::DAY;

/// The group's name.
pub(super) const GROUP: &str = "/demo/orders";

const STREAMS: i64 = 3;
const EVENTS: i64 = 300;
/// 300 events in 3 days.
const STEP: i64 = 3 * DAY / EVENTS;

/// The group as it is at `now`.
pub(super) fn group(now: i64) -> Group {
    let first = now - EVENTS * STEP;
    let streams = (0..STREAMS).map(|stream| (format!("orders-{}", stream + 1), stream_of(stream, first)));
    Group { created: first, retention_days: Some(30), streams: streams.collect(), ..Group::default() }
}

fn stream_of(stream: i64, first: i64) -> Stream {
    let mut planted = Stream { created: first, last_ingestion: Some(first + EVENTS * STEP), ..Stream::default() };
    planted.events.put((0..EVENTS).filter(|n| n % STREAMS == stream).map(|n| {
        let at = first + n * STEP;
        Event { at, ingested: at + 400, message: message(n + 1).into() }
    }));
    planted
}

/// Event `n`'s text, `n` from 1 to 300. Every 50th is a stack trace of three lines; every 7th speaks of umlauts, CJK
/// and an emoji.
pub(super) fn message(n: i64) -> String {
    match n {
        _ if n % 50 == 0 => format!(
            "ERROR order {n:03} of 300 not placed: java.net.SocketTimeoutException: Read timed out\n\tat \
             com.acme.orders.Warehouse.reserve(Warehouse.java:88)\n\tat com.acme.orders.Checkout.place(Checkout.java:41)"
        ),
        _ if n % 7 == 0 => format!("INFO order {n:03} of 300 placed by Jörg Müller, Zürich · 東京 🦀"),
        _ => format!("INFO order {n:03} of 300 placed, total {}.{:02} EUR", 10 + n, n % 100),
    }
}
