//! Reading an object, by keys: which lines are asked for, what is looked for, what is left behind.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::amount::ByteCount;
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::landed::{Answer, Ask, End, Lines};
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::landed::talk::Errand;
use crate::tui::model::{Model, Overlay};
use crate::tui::msg::Msg;

const SIZE: (u16, u16) = (80, 24);
const WHOLE: End = End { packed: true, damage: None };

/// A long object of which the first lines are there.
fn long() -> Model {
    let mut model = with_objects(SIZE, &["web-1/000000.gz"], None);
    let (request, ask) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("its lines are asked for");
    assert_eq!(ask, Ask::Lines(0..500));
    answer_reading(&mut model, request, Answer::Lines(lines(0..500, 700, None)));
    model
}

fn lines(numbers: std::ops::Range<u64>, known: u64, end: Option<End>) -> Lines {
    let lines = numbers.clone().map(|n| Arc::from(format!("line {n}"))).collect();
    Lines { first: numbers.start, lines, known, end, read: ByteCount(1) }
}

fn top(model: &Model) -> u64 {
    model.reading.as_ref().expect("an object").top
}

fn said(model: &Model) -> &str {
    model.message().map_or("", |message| &message.text)
}

#[test]
fn lines_are_asked_for_as_somebody_scrolls() {
    let mut model = long();
    let mut asked = None;
    for _ in 0..40 {
        asked = asked.or(reading_asked(&press(&mut model, KeyCode::PageDown)));
    }
    let (_, ask) = asked.expect("more is asked for");
    let Ask::Lines(range) = ask else { panic!("{ask:?}") };
    assert!(range.contains(&500), "{range:?}");
    assert_eq!(top(&model), 499, "no further than what is there");
}

#[test]
fn the_end_is_read_to_and_a_newer_question_takes_its_place() {
    let mut model = long();
    let (request, ask) = reading_asked(&press(&mut model, KeyCode::Char('G'))).expect("asked for");
    assert!(matches!(ask, Ask::Last(_)));
    update(&mut model, Msg::Tick);
    answer_reading(&mut model, request, Answer::Going(90_000, ByteCount(5)));
    let reading = model.reading.as_ref().expect("an object");
    assert_eq!(reading.going, Some((90_000, ByteCount(5))));
    let effects = answer_reading(&mut model, request, Answer::Lines(lines(99_983..100_000, 100_000, Some(WHOLE))));
    let (request, ask) = reading_asked(&effects).expect("what is before them is asked for");
    assert!(matches!(ask, Ask::Lines(_)));
    answer_reading(&mut model, request, Answer::Lines(lines(99_400..100_000, 100_000, Some(WHOLE))));
    let rows = u64::try_from(crate::tui::layout::body_lines(&model)).unwrap();
    assert_eq!(top(&model), 100_000 - (rows - 1), "the last row is the mark of the end");
    press(&mut model, KeyCode::Char('g'));
    assert_eq!(top(&model), 0);
}

#[test]
fn a_text_is_looked_for_and_found_below_and_above() {
    let mut model = long();
    type_text(&mut model, "/err");
    let (request, ask) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("looked for");
    assert_eq!(ask, Ask::Find { text: "err".into(), from: 0, forward: true });
    let effects = answer_reading(&mut model, request, Answer::Found(Some(5_000)));
    let (request, ask) = reading_asked(&effects).expect("its lines are asked for");
    assert!(matches!(&ask, Ask::Lines(range) if range.contains(&5_000)), "{ask:?}");
    answer_reading(&mut model, request, Answer::Lines(lines(4_500..5_500, 5_500, None)));
    assert!((4_980..=5_000).contains(&top(&model)));
    let (_, ask) = reading_asked(&press(&mut model, KeyCode::Char('n'))).expect("the next");
    assert_eq!(ask, Ask::Find { text: "err".into(), from: 5_001, forward: true });
    let (request, ask) = reading_asked(&press(&mut model, KeyCode::Char('N'))).expect("the one before");
    assert_eq!(ask, Ask::Find { text: "err".into(), from: 5_000, forward: false });
    answer_reading(&mut model, request, Answer::Found(None));
    assert!(said(&model).contains("above: n goes down again"), "{}", said(&model));
    press(&mut model, KeyCode::Esc);
    assert!(model.reading.as_ref().is_some_and(|reading| reading.sought.is_empty()));
    assert_eq!(reading_asked(&press(&mut model, KeyCode::Char('n'))), None);
    assert!(said(&model).contains("nothing is looked for"));
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut model = long();
    type_text(&mut model, "/err");
    let (old, _) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("looked for");
    let (new, _) = reading_asked(&press(&mut model, KeyCode::Char('n'))).expect("looked for again");
    answer_reading(&mut model, old, Answer::Found(Some(400)));
    assert_eq!(top(&model), 0);
    answer_reading(&mut model, new, Answer::Found(Some(300)));
    assert!(top(&model) > 280);
}

#[test]
fn a_line_is_gone_to_by_its_number() {
    let mut model = long();
    type_text(&mut model, "#401");
    press(&mut model, KeyCode::Enter);
    let reading = model.reading.as_ref().expect("an object");
    assert!(reading.top <= 400 && reading.top > 380, "{}", reading.top);
    type_text(&mut model, "#x");
    press(&mut model, KeyCode::Enter);
    assert!(said(&model).contains("a line has a number"));
}

#[test]
fn leaving_ends_the_reading_and_leads_back_to_the_objects() {
    let mut model = long();
    let effects = press(&mut model, KeyCode::Esc);
    assert_eq!(effects, [Effect::Landed(Errand::StopReading)]);
    assert!(model.reading.is_none() && matches!(model.overlay, Some(Overlay::Landed(_))));
}

#[test]
fn what_cannot_be_read_is_not_asked_for_again_but_by_a_key() {
    let mut model = with_objects(SIZE, &["web-1/000000.gz"], None);
    let (request, _) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("asked for");
    let mut problem = Problem::new(ProblemKind::InvalidRequest, "GetObject");
    problem.code = Some("InvalidObjectState".into());
    let effects = answer_reading(&mut model, request, Answer::Refused(Box::new(problem)));
    assert_eq!(reading_asked(&effects), None);
    let effects = press(&mut model, KeyCode::Char('R'));
    assert!(matches!(effects[0], Effect::Landed(Errand::StopReading)) && reading_asked(&effects).is_some());
}

#[test]
fn long_lines_are_cut_and_moved_or_folded() {
    let long = format!("begin {} end", "x".repeat(200));
    let mut model = with_text(SIZE, &[&long], WHOLE);
    press(&mut model, KeyCode::Right);
    assert_eq!(model.reading.as_ref().map(|reading| reading.left), Some(39));
    press(&mut model, KeyCode::Char('w'));
    let left = press(&mut model, KeyCode::Left);
    assert!(left.is_empty() && said(&model).contains("lines are folded"));
}
