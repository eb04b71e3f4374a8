//! What time does to the interface: whether it has to be drawn anew, when something is asked again by itself, and what
//! would stand still if the program ended now.

use crate::domain::task::{State, Task};
use crate::domain::time::Timestamp;
use crate::ledger::LaneRecord;
use crate::tui::lanes::LaneRow;
use crate::tui::model::{Model, Overlay, Screen, Subject};
use crate::tui::watch;

impl Model {
    /// Whether something on screen changes by the passing of time alone.
    pub fn shows_time(&self) -> bool {
        match &self.overlay {
            Some(Overlay::Details(Subject::Task(id), _)) => self.task(*id).is_some_and(|task| !task.state.is_end()),
            Some(
                Overlay::Details(Subject::Plan(_) | Subject::Past(_) | Subject::Bucket(_), _)
                | Overlay::Help(_)
                | Overlay::Palette(_)
                | Overlay::Review(_)
                | Overlay::Change(_)
                | Overlay::Rules(_)
                | Overlay::Sheet(_)
                | Overlay::Creation(_)
                | Overlay::Proof(_)
                | Overlay::Peek(_)
                | Overlay::Landed(_)
                | Overlay::Reading(_)
                | Overlay::Download(_)
                | Overlay::Checks(_)
                | Overlay::Messages(_),
            ) => false,
            Some(Overlay::Confirm(_) | Overlay::AddLane(_) | Overlay::SavePlan(_)) | None => match self.screen {
                Screen::Exports => self.exports.frozen().is_none() && self.exports.is_moving(),
                Screen::Lanes => self.exports.is_moving() || self.lanes.rows().iter().any(LaneRow::shows_age),
                Screen::Form => self.form.as_deref().is_some_and(|form| form.follows_clock(self.now)),
                Screen::Groups | Screen::Buckets | Screen::History => false,
            },
        }
    }

    /// When something happens by itself: a throttled listing, credentials or a slot are asked for again, what was typed is
    /// checked, a note goes.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        let places = self.places.iter().filter_map(|(_, place)| place.again_at);
        let looks = watch::next_look(self);
        let settles = match self.screen {
            Screen::Groups => self.groups.sight.settles_at,
            Screen::Buckets => self.buckets.sight.settles_at,
            Screen::Exports | Screen::History | Screen::Lanes | Screen::Form => None,
        };
        let checks = self.checks_wake_at();
        let all = self.retry_at.into_iter().chain(places).chain(looks).chain(settles).chain(checks);
        all.chain(self.note_ends()).min()
    }

    /// When the checks of what was typed are asked for: while somebody looks at it.
    fn checks_wake_at(&self) -> Option<Timestamp> {
        self.checks.wakes_at().filter(|_| self.screen == Screen::Form)
    }

    /// Whether the passing of time since the last frame shows: a range in days reads the same until midnight.
    pub fn is_stale(&self) -> bool {
        match &self.form {
            Some(form) if self.screen == Screen::Form && self.wakes_at().is_none_or(|at| at > self.now) => {
                form.reads_differently(self.drawn_at, self.now)
            }
            Some(_) | None => true,
        }
    }

    /// Whether something would stand still, or is under way, when the program ends now: not what other processes drive,
    /// nor what is held.
    pub fn leaves_work(&self) -> bool {
        if self.is_downloading() {
            return true;
        }
        // Who drives nothing leaves nothing behind.
        if self.settings.read_only {
            return false;
        }
        self.is_submitting()
            || !self.writing.is_empty()
            || self.exports.tasks().iter().any(|task| !task.state.is_end() && self.is_at_stake(task))
    }

    fn is_at_stake(&self, task: &Task) -> bool {
        let lane = self.exports.lane(&task.lane);
        let paused = lane.is_some_and(|record| record.paused)
            || self.exports.plan(task.plan).is_some_and(|plan| plan.pause.is_some());
        let held = task.state == State::Queued && paused;
        !held && !lane.is_some_and(|record| self.is_others(record))
    }

    /// Whether another process drives a lane just now.
    pub fn is_others(&self, record: &LaneRecord) -> bool {
        let alive = record.until.is_some_and(|until| until > self.now);
        alive && record.driver.as_ref().is_some_and(|driver| Some(driver.id) != self.this)
    }
}
