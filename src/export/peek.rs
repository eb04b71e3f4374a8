//! A peek at a log group before it is exported: [`domain::peek`](crate::domain::peek) says what to read, AWS is asked no
//! faster than it lets anybody ask.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::aws::Session;
use crate::domain::inventory::GroupClass;
use crate::domain::names::{LogGroupName, StreamPrefix};
use crate::domain::peek::Peek;
use crate::domain::preflight::GroupAnswer;
use crate::domain::problem::Problem;
use crate::domain::time::TimeRange;

/// From one call to the next: FilterLogEvents is good for 5 calls a second where it is for the fewest (AWS's quotas).
const PACE: Duration = Duration::from_millis(200);

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeekAt {
    /// The log group.
    pub group: LogGroupName,
    /// Which of its events.
    pub range: TimeRange,
    /// Only those of streams whose name begins so.
    pub streams: Option<StreamPrefix>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peeked {
    /// What was seen.
    pub peek: Peek,
    /// Why it was not seen to its end.
    pub problem: Option<Problem>,
}

/// Why nothing can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPeek {
    /// There is no such log group in this account.
    NoSuchGroup,
    /// AWS does not let events of this class be read: INFREQUENT_ACCESS supports neither FilterLogEvents nor GetLogEvents.
    NotReadable,
    /// The log group could not be asked about.
    Problem(Box<Problem>),
}

/// Looks. `class` is the log group's, if it is known already. Dropping the future is all it takes to give up.
pub async fn peek(session: &Session, at: &PeekAt, class: Option<GroupClass>) -> Result<Peeked, NoPeek> {
    let class = match class {
        Some(class) => class,
        None => class_of(session, &at.group).await?,
    };
    if class == GroupClass::InfrequentAccess {
        return Err(NoPeek::NotReadable);
    }
    let mut peek = Peek::new(at.range);
    while let Some(ask) = peek.next() {
        let next_call = Instant::now() + PACE;
        match session.sample(&at.group, at.streams.as_ref(), &ask).await {
            Ok(sample) => peek.learn(&ask, sample),
            Err(problem) => return Ok(Peeked { peek, problem: Some(problem) }),
        }
        if peek.next().is_some() {
            sleep_until(next_call).await;
        }
    }
    Ok(Peeked { peek, problem: None })
}

async fn class_of(session: &Session, group: &LogGroupName) -> Result<GroupClass, NoPeek> {
    match session.find_group(group.as_str()).await {
        Ok(GroupAnswer::Own(own)) => Ok(own.class),
        // Linked accounts' groups can be listed and not exported.
        Ok(GroupAnswer::Linked(_) | GroupAnswer::None) => Err(NoPeek::NoSuchGroup),
        Err(problem) => Err(NoPeek::Problem(Box::new(problem))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::peek::{Edge, MOST_CALLS, Volume};
    use crate::domain::time::{Timestamp, Zone};
    use crate::domain::when;
    use crate::export::checker::tests::Bench;

    fn at(bench: &Bench, group: &str, from: &str) -> PeekAt {
        let read = |text| when::parse(text, bench.now, Zone::Utc).unwrap();
        let range = TimeRange::new(read(from), read("now")).unwrap();
        PeekAt { group: LogGroupName::parse(group).unwrap(), range, streams: None }
    }

    fn instant(edge: Edge<'_>) -> Option<Timestamp> {
        match edge {
            Edge::Sure(glimpse) | Edge::Seen(glimpse) => Some(glimpse.at),
            Edge::Nothing => None,
        }
    }

    #[tokio::test]
    async fn a_small_group_is_counted_and_a_busy_one_estimated_within_so_many_calls() {
        let bench = Bench::start().await;
        let orders = peek(&bench.session, &at(&bench, "/demo/orders", "8d ago"), None).await.unwrap();
        assert_eq!(orders.problem, None);
        assert!(matches!(orders.peek.volume(), Volume::Exact(amount) if amount.events == 300), "{orders:?}");
        let subject = at(&bench, "/ecs/shop-web", "6d ago");
        let busy = peek(&bench.session, &subject, Some(GroupClass::Standard)).await.unwrap().peek;
        assert!(busy.calls() <= MOST_CALLS);
        let Volume::Estimate(amount) = busy.volume() else { panic!("{:?}", busy.volume()) };
        assert!((50_000..500_000).contains(&amount.events), "{amount:?}");
        let (first, last) = (instant(busy.first()).unwrap(), instant(busy.last()).unwrap());
        assert!(first < last && subject.range.from() <= first && last < subject.range.to());
    }

    #[tokio::test]
    async fn what_aws_does_not_let_be_read_is_not_asked_for() {
        let bench = Bench::start().await;
        let archive = at(&bench, "/archive/audit-2025", "1d ago");
        assert_eq!(peek(&bench.session, &archive, None).await, Err(NoPeek::NotReadable));
        let none = at(&bench, "/no/such/group", "1d ago");
        assert_eq!(peek(&bench.session, &none, None).await, Err(NoPeek::NoSuchGroup));
        let told = peek(&bench.session, &none, Some(GroupClass::Standard)).await.unwrap();
        assert!(told.problem.is_some_and(|problem| problem.operation == "FilterLogEvents"));
    }
}
