//! What should be asked of AWS now, judged from the model alone; `update` calls it after every message.

use crate::tui::effect::Effect;
use crate::tui::layout::list_rows;
use crate::tui::list::{Fetch, List, Row};
use crate::tui::model::{Detail, Model, Screen, Who};

/// Bucket details asked for at the same time.
const DETAILS_AT_ONCE: usize = 4;

/// History asks for its next page when the cursor is this near the end of what is there.
const NEAR_END: usize = 20;

/// Everything that is missing and not asked for yet.
pub fn due(model: &mut Model) -> Vec<Effect> {
    if model.link().is_none() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    effects.extend(identity(model));
    effects.extend(groups(model));
    effects.extend(buckets(model));
    effects.extend(history(model));
    if model.screen == Screen::Buckets {
        bucket_details(model, &mut effects);
    }
    effects
}

fn wants_page<T: Row>(list: &List<T>) -> bool {
    match list.fetch() {
        Fetch::NotAsked | Fetch::More(_) => true,
        Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => false,
    }
}

fn identity(model: &mut Model) -> Option<Effect> {
    let Who::Unknown(None) = model.who else { return None };
    let request = model.new_request();
    model.who = Who::Unknown(Some(request));
    Some(Effect::Identify(request))
}

fn groups(model: &mut Model) -> Option<Effect> {
    wants_page(&model.groups.list).then(|| {
        let request = model.new_request();
        Effect::LoadGroups(request, model.groups.list.ask(request))
    })
}

fn buckets(model: &mut Model) -> Option<Effect> {
    wants_page(&model.buckets.list).then(|| {
        let request = model.new_request();
        Effect::LoadBuckets(request, model.buckets.list.ask(request))
    })
}

/// History may be endless (19,000 tasks were seen): only as far as somebody looks.
fn history(model: &mut Model) -> Option<Effect> {
    let list = &model.history.list;
    let wanted = match list.fetch() {
        // The rows of before a reload say nothing of how far somebody looks.
        Fetch::NotAsked => true,
        Fetch::More(_) => list.window(list_rows(model)).end.max(list.cursor() + NEAR_END) >= list.shown_count(),
        Fetch::UnderWay { .. } | Fetch::Complete | Fetch::Failed { .. } => false,
    };
    (wanted && model.screen == Screen::History).then(|| {
        let request = model.new_request();
        let token = model.history.list.ask(request);
        Effect::LoadHistory { request, status: model.history.status.clone(), token }
    })
}

fn bucket_details(model: &mut Model, effects: &mut Vec<Effect>) {
    let asked = model.buckets.details.values().filter(|detail| matches!(detail, Detail::Asked(_))).count();
    let rows = list_rows(model);
    let unknown = model.buckets.list.on_screen(rows).map(|(_, bucket)| bucket);
    let unknown = unknown.filter(|bucket| !model.buckets.details.contains_key(&bucket.name));
    let next: Vec<_> = unknown.take(DETAILS_AT_ONCE.saturating_sub(asked)).cloned().collect();
    for bucket in next {
        let request = model.new_request();
        model.buckets.details.insert(bucket.name.clone(), Detail::Asked(request));
        effects.push(Effect::LoadBucketDetails { request, bucket: bucket.name, region: bucket.region });
    }
}
