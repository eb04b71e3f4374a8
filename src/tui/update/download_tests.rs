//! Downloading, by keys: where to, what goes on while its page is closed, what stays as it was.

use std::path::Path;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::problem::{Problem, ProblemKind};
use crate::export::landed::{Copied, ToCopy};
use crate::export::verify::Progress;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::landed::download::Stage;
use crate::tui::landed::talk::{Errand, News};
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Tone};
use crate::tui::msg::{Msg, Reply};

const SIZE: (u16, u16) = (80, 24);
const NAMES: &[&str] = &["web-1/000000.gz", "web-1/000001.gz"];

fn asked(effects: &[Effect]) -> Option<(RequestId, &ToCopy)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Landed(Errand::Download { request, wanted, .. }) => Some((*request, &**wanted)),
        _ => None,
    })
}

fn done(model: &mut Model, request: RequestId, answer: Result<Copied, Problem>) {
    update(model, Msg::Reply(request, Reply::Landed(News::Downloaded(answer))));
}

fn copied(kept: u64, failed: u64) -> Copied {
    Copied { saved: Landed { objects: 2, bytes: ByteCount(2_048) }, kept, failed, reasons: Vec::new() }
}

fn stage(model: &Model) -> &Stage {
    &model.download.as_ref().expect("a download").stage
}

#[test]
fn a_directory_of_the_task_s_own_is_offered_and_can_be_changed() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('d'));
    type_text(&mut model, "/x");
    let effects = press(&mut model, KeyCode::Enter);
    let (_, wanted) = asked(&effects).expect("it begins");
    assert_eq!(wanted.directory, Path::new("./aws-lambda-checkout/remote-1/x"));
    assert_eq!(wanted.one.as_ref().map(|object| object.key.as_str()), Some("web-1/000000.gz"));
    assert!(!wanted.replace);
}

#[test]
fn no_directory_is_no_place() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('D'));
    ctrl(&mut model, 'u');
    assert!(asked(&press(&mut model, KeyCode::Enter)).is_none());
    assert!(model.message().is_some_and(|message| message.text.contains("a directory has to be named")));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Landed(_))), "nothing was begun");
}

#[test]
fn it_goes_on_while_its_page_is_closed_and_there_is_one_at_a_time() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('D'));
    let effects = press(&mut model, KeyCode::Enter);
    let (request, wanted) = asked(&effects).expect("it begins");
    assert_eq!(wanted.one, None);
    let progress = Progress { objects: 1, ..Progress::default() };
    update(&mut model, Msg::Reply(request, Reply::Landed(News::Downloading(progress))));
    assert!(matches!(stage(&model), Stage::Going(_, seen) if *seen == progress));
    press(&mut model, KeyCode::Esc);
    assert!(matches!(model.overlay, Some(Overlay::Landed(_))));
    press(&mut model, KeyCode::Char('d'));
    assert!(model.message().is_some_and(|message| message.text.contains("one download at a time")));
    press(&mut model, KeyCode::Esc);
    done(&mut model, request, Ok(copied(0, 0)));
    let message = model.message().expect("it is told");
    assert_eq!(message.tone, Tone::Good);
    assert_eq!(message.text, "downloaded 2 objects, 2.0 KiB into ./aws-lambda-checkout/remote-1");
}

#[test]
fn what_was_there_is_replaced_only_by_its_own_key() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('D'));
    let (request, _) = asked(&press(&mut model, KeyCode::Enter)).expect("it begins");
    assert!(asked(&press(&mut model, KeyCode::F(2))).is_none());
    done(&mut model, request, Ok(copied(1, 0)));
    let effects = press(&mut model, KeyCode::F(2));
    assert!(asked(&effects).is_some_and(|(_, wanted)| wanted.replace));
}

#[test]
fn a_stopped_one_takes_no_answer_any_more_and_failures_stay_to_be_seen() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('d'));
    let effects = press(&mut model, KeyCode::Enter);
    let request = asked(&effects).expect("it begins").0;
    assert_eq!(press(&mut model, KeyCode::Char('c')), [Effect::Landed(Errand::StopDownload)]);
    done(&mut model, request, Ok(copied(0, 0)));
    assert!(matches!(stage(&model), Stage::Stopped));
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('d'));
    let effects = press(&mut model, KeyCode::Enter);
    let request = asked(&effects).expect("a new one").0;
    press(&mut model, KeyCode::Esc);
    done(&mut model, request, Err(Problem::new(ProblemKind::Disk, "WriteFile").saying("No space left on device")));
    assert_eq!(model.message().map(|message| message.tone), Some(Tone::Bad));
}

#[test]
fn quitting_asks_while_a_download_goes_on() {
    let mut model = with_objects(SIZE, NAMES, None);
    press(&mut model, KeyCode::Char('D'));
    press(&mut model, KeyCode::Enter);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Esc);
    press(&mut model, KeyCode::Char('q'));
    assert_eq!(model.overlay, Some(Overlay::Confirm(Confirm::Quit)));
}
