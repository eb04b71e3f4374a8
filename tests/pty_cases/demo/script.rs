//! What a newcomer does: looks for a log group, fills in the form, exports, and sees it complete.

use std::time::Duration;

use super::film::Film;
use crate::pty_cases::desk::{QUEUE_KEY, SUBMIT_LINE, go_to};
use crate::support::pty::{CTRL_O, CTRL_P, CTRL_S, END, ENTER, Screen, Terminal};

/// Fits a README, and is close to what people have.
const SIZE: (u16, u16) = (112, 30);

/// Between two typed characters.
const TYPED: Duration = Duration::from_millis(90);
/// To see that something has changed.
const GLANCE: Duration = Duration::from_millis(700);
/// To read a few words.
const READ: Duration = Duration::from_millis(1600);
/// To read a page.
const STUDY: Duration = Duration::from_millis(3200);
/// While work goes on.
const WORK: Duration = Duration::from_millis(220);

/// Between the writes of one screen, at most.
const MOMENT: Duration = Duration::from_millis(40);

const GROUP: &str = "/ecs/shop-web";
const BUCKET: &str = "acme-log-exports";

/// Plays it, once.
pub fn record() -> Film {
    // Fast enough for a test, slow enough that bytes are seen to land.
    let mut player =
        Player { terminal: Terminal::start(SIZE, &["--sandbox", "--clock", "30"], &[]), film: Film::default() };
    player.terminal.wait_until("log groups are listed with their details", |screen| {
        screen.line_with(&["/aws/lambda/image-resizer", "MiB"]).is_some()
    });
    player.take(STUDY);
    look_for_the_log_group(&mut player);
    fill_in_the_form(&mut player);
    export(&mut player);
    player.press("q");
    player.terminal.wait_gone("Timeline");
    player.press("q");
    assert!(player.terminal.wait_exit().success(), "nothing stood still when it quit");
    player.film
}

fn look_for_the_log_group(player: &mut Player) {
    player.press("/");
    player.type_text("shopweb", |screen, typed| screen.shows(&format!("/ {typed}")));
    player.terminal.wait_until("the filter leaves one", |screen| screen.shows(GROUP) && !screen.shows("/aws/lambda/"));
    player.take(READ);
    player.press(ENTER);
    player.press(ENTER);
    player.see(READ, "the form", |screen| screen.shows(SUBMIT_LINE));
}

fn fill_in_the_form(player: &mut Player) {
    player.press(CTRL_P);
    player.see(READ, "the next preset", |screen| screen.line_with(&["Range", "last 7 days"]).is_some());
    go_to(&mut player.terminal, "Split");
    player.take(GLANCE);
    player.press("d");
    player.see(READ, "a task a day", |screen| screen.shows("8 tasks"));
    go_to(&mut player.terminal, "Bucket");
    player.press(CTRL_O);
    player.see(READ, "the buckets", |screen| screen.shows("Bucket: 5 of 5"));
    player.type_text("exports", |screen, typed| screen.shows(&format!("Filter: {typed}")));
    player.press(ENTER);
    player.see(GLANCE, "the bucket", |screen| screen.line_with(&["▸ Bucket", BUCKET]).is_some());
    go_to(&mut player.terminal, "Prefix");
    player.type_text("shop/{from:%Y/%m/%d}", |screen, typed| screen.line_with(&["▸ Prefix", typed]).is_some());
    player.see(STUDY, "what AWS would say", |screen| screen.line_with(&["pass", "bucket policy"]).is_some());
}

fn export(player: &mut Player) {
    player.press(CTRL_S);
    player.see(STUDY, "what will be queued", |screen| screen.shows(QUEUE_KEY));
    player.press(ENTER);
    player.watch("all days are exported", |screen| screen.shows("8 of 8 done"));
    player.take(STUDY);
    player.press(END);
    player.press(ENTER);
    player.see(STUDY, "the last task's timeline", |screen| screen.shows("Timeline") && screen.shows("Completed"));
}

/// Types, and takes what comes of it.
struct Player {
    terminal: Terminal,
    film: Film,
}

impl Player {
    fn press(&mut self, keys: &str) {
        self.terminal.keys(keys);
    }

    fn take(&mut self, stays: Duration) {
        // A screen comes in several writes: it is whole once none has come for a moment.
        self.terminal.settle(MOMENT);
        self.film.take(&self.terminal, stays);
    }

    /// Waits for something and takes it.
    fn see(&mut self, stays: Duration, what: &str, holds: impl FnMut(&Screen) -> bool) {
        self.terminal.wait_until(what, holds);
        self.take(stays);
    }

    /// Types a character at a time and takes each once `shows` says that the text so far is there.
    fn type_text(&mut self, text: &str, shows: impl Fn(&Screen, &str) -> bool) {
        for (start, character) in text.char_indices() {
            let typed = &text[..start + character.len_utf8()];
            self.press(&character.to_string());
            self.see(TYPED, typed, |screen| shows(screen, typed));
        }
    }

    /// Takes every screen there is until something holds.
    fn watch(&mut self, what: &str, holds: impl Fn(&Screen) -> bool) {
        let mut last = Vec::new();
        while !holds(&self.terminal.screen()) {
            self.terminal.wait_until(what, |screen| screen.lines != last);
            last = self.terminal.screen().lines;
            self.take(WORK);
        }
    }
}
