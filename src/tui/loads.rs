//! What should be asked for the screens now, judged from the model alone; `update` calls it after every message.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::inventory::Bucket;
use crate::domain::layout::Destination;
use crate::domain::names::BucketName;
use crate::domain::problem::ProblemKind;
use crate::domain::store::Store;
use crate::domain::time::Timestamp;
use crate::export::listings::LastListing;
use crate::tui::effect::Effect;
use crate::tui::groups::Memory;
use crate::tui::layout::list_rows;
use crate::tui::list::{Fetch, List, Row};
use crate::tui::model::{Checkup, Detail, Model, Overlay, Screen, Sight, Subject, Whole};
use crate::tui::places::Who;
use crate::tui::sorting::Order;

/// Bucket details asked for at the same time.
const DETAILS_AT_ONCE: usize = 4;

/// How long rows stand still before their details are asked for: longer than a key repeats, shorter than anybody waits.
const SETTLE: Duration = Duration::from_millis(150);

/// How long a throttled listing waits. The SDK has already tried three times with pauses of its own.
pub const PAUSE: Duration = Duration::from_secs(2);

/// Everything that is missing and not asked for yet.
pub fn due(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<Effect> = whole_task(model).into_iter().collect();
    if model.link().is_none() {
        return effects;
    }
    retry(model);
    effects.extend(recall(model));
    effects.extend(groups(model));
    effects.extend(keep(model));
    effects.extend(buckets(model));
    effects.extend(history(model));
    effects.extend(past(model));
    effects.extend(refresh(model));
    effects.extend(checkup(model));
    match model.screen {
        Screen::Buckets => bucket_details(model, &mut effects),
        Screen::Form => effects.extend(bucket_of_form(model)),
        Screen::Groups => effects.extend(group_details(model)),
        Screen::Exports | Screen::History | Screen::Lanes => {}
    }
    effects
}

fn wants_page<T: Row>(list: &List<T>) -> bool {
    match list.fetch() {
        Fetch::NotAsked | Fetch::More(_) => true,
        Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => false,
    }
}

/// The task whose details are shown, with its timeline; again whenever something of it has changed.
fn whole_task(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Details(Subject::Task(id), _)) = model.overlay else {
        model.whole = None;
        return None;
    };
    let listed = Arc::clone(model.task(id)?);
    let known = model.whole.take().filter(|whole| whole.listed.id == id);
    let (asked, shown) = match known {
        Some(whole) if whole.asked.is_some() || whole.listed == listed => {
            model.whole = Some(whole);
            return None;
        }
        Some(whole) => (model.new_request(), whole.task),
        None => (model.new_request(), None),
    };
    model.whole = Some(Whole { asked: Some(asked), listed, task: shown });
    Some(Effect::LoadTask(asked, id))
}

fn groups(model: &mut Model) -> Option<Effect> {
    wants_page(&model.groups.list).then(|| {
        let request = model.new_request();
        Effect::LoadGroups(request, model.groups.list.ask(request))
    })
}

/// What was listed the last time is shown at once; of another account it is nobody's business here.
fn recall(model: &mut Model) -> Option<Effect> {
    let account = model.places.here().lane().map(|lane| lane.account);
    if account.as_ref().is_some_and(|account| model.groups.is_of_another(account)) {
        model.groups.clear();
    }
    if model.groups.memory != Memory::Unasked {
        return None;
    }
    let (request, origin) = (model.new_request(), model.link()?.origin());
    model.groups.memory = Memory::Asked(request);
    Some(Effect::RecallGroups(request, origin, account))
}

/// A listing that is whole is kept, once it is known whose it is.
fn keep(model: &mut Model) -> Option<Effect> {
    let (origin, lane) = (model.link()?.origin(), model.places.here().lane()?);
    std::mem::take(&mut model.groups.is_unkept).then(|| {
        let mut groups = model.groups.list.rows().to_vec();
        if model.groups.order() != Order::default() {
            groups.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Effect::KeepGroups(origin, LastListing { account: lane.account, at: model.now, groups })
    })
}

fn buckets(model: &mut Model) -> Option<Effect> {
    wants_page(&model.buckets.list).then(|| {
        let request = model.new_request();
        Effect::LoadBuckets(request, model.buckets.list.ask(request))
    })
}

/// History may be endless (19,000 tasks were seen, 380 pages) and AWS allows 5 of these calls a second, engines' own
/// included: only as far as somebody looks, and behind a filter only when somebody goes on at its end.
fn history(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::History || !model.history.wants_aws(list_rows(model)) {
        return None;
    }
    let (request, history) = (model.new_request(), &mut model.history);
    history.stale &= *history.aws.fetch() != Fetch::NotAsked;
    let token = history.aws.ask(request);
    Some(Effect::LoadHistory { request, status: history.status().cloned(), token })
}

/// What the ledger has of the same past, as far as somebody looks; behind a filter until the screen is full.
fn past(model: &mut Model) -> Option<Effect> {
    let lane = model.places.here().lane().filter(|_| model.screen == Screen::History)?;
    let rows = list_rows(model);
    let (after, wanted) = model.history.wants_ours(&lane, rows)?;
    let request = model.new_request();
    model.history.ask_ours(request, after, &wanted);
    Some(Effect::LoadPast { request, lane, after, wanted })
}

/// A task of ours has moved: the first page, where the newest tasks are, is asked for again while somebody looks.
fn refresh(model: &mut Model) -> Option<Effect> {
    let history = &model.history;
    let standing = match history.aws.fetch() {
        Fetch::More(_) | Fetch::Complete => true,
        Fetch::NotAsked | Fetch::UnderWay { .. } | Fetch::Failed { .. } => false,
    };
    let wanted = model.screen == Screen::History && history.stale && standing && history.refreshing.is_none();
    wanted.then(|| {
        let request = model.new_request();
        model.history.stale = false;
        model.history.refreshing = Some(request);
        Effect::LoadHistory { request, status: model.history.status().cloned(), token: None }
    })
}

/// Throttled listings need nobody's key: they go on by themselves after a pause.
fn retry(model: &mut Model) {
    let groups = is_throttled(&model.groups.list);
    let buckets = is_throttled(&model.buckets.list);
    let history = is_throttled(&model.history.aws);
    if !(groups || buckets || history) {
        model.retry_at = None;
        return;
    }
    if model.now < *model.retry_at.get_or_insert(model.now.after(PAUSE)) {
        return;
    }
    model.retry_at = None;
    reload_if(groups, &mut model.groups.list);
    reload_if(buckets, &mut model.buckets.list);
    reload_if(history, &mut model.history.aws);
}

fn reload_if<T: Row>(throttled: bool, list: &mut List<T>) {
    if throttled {
        list.reload();
    }
}

fn is_throttled<T: Row>(list: &List<T>) -> bool {
    list.fetch().problem().is_some_and(|problem| problem.kind == ProblemKind::Throttled)
}

/// The checks of the bucket whose page is open, once it is known for whom they are made.
fn checkup(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Details(Subject::Bucket(name), _)) = &model.overlay else { return None };
    let anew = match model.buckets.checkups.get(name) {
        None => false,
        Some(Checkup::Stale) => true,
        Some(Checkup::Asked(_) | Checkup::Done(_) | Checkup::Unfit(_)) => return None,
    };
    let (name, lane) = (name.clone(), model.places.here().lane()?);
    match BucketName::parse(&name) {
        Ok(bucket) => {
            let request = model.new_request();
            model.buckets.checkups.insert(name, Checkup::Asked(request));
            Some(Effect::CheckBucket {
                request,
                lane,
                to: Destination { store: Store::Bucket(bucket), prefix: None },
                anew,
            })
        }
        Err(error) => {
            model.buckets.checkups.insert(name, Checkup::Unfit(error.to_string()));
            None
        }
    }
}

/// Details of the log groups on screen, once they stand still.
fn group_details(model: &mut Model) -> Option<Effect> {
    let rows = list_rows(model);
    let groups = &mut model.groups;
    if !has_settled(&groups.list, &mut groups.sight, rows, model.now) || !groups.is_idle() {
        return None;
    }
    let names = groups.unknown(rows);
    (!names.is_empty()).then(|| {
        let request = model.new_request();
        model.groups.ask(request, names.clone());
        Effect::LoadGroupDetails(request, names)
    })
}

/// Details of the rows on screen, once they stand still and it is known for whom they are judged.
fn bucket_details(model: &mut Model, effects: &mut Vec<Effect>) {
    let rows = list_rows(model);
    let buckets = &mut model.buckets;
    if !has_settled(&buckets.list, &mut buckets.sight, rows, model.now)
        || matches!(model.places.here().who, Who::Unknown)
    {
        return;
    }
    let asked = model.buckets.details.values().filter(|detail| matches!(detail, Detail::Asked(_))).count();
    let unknown = model.buckets.list.on_screen(rows).map(|(_, bucket)| bucket);
    let unknown = unknown.filter(|bucket| !model.buckets.details.contains_key(&bucket.name));
    let next: Vec<_> = unknown.take(DETAILS_AT_ONCE.saturating_sub(asked)).cloned().collect();
    effects.extend(next.into_iter().map(|bucket| ask_details(model, bucket)));
}

/// Whether the rows on screen are those of a while ago, or the first ever.
fn has_settled<T: Row>(list: &List<T>, sight: &mut Sight, rows: usize, now: Timestamp) -> bool {
    let seen = || list.on_screen(rows).map(|(_, row)| row.name());
    if !seen().eq(sight.names.iter().map(String::as_str)) {
        sight.settles_at = Some(if sight.names.is_empty() { now } else { now.after(SETTLE) });
        sight.names = seen().map(str::to_owned).collect();
    }
    sight.settles_at = sight.settles_at.filter(|at| now < *at);
    sight.settles_at.is_none()
}

/// The bucket the form names, so that it can warn of how it encrypts.
fn bucket_of_form(model: &mut Model) -> Option<Effect> {
    let name = model.form.as_deref()?.bucket();
    let bucket = model.buckets.list.rows().iter().find(|bucket| bucket.name == name).cloned()?;
    (!model.buckets.details.contains_key(&bucket.name)).then(|| ask_details(model, bucket))
}

fn ask_details(model: &mut Model, bucket: Bucket) -> Effect {
    let request = model.new_request();
    model.buckets.details.insert(bucket.name.clone(), Detail::Asked(request));
    let lane = model.places.here().lane();
    Effect::LoadBucketDetails { request, bucket: bucket.name, region: bucket.region, lane }
}
