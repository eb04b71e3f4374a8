//! As many log groups as a large account holds: names and settings that follow from their number alone, and no events.

use crate::domain::place::Lane;

use super::generated::mix;
use super::store::{Class, Group, Store};

const SERVICES: [&str; 8] = [
    "/aws/lambda/",
    "/aws/apigateway/",
    "/aws/codebuild/",
    "/aws/containerinsights/",
    "/aws/rds/cluster/",
    "/aws/vendedlogs/states/",
    "/ecs/",
    "/k8s/",
];
const TEAMS: [&str; 12] = [
    "billing",
    "catalog",
    "checkout",
    "fraud",
    "identity",
    "inventory",
    "mobile",
    "payments",
    "pricing",
    "search",
    "shipping",
    "support",
];
const PARTS: [&str; 8] = ["api", "consumer", "cron", "etl", "gateway", "mailer", "webhook", "worker"];
const STAGES: [&str; 4] = ["dev", "prod", "qa", "staging"];
const RETENTION_DAYS: [Option<i64>; 5] = [None, Some(7), Some(30), Some(90), Some(365)];

/// When the first of them was created (2020-09-13), epoch milliseconds; each next one a minute later.
const FIRST: i64 = 1_600_000_000_000;
const MINUTE: i64 = 60_000;

impl Store {
    /// Plants `count` log groups in `lane`, beside what is there.
    pub fn plant_crowd(&self, lane: &Lane, count: u32) {
        self.with(lane, |shelf| shelf.groups.extend((0..count).map(member)));
    }
}

/// `/aws/lambda/payments-worker-prod-000042`: every number has a name of its own.
fn member(number: u32) -> (String, Group) {
    let dice = mix(u64::from(number));
    let pick = |shift: u32, count: usize| usize::try_from(dice >> shift).unwrap_or_default() % count;
    let service = SERVICES[pick(0, SERVICES.len())];
    let (team, part) = (TEAMS[pick(8, TEAMS.len())], PARTS[pick(16, PARTS.len())]);
    let stage = STAGES[pick(24, STAGES.len())];
    let group = Group {
        class: if pick(32, 10) == 0 { Class::InfrequentAccess } else { Class::Standard },
        retention_days: RETENTION_DAYS[pick(40, RETENTION_DAYS.len())],
        created: FIRST + MINUTE * i64::from(number),
        ..Group::default()
    };
    (format!("{service}{team}-{part}-{stage}-{number:06}"), group)
}
