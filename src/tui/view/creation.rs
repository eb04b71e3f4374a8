//! The page of a bucket that is to be created: exactly what it will be like, how far it is, and what to do if a step fails.

use ratatui::text::{Line, Span};

use super::change::refused;
use super::details::heading;
use super::problem::{self, field};
use crate::domain::lifecycle::NewRule;
use crate::export::remedy::{Created, Outcome, Step};
use crate::tui::cells::{fold, wrap};
use crate::tui::creation::{Creation, Stage};
use crate::tui::theme::{Role, Theme};

/// Where the words of a step begin.
const STEP: usize = 5;

/// Title, and lines of at most `width` cells.
pub fn page(theme: Theme, page: &Creation, width: usize) -> (String, Vec<Line<'static>>) {
    let title = match &page.stage {
        Stage::Shown => "Create a bucket?",
        Stage::Making(..) => "Creating a bucket",
        Stage::Made(created) if created.failure().is_some() => "Not finished",
        Stage::Made(_) => "A new bucket",
        Stage::Refused(_) => "Not created",
    };
    let mut lines = match &page.stage {
        Stage::Refused(refusal) => refused(theme, refusal, "R tries again.", width),
        Stage::Shown => standing(theme, "nothing is created before Enter", Role::Muted, width),
        Stage::Making(..) => standing(theme, "creating …", Role::Active, width),
        Stage::Made(created) => made(theme, created, width),
    };
    lines.push(Line::default());
    lines.extend(field(theme, "Bucket", page.new.name.name().as_str(), Role::Title, width));
    let place = format!("{}, account {}", page.lane.region, page.lane.account);
    lines.extend(field(theme, "Region", &place, Role::Text, width));
    lines.extend(heading(theme, "Steps"));
    lines.extend(page.new.steps().flat_map(|step| step_lines(theme, page, step, width)));
    for hint in page.new.rule.iter().flat_map(NewRule::hints) {
        lines.extend(field(theme, "! Mind", &hint, Role::Warning, width));
    }
    if let Some(policy) = &page.policy {
        lines.extend(heading(theme, "Its policy"));
        lines.extend(policy.lines().flat_map(|text| document_line(theme, text, width)));
    }
    (title.to_owned(), lines)
}

fn standing(theme: Theme, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    field(theme, "", text, role, width)
}

/// It is there; whether it is finished, and if not, what to do.
fn made(theme: Theme, created: &Created, width: usize) -> Vec<Line<'static>> {
    let Some(trouble) = created.failure() else {
        let text = "✓ Created. It is in the list of buckets, under the cursor.";
        return standing(theme, text, Role::Good, width);
    };
    let text = "! The bucket is there, and not finished: R goes on where it stopped; so does the form, later, with the same name.";
    let mut lines = standing(theme, text, Role::Warning, width);
    lines.extend(problem::lines(theme, trouble, width));
    lines
}

fn step_lines(theme: Theme, page: &Creation, step: Step, width: usize) -> Vec<Line<'static>> {
    let (sign, look, said) = standing_of(page, step);
    let words = match (step, &page.new.rule) {
        (Step::Lifecycle, Some(rule)) => format!("{}: {rule}{said}", step.words()),
        _ => format!("{}{said}", step.words()),
    };
    let lines = wrap(&words, width.saturating_sub(STEP + 1)).into_iter().enumerate();
    let shown = lines.map(|(at, text)| {
        let sign = if at == 0 { sign } else { ' ' };
        Line::from(vec![
            Span::styled(format!("   {sign} "), theme.style(look)),
            Span::styled(text, theme.style(if look == Role::Bad { look } else { Role::Text })),
        ])
    });
    shown.collect()
}

/// How far a step is: a sign, its look, and words where the sign does not say it all.
fn standing_of(page: &Creation, step: Step) -> (char, Role, &'static str) {
    let outcome = page.stage.steps().iter().find(|(taken, _)| *taken == step).map(|(_, outcome)| outcome);
    match (outcome, &page.stage) {
        (Some(Outcome::Done), _) => ('✓', Role::Good, ""),
        (Some(Outcome::Already), _) => ('✓', Role::Good, " (it was so already)"),
        (Some(Outcome::Failed(_)), _) => ('✗', Role::Bad, ": failed"),
        (Some(Outcome::NotReached), _) => ('–', Role::Muted, ": not tried"),
        (None, Stage::Making(_, steps)) if page.new.steps().nth(steps.len()) == Some(step) => ('…', Role::Active, ""),
        (None, _) => ('·', Role::Muted, ""),
    }
}

fn document_line(theme: Theme, text: &str, width: usize) -> Vec<Line<'static>> {
    let folded = fold(text, width.saturating_sub(STEP + 1)).into_iter();
    folded.map(|text| Line::styled(format!("{:STEP$}{text}", ""), theme.style(Role::Muted))).collect()
}
