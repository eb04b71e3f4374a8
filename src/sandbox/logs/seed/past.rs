//! Export tasks of the last weeks: enough for two pages of history, by several hands, with every kind of end.

use tokio_util::sync::CancellationToken;
use uuid::Builder;

use super::super::export::task::{End, ExportTask, Order};
use super::super::generated::mix;
use super::{DAY, orders};

const HOUR: i64 = DAY / 24;
const MINUTE: i64 = HOUR / 60;

/// How many: DescribeExportTasks shows 50 a page.
const COUNT: i64 = 60;

/// What was exported, by turns.
const GROUPS: [&str; 7] = [
    "/ecs/shop-checkout",
    "/aws/lambda/order-events-consumer",
    "/aws/vpc/flow-logs/main",
    orders::GROUP,
    "aws-cloudtrail-logs-123456789012-7f3c",
    "/aws/rds/cluster/orders/slowquery",
    "/ecs/payments",
];

/// Where to, by turns.
const DESTINATIONS: [(&str, Option<&str>); 5] = [
    ("acme-log-exports", Some("daily")),
    ("acme-log-exports", None),
    ("acme-log-lifecycle", Some("archive/2026")),
    ("acme-log-exports", Some("incidents/INC-2041")),
    ("partner-shared-logs", Some("acme")),
];

/// Who asked, by turns: most people and tools give no name.
const NAMES: [Option<&str>; 6] = [
    None,
    None,
    Some("nightly-export-lambda"),
    None,
    Some("custodian-log-export"),
    Some("Störung Zahlungen (für Jörg)"),
];

/// How it ended, by turns.
const ENDS: [Result<(), Option<&str>>; 10] = [
    Ok(()),
    Ok(()),
    Ok(()),
    Err(Some("The bucket policy changed during the export.")),
    Ok(()),
    Ok(()),
    Err(None),
    Ok(()),
    Ok(()),
    Err(Some("The export task timed out after 24 hours. Reduce the time range and try again.")),
];

/// The tasks as they are at `now`, oldest first.
pub(super) fn tasks(now: i64) -> impl Iterator<Item = ExportTask> {
    (0..COUNT).map(move |number| task(number, now))
}

/// One of `choices`, by turns.
fn turn<T: Copy>(number: i64, choices: &[T]) -> T {
    choices[usize::try_from(number).unwrap_or_default() % choices.len()]
}

/// What ended a task: nothing said means that somebody cancelled it.
fn end(number: i64) -> End {
    match turn(number, &ENDS) {
        Ok(()) => End::Completed,
        Err(Some(why)) => End::Failed(why.to_owned()),
        Err(None) => End::Cancelled,
    }
}

fn task(number: i64, now: i64) -> ExportTask {
    // Three a day; the last ones long enough ago that even a time-out is over.
    let created = now - (COUNT - number + 4) * 8 * HOUR + (mix(number.unsigned_abs()) % 60).cast_signed() * MINUTE;
    let end = end(number);
    let lasted = match &end {
        End::Completed => (4 + number % 35) * MINUTE,
        End::Failed(why) if why.contains("timed out") => DAY,
        End::Failed(_) => 7 * MINUTE,
        End::Cancelled => 2 * MINUTE,
    };
    let (bucket, prefix) = turn(number, &DESTINATIONS);
    let to = created - 12 * HOUR;
    let (status, message) = end.told();
    ExportTask {
        id: id(number),
        order: Order {
            name: turn(number, &NAMES).map(str::to_owned),
            group: turn(number, &GROUPS).to_owned(),
            stream_prefix: None,
            from: to - DAY,
            to,
            bucket: bucket.to_owned(),
            prefix: prefix.map(str::to_owned),
        },
        status,
        message,
        created,
        ended: Some((created + lasted).min(now)),
        stop: CancellationToken::new(),
    }
}

/// A UUID that is the same at every start.
fn id(number: i64) -> String {
    let (high, low) = (mix(number.unsigned_abs()), mix(!number.unsigned_abs()));
    let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
