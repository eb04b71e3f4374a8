//! What a filter has matched in a name, as it is shown: underlined.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

/// Where the characters at `hits` of `text` are in `fitted`, which may have lost its middle. Names that had to be escaped
/// are not worth it.
pub fn moved(hits: &[usize], text: &str, fitted: &str) -> Vec<usize> {
    let (length, shown) = (text.len(), fitted.chars().count());
    let cut = fitted.chars().position(|c| c == '…').unwrap_or(shown);
    if !text.is_ascii() || (cut == shown && text != fitted) {
        return Vec::new();
    }
    let tail = length - (shown.saturating_sub(cut + 1)).min(length);
    let places = hits.iter().filter_map(|at| match *at {
        at if at < cut => Some(at),
        at if at >= tail => Some(at + shown - length),
        _ => None,
    });
    places.collect()
}

/// `text` with the characters at `hits` underlined, which shows without colours too.
pub fn underlined(text: &str, hits: &[usize], style: Style) -> Vec<Span<'static>> {
    let mut spans: Vec<(bool, String)> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let hit = hits.contains(&at);
        match spans.last_mut() {
            Some((last, run)) if *last == hit => run.push(c),
            Some(_) | None => spans.push((hit, c.to_string())),
        }
    }
    let marked = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    spans.into_iter().map(|(hit, run)| Span::styled(run, if hit { marked } else { style })).collect()
}
