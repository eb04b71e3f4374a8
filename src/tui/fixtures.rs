//! Worlds for the tests of `update` and `view`.

use std::sync::Arc;

use uuid::Uuid;

use crate::aws::NamedGroup;
use crate::config::{Notify, ThemeName};
use crate::domain::amount::{ByteCount, Landed};
use crate::domain::engine::Engine;
use crate::domain::inventory::{Bucket, Encryption, GroupClass, LogGroup, Object, Page, RemoteStatus, RemoteTask};
use crate::domain::layout::Destination;
use crate::domain::lifecycle::Lifecycle;
use crate::domain::names::{Attempt, BucketName, Label, LogGroupName, PlanId, RemoteId, TaskId, task_name};
use crate::domain::place::{AccountId, Identity, Lane, Region};
use crate::domain::plan::Plan;
use crate::domain::policy::Grant;
use crate::domain::preflight::{Check, Checklist, Finding, Preflight, Remedy, Report, Verdict};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::split::Split;
use crate::domain::store::{Base, Store};
use crate::domain::task::{Holder, Moment, State, Task, TaskSpec, Wait};
use crate::domain::time::{TimeRange, Timestamp};
use crate::domain::verify::line::Events;
use crate::domain::verify::object::{Body, Damage, ReadBack, Sha256};
use crate::domain::verify::subject::Subject as Verified;
use crate::domain::verify::tally::Tally;
use crate::domain::zone::Zone;
use crate::export::landed::{Answer, Ask, End, Lines};
use crate::export::listings::LastListing;
use crate::export::remedy::{Change, Created, Outcome, Step};
use crate::export::{Snapshot, Transition};
use crate::ledger::{LaneRecord, Past};
use crate::tui::effect::Effect;
use crate::tui::keys::Keymap;
use crate::tui::landed::talk::{Errand, News};
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Settings};
use crate::tui::msg::{BucketDetails, Link, Msg, Reply};
use crate::tui::places::Wanted;
use crate::tui::proof::Evidence;
use crate::tui::review::Draft;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// 2026-11-02 12:00:00Z.
pub const NOW: Timestamp = Timestamp::from_millis(1_793_620_800_000);

pub fn lane() -> Lane {
    Lane::new(AccountId("123456789012".into()), Region("eu-central-1".into()))
}

/// What the plan's tasks ask for.
pub fn tasks_of(plan: &Plan) -> Vec<TaskSpec> {
    let tasks = plan.expand(&lane(), || TaskId(Uuid::nil())).unwrap();
    tasks.into_iter().map(|task| task.spec).collect()
}

pub fn starting(size: (u16, u16)) -> Model {
    let settings = Settings {
        theme: Theme::of(ThemeName::Dark),
        ascii: false,
        notify: Notify::Off,
        clipboard: true,
        keys: Keymap::default(),
        sandbox: None,
        endpoint_url: None,
        read_only: false,
        zone: Zone::Utc,
        base: Base { working: Some("/home/ada".to_owned()), home: None },
        test_hooks: false,
    };
    let wanted = Wanted { region: Some("eu-central-1".into()), ..Wanted::default() };
    Model::new(settings, wanted, size, NOW).0
}

/// Connected; the first requests are under way and given back.
pub fn connected(size: (u16, u16)) -> (Model, Vec<Effect>) {
    let mut model = starting(size);
    let link = Link { profile: Some("prod".into()), region: Region("eu-central-1".into()), endpoint_url: None };
    let effects = update(&mut model, Msg::Reply(crate::tui::list::RequestId(1), Reply::Connected(Ok(link))));
    for effect in &effects {
        if let Effect::Identify(_, request) = effect {
            let identity = Identity { account: AccountId("123456789012".into()), arn: "arn".into() };
            update(&mut model, Msg::Reply(*request, Reply::Identity(Ok(identity))));
        }
    }
    (model, effects)
}

pub fn group(name: &str) -> LogGroup {
    LogGroup {
        name: name.into(),
        class: GroupClass::Standard,
        stored: Some(ByteCount(name.len() as u64 * 700_000)),
        retention_days: (name.len().is_multiple_of(2)).then_some(30),
        created: Some(NOW.before(std::time::Duration::from_secs(86_400 * name.len() as u64))),
    }
}

/// A bucket that an export goes to as it is.
pub fn bucket_details(name: &str) -> BucketDetails {
    BucketDetails {
        bucket: name.into(),
        region: Ok(Region("eu-central-1".into())),
        encryption: Ok(Encryption::S3),
        policy: found(Check::Policy, Verdict::Pass, "it lets the logs service in, as AWS documents"),
        lifecycle: Ok(None),
    }
}

/// A bucket's lifecycle rules: one for each kind of place they can have.
pub fn lifecycle() -> Lifecycle {
    let rule = |id: &str, filter: &str, status: &str, does: &str| {
        format!("<Rule><ID>{id}</ID><Filter>{filter}</Filter><Status>{status}</Status>{does}</Rule>")
    };
    let expire = |days: u32| format!("<Expiration><Days>{days}</Days></Expiration>");
    let archive = "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>";
    let tagged = "<And><Prefix>exportedlogs/</Prefix><Tag><Key>keep</Key><Value>no</Value></Tag></And>";
    let rules = [
        rule("to-glacier", "<Prefix>exportedlogs/</Prefix>", "Enabled", &format!("{archive}{}", expire(2555))),
        rule("tagged", tagged, "Enabled", &expire(7)),
        rule("all-off", "<Prefix></Prefix>", "Disabled", &expire(1)),
        rule("reports", "<Prefix>reports/</Prefix>", "Enabled", &expire(90)),
    ];
    let text = format!("<LifecycleConfiguration>{}</LifecycleConfiguration>", rules.concat());
    Lifecycle::parse(&text).expect("lifecycle rules")
}

pub fn found(check: Check, verdict: Verdict, reason: &str) -> Finding {
    Finding { check, verdict, reason: reason.into(), remedy: None }
}

/// A checkup with a finding of each sort.
pub fn report() -> Report {
    let grant = Remedy::Grant(vec![Grant::GetBucketAcl, Grant::PutObject]);
    let closed = "the bucket has no policy, so the logs service is not let in";
    let versions = "it keeps versions: what an export overwrites or deletes goes on costing";
    let statement = Remedy::KeyStatement("{\n  \"Sid\": \"AllowLogs\",\n  \"Effect\": \"Allow\"\n}".into());
    let key = "a customer-managed key is said to let the service in";
    let findings = vec![
        found(Check::Bucket, Verdict::Pass, "it exists"),
        Finding { remedy: Some(grant), ..found(Check::Policy, Verdict::Block, closed) },
        found(Check::Versioning, Verdict::Warn, versions),
        Finding { remedy: Some(statement), ..found(Check::Encryption, Verdict::Warn, key) },
        found(Check::Caller, Verdict::Unchecked, "only a probe object would tell whether you may put objects there"),
    ];
    Report::new(findings)
}

/// What would let the export service into a bucket without a policy.
pub fn granting(bucket: &str) -> Arc<Change> {
    let to = Destination { store: Store::stored(bucket).expect("a name"), prefix: None };
    Arc::new(Change::granting(&lane(), &to))
}

/// What came of creating a plain bucket whose encryption ends like this.
pub fn creation_of(bucket: &str, encrypted: &Outcome) -> Created {
    let bucket = BucketName::parse(bucket).expect("a name");
    let failed = encrypted.failure().is_some();
    let last = if failed { Outcome::NotReached } else { Outcome::Done };
    let done = [Step::Create, Step::Ownership, Step::PublicAccess].map(|step| (step, Outcome::Done));
    let rest = [(Step::Encryption, encrypted.clone()), (Step::Policy, last)];
    Created { bucket, region: lane().region, steps: done.into_iter().chain(rest).collect() }
}

pub fn bucket(name: &str) -> Bucket {
    Bucket { name: name.into(), created: Some(NOW), region: None }
}

/// On the screen of buckets, with these listed; what is asked next is given back.
pub fn with_buckets(size: (u16, u16), names: &[&str]) -> (Model, Vec<Effect>) {
    let (mut model, effects) = connected(size);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadBuckets(request, _) => Some(*request),
        _ => None,
    });
    let page = Page { items: names.iter().map(|name| bucket(name)).collect(), next: None };
    update(&mut model, Msg::Reply(asked.expect("buckets are asked for"), Reply::Buckets(Ok(page))));
    let effects = press(&mut model, KeyCode::Char('2'));
    (model, effects)
}

/// Answers every question for details among `effects`, and those that come of it.
pub fn answer_details(model: &mut Model, effects: Vec<Effect>, answer: impl Fn(&str) -> BucketDetails) {
    let mut open = effects;
    while let Some(effect) = open.pop() {
        if let Effect::LoadBucketDetails { request, bucket, .. } = effect {
            open.extend(update(model, Msg::Reply(request, Reply::BucketDetails(answer(&bucket)))));
        }
    }
}

/// Answers the log groups' question among `effects`; gives what is asked next.
pub fn answer_groups(model: &mut Model, effects: &[Effect], answer: Result<Page<LogGroup>, Problem>) -> Vec<Effect> {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadGroups(request, _) => Some(*request),
        _ => None,
    });
    let answer = answer.map(|page| {
        let named = page.items.iter().map(|group| (group.listed(), Some(group.details())));
        Page { items: named.collect(), next: page.next }
    });
    update(model, Msg::Reply(asked.expect("log groups are asked for"), Reply::Groups(answer)))
}

/// So many names, the first of them `/app/<first>`.
pub fn named_groups(first: usize, count: usize) -> Vec<NamedGroup> {
    (first..first + count).map(|n| (group(&format!("/app/{n:05}")).listed(), None)).collect()
}

/// The listing of two hours ago is recalled: `/app/00000` and on.
pub fn recalled(model: &mut Model, effects: &[Effect], account: &str, count: usize) -> Vec<Effect> {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::RecallGroups(request, ..) => Some(*request),
        _ => None,
    });
    let groups = named_groups(0, count).into_iter().map(|(group, _)| group).collect();
    let at = NOW.before(std::time::Duration::from_hours(2));
    let listing = Some(LastListing { account: AccountId(account.into()), at, groups });
    update(model, Msg::Reply(asked.expect("it is looked for"), Reply::Recalled(listing)))
}

pub fn with_groups(size: (u16, u16), names: &[&str]) -> Model {
    let (mut model, effects) = connected(size);
    let page = Page { items: names.iter().map(|name| group(name)).collect(), next: None };
    answer_groups(&mut model, &effects, Ok(page));
    model
}

pub fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

pub fn ctrl(model: &mut Model, code: char) -> Vec<Effect> {
    update(model, Msg::Key(KeyEvent::new(KeyCode::Char(code), KeyModifiers::CONTROL)))
}

pub fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, KeyCode::Char(c));
    }
}

/// The form as it is filled in for `/ecs/web` and a bucket, a moment ago; gives what is asked for then.
pub fn with_form(size: (u16, u16)) -> (Model, Vec<Effect>) {
    let mut model = with_groups(size, &["/ecs/web", "/ecs/batch"]);
    press(&mut model, KeyCode::Enter);
    for _ in 0..5 {
        press(&mut model, KeyCode::Tab);
    }
    type_text(&mut model, "acme-log-archive");
    let effects = passed(&mut model, 1_000);
    (model, effects)
}

/// So many milliseconds go by; gives what is asked for then.
pub fn passed(model: &mut Model, millis: u64) -> Vec<Effect> {
    model.now = model.now.after(std::time::Duration::from_millis(millis));
    update(model, Msg::Tick)
}

/// What a check has found.
pub fn finding(check: Check, verdict: Verdict, reason: &str) -> Finding {
    Finding { check, verdict, reason: reason.into(), remedy: None }
}

/// Answers the checks' question among `effects`: everything passes but what is `found`.
pub fn answer_checks(model: &mut Model, effects: &[Effect], found: Vec<Finding>) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Check { request, .. } => Some(*request),
        _ => None,
    });
    let made = model.checks.made().into_iter();
    let passes = made.filter(|check| found.iter().all(|finding| finding.check != *check));
    let mut all: Vec<Finding> = passes.map(|check| finding(check, Verdict::Pass, "as it should be")).collect();
    all.extend(found);
    let list = Arc::new(Checklist::new(all, Vec::new()));
    update(model, Msg::Reply(asked.expect("the checks are asked for"), Reply::Checklist(list)));
}

pub fn task(number: u128, group: &str, state: State) -> Task {
    let ago = |secs| NOW.before(std::time::Duration::from_secs(secs));
    let spec = TaskSpec {
        group: LogGroupName::parse(group).expect("a name"),
        window: TimeRange::new(ago(300_000), ago(213_600)).expect("a range"),
        destination: Destination { store: Store::stored("acme-log-archive").expect("a name"), prefix: None },
        stream_prefix: None,
        label: None,
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    let mut task =
        Task::new(TaskId(Uuid::from_u128(number)), PlanId(Uuid::from_u128(1)), Arc::new(lane()), spec, ago(600));
    task.state = state;
    task.timeline.push(Moment { at: ago(590), state, remark: "Launching".to_owned() });
    if state != State::Queued {
        task.wait = None;
        task.remote = Some(RemoteId(format!("remote-{number}")));
        task.accepted = Some(ago(125));
    }
    if state.is_end() {
        task.ended = Some(ago(60));
        task.counted = true;
    }
    if matches!(state, State::Running | State::Completed | State::Cancelled) {
        task.landed = Landed { objects: 12, bytes: ByteCount(3_565_158) };
    }
    if state == State::Failed {
        let said = "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.";
        let mut problem = Problem::new(ProblemKind::BucketAccess, "CreateExportTask")
            .on(group)
            .in_region("eu-central-1")
            .saying(said);
        problem.code = Some("AccessDeniedException".into());
        problem.request_id = Some("5f2c-11".into());
        task.problem = Some(problem);
    }
    task
}

/// A task in every state, one that waits for a slot and one that completed empty.
pub fn many_tasks() -> Snapshot {
    let mut tasks: Vec<Task> = (1..).zip(State::ALL).map(|(n, state)| task(n, "/aws/lambda/checkout", state)).collect();
    let mut waiting = task(20, "/ecs/web", State::Queued);
    let holder = Holder {
        remote: RemoteId("r".into()),
        group: "/rds/audit".into(),
        name: Some("nightly".into()),
        created: Some(NOW.before(std::time::Duration::from_secs(754))),
    };
    waiting.wait = Some(Wait::Slot(Some(holder)));
    let mut empty = task(21, "/vpc/flow-logs", State::Completed);
    empty.landed = Landed::default();
    tasks.extend([waiting, empty]);
    Snapshot { tasks: tasks.into_iter().map(Arc::new).collect(), ..Snapshot::default() }
}

/// The tasks of a plan, as they will be queued.
pub fn drafted(lane: &Arc<Lane>, plan: &Plan) -> Arc<Draft> {
    let mut number = 0;
    let tasks = plan.expand(lane, || {
        number += 1;
        TaskId(Uuid::from_u128(number))
    });
    let tasks = tasks.expect("the plan makes tasks");
    let queued = QueuedPlan::new(PlanId(Uuid::from_u128(7)), Arc::clone(lane), plan, tasks.len() as u64, NOW);
    let rough = Some(std::time::Duration::from_secs(10 * tasks.len() as u64));
    Arc::new(Draft { plan: queued, sharing: crate::domain::plan::sharing(&tasks), tasks, rough })
}

/// A plan of several tasks, as many of each state as given, all of them listed.
pub fn plan_of(number: u128, states: &[(State, usize)]) -> (QueuedPlan, Vec<Task>) {
    let mut tasks = Vec::new();
    for (state, count) in states {
        for _ in 0..*count {
            let mut task = task(number * 1_000_000 + tasks.len() as u128, &format!("/app/{:03}", tasks.len()), *state);
            task.plan = PlanId(Uuid::from_u128(number));
            tasks.push(task);
        }
    }
    let asked = Plan {
        name: None,
        groups: vec![LogGroupName::parse("/app/000").expect("a name"); 1],
        range: tasks[0].spec.window,
        split: Split::Daily,
        zone: Zone::Utc,
        store: Store::stored("acme-log-archive").expect("a name"),
        template: None,
        stream_prefix: None,
        label: Label::parse("nightly").ok(),
        preflight: Preflight::default(),
        engine: Engine::Managed,
    };
    let mut plan = QueuedPlan::new(
        PlanId(Uuid::from_u128(number)),
        Arc::new(lane()),
        &asked,
        0,
        NOW.before(std::time::Duration::from_mins(15)),
    );
    for task in &tasks {
        *plan.counts.of(task.state, task.is_empty()) += 1;
        plan.landed.objects += task.landed.objects;
        plan.landed.bytes += task.landed.bytes;
    }
    (plan, tasks)
}

/// The queue with these plans and tasks, and the lane they are in.
pub fn queue(plans: Vec<(QueuedPlan, Vec<Task>)>) -> Snapshot {
    let (plans, tasks): (Vec<_>, Vec<_>) = plans.into_iter().unzip();
    Snapshot {
        tasks: tasks.into_iter().flatten().map(Arc::new).collect(),
        plans: plans.into_iter().map(Arc::new).collect(),
        lanes: vec![Arc::new(record(lane()))],
        ..Snapshot::default()
    }
}

/// A lane that nobody drives.
pub fn record(lane: Lane) -> LaneRecord {
    LaneRecord { lane: Arc::new(lane), profile: Some("prod".into()), paused: false, driver: None, until: None }
}

/// The last move of `task`, out of `before`.
pub fn moved(before: State, task: Task) -> Transition {
    let moment = Moment { at: NOW, state: task.state, remark: String::new() };
    Transition { before, moment, task: Arc::new(task) }
}

pub fn past(number: usize, status: RemoteStatus) -> RemoteTask {
    RemoteTask {
        id: RemoteId(format!("remote-{number}")),
        name: Some(if number.is_multiple_of(2) {
            task_name(
                Attempt { task: TaskId(Uuid::from_u128(number as u128)), number: 1 },
                Label::parse("night shift").ok().as_ref(),
            )
        } else {
            "nightly".into()
        }),
        group: format!("/aws/lambda/past-{number}"),
        from: NOW.before(std::time::Duration::from_mins(5_000)),
        to: NOW.before(std::time::Duration::from_mins(3_560)),
        bucket: "acme-log-archive".into(),
        prefix: "exportedlogs".into(),
        status,
        message: Some("Completed successfully".into()),
        created: Some(NOW.before(std::time::Duration::from_secs(200_000))),
        completed: Some(NOW.before(std::time::Duration::from_secs(199_000))),
    }
}

/// Shows the history, of which the ledger has nothing; gives what is asked of AWS.
pub fn open_history(model: &mut Model) -> Vec<Effect> {
    let mut effects = press(model, KeyCode::Char('4'));
    for effect in effects.extract_if(.., |effect| matches!(effect, Effect::LoadPast { .. })) {
        let Effect::LoadPast { request, .. } = effect else { continue };
        update(model, Msg::Reply(request, Reply::Past(Ok(Past::default()))));
    }
    effects
}

pub fn with_history(size: (u16, u16)) -> Model {
    let (mut model, _) = connected(size);
    let effects = open_history(&mut model);
    let Some(Effect::LoadHistory { request, .. }) = effects.first() else { panic!("history is asked for") };
    let items = (0..).zip(RemoteStatus::KNOWN).map(|(n, status)| past(n, status)).collect();
    update(&mut model, Msg::Reply(*request, Reply::History(Ok(Page { items, next: None }))));
    model
}

/// What a verification has found of two objects and a stranger: one is cut off.
pub fn evidence() -> Arc<Evidence> {
    let at = NOW.before(std::time::Duration::from_secs(290_000));
    let object = |key: &str, events, damage| {
        let events = Events { count: events, span: Some((at, NOW)), ..Events::default() };
        let (size, raw) = (ByteCount(1_782_579), ByteCount(9_400_000));
        let body = Body { size, sha256: Sha256([0; 32]), raw, events, headless: false, damage };
        ReadBack { key: key.into(), size, body: Ok(body) }
    };
    let objects = vec![
        object("2026-10-30-[$LATEST]1f0c3b5a7d9e4f6081a2b3c4d5e6f708/000000.gz", 41_250, None),
        object("2026-10-31-[$LATEST]77aa\u{202e}/000000.gz", 9_870, Some(Damage::CutOff)),
    ];
    let subject = Verified::of(&task(1, "/aws/lambda/checkout", State::Completed)).expect("it has ended");
    let mut tally = Tally::default();
    for object in &objects {
        tally.take(object, &subject);
    }
    tally.pass_by(&Object { key: "notes.txt".into(), size: ByteCount(12), ..Object::default() });
    Arc::new(Evidence { tally: tally.end(&subject), objects })
}

/// The objects of a completed task, as they are listed when `o` is pressed on it; `next` is the token of a further page.
pub fn with_objects(size: (u16, u16), names: &[&str], next: Option<&str>) -> Model {
    let (mut model, request) = looking_into(size, State::Completed);
    let folder = "exportedlogs/remote-1/";
    let object = |(n, name): (u64, &&str)| Object {
        key: format!("{folder}{name}"),
        size: ByteCount(1_300_000 * n + 1_000),
        modified: Some(NOW.before(std::time::Duration::from_secs(290 - n))),
        class: (n == 2).then(|| "GLACIER".to_owned()),
    };
    let page = Page { items: (0..).zip(names).map(object).collect(), next: next.map(str::to_owned) };
    answer_objects(&mut model, request, Ok(page));
    model
}

/// `o` was pressed on a task in `state`: its objects are asked for by this question.
pub fn looking_into(size: (u16, u16), state: State) -> (Model, RequestId) {
    let (mut model, _) = connected(size);
    let tasks = vec![Arc::new(task(1, "/aws/lambda/checkout", state))];
    update(&mut model, Msg::Snapshot(Arc::new(Snapshot { tasks, ..Snapshot::default() })));
    press(&mut model, KeyCode::Char('3'));
    let effects = press(&mut model, KeyCode::Char('o'));
    let asked = listing(&effects).expect("its objects are asked for");
    (model, asked.0)
}

/// The question for objects among `effects`, and the page it asks for.
pub fn listing(effects: &[Effect]) -> Option<(RequestId, Option<String>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Landed(Errand::List { request, token, .. }) => Some((*request, token.clone())),
        _ => None,
    })
}

/// Answers it; gives what is asked for then.
pub fn answer_objects(model: &mut Model, request: RequestId, page: Result<Page<Object>, Problem>) -> Vec<Effect> {
    let page = page.map(|page| (Region("eu-central-1".into()), page));
    update(model, Msg::Reply(request, Reply::Landed(News::Listed(page))))
}

/// The question to whoever reads an object among `effects`.
pub fn reading_asked(effects: &[Effect]) -> Option<(RequestId, Ask)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Landed(Errand::Read { request, ask, .. }) => Some((*request, ask.clone())),
        _ => None,
    })
}

/// Answers it; gives what is asked for then.
pub fn answer_reading(model: &mut Model, request: RequestId, answer: Answer) -> Vec<Effect> {
    update(model, Msg::Reply(request, Reply::Landed(News::Read(answer))))
}

/// An object of these lines, all that there are, is read; its end is as given.
pub fn with_text(size: (u16, u16), lines: &[&str], end: End) -> Model {
    let mut model = with_objects(size, &["2026-10-30-[$LATEST]1f0c3b5a7d9e/000000.gz"], None);
    let (request, _) = reading_asked(&press(&mut model, KeyCode::Enter)).expect("its lines are asked for");
    let known = lines.len() as u64;
    let lines = lines.iter().map(|line| Arc::from(*line)).collect();
    let lines = Lines { first: 0, lines, known, end: Some(end), read: ByteCount(1_000) };
    answer_reading(&mut model, request, Answer::Lines(lines));
    model
}
