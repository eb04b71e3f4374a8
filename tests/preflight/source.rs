//! The log group, the range, and whether there is anything in it.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Credentials, Region};
use logferry::domain::place::AccountId;
use logferry::domain::preflight::{Check, Verdict};
use logferry::domain::time::Timestamp;
use logferry::domain::zone::Zone;
use logferry::export::Choices;
use logferry::sandbox::logs::plant_foreign_task;

use crate::bench::{ACCOUNT, Bench, GROUP, REGION, STRANGER, lane, said, troubled};

/// CloudWatch Logs as whoever sets the world up uses it.
pub fn logs(url: &str, account: &str) -> Client {
    let config = aws_sdk_cloudwatchlogs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url)
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(account, "any", None, None, "test"));
    Client::from_conf(config.build())
}

async fn create_group(bench: &Bench, name: &str, class: &str, account: &str) {
    let create = logs(&bench.sandbox.endpoint_url(), account)
        .create_log_group()
        .log_group_name(name)
        .log_group_class(class.into());
    create.send().await.expect("it is created");
}

pub const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_world_that_is_ready_passes_in_everything_that_can_be_known() {
    let bench = Bench::ready().await;
    let report = bench.check().await;
    assert_eq!(troubled(&report), [], "{report:?}");
    assert_eq!(said(&report, Check::LogGroup), "pass: it exists, of class STANDARD");
    assert_eq!(said(&report, Check::Range), "pass: the log group holds all of it");
    assert_eq!(said(&report, Check::Events), "pass: there are events in the range");
}

#[tokio::test]
async fn an_unknown_log_group_blocks() {
    let bench = Bench::ready().await;
    // Names that only begin like it are others.
    create_group(&bench, "/ecs/shop-web-old", "STANDARD", ACCOUNT).await;
    let report = bench.check_export("/ecs/shop", (bench.days_ago(3), bench.days_ago(1)), Choices::default()).await;
    assert_eq!(
        said(&report, Check::LogGroup),
        "block: there is no log group /ecs/shop in account 123456789012 in eu-central-1 (check its name, the profile and \
         the Region)"
    );
    assert!(report.findings().iter().all(|finding| finding.check != Check::Events), "{report:?}");
}

#[tokio::test]
async fn a_class_that_is_not_standard_warns_and_infrequent_access_is_never_looked_into() {
    let bench = Bench::ready().await;
    let range = (bench.now, bench.now.after(HOUR));
    for (name, class, told) in [
        (
            "/rare",
            "INFREQUENT_ACCESS",
            "warn: its class is INFREQUENT_ACCESS: AWS exports it today, and older documents say that it does not",
        ),
        ("/delivered", "DELIVERY", "warn: its class is DELIVERY: whether AWS exports it is not documented"),
    ] {
        create_group(&bench, name, class, ACCOUNT).await;
        let before = bench.sandbox.world.faults.calls().get("FilterLogEvents").copied();
        let report = bench.check_export(name, range, Choices::default()).await;
        assert!(said(&report, Check::LogGroup).starts_with(told), "{report:?}");
        let looked = bench.sandbox.world.faults.calls().get("FilterLogEvents").copied() != before;
        assert_eq!(looked, class != "INFREQUENT_ACCESS");
        let (events, why) = (said(&report, Check::Events), ["log groups of this class can", "do not support the call"]);
        assert!(events.starts_with("could not check: ") && why.iter().any(|why| events.contains(why)), "{events}");
    }
}

#[tokio::test]
async fn a_linked_accounts_log_group_blocks_and_names_the_account() {
    let bench = Bench::ready().await;
    create_group(&bench, "/theirs", "STANDARD", STRANGER).await;
    let range = (bench.days_ago(3), bench.days_ago(1));
    let unlinked = bench.check_export("/theirs", range, Choices::default()).await;
    assert!(said(&unlinked, Check::LogGroup).starts_with("block: there is no log group /theirs"), "{unlinked:?}");
    bench.sandbox.world.logs.link(&lane(), AccountId(STRANGER.to_owned()));
    let linked = bench.check_export("/theirs", range, Choices::default()).await;
    assert_eq!(
        said(&linked, Check::LogGroup),
        "block: /theirs belongs to the linked account 210987654321: AWS exports own log groups alone (use that account's \
         profile: start with --profile for 210987654321)"
    );
    // Whoever may not ask for linked ones is told what is sure.
    bench.deny("DescribeLogGroups");
    let denied = bench.check_export("/theirs", range, Choices::default()).await;
    assert!(said(&denied, Check::LogGroup).starts_with("could not check: DescribeLogGroups"), "{denied:?}");
}

#[tokio::test]
async fn ranges_that_make_none_block() {
    let bench = Bench::ready().await;
    let turned = bench.check_export(GROUP, (bench.days_ago(1), bench.days_ago(3)), Choices::default()).await;
    assert!(said(&turned, Check::Range).starts_with("block: from must be before to"), "{turned:?}");
    let same = bench.check_export(GROUP, (bench.days_ago(1), bench.days_ago(1)), Choices::default()).await;
    assert!(said(&same, Check::Range).starts_with("block: "), "{same:?}");
    let seconds = Timestamp::from_millis(bench.days_ago(3).millis() / 1000);
    let seconds = bench.check_export(GROUP, (seconds, bench.days_ago(1)), Choices::default()).await;
    let told = said(&seconds, Check::Range);
    assert!(told.starts_with("block: ") && told.contains("looks like seconds"), "{told}");
}

#[tokio::test]
async fn what_the_log_group_does_not_hold_warns() {
    let bench = Bench::ready().await;
    let early = bench.check_export(GROUP, (bench.days_ago(9), bench.days_ago(1)), Choices::default()).await;
    let told = said(&early, Check::Range);
    let left = format!("what is there: {} to {}", utc(bench.days_ago(3)), utc(bench.days_ago(1)));
    assert!(told.starts_with("warn: the log group was created only on") && told.contains(&left), "{told}");
    bench.plant("/short", 10, bench.days_ago(30), bench.days_ago(1));
    let keep = logs(&bench.sandbox.endpoint_url(), ACCOUNT)
        .put_retention_policy()
        .log_group_name("/short")
        .retention_in_days(7);
    keep.send().await.expect("it is set");
    let old = bench.check_export("/short", (bench.days_ago(9), bench.days_ago(1)), Choices::default()).await;
    assert!(said(&old, Check::Range).starts_with("warn: the log group keeps 7 days"), "{old:?}");
    let young = bench.check_export(GROUP, (bench.days_ago(3), bench.now), Choices::default()).await;
    let cut_off = utc(bench.now.before(Duration::from_hours(12)));
    assert!(
        said(&young, Check::Range).contains(&format!("what is younger than {cut_off} may be missing")),
        "{young:?}"
    );
}

fn utc(at: Timestamp) -> String {
    at.show(Zone::Utc)
}

#[tokio::test]
async fn events_are_looked_for_with_patience_that_ends() {
    let bench = Bench::ready().await;
    let moment = (bench.days_ago(2), bench.days_ago(2).after(Duration::from_secs(1)));
    let none = bench.check_export(GROUP, moment, Choices::default()).await;
    assert!(said(&none, Check::Events).starts_with("warn: no event was found in the range"), "{none:?}");
    bench.sandbox.world.logs.empty_pages(3);
    assert_eq!(said(&bench.check().await, Check::Events), "pass: there are events in the range");
    bench.sandbox.world.logs.empty_pages(1000);
    let endless = bench.check().await;
    assert_eq!(said(&endless, Check::Events), "could not check: no event in the first 10 pages, and there are more");
    bench.sandbox.world.logs.empty_pages(0);
    bench.deny("FilterLogEvents");
    let report = bench.check().await;
    assert!(
        said(&report, Check::Events).starts_with("could not check: FilterLogEvents on /ecs/shop-web"),
        "{report:?}"
    );
}

#[tokio::test]
async fn the_slot_tells_who_has_it() {
    let bench = Bench::ready().await;
    assert_eq!(said(&bench.check().await, Check::Slot), "pass: it is free");
    let long = HOUR;
    let id = plant_foreign_task(&bench.sandbox.world, &lane(), "/theirs", None, long).expect("the slot was free");
    assert_eq!(
        said(&bench.check().await, Check::Slot),
        format!(
            "warn: somebody else's export of /theirs has it ({id}) (nothing to do: the task waits until that export has ended)"
        )
    );
    bench.deny("DescribeExportTasks");
    let denied = bench.check().await;
    assert!(said(&denied, Check::Slot).starts_with("could not check: DescribeExportTasks"), "{denied:?}");
    assert_eq!(denied.worst(), Verdict::Unchecked);
}
