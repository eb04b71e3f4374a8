//! Finding what one does not know the key of: the command palette and help.

use crate::support::pty::{ENTER, ESCAPE, Terminal};

fn on_log_groups() -> Terminal {
    let terminal = Terminal::start((100, 30), &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal
}

#[test]
fn the_palette_goes_to_screens_does_what_is_chosen_and_quits() {
    let mut terminal = on_log_groups();
    terminal.keys(":");
    terminal.wait_for("What to do?");
    terminal.keys("buck");
    terminal.wait_until("buckets is offered", |screen| screen.line_with(&["buckets", "Buckets"]).is_some());
    terminal.keys(ENTER);
    terminal.wait_for("acme-log-exports");
    terminal.keys(":");
    terminal.wait_for("What to do?");
    terminal.keys("no such thing");
    terminal.wait_for("nothing here is called so");
    terminal.keys(ESCAPE);
    terminal.wait_gone("What to do?");
    terminal.keys(":quit\r");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn what_makes_no_sense_is_offered_with_its_reason() {
    let mut terminal = on_log_groups();
    terminal.keys("3");
    terminal.wait_for("No exports yet");
    terminal.keys(":cancel");
    terminal.wait_until("the reason", |screen| screen.line_with(&["cancel", "not now: no task here"]).is_some());
    terminal.keys(ENTER);
    terminal.wait_until("it says so and stays", |screen| screen.shows("What to do?") && screen.shows(" no task here"));
}

#[test]
fn help_is_narrowed_by_what_is_typed() {
    let mut terminal = on_log_groups();
    terminal.keys("?");
    terminal.wait_for("more lines below");
    terminal.keys("undo");
    terminal.wait_until("only undoing is told of", |screen| {
        screen.shows("See what would undo the change")
            && !screen.shows("more lines below")
            && !screen.shows("A page up")
    });
    terminal.keys(ESCAPE);
    terminal.wait_for("Stored");
}
