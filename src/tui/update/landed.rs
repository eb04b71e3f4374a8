//! What has landed of a task: opening its page, asking for pages of it, handing its names on.

use super::copy::copy;
use super::{download, reading};
use crate::domain::inventory::{Object, Page};
use crate::domain::landed::Folder;
use crate::domain::landed::links::{self, Via};
use crate::domain::place::Region;
use crate::domain::problem::Problem;
use crate::tui::effect::Effect;
use crate::tui::landed::talk::{Errand, News};
use crate::tui::landed::{Landed, LandedAction, LandedPage};
use crate::tui::layout::body_lines;
use crate::tui::list::{Fetch, Filter, RequestId};
use crate::tui::model::{Model, Overlay, Subject, Tone};
use crate::tui::places::PlaceId;

/// The next page is asked for when the cursor is this near the end of what is there.
const NEAR_END: usize = 200;

/// Does what a key asks for.
pub fn perform(model: &mut Model, action: LandedAction) -> Vec<Effect> {
    match action {
        LandedAction::Open => open(model),
        LandedAction::Leave => leave(model),
        LandedAction::CopyUri => return copy_uri(model),
        LandedAction::CopyLine => return copy_line(model),
        LandedAction::Console => return console(model),
    }
    Vec::new()
}

/// Takes an answer in.
pub fn take(model: &mut Model, request: RequestId, news: News) {
    match news {
        News::Listed(page) => listed(model, request, page),
        News::Read(answer) => reading::take(model, request, answer),
        News::Downloading(progress) => download::going(model, request, progress),
        News::Downloaded(copied) => download::done(model, request, copied),
    }
}

fn listed(model: &mut Model, request: RequestId, page: Result<(Region, Page<Object>), Problem>) {
    if let Some(landed) = &mut model.landed {
        landed.learn(request, page);
    }
}

/// The folder of what a key is about, and the place whose session reaches it.
pub fn folder_here(model: &Model) -> Option<(Subject, Folder, PlaceId)> {
    let subject = model.subject()?;
    let (folder, place) = match &subject {
        Subject::Task(id) => {
            let task = model.task(*id)?;
            (Folder::of(task)?, model.places.of_lane(&task.lane)?)
        }
        Subject::Past(id) => (Folder::of_past(model.past(id)?), model.places.here_id()),
        Subject::Plan(_) | Subject::Bucket(_) => return None,
    };
    Some((subject, folder, place))
}

fn open(model: &mut Model) {
    let Some((subject, folder, place)) = folder_here(model) else { return };
    let back = model.overlay.take().map(Box::new);
    model.overlay = Some(Overlay::Landed(LandedPage { back }));
    model.landed = Some(Box::new(Landed::new(subject, folder, place)));
}

fn leave(model: &mut Model) {
    if let Some(landed) = &mut model.landed
        && !landed.list.filter().text().is_empty()
    {
        return landed.list.set_filter(Filter::Off);
    }
    if let Some(Overlay::Landed(page)) = model.overlay.take() {
        model.overlay = page.back.map(|back| *back);
        model.landed = None;
    }
}

/// The page that is to be asked for next: as far as somebody looks, and on to the end behind a filter, which looks at all.
/// `update` calls it after every message.
pub fn due(model: &mut Model) -> Option<Effect> {
    let rows = body_lines(model).saturating_sub(1);
    let landed = model.landed.as_deref()?;
    let list = &landed.list;
    let wanted = match list.fetch() {
        Fetch::NotAsked => true,
        Fetch::More(_) => {
            let seen = list.window(rows).end.max(list.cursor() + NEAR_END);
            !list.filter().text().is_empty() || seen >= list.shown_count()
        }
        Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => false,
    };
    wanted.then(|| {
        let request = model.new_request();
        let landed = model.landed.as_deref_mut()?;
        let token = landed.list.ask(request);
        let (folder, region) = (landed.folder.clone(), landed.region.clone());
        Some(Effect::Landed(Errand::List { request, place: landed.place, folder, region, token }))
    })?
}

/// What a person points at: an object, or a whole folder.
struct Target {
    folder: Folder,
    /// The object's name below it; `None` is all of it.
    name: Option<String>,
    via: Via,
}

impl Target {
    fn key(&self) -> String {
        self.folder.key(self.name.as_deref().unwrap_or_default())
    }

    fn uri(&self) -> String {
        links::uri(&self.folder.bucket, &self.key())
    }
}

/// The object under the cursor, or else the folder of the task whose details are shown.
fn target(model: &Model) -> Option<Target> {
    let (folder, name, place, region) =
        if let (Some(Overlay::Landed(_) | Overlay::Reading(_)), Some(landed)) = (&model.overlay, &model.landed) {
            let read = model.reading.as_ref().map(|reading| &reading.object);
            let name = read.or_else(|| landed.list.current())?.name.clone();
            ((*landed.folder).clone(), Some(name), landed.place, landed.region.clone())
        } else {
            let (_, folder, place) = folder_here(model)?;
            (folder, None, place, None)
        };
    let link = model.places.get(place)?.link()?;
    let region = region.unwrap_or_else(|| link.region.clone());
    let via = Via { profile: link.profile.clone(), region, endpoint: link.endpoint_url.clone() };
    Some(Target { folder, name, via })
}

fn copy_uri(model: &mut Model) -> Vec<Effect> {
    let Some(uri) = target(model).map(|target| target.uri()) else { return Vec::new() };
    if links::is_plain(&uri) {
        return copy(model, uri);
    }
    model.say(Tone::Warning, "its name holds characters that a terminal would obey: Y copies it quoted, in a command");
    Vec::new()
}

fn copy_line(model: &mut Model) -> Vec<Effect> {
    let Some(target) = target(model) else { return Vec::new() };
    let Folder { bucket, prefix, group, .. } = &target.folder;
    let line = match &target.name {
        Some(name) => links::copy_line(bucket, &target.key(), name, &target.via),
        None => links::copy_all_line(bucket, prefix, group, &target.via),
    };
    copy(model, line)
}

fn console(model: &mut Model) -> Vec<Effect> {
    let Some(target) = target(model) else { return Vec::new() };
    if let Some(url) = links::console(&target.folder.bucket, &target.key(), &target.via) {
        return copy(model, url);
    }
    let why = match &target.via.endpoint {
        Some(endpoint) => format!("{endpoint} is not AWS itself: it has no console"),
        None => format!("there is no console for {} that logferry knows", target.via.region),
    };
    model.say(Tone::Note, why);
    Vec::new()
}
