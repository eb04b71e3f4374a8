//! Questions before something is done, in a box over the screen.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph};

use super::plan_words;
use super::task_words::window;
use crate::domain::engine::EngineKind;
use crate::domain::names::TaskId;
use crate::domain::preflight::{Item, Verdict};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::task::{State, Task};
use crate::domain::verify::manifest::Manifest;
use crate::export::Elsewhere;
use crate::tui::cells::{counted, fit_middle, fold, wrap};
use crate::tui::form::Form;
use crate::tui::model::{Confirm, Model, Subject};
use crate::tui::theme::Role;

/// Tasks named one by one, where there is room; the rest are counted.
const NAMED: usize = 4;

/// What becomes of direct exports.
const DIRECT: [&str; 2] =
    ["Stops here, and goes on with the next start or another logferry:", "Stops, and is lost with the sandbox:"];

/// What becomes of managed tasks in these states when the program quits now, and what when the sandbox ends with it.
const FATES: &[(&[State], &str, &str)] = &[
    (&[State::Pending, State::Running], "Goes on in AWS after quitting:", "Ends with the sandbox:"),
    (&[State::Launching], "Is being launched; quitting waits for AWS's answer:", "Is being launched in the sandbox:"),
    (
        &[State::Cancelling],
        "Is being cancelled; AWS ends it, or refuses and goes on:",
        "Is being cancelled in the sandbox:",
    ),
];

/// What becomes of queued tasks.
const QUEUED: [&str; 2] =
    ["Stays queued for the next start or another logferry:", "Still queued, and forgotten with the sandbox:"];

/// AWS documents nothing of what becomes of the objects of a cancelled export: nothing is promised.
const LANDED: &str = "AWS does not say what becomes of what has landed in the bucket: look there afterwards.";

/// What becomes of the objects of a cancelled direct export.
const KEPT: &str = "Objects that are complete stay where they are, unfinished ones are removed.";

/// Draws the question in the middle of `area`.
pub fn draw(model: &Model, out: &mut Frame<'_>, area: Rect, question: &Confirm) {
    let theme = model.settings.theme;
    let width = area.width.saturating_sub(4).min(72);
    let inner = usize::from(width.saturating_sub(4));
    // Two lines of frame and one of keys, which are never cut.
    let room = usize::from(area.height.saturating_sub(3));
    let (title, mut lines, keys) = match question {
        Confirm::Quit => (" Quit? ", quit(model, inner, room), "y quit   w when done   n stay"),
        Confirm::Cancel(id) => match model.task(*id) {
            Some(task) => (" Cancel this export? ", cancel(task, inner), "y cancel it   n leave it"),
            None => (" Cancel this export? ", vec!["It is gone already.".to_owned()], "n close"),
        },
        Confirm::CancelPlan(id) => match model.exports.plan(*id) {
            Some(plan) => (" Cancel everything of this plan? ", cancel_plan(plan, inner), "y cancel it   n leave it"),
            None => (" Cancel everything of this plan? ", vec!["It is gone already.".to_owned()], "n close"),
        },
        Confirm::Replace(again) => {
            (" Replace what is in the export form? ", replace(model, again, inner), "y replace it   n keep it")
        }
        Confirm::Twice(elsewhere) => {
            (" Export it twice? ", twice(model, elsewhere, inner), "y export it once more   n leave it")
        }
        Confirm::Manifest(_) => (" Write the manifest? ", manifest(model, inner), "y write it   n leave it"),
        Confirm::Unchecked => (
            " Launch it although a check blocks it? ",
            unchecked(model, inner),
            "y launch it all the same   n leave it",
        ),
    };
    lines.truncate(room);
    lines.push(keys.to_owned());
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let block = Block::bordered().title(title).border_style(theme.style(Role::Warning));
    let text: Vec<Line<'_>> = lines.into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    out.render_widget(Clear, place);
    out.render_widget(Paragraph::new(text).block(block), place);
}

/// As many names as fit into `room` lines.
fn quit(model: &Model, width: usize, room: usize) -> Vec<String> {
    let all = (0..=NAMED).rev().map(|named| fates(model, width, named));
    let mut shortest = Vec::new();
    for lines in all {
        if lines.len() <= room {
            return lines;
        }
        shortest = lines;
    }
    shortest
}

fn fates(model: &Model, width: usize, named: usize) -> Vec<String> {
    let in_sandbox = model.settings.sandbox.is_some();
    let mut lines = Vec::new();
    if !model.writing.is_empty() {
        lines.extend(wrap("A bucket is being changed: that may end half done.", width));
    }
    if model.is_submitting() {
        lines.extend(wrap("An export is being queued: it may be lost.", width));
    }
    if model.is_downloading() {
        lines.extend(wrap("A download stops: files that are whole stay, nothing is left of the others.", width));
    }
    for (states, in_aws, sandbox) in FATES {
        let words = if in_sandbox { sandbox } else { in_aws };
        let tasks = model.tasks_where(|state| states.contains(&state));
        lines.extend(fate(words, tasks.filter(|task| task.holds_slot()), width, named));
    }
    let direct = model.tasks_where(State::is_in_aws).filter(|task| !task.holds_slot());
    lines.extend(fate(DIRECT[usize::from(in_sandbox)], direct, width, named));
    let queued = model.exports.counts().0.queued;
    if queued > 0 {
        let words = QUEUED[usize::from(in_sandbox)];
        lines.extend(wrap(&format!("{words} {}", counted(queued, "task")), width));
    }
    lines
}

/// What becomes of `tasks`, so many of which are named.
fn fate<'a>(words: &str, tasks: impl Iterator<Item = &'a Arc<Task>>, width: usize, named: usize) -> Vec<String> {
    let groups: Vec<&str> = tasks.map(|task| task.spec.group.as_str()).collect();
    let many = groups.len();
    if many == 0 {
        return Vec::new();
    }
    if named == 0 {
        return vec![fit_middle(&format!("{words} {many}"), width)];
    }
    let mut lines = wrap(words, width);
    lines.extend(groups.iter().take(named).map(|group| format!("  {}", fit_middle(group, width - 2))));
    if many > named {
        lines.push(format!("  and {} more", many - named));
    }
    lines
}

/// Where it lies, and that nobody who reads the streams meets it.
fn manifest(model: &Model, width: usize) -> Vec<String> {
    let Some(proof) = &model.proof else { return Vec::new() };
    let place = proof.subject.store.place(&Manifest::key(&proof.subject));
    let mut lines = wrap("What was found is put into the task's folder, over an earlier one:", width);
    lines.extend(fold(&place, width));
    let who =
        "It lies in no stream's folder: whoever reads those does not meet it. A table over all of the prefix would.";
    lines.extend(wrap(who, width));
    lines
}

fn cancel_plan(plan: &QueuedPlan, width: usize) -> Vec<String> {
    let counts = plan.counts;
    let mut lines = vec![fit_middle(&plan_words::title(plan), width)];
    if counts.queued > 0 {
        let text = format!("{} queued: AWS has not heard of them.", counted(counts.queued, "task"));
        lines.extend(wrap(&text, width));
    }
    if counts.active > 0 {
        let active = counted(counts.active, "task");
        let text = match plan.engine.kind() {
            EngineKind::Managed => format!("{active} with AWS. {LANDED}"),
            EngineKind::Direct => format!("{active} at work. {KEPT}"),
        };
        lines.extend(wrap(&text, width));
    }
    if counts.open() == 0 {
        lines.push("All of it has ended meanwhile.".to_owned());
    }
    lines
}

fn cancel(task: &Task, width: usize) -> Vec<String> {
    let mut lines = vec![fit_middle(task.spec.group.as_str(), width)];
    lines.push(fit_middle(&window(task.spec.window.from(), task.spec.window.to()), width));
    let after = match task.state {
        State::Queued => "AWS has not heard of it: nothing is left behind.",
        State::Launching | State::Pending | State::Running | State::Cancelling => match task.spec.engine.kind() {
            EngineKind::Managed => LANDED,
            EngineKind::Direct => KEPT,
        },
        State::Completed | State::Failed | State::Cancelled => "It has ended meanwhile.",
    };
    lines.extend(wrap(after, width));
    lines
}

/// Whose windows others have.
fn twice(model: &Model, elsewhere: &[(TaskId, Elsewhere)], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, how) in elsewhere.iter().take(NAMED) {
        let Some(task) = model.task(*id) else { continue };
        lines.push(fit_middle(task.spec.group.as_str(), width));
        lines.push(fit_middle(&window(task.spec.window.from(), task.spec.window.to()), width));
        let told = match how {
            Elsewhere::Exported => "Exported to the same place since, by other tasks.",
            Elsewhere::Queued => "Other tasks are to export it to the same place.",
        };
        lines.extend(wrap(told, width));
    }
    if elsewhere.len() > NAMED {
        lines.push(format!("and {} more", counted(elsewhere.len() - NAMED, "task")));
    }
    lines
}

/// What blocks, and what AWS is likely to make of it.
fn unchecked(model: &Model, width: usize) -> Vec<String> {
    let Some(list) = model.checks.answer() else { return vec!["It is being checked again.".to_owned()] };
    let direct = model.form.as_deref().is_some_and(Form::is_direct);
    let mut lines = Vec::new();
    for Item { finding, .. } in list.of(Verdict::Block) {
        lines.extend(wrap(&format!("{}: {}.", finding.check.word(), finding.reason), width));
        let likely = match finding.check.likely_answer() {
            // Nothing of it is asked of AWS's export service.
            _ if direct => "The export will probably fail of that.".to_owned(),
            Some(answer) => format!("AWS will probably answer: {answer}"),
            None => "What AWS would answer is not known; the export may fail, hang or be empty.".to_owned(),
        };
        lines.extend(wrap(&likely, width));
        lines.push(String::new());
    }
    lines.extend(wrap("It holds for this bucket, until the plan is queued.", width));
    lines
}

fn replace(model: &Model, again: &Subject, width: usize) -> Vec<String> {
    let group = match again {
        Subject::Task(id) => model.task(*id).map(|task| task.spec.group.to_string()),
        Subject::Past(id) => model.past(id).map(|task| task.group.clone()),
        Subject::Plan(id) => model.exports.plan(*id).map(|plan| plan_words::title(plan)),
        Subject::Bucket(_) => None,
    };
    let mut lines = wrap("Something was typed in it. It would be filled from the past export of", width);
    lines.push(fit_middle(&group.unwrap_or_default(), width));
    lines
}
