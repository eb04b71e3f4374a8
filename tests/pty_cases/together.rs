//! Two terminals on one ledger: each sees what the other does, and one goes on where the other was killed.

use std::time::{Duration, Instant};

use super::desk;
use super::plans::{queue, review};
use crate::support::pty::{DOWN, END};
use crate::support::sandbox::sandbox;

const ORDERS: &str = "/demo/orders";
/// The bound of the specification.
const TAKEOVER: Duration = Duration::from_secs(15);

#[test]
fn two_terminals_share_a_ledger_and_one_takes_over_from_the_other() {
    let server = sandbox(&["--seed", "demo", "--clock", "2", "--region", desk::REGION]);
    let state = tempfile::tempdir().expect("a state directory");
    let mut first = desk::at(&server.url, state.path());
    first.wait_for("/aws/lambda/");
    let mut second = desk::at(&server.url, state.path());
    second.keys("3");
    second.wait_for("No exports yet");

    review(&mut first, ORDERS, "of the first", "both/first");
    queue(&mut first, "of the first");
    second.wait_until("the second sees it", |screen| screen.line_with(&["Running", "of the first"]).is_some());

    review(&mut second, "/ecs/payments", "of the second", "both/second");
    queue(&mut second, "of the second");
    first.wait_until("the first sees it", |screen| screen.line_with(&["of the second"]).is_some());

    // The last one queued is cancelled by the other.
    first.keys(END);
    first.wait_until("its cursor is on the last task", |screen| screen.line_with(&["›", "/ecs/payments"]).is_some());
    first.keys("c");
    first.wait_for("y yes");
    first.keys("y");
    second.wait_until("the second sees it cancelled", |screen| {
        screen.line_with(&["Cancelled", "/ecs/payments"]).is_some()
    });

    second.keys("5");
    second.wait_until("the second knows who drives", |screen| screen.line_with(&["process "]).is_some());
    let killed = Instant::now();
    first.signal("KILL");
    second.wait_for("this logferry");
    let took = killed.elapsed();
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("taken over {took:?} after SIGKILL");
    }
    assert!(took < TAKEOVER, "it took {took:?} to take over");
    second.keys("3");
    second.keys(DOWN);
    second.wait_for("3 of 3 done");
    second.wait_for("2 of 3 done · 1 cancelled");
}
