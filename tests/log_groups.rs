//! Log groups of accounts of any size, through the real SDK against the sandbox: names by the thousand, details of some,
//! and what comes where ListLogGroups is not to be had.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::sync::Arc;

use logferry::aws::{NamedGroup, Session};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::problem::{Problem, ProblemKind};
use logferry::sandbox::faults::{Fault, Kind, Refusal};
use logferry::sandbox::{Config, Sandbox, Seed};

mod support {
    pub mod session;
}

use support::session::connect;

const REGION: &str = "eu-central-1";

/// A sandbox that holds `groups` log groups, and a session on it.
async fn crowd(groups: u32) -> (Sandbox, Session) {
    let sandbox = Sandbox::start(Config { seed: Seed::Empty, ..Config::default() }).await.expect("a sandbox");
    let account = AccountId(sandbox.world.config.account.clone());
    sandbox.world.logs.plant_crowd(&Lane::new(account, Region(REGION.to_owned())), groups);
    let session = connect(&sandbox.endpoint_url()).await;
    (sandbox, session)
}

async fn all(session: &Session) -> Result<Vec<NamedGroup>, Problem> {
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let page = session.log_group_names(token).await?;
        all.extend(page.items);
        token = page.next;
        if token.is_none() {
            return Ok(all);
        }
    }
}

fn calls(sandbox: &Sandbox, operation: &str) -> u64 {
    sandbox.world.faults.calls().get(operation).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_come_by_the_thousand_and_details_of_those_asked_about() {
    let (sandbox, session) = crowd(2_500).await;
    let names = all(&session).await.expect("they are listed");
    assert_eq!((names.len(), calls(&sandbox, "ListLogGroups"), calls(&sandbox, "DescribeLogGroups")), (2_500, 3, 0));
    assert!(names.iter().all(|(_, details)| details.is_none()));
    let some: Vec<Arc<str>> = names.iter().step_by(100).map(|(group, _)| Arc::clone(&group.name)).collect();
    let asked: Vec<Arc<str>> = some.iter().cloned().chain([Arc::from("/gone")]).collect();
    let told = session.log_group_details(&asked).await.expect("they are told");
    assert_eq!(told.iter().map(|group| Arc::from(group.name.as_str())).collect::<Vec<Arc<str>>>(), some);
    assert!(
        told.iter().all(|group| group.created.is_some()) && told.iter().any(|group| group.retention_days.is_some())
    );
    for group in &told {
        let listed = names.iter().find(|(listed, _)| *listed.name == *group.name).expect("it was listed");
        assert_eq!(listed.0.class, group.class);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_listing_of_names_is_made_in_full_and_not_tried_again() {
    let (sandbox, session) = crowd(120).await;
    sandbox.world.faults.add(Fault::new("ListLogGroups", Kind::Refuse(Refusal::AccessDenied)));
    for _ in 0..2 {
        let names = all(&session).await.expect("they are listed");
        assert_eq!(names.len(), 120);
        assert!(names.iter().all(|(_, details)| details.is_some()), "the details are there already");
    }
    assert_eq!((calls(&sandbox, "ListLogGroups"), calls(&sandbox, "DescribeLogGroups")), (1, 6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emulator_that_fails_at_names_is_asked_once_and_asked_again_another_time() {
    let (sandbox, session) = crowd(60).await;
    sandbox.world.faults.add(Fault::new("ListLogGroups", Kind::Refuse(Refusal::ServerError)).times(1));
    assert_eq!(all(&session).await.expect("they are listed").len(), 60);
    assert_eq!((calls(&sandbox, "ListLogGroups"), calls(&sandbox, "DescribeLogGroups")), (1, 2));
    assert_eq!(all(&session).await.expect("they are listed").len(), 60);
    assert_eq!(
        (calls(&sandbox, "ListLogGroups"), calls(&sandbox, "DescribeLogGroups")),
        (2, 2),
        "it was a passing failure"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_credentials_is_told_and_not_hidden_behind_another_call() {
    let (sandbox, session) = crowd(60).await;
    sandbox.world.faults.add(Fault::new("ListLogGroups", Kind::Refuse(Refusal::ExpiredToken)));
    let problem = all(&session).await.expect_err("the session has ended");
    assert_eq!((problem.kind, problem.operation.as_ref()), (ProblemKind::ExpiredCredentials, "ListLogGroups"));
    assert_eq!(calls(&sandbox, "DescribeLogGroups"), 0);
}
