//! Keys of the queue: tasks, plans and lanes, in their lists and in their details.

use crossterm::event::KeyCode;

use super::{Action, Binding, Context, ENTER, bind, c, enabled, k};
use crate::ledger::Shift;

const EARLIER: Action = Action::Shift(Shift::Earlier);
const LATER: Action = Action::Shift(Shift::Later);
const FIRST: Action = Action::Shift(Shift::First);
const LAST: Action = Action::Shift(Shift::Last);

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(
        Context::Exports,
        &[ENTER],
        Action::OpenDetails,
        1,
        "open",
        "A task: everything about it, and what to do if it failed. A plan: show or hide its tasks",
    )
    .when(enabled::on_row),
    bind(Context::Exports, &[k(KeyCode::Right)], Action::Unfold, 0, "", "Show the plan's tasks")
        .when(enabled::on_folded),
    bind(Context::Exports, &[k(KeyCode::Left)], Action::Fold, 0, "", "Hide the plan's tasks").when(enabled::on_fold),
    bind(Context::Exports, &[c('i')], Action::OpenPlan, 5, "plan", "Everything about the plan").when(enabled::on_plan),
    bind(Context::Exports, &[c('c')], Action::AskCancel, 2, "cancel", "Cancel the task, after a question")
        .when(enabled::on_live_task)
        .changing(),
    bind(
        Context::Exports,
        &[c('C')],
        Action::AskCancelPlan,
        4,
        "cancel all",
        "Cancel everything of the plan, after a question",
    )
    .when(enabled::on_open_plan)
    .changing(),
    bind(Context::Exports, &[c('p')], Action::PausePlan, 3, "pause/go on", "Pause the plan, or let it go on")
        .when(enabled::on_open_plan)
        .changing(),
    bind(Context::Exports, &[c('P')], Action::PauseLane, 0, "", "Pause the lane, or let it go on")
        .when(enabled::on_lane)
        .changing(),
    bind(Context::Exports, &[c('t')], Action::Retry, 2, "try again", "Queue a failed or cancelled task once more")
        .when(enabled::on_lost_task)
        .changing(),
    bind(
        Context::Exports,
        &[c('T')],
        Action::RetryFailed,
        3,
        "retry failed",
        "Queue all failed tasks of the plan once more",
    )
    .when(enabled::on_failed_plan)
    .changing(),
    bind(Context::Exports, &[c('K')], EARLIER, 5, "earlier", "Move the task before the one queued before it")
        .when(enabled::on_queued_task)
        .changing(),
    bind(Context::Exports, &[c('J')], LATER, 0, "", "Move the task behind the one queued behind it")
        .when(enabled::on_queued_task)
        .changing(),
    bind(
        Context::Exports,
        &[c('<')],
        FIRST,
        0,
        "",
        "Move the task, or all of the plan, to the front of the lane's queue",
    )
    .when(enabled::on_queued)
    .changing(),
    bind(Context::Exports, &[c('>')], LAST, 0, "", "Move the task, or all of the plan, to the end of the lane's queue")
        .when(enabled::on_queued)
        .changing(),
    bind(
        Context::Exports,
        &[c('r')],
        Action::RunAgain,
        3,
        "run again",
        "Open the export form with the values of the task, or of the whole plan, to export it again with changes",
    )
    .when(enabled::on_past_work),
    bind(
        Context::Exports,
        &[c('v')],
        Action::Verify,
        4,
        "verify",
        "Read back what the task has left in the bucket, and see what that proves",
    )
    .when(enabled::on_verifiable),
    bind(
        Context::Exports,
        &[c('f')],
        Action::Freeze,
        6,
        "freeze",
        "Stop the screen, to read it; the queue goes on. Once more, or Esc, and the screen goes on too",
    )
    .when(enabled::on_row),
    bind(Context::TaskDetails, &[c('c')], Action::AskCancel, 2, "cancel", "Cancel the task, after a question")
        .when(enabled::on_live_task)
        .changing(),
    bind(
        Context::TaskDetails,
        &[c('t')],
        Action::Retry,
        2,
        "try again",
        "Queue it once more, if it failed or was cancelled",
    )
    .when(enabled::on_lost_task)
    .changing(),
    bind(
        Context::TaskDetails,
        &[c('r')],
        Action::RunAgain,
        2,
        "run again",
        "Open the export form with the task's values",
    )
    .when(enabled::on_ended_task),
    bind(
        Context::TaskDetails,
        &[c('v')],
        Action::Verify,
        3,
        "verify",
        "Read back what it has left in the bucket, and see what that proves",
    )
    .when(enabled::on_verifiable),
    bind(Context::Proof, &[c('c')], Action::StopVerifying, 2, "stop", "Read no further").when(enabled::on_reading),
    bind(
        Context::Proof,
        &[c('m')],
        Action::AskManifest,
        2,
        "write manifest",
        "Write what was found beside the objects, after a question",
    )
    .when(enabled::on_evidence)
    .changing(),
    bind(Context::Proof, &[c('R')], Action::Reload, 4, "verify again", "Read everything back once more")
        .when(enabled::on_read),
    bind(Context::TaskDetails, &[c('i')], Action::OpenPlan, 4, "plan", "Everything about its plan")
        .when(enabled::on_plan),
    bind(
        Context::PastDetails,
        &[c('r')],
        Action::RunAgain,
        2,
        "run again",
        "Open the export form with the same values",
    ),
    bind(
        Context::PlanDetails,
        &[c('C')],
        Action::AskCancelPlan,
        2,
        "cancel all",
        "Cancel everything of the plan, after a question",
    )
    .when(enabled::on_open_plan)
    .changing(),
    bind(Context::PlanDetails, &[c('p')], Action::PausePlan, 2, "pause/go on", "Pause the plan, or let it go on")
        .when(enabled::on_open_plan)
        .changing(),
    bind(
        Context::PlanDetails,
        &[c('r')],
        Action::RunAgain,
        3,
        "run again",
        "Open the export form with the plan's values",
    ),
    bind(
        Context::PlanDetails,
        &[c('T')],
        Action::RetryFailed,
        2,
        "retry failed",
        "Queue all its failed tasks once more",
    )
    .when(enabled::on_failed_plan)
    .changing(),
    bind(
        Context::Lanes,
        &[ENTER],
        Action::Browse,
        1,
        "work here",
        "Look at this lane: its log groups, buckets and past tasks are shown, and the form exports there",
    )
    .when(enabled::on_reachable_lane),
    bind(Context::Lanes, &[c('a')], Action::AddLane, 2, "add", "Add a lane: another profile or Region"),
    bind(
        Context::Lanes,
        &[c('P')],
        Action::PauseLane,
        3,
        "pause/go on",
        "Pause the lane, or let it go on: nothing new is launched in it",
    )
    .when(enabled::on_lane)
    .changing(),
];
