//! An animated SVG of a film: a strip of frames that steps past a window, which browsers show without a script.
//!
//! A line that several frames share is drawn once and used by each.

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::film::{Film, Frame, Ink, Look, Run};

/// A cell, in pixels, for a font of 14 pixels: monospaced ones are 0.6 of that wide.
const CELL: (f64, f64) = (8.4, 18.0);

/// From a line's top to the foot of its letters.
const BASELINE: f64 = 13.5;

/// Around the screen; above it is room for the window's bar.
const MARGIN: f64 = 12.0;
const BAR: f64 = 30.0;

const TEXT: &str = "#d8dee6";
const GROUND: &str = "#11161d";

/// The terminal's sixteen colours, calm on a dark ground.
const PALETTE: [&str; 16] = [
    "#2b333d", "#f0716b", "#7fc77a", "#e3bd63", "#6aa8f0", "#c792ea", "#5cc8d6", "#c3ccd6", "#6f7d8c", "#ff8f88",
    "#98dd92", "#f2d184", "#8abffb", "#d9aef5", "#7fdbe6", "#ffffff",
];

/// Draws the film, once and from the beginning again.
pub fn animate(film: &Film) -> String {
    let rows = film.frames.iter().map(|frame| frame.lines.len()).max().unwrap_or(0);
    let columns =
        film.frames.iter().flat_map(|frame| frame.lines.iter().flatten()).map(|run| run.column + run.width).max();
    let (width, height) = (cells(columns.unwrap_or(0), CELL.0), cells(rows, CELL.1));
    // A gap between frames: nothing of one is seen at the edge of the next.
    let pitch = width + MARGIN;
    let (mut lines, mut strip) = (Lines::default(), String::new());
    for (place, frame) in film.frames.iter().enumerate() {
        strip.push_str(&draw(frame, cells(place, pitch), &mut lines));
    }
    let (outer, upper) = (width + 2.0 * MARGIN, height + BAR + MARGIN);
    let mut svg = String::new();
    let _ = write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {outer:.1} {upper:.1}" width="{outer:.1}" height="{upper:.1}" role="img">
<title>logferry exports the logs of a log group to S3, from the first start to the completed task</title>
<style>
text {{ font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: {TEXT}; }}
.b {{ font-weight: bold; }} .d {{ opacity: .6; }} .u {{ text-decoration: underline; }}
.film {{ animation: film {:.2}s step-end infinite; }}
@media (prefers-reduced-motion: reduce) {{ .film {{ animation: none; transform: translateX({:.1}px); }} }}
{}</style>
<defs>
{}</defs>
<rect width="{outer:.1}" height="{upper:.1}" rx="8" fill="{GROUND}"/>
<circle cx="18" cy="15" r="5" fill="{}"/><circle cx="36" cy="15" r="5" fill="{}"/><circle cx="54" cy="15" r="5" fill="{}"/>
<svg x="{MARGIN}" y="{BAR}" width="{width:.1}" height="{height:.1}"><g class="film">
{strip}</g></svg>
</svg>
"#,
        lasts(film).as_secs_f64(),
        -cells(film.frames.len().saturating_sub(1), pitch),
        steps(film, pitch),
        lines.drawn,
        PALETTE[1],
        PALETTE[3],
        PALETTE[2],
    );
    svg
}

/// When which frame is in the window.
fn steps(film: &Film, pitch: f64) -> String {
    let (whole, mut passed) = (lasts(film).as_secs_f64(), Duration::ZERO);
    let mut css = "@keyframes film {\n".to_owned();
    for (place, frame) in film.frames.iter().enumerate() {
        let share = passed.as_secs_f64() / whole * 100.0;
        let _ = writeln!(css, "{share:.3}% {{ transform: translateX({:.1}px); }}", -cells(place, pitch));
        passed += frame.stays;
    }
    css.push_str("}\n");
    css
}

fn lasts(film: &Film) -> Duration {
    film.frames.iter().map(|frame| frame.stays).sum()
}

fn draw(frame: &Frame, left: f64, lines: &mut Lines) -> String {
    let mut group = format!("<g transform=\"translate({left:.1} 0)\">");
    for (row, runs) in frame.lines.iter().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        let _ = write!(group, "<use href=\"#l{}\" y=\"{:.0}\"/>", lines.number_of(runs), cells(row, CELL.1));
    }
    group.push_str("</g>\n");
    group
}

/// Lines that are drawn already, by their number.
#[derive(Default)]
struct Lines {
    numbers: HashMap<Vec<Run>, usize>,
    drawn: String,
}

impl Lines {
    fn number_of(&mut self, runs: &[Run]) -> usize {
        if let Some(number) = self.numbers.get(runs) {
            return *number;
        }
        let number = self.numbers.len();
        let _ = write!(self.drawn, "<g id=\"l{number}\">");
        for run in runs {
            draw_run(&mut self.drawn, run);
        }
        self.drawn.push_str("</g>\n");
        self.numbers.insert(runs.to_owned(), number);
        number
    }
}

fn draw_run(into: &mut String, run: &Run) {
    let (left, width) = (cells(run.column, CELL.0), cells(run.width, CELL.0));
    if let Some(ground) = run.look.ground {
        // A hair wider: neighbours must not show a gap between them.
        let (width, height) = (width + 0.3, CELL.1);
        let _ = write!(
            into,
            "<rect x=\"{left:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{}\"/>",
            colour(ground)
        );
    }
    for (column, words) in phrases(&run.text) {
        let (left, width) = (cells(run.column + column, CELL.0), cells(words.width(), CELL.0));
        // The length keeps every cell in its column, whatever font the reader's machine has.
        let _ = write!(
            into,
            "<text x=\"{left:.1}\" y=\"{BASELINE}\" textLength=\"{width:.1}\"{}{}>{}</text>",
            classes(run.look),
            fill(run.look.ink),
            quick_xml::escape::escape(words)
        );
    }
}

/// What stands between two blanks or more, each with its column: SVG takes many blanks for one.
fn phrases(text: &str) -> Vec<(usize, &str)> {
    let (mut phrases, mut column) = (Vec::new(), 0);
    for part in text.split("  ") {
        let words = part.trim_start();
        let before = part.len() - words.len();
        let words = words.trim_end();
        if !words.is_empty() {
            phrases.push((column + before, words));
        }
        column += part.width() + 2;
    }
    phrases
}

fn classes(look: Look) -> String {
    let looks = [(look.bold, "b"), (look.dim, "d"), (look.underlined, "u")];
    let names: Vec<&str> = looks.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    if names.is_empty() { String::new() } else { format!(" class=\"{}\"", names.join(" ")) }
}

fn fill(ink: Ink) -> String {
    if ink == Ink::Text { String::new() } else { format!(" style=\"fill:{}\"", colour(ink)) }
}

fn colour(ink: Ink) -> String {
    match ink {
        Ink::Text => TEXT.to_owned(),
        Ink::Ground => GROUND.to_owned(),
        Ink::Palette(index) => PALETTE.get(usize::from(index)).map_or_else(|| cube(index), |hex| (*hex).to_owned()),
        Ink::Exact(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
    }
}

/// The 216 colours and 24 greys behind the first sixteen, as xterm has them.
fn cube(index: u8) -> String {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return colour(Ink::Exact(grey, grey, grey));
    }
    let step = |digit: u8| if digit == 0 { 0 } else { 55 + 40 * digit };
    let place = index - 16;
    colour(Ink::Exact(step(place / 36), step(place / 6 % 6), step(place % 6)))
}

/// So many cells, or frames, in pixels.
fn cells(count: usize, size: f64) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from) * size
}
