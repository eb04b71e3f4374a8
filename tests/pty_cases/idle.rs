//! Doing nothing costs nothing. Prints its figures.

use std::time::Duration;

use super::desk::{Desk, REST};

/// The bound of the specification.
const CPU_LIMIT: Duration = Duration::from_millis(20);

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "CPU time is read from /proc")]
fn ten_idle_seconds_write_nothing_and_cost_no_cpu() {
    let desk = Desk::new("60");
    desk.terminal.wait_for("/aws/lambda/");
    desk.terminal.settle(REST);
    let before = desk.terminal.cpu_time();
    let bytes = desk.terminal.written_within(Duration::from_secs(10));
    let cpu = desk.terminal.cpu_time().saturating_sub(before);
    #[expect(clippy::print_stdout, reason = "the figures are the point; cargo test -- --nocapture shows them")]
    {
        println!("idle for 10 s: {bytes} bytes written, {cpu:?} of CPU");
    }
    assert_eq!(bytes, 0, "it wrote {bytes} bytes while idle");
    assert!(cpu < CPU_LIMIT, "it used {cpu:?} while idle");
}
