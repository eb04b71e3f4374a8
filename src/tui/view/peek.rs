//! The page of a peek: the first and the last event, how much there is, and when.

use ratatui::text::{Line, Span};

use crate::domain::peek::{Amount, Edge, Glimpse, MOST_CALLS, Peek, Slice, Volume};
use crate::domain::time::{Zone, show_span};
use crate::export::{NoPeek, Peeked};
use crate::tui::cells::{counted, fit_end, fit_middle, pad, thousands, wrap};
use crate::tui::peek::{PeekPage, Stage};
use crate::tui::theme::{Role, Theme};

/// Where facts begin, after their labels.
const FACT_AT: usize = 16;

/// Cells of the longest bar.
const BAR: u64 = 24;

/// The title of the page and its lines.
pub fn page(theme: Theme, page: &PeekPage, width: usize) -> (String, Vec<Line<'static>>) {
    let name = page.subject().map(|subject| subject.group.to_string()).unwrap_or_default();
    let mut lines = vec![of_what(theme, page, width), Line::default()];
    match &page.stage {
        Stage::Asked(_) => {
            lines.extend(text(theme, &format!("reading, in at most {MOST_CALLS} calls …"), Role::Muted, width));
        }
        Stage::Seen(peeked) => lines.extend(seen(theme, peeked, width)),
        Stage::Refused(why) => lines.extend(refused(theme, why, width)),
    }
    (format!("Peek at {name}"), lines)
}

/// The range, and which log group of how many.
fn of_what(theme: Theme, page: &PeekPage, width: usize) -> Line<'static> {
    let range = page.wanted.range;
    let (from, to) = (range.from().show(Zone::Utc), range.to().show(Zone::Utc));
    let streams = page.wanted.streams.as_ref().map(|prefix| format!(", streams {prefix}…")).unwrap_or_default();
    let many = page.wanted.groups.len();
    let which = if many > 1 { format!("   {} of {many} log groups", page.at + 1) } else { String::new() };
    let told = format!("   {from} → {to} ({}){streams}{which}", show_span(range.span()));
    Line::styled(fit_end(&told, width), theme.style(Role::Muted))
}

fn text(theme: Theme, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    let lines = wrap(text, width.saturating_sub(4));
    lines.into_iter().map(|line| Line::styled(format!("   {line}"), theme.style(role))).collect()
}

fn refused(theme: Theme, why: &NoPeek, width: usize) -> Vec<Line<'static>> {
    let told = match why {
        NoPeek::NoSuchGroup => "There is no such log group in this account.".to_owned(),
        NoPeek::NotReadable => {
            "AWS does not let events of the class INFREQUENT_ACCESS be read. They can be exported all \
                                the same, unseen."
                .to_owned()
        }
        NoPeek::Problem(problem) => {
            let explanation = problem.explain();
            format!("{}: {}", explanation.cause, explanation.remedy)
        }
    };
    text(theme, &told, Role::Warning, width)
}

fn seen(theme: Theme, Peeked { peek, problem }: &Peeked, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![
        edge(theme, "First event", peek.first(), "or an earlier one", width),
        edge(theme, "Last event", peek.last(), "or a later one", width),
        fact(theme, "Volume", &volume(peek), Role::Text, width),
        Line::default(),
    ];
    let most = peek.slices().iter().map(|slice| slice.volume().amount().events).max().unwrap_or(0);
    lines.extend(peek.slices().iter().map(|slice| bar(theme, slice, most, width)));
    lines.push(Line::default());
    if let Some(problem) = problem {
        let explanation = problem.explain();
        let told = format!("Not seen to its end. {}: {}", explanation.cause, explanation.remedy);
        lines.extend(text(theme, &told, Role::Warning, width));
    }
    lines.extend(text(theme, &grounds(peek), Role::Muted, width));
    lines
}

fn fact(theme: Theme, label: &str, told: &str, role: Role, width: usize) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("   {}", pad(label, FACT_AT - 3, false)), theme.style(Role::Muted)),
        Span::styled(fit_end(told, width.saturating_sub(FACT_AT + 1)), theme.style(role)),
    ])
}

/// When, in which stream, and the beginning of what it says.
fn edge(theme: Theme, label: &str, edge: Edge<'_>, doubt: &str, width: usize) -> Line<'static> {
    // Names of streams are long, and their ends tell them apart: of the message something is to be seen too.
    let stream_cells = width / 5;
    let told = |Glimpse { at, stream, message }: &Glimpse| {
        format!("{at}  {}  {}", fit_middle(stream, stream_cells), message.trim_end())
    };
    match edge {
        Edge::Nothing => fact(theme, label, "none was seen", Role::Muted, width),
        Edge::Sure(glimpse) => fact(theme, label, &told(glimpse), Role::Text, width),
        Edge::Seen(glimpse) => fact(theme, label, &format!("! {doubt}: {}", told(glimpse)), Role::Warning, width),
    }
}

fn volume(peek: &Peek) -> String {
    let told = |Amount { events, bytes }: Amount| format!("{}, {bytes} of messages", counted(events, "event"));
    match peek.volume() {
        Volume::Exact(amount) => format!("{}, all of them counted", told(amount)),
        Volume::Estimate(amount) => format!("~ {} (an estimate)", told(amount)),
        Volume::Unknown => "not known: AWS was still searching".to_owned(),
    }
}

/// A part of the range: when it begins, a bar, and how much it holds.
fn bar(theme: Theme, slice: &Slice, most: u64, width: usize) -> Line<'static> {
    let begins = slice.range.from().show(Zone::Utc);
    let (about, amount) = match slice.volume() {
        Volume::Exact(amount) => (" ", Some(amount)),
        Volume::Estimate(amount) => ("~", Some(amount)),
        Volume::Unknown => ("?", None),
    };
    let events = amount.map_or(0, |amount| amount.events);
    // What is there at all is seen.
    let cells = u64::from(events > 0).max(events.saturating_mul(BAR).checked_div(most).unwrap_or(0));
    let cells = usize::try_from(cells).unwrap_or(0);
    let told = amount.map_or_else(
        || "not known".to_owned(),
        |amount| format!("{}, {}", counted(amount.events, "event"), amount.bytes),
    );
    let head = format!("   {begins}  {about} ");
    let room = width.saturating_sub(head.chars().count() + 1);
    let bars = pad(&"▰".repeat(cells), usize::try_from(BAR).unwrap_or(0), false);
    Line::from(vec![
        Span::styled(head, theme.style(Role::Muted)),
        Span::styled(bars.chars().take(room).collect::<String>(), theme.style(Role::Active)),
        Span::styled(fit_end(&format!("  {told}"), room.saturating_sub(bars.chars().count())), theme.style(Role::Text)),
    ])
}

/// What it is known by.
fn grounds(peek: &Peek) -> String {
    let calls = counted(peek.calls(), "call");
    match peek.volume() {
        Volume::Exact(_) => format!("Read in {calls}."),
        Volume::Estimate(_) | Volume::Unknown => format!(
            "A sample: {} events from the beginnings of the parts, read in {calls}. What is marked ~ is taken to go on \
             as densely as it begins.",
            thousands(peek.sampled())
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ThemeName;
    use crate::domain::amount::ByteCount;
    use crate::domain::names::LogGroupName;
    use crate::domain::peek::Sample;
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::time::{TimeRange, Timestamp};
    use crate::tui::list::RequestId;
    use crate::tui::peek::Wanted;

    /// 2026-11-01T00:00:00Z, and eight hours.
    fn range() -> TimeRange {
        let start = 1_793_491_200_000;
        TimeRange::new(Timestamp::from_millis(start), Timestamp::from_millis(start + 8 * 3_600_000)).unwrap()
    }

    fn shown(stage: Stage, width: usize) -> String {
        let groups = ["/ecs/web", "/ecs/batch"].map(|name| LogGroupName::parse(name).unwrap()).to_vec();
        let wanted = Wanted { groups, range: range(), streams: None };
        let (title, lines) = page(Theme::of(ThemeName::Monochrome), &PeekPage { wanted, at: 1, stage, top: 0 }, width);
        let lines: Vec<String> = lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= width), "{lines:#?}");
        format!("{title}\n{}", lines.join("\n"))
    }

    /// Five slices are read to their ends; of the others the first half hour was seen, or nothing.
    fn busy() -> Peek {
        let mut peek = Peek::new(range());
        while let Some(ask) = peek.next().filter(|_| peek.calls() < 8) {
            let hour = peek.calls() as u64;
            let glimpse = |minutes: u64, message: &str| Glimpse {
                at: ask.range.from().after(std::time::Duration::from_mins(minutes)),
                stream: "web/0f3a".to_owned(),
                message: message.to_owned(),
            };
            let seen = Amount { events: hour * 100, bytes: ByteCount(hour * 9_000) };
            let more = (hour > 4).then(|| "token".to_owned());
            let sample = match hour {
                0 => Sample::default(),
                7 => Sample { next: more, ..Sample::default() },
                _ => Sample {
                    first: Some(glimpse(0, "GET / 200")),
                    last: Some(glimpse(30, "evil\u{1b}[31m\u{202e}\nline")),
                    seen,
                    next: more,
                },
            };
            peek.learn(&ask, sample);
        }
        peek
    }

    fn seen(peek: Peek, problem: Option<Problem>) -> Stage {
        Stage::Seen(Box::new(Peeked { peek, problem }))
    }

    #[test]
    fn a_peek_at_two_sizes() {
        insta::assert_snapshot!("peek_80", shown(seen(busy(), None), 80));
        insta::assert_snapshot!("peek_160", shown(seen(busy(), None), 160));
    }

    #[test]
    fn what_cannot_be_seen_is_told() {
        let throttled = Problem::new(ProblemKind::Throttled, "FilterLogEvents");
        let told = shown(seen(busy(), Some(throttled)), 80);
        assert!(told.contains("Not seen to its end."), "{told}");
        let told = shown(Stage::Refused(NoPeek::NotReadable), 80);
        assert!(told.contains("INFREQUENT_ACCESS") && told.contains("exported all the same"), "{told}");
        assert!(shown(Stage::Refused(NoPeek::NoSuchGroup), 80).contains("no such log group"));
        assert!(shown(Stage::Asked(RequestId(1)), 80).contains("in at most 12 calls"));
        let denied = Problem::new(ProblemKind::AccessDenied, "DescribeLogGroups");
        assert!(!shown(Stage::Refused(NoPeek::Problem(Box::new(denied))), 40).is_empty());
    }

    #[test]
    fn nothing_is_told_to_be_nothing() {
        let mut peek = Peek::new(range());
        while let Some(ask) = peek.next() {
            peek.learn(&ask, Sample::default());
        }
        let told = shown(seen(peek, None), 80);
        assert!(
            told.contains("0 events, 0 B of messages, all of them counted") && told.contains("none was seen"),
            "{told}"
        );
    }
}
