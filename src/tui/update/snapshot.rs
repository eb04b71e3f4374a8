//! The queue as it stands by now, and what of it is worth a word: plans that ended or paused themselves.

use std::sync::Arc;

use crate::config::Notify;
use crate::domain::queued_plan::{Pause, QueuedPlan};
use crate::export::Snapshot;
use crate::tui::cells::thousands;
use crate::tui::effect::Effect;
use crate::tui::model::{Confirm, Model, Overlay, Tone};
use crate::tui::view::plan_title;

/// Takes it in.
pub fn take(model: &mut Model, snapshot: Arc<Snapshot>) -> Vec<Effect> {
    let wants_calls = model.settings.notify != Notify::Off;
    let ended = snapshot.plans.iter().filter(|plan| wants_calls && has_ended(model.exports.plan(plan.id), plan));
    let calls = ended.map(|plan| Effect::Notify(outcome(plan).1)).collect();
    let told: Vec<(Tone, String)> =
        snapshot.plans.iter().filter_map(|plan| news(model.exports.plan(plan.id), plan)).collect();
    if let Some(trouble) = snapshot.trouble.as_deref().filter(|trouble| model.exports.trouble() != Some(*trouble)) {
        model.messages.failed(&format!("the ledger: nothing is launched: {trouble}"), model.now);
    }
    model.exports.take(snapshot, model.now);
    for (tone, text) in told {
        model.say(tone, text);
    }
    drop_quit_question(model);
    if let Some(id) = model.look_for
        && model.task(id).is_some()
    {
        // A filter may hide it; then the cursor stays.
        model.exports.seek_plan(id);
        model.look_for = None;
    }
    calls
}

/// Whether the last of the plan has ended since it stood at `before`.
fn has_ended(before: Option<&Arc<QueuedPlan>>, now: &QueuedPlan) -> bool {
    before.is_some_and(|before| before.counts.open() > 0) && now.counts.open() == 0
}

/// The last task has ended while somebody was asked whether to quit: there is nothing left to ask.
fn drop_quit_question(model: &mut Model) {
    if matches!(model.overlay, Some(Overlay::Confirm(Confirm::Quit))) && !model.leaves_work() {
        model.overlay = None;
        model.say(Tone::Note, "nothing is under way any more: q quits at once");
    }
}

/// What is worth saying of a plan's change.
fn news(before: Option<&Arc<QueuedPlan>>, now: &QueuedPlan) -> Option<(Tone, String)> {
    let ended = has_ended(before, now) && now.counts.total() > 1;
    let before = before?;
    if let (None | Some(Pause::Asked), Some(Pause::Failures(problem))) = (&before.pause, &now.pause) {
        let why = problem.explain().cause;
        return Some((
            Tone::Bad,
            format!("{} paused itself after failures alike: {why}; i tells more", plan_title(now)),
        ));
    }
    ended.then(|| outcome(now))
}

/// What went wrong first: on a narrow screen the rest is cut.
fn outcome(plan: &QueuedPlan) -> (Tone, String) {
    let counts = plan.counts;
    let good = counts.completed + counts.empty;
    let told = [
        (counts.failed, "failed"),
        (counts.cancelled, "cancelled"),
        (good, "completed"),
        (counts.empty, "of them empty"),
    ];
    let told = told.into_iter().filter(|(number, _)| *number > 0);
    let told: Vec<_> = told.map(|(number, word)| format!("{} {word}", thousands(number))).collect();
    let tone = if counts.failed > 0 { Tone::Bad } else { Tone::Good };
    (tone, format!("ended, {}: {}", told.join(", "), plan_title(plan)))
}
