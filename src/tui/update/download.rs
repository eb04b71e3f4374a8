//! Downloading: opening its page, beginning, stopping, and what came of it.

use std::sync::Arc;

use crate::domain::amount::Landed;
use crate::domain::problem::Problem;
use crate::export::landed::Copied;
use crate::export::verify::Progress;
use crate::tui::cells::counted;
use crate::tui::effect::Effect;
use crate::tui::landed::download::{Download, DownloadAction, DownloadPage, Stage};
use crate::tui::landed::talk::Errand;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay, Tone};

/// Does what a key asks for.
pub fn perform(model: &mut Model, action: DownloadAction) -> Vec<Effect> {
    match action {
        DownloadAction::One => open(model, false),
        DownloadAction::All => open(model, true),
        DownloadAction::Begin => return begin(model, false),
        DownloadAction::Replace => return begin(model, true),
        DownloadAction::Stop => return stop(model),
    }
    Vec::new()
}

/// Shows the page; of a download that goes on, that one's.
fn open(model: &mut Model, all: bool) {
    let Some(landed) = &model.landed else { return };
    let read = model.reading.as_ref().map(|reading| &reading.object);
    let one = read.or_else(|| landed.list.current()).filter(|_| !all).cloned();
    if model.is_downloading() {
        model.say(Tone::Note, "one download at a time: this one goes on");
    } else {
        let (folder, region) = (Arc::clone(&landed.folder), landed.region.clone());
        model.download = Some(Box::new(Download::new(folder, landed.place, region, one)));
    }
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Download(DownloadPage { top: 0, back }));
}

fn begin(model: &mut Model, replace: bool) -> Vec<Effect> {
    let request = model.new_request();
    let Some(download) = &mut model.download else { return Vec::new() };
    if download.directory.value().trim().is_empty() {
        model.say(Tone::Note, "a directory has to be named: . is the one logferry was started in");
        return Vec::new();
    }
    let listed = Landed { objects: 1, bytes: download.size().unwrap_or_default() };
    let known = Progress { listed, listed_all: true, ..Progress::default() };
    let progress = if download.one.is_some() { known } else { Progress::default() };
    download.stage = Stage::Going(request, progress);
    let (place, wanted) = (download.place, Arc::new(download.wanted(replace)));
    vec![Effect::Landed(Errand::Download { request, place, wanted })]
}

fn stop(model: &mut Model) -> Vec<Effect> {
    match &mut model.download {
        Some(download) if download.is_going() => {
            download.stage = Stage::Stopped;
            vec![Effect::Landed(Errand::StopDownload)]
        }
        Some(_) | None => Vec::new(),
    }
}

/// The download that waits for the answer to this question.
fn asked(model: &mut Model, request: RequestId) -> Option<&mut Download> {
    model
        .download
        .as_deref_mut()
        .filter(|download| matches!(download.stage, Stage::Going(asked, _) if asked == request))
}

/// It has come so far.
pub fn going(model: &mut Model, request: RequestId, progress: Progress) {
    if let Some(download) = asked(model, request) {
        download.stage = Stage::Going(request, progress);
    }
}

/// It is done. Whoever has closed its page is told by a message.
pub fn done(model: &mut Model, request: RequestId, answer: Result<Copied, Problem>) {
    let open = matches!(model.overlay, Some(Overlay::Download(_)));
    let Some(download) = asked(model, request) else { return };
    let directory = download.directory.value().trim().to_owned();
    let (tone, told) = match &answer {
        Ok(Copied { saved, kept, failed, .. }) => {
            let tone = match (failed, kept) {
                (1.., _) => Tone::Bad,
                (0, 1..) => Tone::Warning,
                (0, 0) => Tone::Good,
            };
            let rest = [(*kept, "there already"), (*failed, "not copied")];
            let rest = rest.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!(", {count} {word}"));
            let rest: String = rest.collect();
            (tone, format!("downloaded {}, {} into {directory}{rest}", counted(saved.objects, "object"), saved.bytes))
        }
        Err(problem) => (Tone::Bad, format!("the download into {directory} ended: {problem}")),
    };
    download.stage = match answer {
        Ok(copied) => Stage::Done(copied),
        Err(problem) => Stage::Refused(Box::new(problem)),
    };
    if !open {
        model.say(tone, told);
    }
}
