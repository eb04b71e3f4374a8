//! Places and lanes: connecting, switching, adding, and what goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;

use super::update;
use crate::domain::inventory::Page;
use crate::domain::names::RemoteId;
use crate::domain::place::{AccountId, Identity, Lane, Region};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::{Holder, State, Wait};
use crate::export::Snapshot;
use crate::tui::add_lane::Stage;
use crate::tui::effect::Effect;
use crate::tui::fixtures::*;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Link, Msg, Reply};
use crate::tui::places::{PlaceId, Wanted, Who};

const SIZE: (u16, u16) = (80, 24);
/// Between two tries with credentials that did not work.
const AGAIN: Duration = Duration::from_secs(10);

fn other_lane() -> Lane {
    Lane::new(AccountId("210987654321".into()), Region("us-east-1".into()))
}

/// A queue with work in both lanes.
fn both_lanes() -> Snapshot {
    let mut other = plan_of(2, &[(State::Queued, 2)]);
    other.0.lane = Arc::new(other_lane());
    for task in &mut other.1 {
        task.lane = Arc::new(other_lane());
    }
    let mut snapshot = queue(vec![plan_of(1, &[(State::Running, 2)]), other]);
    snapshot.lanes.push(Arc::new(record(other_lane())));
    snapshot
}

fn link_to(lane: &Lane) -> Link {
    Link { profile: Some("prod".into()), region: lane.region.clone(), endpoint_url: lane.endpoint.clone() }
}

fn identity_of(account: &str) -> Identity {
    Identity { account: AccountId(account.into()), arn: "arn".into() }
}

/// Answers a connection and then whose it is; gives what follows.
fn reach(model: &mut Model, connecting: &[Effect], lane: &Lane, account: &str) -> Vec<Effect> {
    let request = connecting.iter().find_map(|effect| match effect {
        Effect::Connect(_, _, request) => Some(*request),
        _ => None,
    });
    let link = Reply::Connected(Ok(link_to(lane)));
    let asked = update(model, Msg::Reply(request.expect("it is connected"), link));
    let request = asked.iter().find_map(|effect| match effect {
        Effect::Identify(_, request) => Some(*request),
        _ => None,
    });
    update(model, Msg::Reply(request.expect("it is asked"), Reply::Identity(Ok(identity_of(account)))))
}

fn show(model: &mut Model, snapshot: Snapshot) -> Vec<Effect> {
    update(model, Msg::Snapshot(Arc::new(snapshot)))
}

#[test]
fn a_lane_with_work_is_connected_by_itself_as_it_was_before() {
    let (mut model, _) = connected(SIZE);
    let effects = show(&mut model, both_lanes());
    let expected = Wanted { profile: Some("prod".into()), region: Some("us-east-1".into()), endpoint_url: None };
    assert!(matches!(&effects[..], [Effect::Connect(_, wanted, _)] if *wanted == expected), "{effects:?}");
    assert_eq!(show(&mut model, both_lanes()), [], "once");
    let follows = reach(&mut model, &effects, &other_lane(), "210987654321");
    assert!(follows.iter().any(|effect| matches!(effect, Effect::Work(place, _) if *place == PlaceId(1))));
}

#[test]
fn lanes_wait_until_it_is_known_which_one_the_program_was_started_for() {
    let mut model = starting(SIZE);
    assert_eq!(show(&mut model, both_lanes()), []);
    let failed = Reply::Connected(Err(Problem::new(ProblemKind::NoSuchProfile, "LoadProfile")));
    let effects = update(&mut model, Msg::Reply(RequestId(1), failed));
    assert_eq!(effects.len(), 2, "both, without the first: {effects:?}");
}

#[test]
fn a_profile_that_leads_elsewhere_now_launches_nothing() {
    let (mut model, _) = connected(SIZE);
    let effects = show(&mut model, both_lanes());
    let follows = reach(&mut model, &effects, &other_lane(), "999999999999");
    assert!(!follows.iter().any(|effect| matches!(effect, Effect::Work(..))), "{follows:?}");
    assert!(matches!(model.places.get(PlaceId(1)).map(|place| &place.who), Some(Who::Stranger(_))));
}

#[test]
fn an_identity_that_could_not_be_learnt_is_asked_again_by_itself_with_fresh_credentials() {
    let mut model = starting(SIZE);
    let effects = update(&mut model, Msg::Reply(RequestId(1), Reply::Connected(Ok(link_to(&lane())))));
    let Some(Effect::Identify(_, request)) = effects.first() else { panic!("it is asked: {effects:?}") };
    let expired = Problem::new(ProblemKind::ExpiredCredentials, "GetCallerIdentity");
    assert_eq!(update(&mut model, Msg::Reply(*request, Reply::Identity(Err(expired)))), []);
    assert_eq!(model.wakes_at(), Some(NOW.after(AGAIN)));
    model.now = NOW.after(AGAIN);
    let again = update(&mut model, Msg::Tick);
    let [Effect::Connect(_, _, request)] = again[..] else { panic!("it is tried again: {again:?}") };
    assert_eq!(update(&mut model, Msg::Tick), [], "once at a time");
    let asked = update(&mut model, Msg::Reply(request, Reply::Connected(Ok(link_to(&lane())))));
    let [Effect::Identify(_, request)] = asked[..] else { panic!("whose they are is asked: {asked:?}") };
    let effects = update(&mut model, Msg::Reply(request, Reply::Identity(Ok(identity_of("123456789012")))));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Work(..))), "{effects:?}");
    assert!(model.message().is_none(), "nobody asked, nobody is told");
}

#[test]
fn a_refusal_that_does_not_pass_is_left_to_people() {
    let mut model = starting(SIZE);
    let effects = update(&mut model, Msg::Reply(RequestId(1), Reply::Connected(Ok(link_to(&lane())))));
    let Some(Effect::Identify(_, request)) = effects.first() else { panic!("it is asked: {effects:?}") };
    let denied = Problem::new(ProblemKind::AccessDenied, "GetCallerIdentity");
    update(&mut model, Msg::Reply(*request, Reply::Identity(Err(denied))));
    assert_eq!(model.wakes_at(), None);
}

#[test]
fn tasks_that_wait_for_credentials_have_them_looked_for_and_the_account_stays_known() {
    let (mut model, _) = connected(SIZE);
    let mut waiting = task(1, "/a", State::Running);
    let problem = Problem::new(ProblemKind::ExpiredCredentials, "DescribeExportTasks");
    waiting.wait = Some(Wait::Retry { problem: problem.clone(), until: NOW });
    show(&mut model, Snapshot { tasks: vec![Arc::new(waiting)], ..Snapshot::default() });
    model.now = NOW.after(AGAIN);
    let again = update(&mut model, Msg::Tick);
    let [Effect::Connect(_, _, request)] = again[..] else { panic!("it is tried again: {again:?}") };
    let asked = update(&mut model, Msg::Reply(request, Reply::Connected(Ok(link_to(&lane())))));
    let [Effect::Identify(_, request)] = asked[..] else { panic!("whose they are is asked: {asked:?}") };
    update(&mut model, Msg::Reply(request, Reply::Identity(Err(problem))));
    assert!(matches!(model.places.here().who, Who::Known(_)));
    assert_eq!(model.wakes_at(), Some(model.now.after(AGAIN)));
}

#[test]
fn enter_on_a_lane_shows_its_log_groups_and_drops_late_answers_of_the_old_one() {
    let (mut model, old) = connected(SIZE);
    model.groups.marks.insert("/a".into());
    let effects = show(&mut model, both_lanes());
    reach(&mut model, &effects, &other_lane(), "210987654321");
    press(&mut model, KeyCode::Char('5'));
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Enter);
    assert_eq!((model.screen, model.places.here_id()), (Screen::Groups, PlaceId(1)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadGroups(_, None))), "{effects:?}");
    assert!(model.groups.marks.is_empty());
    answer_groups(&mut model, &old, Ok(Page { items: vec![group("/old")], next: None }));
    assert_eq!(model.groups.list.rows().len(), 0);
    answer_groups(&mut model, &effects, Ok(Page { items: vec![group("/new")], next: None }));
    assert_eq!(model.groups.list.rows(), [group("/new").listed()]);
}

#[test]
fn enter_on_a_lane_without_a_connection_connects_it() {
    let (mut model, _) = connected(SIZE);
    let mut idle = queue(Vec::new());
    idle.lanes.push(Arc::new(record(other_lane())));
    assert_eq!(show(&mut model, idle), [], "nothing waits there");
    press(&mut model, KeyCode::Char('5'));
    press(&mut model, KeyCode::Down);
    let effects = press(&mut model, KeyCode::Enter);
    assert!(matches!(&effects[..], [Effect::Connect(place, ..)] if *place == PlaceId(1)), "{effects:?}");
    assert_eq!(model.places.here_id(), PlaceId(1));
}

/// The dialog with a Region typed into it, submitted.
fn adding(region: &str) -> (Model, Vec<Effect>) {
    let (mut model, _) = connected(SIZE);
    show(&mut model, queue(Vec::new()));
    press(&mut model, KeyCode::Char('5'));
    press(&mut model, KeyCode::Char('a'));
    press(&mut model, KeyCode::Tab);
    type_text(&mut model, region);
    let effects = press(&mut model, KeyCode::Enter);
    (model, effects)
}

#[test]
fn a_lane_is_added_by_its_region() {
    let (mut model, effects) = adding("us-east-1");
    assert!(matches!(&effects[..], [Effect::Connect(_, wanted, _)] if wanted.region.as_deref() == Some("us-east-1")));
    assert_eq!(press(&mut model, KeyCode::Enter), [], "once");
    let follows = reach(&mut model, &effects, &other_lane(), "210987654321");
    assert!(follows.iter().any(|effect| matches!(effect, Effect::Work(..))));
    assert_eq!(model.overlay, None);
    assert_eq!(model.lane_here().as_deref(), Some(&other_lane()), "the cursor is on it");
}

#[test]
fn a_lane_that_cannot_be_added_says_why_and_keeps_what_was_typed() {
    let (mut model, effects) = adding("mars-1");
    let [Effect::Connect(_, _, request)] = effects[..] else { panic!("it is connected: {effects:?}") };
    let failed = Reply::Connected(Err(Problem::new(ProblemKind::NoSuchProfile, "LoadProfile")));
    update(&mut model, Msg::Reply(request, failed));
    let Some(Overlay::AddLane(form)) = &model.overlay else { panic!("it is still open") };
    assert!(matches!(form.stage, Stage::Failed(_)));
    assert_eq!(form.region.value(), "mars-1");
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.lanes.rows().len(), 1, "nothing is left of it");
}

#[test]
fn a_lane_that_is_there_already_is_not_added_twice() {
    let (mut model, effects) = adding("");
    reach(&mut model, &effects, &lane(), "123456789012");
    assert_eq!(model.overlay, None);
    assert_eq!(model.lanes.rows().len(), 1);
    assert!(model.message().is_some_and(|message| message.text.contains("there already")));
}

#[test]
fn a_slot_is_looked_at_only_while_somebody_looks_and_at_most_every_five_seconds() {
    let (mut model, _) = connected(SIZE);
    assert_eq!(show(&mut model, queue(Vec::new())), []);
    let asked = press(&mut model, KeyCode::Char('5'));
    let [Effect::LookAtSlot(_, request)] = asked[..] else { panic!("it is looked at: {asked:?}") };
    let holder = Holder { remote: RemoteId("r".into()), group: "/x".into(), name: None, created: None };
    update(&mut model, Msg::Reply(request, Reply::Slot(Ok(Some(holder)))));
    assert_eq!(update(&mut model, Msg::Tick), []);
    assert_eq!(model.wakes_at(), Some(NOW.after(Duration::from_secs(5))));
    model.now = NOW.after(Duration::from_secs(5));
    assert!(matches!(update(&mut model, Msg::Tick)[..], [Effect::LookAtSlot(..)]));
    press(&mut model, KeyCode::Char('3'));
    assert_eq!(model.wakes_at(), None);
}

#[test]
fn a_slot_that_our_own_tasks_tell_of_is_not_asked_for() {
    let (mut model, _) = connected(SIZE);
    show(&mut model, queue(vec![plan_of(1, &[(State::Running, 2)])]));
    assert_eq!(press(&mut model, KeyCode::Char('5')), []);
}
