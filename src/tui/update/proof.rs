//! Verifying a task: begun, shown, stopped, written down. One at a time; it goes on while its page is closed.

use std::sync::Arc;

use crate::domain::problem::Problem;
use crate::domain::verify::subject::Subject;
use crate::domain::verify::tally::Verdict;
use crate::export::verify::Progress;
use crate::tui::cells::counted;
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Confirm, Model, Overlay, Tone};
use crate::tui::places::PlaceId;
use crate::tui::proof::{Evidence, Proof, ProofPage, Stage, Written};

/// Shows the verification of the task a key is about; begins it unless it is there already.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some(task) = model.task_here() else { return Vec::new() };
    let (subject, place) = (Subject::of(task), model.places.of_lane(&task.lane));
    let (Ok(subject), Some(place)) = (subject, place) else { return Vec::new() };
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Proof(ProofPage { top: 0, back }));
    let known = model
        .proof
        .as_ref()
        .is_some_and(|proof| *proof.subject == subject && matches!(proof.stage, Stage::Reading(..) | Stage::Done(_)));
    if known { Vec::new() } else { begin(model, Arc::new(subject), place) }
}

fn begin(model: &mut Model, subject: Arc<Subject>, place: PlaceId) -> Vec<Effect> {
    let request = model.new_request();
    let stage = Stage::Reading(request, Progress::default());
    model.proof = Some(Box::new(Proof { subject: Arc::clone(&subject), place, stage, written: Written::No }));
    vec![Effect::Verify { request, place, subject }]
}

/// Reads everything back once more.
pub fn again(model: &mut Model) -> Vec<Effect> {
    match &model.proof {
        Some(proof) if !proof.is_reading() => {
            let (subject, place) = (Arc::clone(&proof.subject), proof.place);
            begin(model, subject, place)
        }
        Some(_) | None => Vec::new(),
    }
}

/// Stops it.
pub fn stop(model: &mut Model) -> Vec<Effect> {
    match &mut model.proof {
        Some(proof) if proof.is_reading() => {
            proof.stage = Stage::Stopped;
            vec![Effect::StopVerifying]
        }
        Some(_) | None => Vec::new(),
    }
}

/// Asks whether to write down what was found.
pub fn ask_manifest(model: &mut Model) {
    if let Some(Overlay::Proof(page)) = model.overlay.take() {
        model.overlay = Some(Overlay::Confirm(Confirm::Manifest(page)));
    }
}

/// Writes down what was found.
pub fn write(model: &mut Model, page: ProofPage) -> Vec<Effect> {
    model.overlay = Some(Overlay::Proof(page));
    let request = model.new_request();
    let Some(proof) = &mut model.proof else { return Vec::new() };
    let Some(evidence) = proof.evidence().cloned() else { return Vec::new() };
    proof.written = Written::Writing(request);
    vec![Effect::WriteManifest { request, place: proof.place, subject: Arc::clone(&proof.subject), evidence }]
}

/// The proof that waits for the answer to this question about its reading.
fn asked(model: &mut Model, request: RequestId) -> Option<&mut Proof> {
    model.proof.as_deref_mut().filter(|proof| matches!(proof.stage, Stage::Reading(asked, _) if asked == request))
}

/// It has come so far.
pub fn reading(model: &mut Model, request: RequestId, progress: Progress) {
    if let Some(proof) = asked(model, request) {
        proof.stage = Stage::Reading(request, progress);
    }
}

/// It is done. Whoever has closed its page is told by a message.
pub fn done(model: &mut Model, request: RequestId, answer: Result<Arc<Evidence>, Problem>) {
    let open = matches!(model.overlay, Some(Overlay::Proof(_)));
    let Some(proof) = asked(model, request) else { return };
    let (tone, told) = match &answer {
        Ok(evidence) => {
            let verdict = evidence.tally.verdict();
            let tone = match verdict {
                Verdict::Sound => Tone::Good,
                Verdict::Doubtful => Tone::Warning,
                Verdict::Wrong => Tone::Bad,
            };
            let objects = counted(evidence.tally.landed.objects, "object");
            (tone, format!("verified {}: {}, {objects}; v on it shows more", proof.subject.group, verdict.word()))
        }
        Err(problem) => (Tone::Bad, format!("{} could not be verified: {problem}", proof.subject.group)),
    };
    proof.stage = match answer {
        Ok(evidence) => Stage::Done(evidence),
        Err(problem) => Stage::Refused(problem),
    };
    if !open {
        model.say(tone, told);
    }
}

/// The manifest was written, or not.
pub fn written(model: &mut Model, request: RequestId, answer: Result<(), Problem>) {
    let Some(proof) = model.proof.as_mut().filter(|proof| proof.written == Written::Writing(request)) else { return };
    proof.written = match answer {
        Ok(()) => Written::Yes,
        Err(problem) => Written::Refused(problem),
    };
}
