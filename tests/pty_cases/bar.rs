//! The progress bar of the command line: at the foot of the terminal while something runs, and nowhere afterwards.

use crate::support::pty::Terminal;

const CTRL_C: &str = "\x03";

fn export(clock: &str) -> Terminal {
    let place = ["--sandbox", "--clock", clock, "export", "--wait", "--bucket", "acme-log-exports"];
    let what = ["--group", "/demo/orders,/ecs/payments", "--from", "3d ago", "--to", "1d ago"];
    Terminal::start((80, 24), &[&place[..], &what].concat(), &[])
}

#[test]
fn a_bar_shows_what_goes_on_and_leaves_the_lines_alone() {
    let mut terminal = export("30");
    terminal.wait_for("Exporting [                    ] 0/2 ");
    terminal.wait_for("Exporting [==========>         ] 1/2 about ");
    terminal.wait_for("done: 2 tasks: 2 completed, 0 empty, 0 failed; ");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let screen = terminal.screen();
    assert!(!screen.shows("Exporting ["), "{:#?}", screen.lines);
    assert!(screen.line_with(&["/ecs/payments", "completed: "]).is_some(), "{:#?}", screen.lines);
    assert!(!screen.shows("Launching"), "steps are the bar's: {:#?}", screen.lines);
}

#[test]
fn ctrl_c_leaves_no_bar_behind() {
    let mut terminal = export("0.1");
    terminal.wait_for("Exporting [                    ] 0/2 pending /demo/orders of ");
    terminal.keys(CTRL_C);
    terminal.wait_for("still queued: 1 task");
    assert_eq!(terminal.wait_exit().exit_code(), 130);
    let screen = terminal.screen();
    assert!(!screen.shows("Exporting [") && screen.shows("goes on in AWS: "), "{:#?}", screen.lines);
}
