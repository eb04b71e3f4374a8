//! The demo account's log groups: one table row each, and how its streams are named and filled.

use super::super::generated::{Generated, Text, Voice, mix};
use super::super::store::{Class, Group, Stream};
use super::{DAY, voices};

use chrono::{DateTime, Utc};

/// How a service names its streams.
#[derive(Clone, Copy)]
enum Naming {
    /// `2026/11/20/[$LATEST]0f3a…`: one a day and instance.
    Lambda,
    /// `ecs/web/0f3a…`: one a task.
    Ecs(&'static str),
    /// 32 hexadecimal digits, as API Gateway's stages write.
    Hash,
    /// `eni-0…-all`.
    Flow,
    /// `123456789012_CloudTrail_eu-central-1`, `…_2`.
    Trail,
    /// A fixed word and a number.
    Numbered(&'static str),
    /// A fixed word and 32 hexadecimal digits.
    Marked(&'static str),
}

/// One log group of the demo account.
struct Row {
    name: &'static str,
    voice: Voice,
    naming: Naming,
    streams: u32,
    /// Events of each stream, over its share of the week.
    events: u64,
    retention_days: Option<i64>,
    class: Class,
}

const fn row(name: &'static str, voice: Voice, naming: Naming, streams: u32, events: u64, days: i64) -> Row {
    let retention_days = if days == FOR_EVER { None } else { Some(days) };
    Row { name, voice, naming, streams, events, retention_days, class: Class::Standard }
}

/// No retention policy.
const FOR_EVER: i64 = 0;

use Naming::{Ecs, Flow, Hash, Lambda, Marked, Numbered, Trail};
use voices::{API_GATEWAY, BUILD, FLOW, KUBE, LAMBDA, NGINX, NODE_JSON, POSTGRES, RESOLVER, SLOW_QUERY, SPRING, TRAIL};

/// All of them but `/demo/orders`. Volumes range from nothing to some hundred thousand events.
const ROWS: [Row; 40] = [
    row("/aws/lambda/checkout-webhook", LAMBDA, Lambda, 28, 2_400, 14),
    row("/aws/lambda/image-resizer", LAMBDA, Lambda, 42, 6_000, 7),
    row("/aws/lambda/invoice-mailer", NODE_JSON, Lambda, 7, 400, 90),
    row("/aws/lambda/nightly-report", LAMBDA, Lambda, 7, 12, FOR_EVER),
    row("/aws/lambda/order-events-consumer", LAMBDA, Lambda, 35, 9_000, 30),
    row("/aws/lambda/edge.redirects", LAMBDA, Lambda, 4, 60, 1),
    row("/aws/lambda/us-east-1.acme-viewer-request", LAMBDA, Lambda, 6, 220, 3),
    row("/aws/lambda/cleanup#legacy", LAMBDA, Lambda, 3, 16, FOR_EVER),
    row("/ecs/shop-web", NGINX, Ecs("web"), 6, 45_000, 30),
    row("/ecs/shop-checkout", SPRING, Ecs("checkout"), 4, 22_000, 30),
    row("/ecs/shop-search", NODE_JSON, Ecs("search"), 3, 18_000, 14),
    row("/ecs/payments", SPRING, Ecs("payments"), 2, 9_500, 365),
    row("/ecs/batch-import", SPRING, Ecs("import"), 12, 800, 60),
    row("/ecs/prod/translations", NODE_JSON, Ecs("translations"), 2, 1_500, 14),
    row("API-Gateway-Execution-Logs_a1b2c3d4e5/prod", API_GATEWAY, Hash, 20, 1_200, 30),
    row("API-Gateway-Execution-Logs_a1b2c3d4e5/staging", API_GATEWAY, Hash, 5, 90, 7),
    row("/aws/apigateway/shop-access", API_GATEWAY, Hash, 16, 14_000, 90),
    row("/aws/vpc/flow-logs/main", FLOW, Flow, 12, 60_000, 14),
    row("/aws/vpc/flow-logs/staging", FLOW, Flow, 4, 6_000, 3),
    row("/aws/rds/instance/shop-db/postgresql", POSTGRES, Numbered("shop-db"), 1, 32_000, 30),
    row("/aws/rds/cluster/orders/error", POSTGRES, Numbered("orders-instance"), 2, 1_900, 30),
    row("/aws/rds/cluster/orders/slowquery", SLOW_QUERY, Numbered("orders-instance"), 2, 700, 180),
    row("aws-cloudtrail-logs-123456789012-7f3c", TRAIL, Trail, 3, 26_000, 731),
    row("/aws/eks/platform/cluster", KUBE, Marked("kube-apiserver-"), 4, 40_000, 30),
    row("/aws/eks/staging/cluster", KUBE, Marked("kube-scheduler-"), 2, 3_000, 7),
    row("/aws/containerinsights/platform/application", NODE_JSON, Numbered("ip-10-0-1"), 8, 11_000, 7),
    row("/aws/containerinsights/platform/performance", KUBE, Numbered("ip-10-0-1"), 8, 5_000, 5),
    row("/aws/route53/resolver/main-vpc", RESOLVER, Numbered("vpc-0a1b2c3d4e5f60718_rslvr"), 2, 15_000, 14),
    row("/aws/codebuild/shop-main", BUILD, Hash, 18, 300, 60),
    row("/aws/codebuild/infra-plan", BUILD, Hash, 9, 120, 60),
    row("/aws/amazonmq/broker/orders/general", SPRING, Numbered("general.log"), 1, 240, 30),
    row("/aws/states/order-fulfilment-Logs", NODE_JSON, Hash, 10, 450, 90),
    row("/aws/kinesisfirehose/clickstream", NODE_JSON, Numbered("BackupDelivery"), 2, 30, 14),
    row("/aws/batch/job", SPRING, Ecs("default"), 15, 500, 30),
    row("/var/log/nginx/access.log", NGINX, Numbered("i-0d1e2f3a4b5c6d7e"), 3, 30_000, 14),
    row("/var/log/messages", POSTGRES, Numbered("i-0d1e2f3a4b5c6d7e"), 3, 800, 14),
    row("acme.legacy_app#blue", SPRING, Numbered("blue"), 2, 4_000, FOR_EVER),
    row("acme.legacy_app#green", SPRING, Numbered("green"), 2, 3_800, FOR_EVER),
    Row { class: Class::InfrequentAccess, ..row("/archive/audit-2025", TRAIL, Trail, 2, 8_000, 3653) },
    row("/ecs/brand-new-service", SPRING, Ecs("app"), 0, 0, FOR_EVER),
];

/// The groups as they are at `now`.
pub(super) fn all(now: i64) -> impl Iterator<Item = (String, Group)> {
    ROWS.iter().zip(0..).map(move |(row, number)| (row.name.to_owned(), row.group(number, now)))
}

impl Row {
    fn group(&self, number: u64, now: i64) -> Group {
        let seed = mix(number);
        Group {
            class: self.class,
            retention_days: self.retention_days,
            kms_key: None,
            // Somewhere in the last two years, and never within the week the events span.
            created: now - DAY * 8 - DAY * i64::try_from(seed % 700).unwrap_or_default(),
            streams: (0..self.streams).map(|stream| self.stream(seed, stream, now)).collect(),
        }
    }

    fn stream(&self, seed: u64, number: u32, now: i64) -> (String, Stream) {
        let seed = mix(seed ^ u64::from(number) << 32);
        let (from, to) = self.span(seed, number, now);
        let name = self.naming.name(seed, number, from);
        // Streams of one group differ: from half to all of the row's events.
        let count = (self.events / 2 + seed % (self.events / 2).max(1)).max(1);
        (name, Stream::from(Generated { seed, count, from, to, text: Text::Voice(self.voice) }))
    }

    /// When a stream lived: short-lived ones a share of the week each, lasting ones all of it.
    fn span(&self, seed: u64, number: u32, now: i64) -> (i64, i64) {
        let week = now - 7 * DAY;
        match self.naming {
            Naming::Lambda | Naming::Hash => {
                let share = 7 * DAY / i64::from(self.streams.max(1));
                let from = week + share * i64::from(number);
                (from, from + share)
            }
            Naming::Ecs(_) => (week + i64::try_from(seed % 100_000_000).unwrap_or_default(), now),
            Naming::Flow | Naming::Trail | Naming::Numbered(_) | Naming::Marked(_) => (week, now),
        }
    }
}

impl Naming {
    fn name(self, seed: u64, number: u32, from: i64) -> String {
        let hash = format!("{seed:016x}{:016x}", mix(seed));
        match self {
            Self::Lambda => {
                let day = DateTime::<Utc>::from_timestamp_millis(from).unwrap_or_default();
                format!("{}/[$LATEST]{hash}", day.format("%Y/%m/%d"))
            }
            Self::Ecs(container) => format!("ecs/{container}/{hash}"),
            Self::Hash => hash,
            Self::Flow => format!("eni-0{seed:016x}-all"),
            Self::Trail if number == 0 => "123456789012_CloudTrail_eu-central-1".to_owned(),
            Self::Trail => format!("123456789012_CloudTrail_eu-central-1_{}", number + 1),
            Self::Numbered(word) => format!("{word}.{number}"),
            Self::Marked(word) => format!("{word}{hash}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::super::ops::now;
    use super::*;

    #[test]
    fn every_group_has_its_streams_and_no_event_lies_outside_of_the_week() {
        let now = now();
        for ((name, group), row) in all(now).zip(&ROWS) {
            assert_eq!(group.streams.len(), row.streams as usize, "{name}: two streams share a name");
            for span in group.streams.values().filter_map(|stream| stream.events.span()) {
                assert!(now - 7 * DAY <= span.0 && span.1 < now, "{name}: {span:?}");
            }
        }
    }

    #[test]
    fn a_voices_usual_size_is_about_what_it_writes() {
        let sizes = ROWS.iter().map(|row| {
            let stream = Generated { seed: 11, count: 400, from: 0, to: 400_000, text: Text::Voice(row.voice) };
            let mut text = String::new();
            (0..400).for_each(|index| stream.write_message(index, &mut text));
            (row.name, u64::from(row.voice.typical), text.len() as u64 / 400)
        });
        let off: Vec<_> = sizes.filter(|(_, typical, written)| written.abs_diff(*typical) > typical / 8).collect();
        assert!(off.is_empty(), "{off:?}");
    }

    #[test]
    fn making_all_groups_takes_far_less_than_a_start_may() {
        let begin = Instant::now();
        assert_eq!(all(now()).count(), 40);
        assert!(begin.elapsed() < Duration::from_millis(100), "{:?}", begin.elapsed());
    }
}
