//! The form as a whole: driven by keys, judged by what it gives out and by what stands on the screen.

use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Position;

use super::*;
use crate::config::ThemeName;
use crate::domain::coverage::Reached;
use crate::domain::direct::line::Format;
use crate::domain::engine::Direct;
use crate::domain::inventory::{GroupClass, RemoteStatus, RemoteTask};
use crate::domain::names::{BucketName, DestinationPrefix, Label, LogGroupName, PlanId, RemoteId, StreamPrefix};
use crate::domain::preflight::Preflight;
use crate::domain::queued_plan::QueuedPlan;
use crate::domain::split::Split;
use crate::domain::store::Base;
use crate::domain::task::{State, Task, TaskSpec};
use crate::domain::time::TimeRange;
use crate::tui::fixtures::{bucket_details, tasks_of};
use crate::tui::list::RequestId;
use crate::tui::msg::BucketDetails;
use crate::tui::since::Answer;

/// 2026-11-22T16:57:16.123Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_366_636_123);

/// What an account holds.
struct Account {
    groups: Vec<ListedGroup>,
    looked_at: Groups,
    buckets: Vec<Bucket>,
    details: HashMap<String, Detail>,
    region: Region,
    checks: Checks,
    since: Since,
    base: Base,
}

impl Account {
    fn new() -> Self {
        let groups =
            ["/aws/lambda/checkout", "/aws/lambda/login", "/ecs/web", "API-Gateway-Execution-Logs_a1/prod", "vpc#1"];
        Self {
            groups: groups.map(group).to_vec(),
            looked_at: Groups::default(),
            buckets: ["acme-log-archive", "acme-scratch"].map(bucket).to_vec(),
            details: HashMap::new(),
            region: Region("eu-central-1".into()),
            checks: Checks::default(),
            since: Since::default(),
            base: Base { working: Some("/home/ada".to_owned()), home: None },
        }
    }

    fn context(&self) -> FormContext<'_> {
        FormContext {
            now: NOW,
            groups: &self.groups,
            details_of_groups: &self.looked_at,
            groups_complete: true,
            buckets: &self.buckets,
            buckets_complete: true,
            details: &self.details,
            checks: &self.checks,
            since: &self.since,
            base: &self.base,
            region: Some(&self.region),
            account: None,
        }
    }
}

fn group(name: &str) -> ListedGroup {
    ListedGroup { name: name.into(), class: GroupClass::Standard }
}

fn bucket(name: &str) -> Bucket {
    Bucket { name: name.into(), created: None, region: None }
}

/// A form and somebody at its keys.
struct Desk {
    form: Form,
    account: Account,
}

impl Desk {
    fn new() -> Self {
        Self { form: Form::new(), account: Account::new() }
    }

    fn ready() -> Self {
        let mut desk = Self::new();
        desk.form.set_groups(&["/ecs/web".to_owned()]);
        desk.form.set_bucket("acme-log-archive");
        desk
    }

    fn does(&mut self, action: FormAction) -> FormOutcome {
        self.form.perform(action, &self.account.context())
    }

    fn types(&mut self, text: &str) {
        text.chars().for_each(|c| self.form.edit(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
    }

    /// Goes to `field` by Tab and types `text` over what is there.
    fn fills(&mut self, field: Field, text: &str) {
        while self.form.stop != Stop::Field(field) {
            assert_eq!(self.does(FormAction::NextField), FormOutcome::Stay);
        }
        self.does(FormAction::ClearField);
        self.types(text);
    }

    fn errors(&self) -> Vec<(Field, String)> {
        self.form.check(&self.account.context()).errors.into_iter().collect()
    }

    /// The one error after typing `text` into `field` of a form that is otherwise in order.
    fn error_of(field: Field, text: &str) -> String {
        let mut desk = Self::ready();
        desk.fills(field, text);
        match &desk.errors()[..] {
            [(blamed, error)] => {
                assert_eq!(*blamed, field, "{error}");
                error.clone()
            }
            other => panic!("one error expected for {text:?}: {other:?}"),
        }
    }

    fn specs(&mut self) -> Vec<TaskSpec> {
        match self.does(FormAction::Submit) {
            FormOutcome::Submit(plan) => tasks_of(&plan),
            other => panic!("not submitted: {other:?}, {:?}", self.errors()),
        }
    }

    fn terminal(&self, width: u16, height: u16) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = Theme::of(ThemeName::Monochrome);
        terminal.draw(|frame| self.form.view(frame, frame.area(), theme, &self.account.context())).unwrap();
        terminal
    }

    fn screen(&self, width: u16, height: u16) -> String {
        self.terminal(width, height).backend().to_string()
    }
}

#[test]
fn a_key_has_the_direct_engine_export_and_the_last_line_says_so() {
    let mut desk = Desk::ready();
    let plan = |desk: &mut Desk| match desk.does(FormAction::Submit) {
        FormOutcome::Submit(plan) => plan,
        other => panic!("{other:?}"),
    };
    assert_eq!(plan(&mut desk).engine, Engine::Managed);
    desk.does(FormAction::ToggleEngine);
    assert!(desk.screen(80, 20).contains("[ Export directly ]"));
    let direct = plan(&mut desk);
    assert_eq!(direct.engine, Engine::Direct(Direct::default()));
    let engine = Engine::Direct(Direct { format: Format::Jsonl, pattern: None });
    let spec = TaskSpec { engine, ..tasks_of(&direct).remove(0) };
    desk.form.fill_from_task(&exported(&spec), None);
    assert_eq!(desk.form.engine, spec.engine, "what is run again is run as it was");
    desk.does(FormAction::ToggleEngine);
    assert!(desk.screen(80, 20).contains("[ Export ]"));
}

#[test]
fn a_directory_takes_the_direct_engine_and_its_whole_path_is_shown() {
    let mut desk = Desk::ready();
    desk.fills(Field::Bucket, "file:./logs");
    let told = "a directory takes the direct engine: F4 chooses it".to_owned();
    assert_eq!(desk.errors(), [(Field::Bucket, told)]);
    desk.does(FormAction::ToggleEngine);
    let FormOutcome::Submit(plan) = desk.does(FormAction::Submit) else { panic!("{:?}", desk.errors()) };
    assert_eq!(plan.store.as_str(), "file:/home/ada/logs");
    let screen = desk.screen(80, 24);
    assert!(screen.contains("on this machine: /home/ada/logs"), "{screen}");
    let spec = tasks_of(&plan).remove(0);
    desk.form.fill_from_task(&exported(&spec), None);
    assert_eq!(desk.form.bucket(), "file:/home/ada/logs", "what is run again goes where it went");
}

#[test]
fn a_form_filled_by_typing_gives_the_task_that_was_shown() {
    let mut desk = Desk::new();
    desk.types("/ecs/web");
    desk.fills(Field::From, "2026-11-01 14:00");
    desk.fills(Field::To, "2026-11-02T00:00:00.5Z");
    desk.fills(Field::StreamPrefix, "web/");
    desk.fills(Field::Bucket, "acme-log-archive");
    desk.fills(Field::Prefix, "nightly/web/");
    desk.fills(Field::Label, "before the migration");
    assert_eq!(desk.does(FormAction::Confirm), FormOutcome::Stay);
    let FormOutcome::Submit(plan) = desk.does(FormAction::Confirm) else { panic!("{:?}", desk.errors()) };
    let [spec] = &tasks_of(&plan)[..] else { panic!("one task expected") };
    assert_eq!(spec.group.as_str(), "/ecs/web");
    assert_eq!(spec.window.from().to_string(), "2026-11-01T14:00:00.000Z");
    assert_eq!(spec.window.to().to_string(), "2026-11-02T00:00:00.500Z");
    assert_eq!(spec.stream_prefix.as_ref().map(StreamPrefix::as_str), Some("web/"));
    assert_eq!(spec.destination.store.as_str(), "acme-log-archive");
    assert_eq!(spec.destination.prefix(), "nightly/web", "a slash at the end is dropped");
    assert_eq!(spec.label.as_ref().map(Label::as_str), Some("before the migration"));
}

#[test]
fn a_new_form_asks_for_yesterday_and_leaves_prefixes_and_label_to_aws() {
    let specs = Desk::ready().specs();
    assert_eq!(specs[0].window.from().to_string(), "2026-11-21T00:00:00.000Z");
    assert_eq!(specs[0].window.to().to_string(), "2026-11-22T00:00:00.000Z");
    assert_eq!((&specs[0].destination.prefix, &specs[0].stream_prefix, &specs[0].label), (&None, &None, &None));
}

#[test]
fn several_log_groups_give_one_task_each_and_none_twice() {
    let mut desk = Desk::ready();
    desk.fills(Field::Groups, " /ecs/web,vpc#1 ,, /ecs/web, ");
    let groups: Vec<String> = desk.specs().iter().map(|spec| spec.group.to_string()).collect();
    assert_eq!(groups, ["/ecs/web", "vpc#1"]);
}

#[test]
fn every_rule_broken_says_so_under_its_field() {
    use Field as F;
    let long = |letter: &str, length: usize| letter.repeat(length);
    let cases = [
        (F::Groups, "", "a log group is needed"),
        (F::Groups, " , ", "a log group is needed"),
        (F::Groups, "/ecs/wep", "no such log group here (Ctrl-R looks again): /ecs/wep"),
        (F::Groups, "my group", "log group name may not contain ' '"),
        (F::Groups, "/ecs/web, a:b", "log group name may not contain ':': a:b"),
        (F::Groups, "arn:aws:logs:eu-central-1:1:log-group:x", "a name, not an ARN: take the part after log-group:"),
        (F::Groups, &long("g", 513), "log group name too long: 513 characters, 512 at most"),
        (F::From, "", "a time is needed: 2026-11-01 14:00, 2h ago or yesterday"),
        (F::From, "soon", "not a time: type 2026-11-01 14:00, 2h ago or yesterday"),
        (F::From, "1795366636", "1795366636 looks like seconds: use 1795366636000 milliseconds"),
        (F::From, "1999-12-31", "1999-12-31T00:00:00.000Z is before 2006: no log is that old"),
        (F::To, "2026-02-30", "no such date or time: check month, day, hour and minute"),
        (F::To, "yesterday", "from must be before to"),
        (F::To, "2026-11-01", "from must be before to"),
        (F::StreamPrefix, "web:1", "stream prefix may not contain ':'"),
        (F::StreamPrefix, "web*", "stream prefix may not contain '*'"),
        (F::StreamPrefix, &long("s", 513), "stream prefix too long: 513 characters, 512 at most"),
        (F::Bucket, "", "a bucket name is needed"),
        (F::Bucket, "Acme", "bucket name may not contain 'A'"),
        (F::Bucket, "ab", "bucket name too short: 2 characters, 3 at least"),
        (F::Prefix, "/", "destination prefix may not begin with /"),
        (F::Prefix, "/nightly", "destination prefix may not begin with /"),
        (F::Prefix, "a//b", "destination prefix may not contain //"),
        (F::Prefix, &long("p", 465), "destination prefix too long: 465 bytes, 464 at most"),
        (F::Name, &long("n", 101), "plan name too long: 101 characters, 100 at most"),
        (F::Label, &long("n", 456), "task name too long: 456 characters, 455 at most"),
    ];
    for (field, typed, error) in cases {
        assert_eq!(Desk::error_of(field, typed), error, "{typed}");
    }
}

#[test]
fn no_error_text_is_cut_on_a_narrow_screen() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "1795366636");
    assert!(desk.screen(80, 20).contains("✗ 1795366636 looks like seconds: use 1795366636000 milliseconds"));
    desk.fills(Field::Bucket, "acme-");
    assert!(desk.screen(80, 20).contains("✗ bucket name begins and ends with a lower-case letter or digit"));
}

#[test]
fn a_log_group_is_only_unknown_once_all_are_loaded() {
    let mut desk = Desk::ready();
    desk.fills(Field::Groups, "/not/loaded/yet");
    let context = FormContext { groups_complete: false, ..desk.account.context() };
    assert!(matches!(desk.form.perform(FormAction::Submit, &context), FormOutcome::Submit(_)));
    assert_eq!(
        desk.errors(),
        [(Field::Groups, "no such log group here (Ctrl-R looks again): /not/loaded/yet".to_owned())]
    );
}

#[test]
fn a_recent_end_is_a_warning_that_names_the_cut_off_and_stops_nothing() {
    let mut desk = Desk::ready();
    desk.fills(Field::To, "now");
    let warning = "! events since 2026-11-22 04:57:16Z may be missing (12 h lag)";
    let screen = desk.screen(80, 20);
    let to = screen.lines().position(|line| line.contains("To ")).unwrap();
    let lines: Vec<&str> = screen.lines().skip(to).collect();
    assert!(lines[0].contains("2026-11-22T16:57:16.123Z  1795366636123 ms"), "{screen}");
    assert!(lines[1].contains(warning) && lines[2].contains("Split"), "{screen}");
    assert_eq!(desk.specs().len(), 1);
    desk.fills(Field::To, "2026-11-22T16:57:16.122Z");
    let shared = "2026-11-22T16:57:16.122Z  1795366636122 ms  ! may be incomplete";
    assert!(desk.screen(80, 20).contains(shared), "{}", desk.screen(80, 20));
    desk.fills(Field::To, "2026-11-22 04:57:16");
    assert!(!desk.screen(80, 20).contains("may be missing"));
}

#[test]
fn a_range_wholly_in_the_future_is_refused() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "2026-11-23");
    desk.fills(Field::To, "2026-11-24");
    let error = "from is in the future: there is nothing to export yet";
    assert_eq!(desk.errors(), [(Field::From, error.to_owned())]);
    assert!(desk.screen(80, 20).contains(error));
    desk.fills(Field::From, "2026-11-22 16:57:16");
    assert_eq!(desk.errors(), [], "a range that has begun");
}

#[test]
fn an_s3_address_pasted_into_the_bucket_fills_the_prefix_too() {
    let mut desk = Desk::ready();
    desk.fills(Field::Bucket, "acme");
    desk.form.paste(" s3://acme-scratch/nightly/web/\n");
    assert_eq!([text(&desk, Field::Bucket), text(&desk, Field::Prefix)], ["acme-scratch", "nightly/web"]);
    desk.form.paste("s3://acme-log-archive");
    assert_eq!([text(&desk, Field::Bucket), text(&desk, Field::Prefix)], ["acme-log-archive", "nightly/web"]);
}

#[test]
fn empty_fields_keep_quiet_until_submitting_is_tried() {
    let mut desk = Desk::new();
    assert!(!desk.screen(80, 20).contains('✗'));
    desk.does(FormAction::PreviousField);
    assert_eq!(desk.does(FormAction::Confirm), FormOutcome::Stay);
    let screen = desk.screen(80, 20);
    assert!(screen.contains("✗ a log group is needed") && screen.contains("✗ a bucket name is needed"), "{screen}");
    assert_eq!(desk.form.stop, Stop::Field(Field::Groups), "the cursor goes to the first error");
}

#[test]
fn an_emptied_field_says_at_once_that_something_is_needed() {
    let mut desk = Desk::ready();
    desk.fills(Field::Bucket, "");
    assert!(desk.screen(80, 20).contains("✗ a bucket name is needed"));
}

#[test]
fn relative_times_are_fixed_when_submitting() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "2h ago");
    desk.fills(Field::To, "1h ago");
    assert!(desk.screen(80, 20).contains("2026-11-22T14:57:16.123Z  1795359436123 ms"));
    let specs = desk.specs();
    assert_eq!(specs[0].window.from().millis(), 1_795_359_436_123);
}

#[test]
fn narrow_screens_show_whole_instants_or_shorter_ones() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "26h ago");
    desk.fills(Field::To, "25h ago");
    for (width, told) in [
        (80, "2026-11-21T14:57:16.123Z  1795273036123 ms"),
        (59, "2026-11-21T14:57:16.123Z  1795273036123 ms"),
        (58, "2026-11-21T14:57:16.123Z"),
        (41, "2026-11-21T14:57:16.123Z"),
        (40, "2026-11-21 14:57:16Z"),
    ] {
        let screen = desk.screen(width, 20);
        let line =
            screen.lines().find(|line| line.contains("2026-11-21")).unwrap_or_else(|| panic!("{width}: {screen}"));
        assert_eq!(line.trim_matches(['"', ' ']), told, "{width}");
    }
    // With a warning beside it as well.
    desk.fills(Field::To, "1h ago");
    for width in 40..80 {
        let screen = desk.screen(width, 20);
        let cut = screen.lines().find(|line| line.contains("2026-11-22T") && line.contains('…'));
        assert_eq!(cut, None, "{width}");
    }
}

#[test]
fn leaving_and_errors_lose_nothing_that_was_typed() {
    let mut desk = Desk::new();
    desk.types("/ecs/wep");
    desk.fills(Field::Prefix, "/bad");
    desk.does(FormAction::Submit);
    assert_eq!(desk.does(FormAction::Leave), FormOutcome::Leave);
    let text = |field| desk.form.fields.text(field).to_owned();
    assert_eq!([text(Field::Groups), text(Field::Prefix), text(Field::From)], ["/ecs/wep", "/bad", "yesterday"]);
}

#[test]
fn a_selection_from_another_screen_replaces_its_own_field_alone() {
    let mut desk = Desk::new();
    desk.fills(Field::Prefix, "mine");
    desk.form.set_groups(&["/ecs/web".to_owned(), "vpc#1".to_owned()]);
    desk.form.set_bucket("acme-scratch");
    let specs = desk.specs();
    assert_eq!(specs.len(), 2);
    assert_eq!(specs[0].destination.prefix(), "mine");
    assert_eq!(specs[0].destination.store.as_str(), "acme-scratch");
}

#[test]
fn running_a_past_task_again_asks_for_the_same() {
    let mut desk = Desk::new();
    desk.fills(Field::StreamPrefix, "left over");
    let past = RemoteTask {
        id: RemoteId("4d2b8b9e-0001-4a6f-9d5e-1f2a3b4c5d6e".to_owned()),
        name: Some("logferry/67e55044-10b1-426f-9247-bb680e5fe0c8 night shift".to_owned()),
        group: "/ecs/web".to_owned(),
        from: Timestamp::from_millis(1_795_219_200_123),
        to: Timestamp::from_millis(1_795_305_600_456),
        bucket: "acme-log-archive".to_owned(),
        prefix: "nightly".to_owned(),
        status: RemoteStatus::Failed,
        message: None,
        created: None,
        completed: None,
    };
    desk.form.fill_from(&past);
    let note = "AWS does not tell whether the past task had one";
    assert!(desk.screen(80, 20).contains(note), "{}", desk.screen(80, 20));
    let spec = desk.specs().remove(0);
    assert_eq!((spec.window.from(), spec.window.to()), (past.from, past.to));
    assert_eq!((spec.group.as_str(), spec.destination.prefix()), ("/ecs/web", "nightly"));
    assert_eq!((spec.label.as_ref().map(Label::as_str), spec.stream_prefix), (Some("night shift"), None));
}

/// A task that did what `spec` asks for.
fn exported(spec: &TaskSpec) -> Task {
    Task { spec: spec.clone(), ..crate::tui::fixtures::task(1, "/ecs/web", State::Completed) }
}

#[test]
fn a_plan_run_again_asks_for_all_of_the_same_in_its_own_zone() {
    let mut desk = Desk::ready();
    desk.fills(Field::Groups, "/ecs/web, vpc#1");
    desk.fills(Field::From, "2026-11-01");
    desk.fills(Field::To, "2026-11-04");
    desk.fills(Field::Split, "d");
    for (field, text) in [(Field::Prefix, "{group}/{from:%d}"), (Field::Name, "three days"), (Field::Label, "again")] {
        desk.fills(field, text);
    }
    let FormOutcome::Submit(mut plan) = desk.does(FormAction::Submit) else { panic!("{:?}", desk.errors()) };
    plan.zone = Zone::parse("Europe/Berlin").unwrap();
    plan.preflight = Preflight::AllowKms;
    let lane = std::sync::Arc::new(crate::tui::fixtures::lane());
    let queued = QueuedPlan::new(PlanId(uuid::Uuid::nil()), lane, &plan, 8, NOW);
    let mut again = Desk::new();
    again.form.fill_from_plan(&queued, &plan.groups);
    assert!(!again.form.is_edited(), "nothing of it was typed");
    let FormOutcome::Submit(same) = again.does(FormAction::Submit) else { panic!("{:?}", again.errors()) };
    assert_eq!(same, plan);
    let task = exported(&tasks_of(&plan)[3]);
    again.form.fill_from_task(&task, Some(&queued));
    let FormOutcome::Submit(one) = again.does(FormAction::Submit) else { panic!("{:?}", again.errors()) };
    assert_eq!(
        (tasks_of(&one), one.template, one.name, one.zone),
        (vec![task.spec], plan.template, plan.name, plan.zone)
    );
}

#[test]
fn what_is_saved_is_read_back_as_the_plan_that_would_be_queued() {
    let mut desk = Desk::ready();
    assert_eq!(Desk::new().does(FormAction::Save), FormOutcome::Stay, "an unfinished form is no plan");
    desk.fills(Field::From, "7d ago");
    desk.fills(Field::Split, "d");
    desk.fills(Field::Name, "a week");
    desk.fills(Field::Prefix, "{group}/{from:%Y/%m/%d}");
    let FormOutcome::Save(saved) = desk.does(FormAction::Save) else { panic!("{:?}", desk.errors()) };
    let text = crate::domain::plan_file::write(&saved);
    let a_week_later = NOW.after(Duration::from_hours(7 * 24));
    let read = crate::domain::plan_file::parse(&text, a_week_later, Zone::Local, &Base::default()).unwrap().plan;
    let FormOutcome::Submit(queued) = desk.does(FormAction::Submit) else { panic!("{:?}", desk.errors()) };
    assert_eq!(tasks_of(&read), tasks_of(&queued));
    assert_eq!(read, queued);
}

#[test]
fn running_a_task_of_this_run_again_asks_for_all_of_the_same() {
    let mut desk = Desk::ready();
    for (field, text) in [(Field::StreamPrefix, "web/"), (Field::Prefix, "nightly"), (Field::Label, "night shift")] {
        desk.fills(field, text);
    }
    let spec = desk.specs().remove(0);
    let mut again = Desk::new();
    again.form.fill_from_task(&exported(&spec), None);
    assert!(!again.screen(80, 20).contains("AWS does not tell"));
    assert_eq!(again.specs(), [spec]);
}

#[test]
fn a_form_filled_from_a_list_goes_to_what_is_still_missing() {
    let mut desk = Desk::new();
    desk.form.set_groups(&["/ecs/web".to_owned()]);
    desk.form.go_to_missing();
    assert_eq!(desk.form.stop, Stop::Field(Field::Bucket));
    desk.form.set_bucket("acme-scratch");
    desk.form.go_to_missing();
    assert_eq!(desk.form.stop, Stop::Field(Field::Groups));
}

#[test]
fn presets_fill_the_range_and_the_round_ends_at_what_was_typed() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "2026-11-01");
    desk.does(FormAction::NextPreset);
    assert!(desk.screen(80, 20).contains("last hour, times read in UTC"));
    assert_eq!(desk.specs()[0].window.span(), std::time::Duration::from_hours(1));
    for _ in presets::PRESETS {
        desk.does(FormAction::NextPreset);
    }
    assert_eq!(desk.form.fields.text(Field::From), "2026-11-01");
}

#[test]
fn the_zone_switch_changes_how_times_are_read_and_says_so() {
    let mut desk = Desk::ready();
    desk.does(FormAction::ToggleZone);
    assert!(desk.screen(80, 20).contains("yesterday, times read in local time"));
    desk.fills(Field::From, "2026-11-01T00:00:00Z");
    assert!(
        desk.screen(200, 36).contains("2026-11-01T00:00:00.000Z  1793491200000 ms  20"),
        "{}",
        desk.screen(200, 36)
    );
    desk.does(FormAction::ToggleZone);
    assert!(desk.screen(80, 20).contains("times read in UTC"));
}

#[test]
fn the_picker_marks_several_log_groups_and_filters_as_one_types() {
    let mut desk = Desk::ready();
    desk.does(FormAction::Pick);
    assert!(desk.form.is_picking());
    desk.types("lambda");
    desk.types(" ");
    desk.types(" ");
    desk.does(FormAction::ClearField);
    assert_eq!(desk.does(FormAction::Confirm), FormOutcome::Stay);
    assert!(!desk.form.is_picking());
    assert_eq!(desk.form.fields.text(Field::Groups), "/aws/lambda/checkout, /aws/lambda/login");
}

#[test]
fn leaving_the_picker_leaves_the_field_as_it_was() {
    let mut desk = Desk::ready();
    desk.does(FormAction::Pick);
    desk.does(FormAction::NextField);
    desk.types(" ");
    assert_eq!(desk.does(FormAction::Leave), FormOutcome::Stay);
    assert_eq!(desk.form.fields.text(Field::Groups), "/ecs/web");
}

#[test]
fn the_picker_chooses_a_bucket_by_the_arrow_keys_and_enter() {
    let mut desk = Desk::new();
    desk.fills(Field::Bucket, "");
    desk.does(FormAction::Pick);
    desk.does(FormAction::NextField);
    desk.does(FormAction::Confirm);
    assert_eq!(desk.form.fields.text(Field::Bucket), "acme-scratch");
}

#[test]
fn the_picker_stays_open_while_there_is_nothing_to_choose() {
    let mut desk = Desk::ready();
    desk.does(FormAction::Pick);
    desk.types("zzz");
    desk.does(FormAction::Confirm);
    assert!(desk.form.is_picking() && desk.screen(80, 20).contains("no name matches this"));
    assert_eq!(desk.form.fields.text(Field::Groups), "/ecs/web");
}

#[test]
fn fields_without_a_list_open_no_picker() {
    let mut desk = Desk::new();
    for field in [Field::Split, Field::StreamPrefix, Field::Prefix, Field::Name, Field::Label] {
        desk.fills(field, "x");
        desk.does(FormAction::Pick);
        assert!(!desk.form.is_picking() && !desk.form.has_calendar(), "{field:?}");
    }
}

#[test]
fn listings_that_grow_reach_an_open_picker() {
    let mut desk = Desk::new();
    desk.does(FormAction::Pick);
    desk.account.groups.push(group("/new/one"));
    desk.form.learn(&desk.account.context());
    assert!(desk.screen(80, 20).contains("Log groups: 6 of 6"));
}

#[test]
fn the_terminal_s_cursor_stands_in_the_focused_field_behind_the_text() {
    let mut desk = Desk::ready();
    let cursor = |desk: &Desk| desk.terminal(80, 20).get_cursor_position().unwrap();
    desk.fills(Field::Groups, "/ecs");
    assert_eq!(cursor(&desk), Position::new(21, 0));
    desk.types(&"x".repeat(200));
    assert_eq!(cursor(&desk), Position::new(79, 0), "a long text scrolls");
    desk.does(FormAction::NextField);
    assert_eq!(cursor(&desk), Position::new(26, 3));
}

#[test]
fn what_others_named_cannot_reach_the_terminal() {
    let mut desk = Desk::ready();
    desk.form.set_bucket("a\u{1b}[2J\u{202e}b");
    desk.account.groups.push(group("evil\u{202e}\u{1b}[31m"));
    let screen = desk.screen(120, 36);
    assert!(screen.contains("a[2J\\u{202e}b"), "{screen}");
    desk.does(FormAction::Pick);
    assert!(desk.screen(80, 20).contains("evil\\u{202e}\\u{1b}[31m"));
}

#[test]
fn many_log_groups_are_listed_as_far_as_there_is_room() {
    let mut desk = Desk::ready();
    let names: Vec<String> = (10..40).map(|n| format!("/app/{n}")).collect();
    desk.account.groups = names.iter().map(|name| group(name)).collect();
    desk.form.set_groups(&names);
    let screen = desk.screen(120, 36);
    assert!(screen.contains("30 tasks, one per log group, 1d 00h each"), "{screen}");
    assert!(screen.contains("  /app/15  ") && screen.contains("  … and 24 more  "), "{screen}");
    assert!(screen.contains("[ Export ]"), "{screen}");
}

#[test]
fn a_time_that_comes_twice_says_which_of_the_two_it_is() {
    let desk = Desk::ready();
    let mut checked = desk.form.check(&desk.account.context());
    checked.from = checked.from.map(|reading| crate::domain::when::Reading { twice: true, ..reading });
    let lines = rows::rows(&desk.form, &checked, None, Theme::of(ThemeName::Dark), 80, 20).lines;
    let shown: Vec<String> = lines.iter().map(ToString::to_string).collect();
    assert_eq!(shown[4].trim(), "2026-11-21T00:00:00.000Z  1795219200000 ms, the earlier of two");
}

#[test]
fn every_line_fits_into_80_by_20_and_the_focused_one_is_in_sight_in_less() {
    let mut desk = Desk::ready();
    desk.fills(Field::To, "now");
    assert!(desk.screen(80, 20).contains("[ Export ]"));
    for stop in ["Log groups", "From", "To", "Split", "Stream prefix", "Bucket", "Prefix", "Task name", "[ Export ]"] {
        let mut small = Desk::ready();
        while !small.screen(80, 20).contains(&format!("▸ {stop}")) {
            small.does(FormAction::NextField);
        }
        for height in [1, 2, 5, 12] {
            assert!(small.screen(60, height).contains(&format!("▸ {stop}")), "{stop} at {height} lines");
        }
    }
}

/// The form in the states a person meets it in.
fn scenes() -> Vec<(&'static str, Desk)> {
    let mut filled = Desk::ready();
    filled.fills(Field::Groups, "/aws/lambda/checkout, /aws/lambda/login, /ecs/web");
    filled.fills(Field::StreamPrefix, "2026/11/");
    filled.fills(Field::From, "2026-11-01");
    filled.fills(Field::Split, "d");
    filled.fills(Field::Prefix, "{group}/{from:%Y/%m/%d}");
    filled.fills(Field::Label, "before the migration");
    let mut errors = Desk::new();
    errors.fills(Field::Groups, "/ecs/wep");
    errors.fills(Field::From, "1795366636");
    errors.fills(Field::StreamPrefix, "web*");
    errors.fills(Field::Prefix, "/nightly");
    errors.does(FormAction::Submit);
    let mut warning = Desk::ready();
    warning.fills(Field::From, "24h ago");
    warning.fills(Field::To, "now");
    let mut picker = Desk::ready();
    picker.does(FormAction::Pick);
    picker.types(" ");
    picker.does(FormAction::PreviousField);
    picker.types("s");
    vec![("empty", Desk::new()), ("filled", filled), ("errors", errors), ("warning", warning), ("picker", picker)]
}

#[test]
fn the_form_looks_like_this() {
    for (name, desk) in scenes() {
        for (width, height) in [(80, 20), (120, 36)] {
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), desk.screen(width, height));
        }
    }
}

#[test]
fn colour_is_never_needed_and_never_used_without_permission() {
    let desk = Desk::ready();
    let terminal = desk.terminal(80, 20);
    let coloured = terminal
        .backend()
        .buffer()
        .content()
        .iter()
        .filter(|cell| (cell.fg, cell.bg) != (ratatui::style::Color::Reset, ratatui::style::Color::Reset));
    assert_eq!(coloured.count(), 0);
}

#[test]
fn a_split_cuts_every_log_group_and_the_first_and_the_last_key_are_shown() {
    let mut desk = Desk::ready();
    desk.fills(Field::Groups, "/ecs/web, vpc#1");
    desk.fills(Field::From, "2026-11-01");
    desk.fills(Field::Split, "d");
    desk.fills(Field::Prefix, "{group:flat}/{from:%Y/%m/%d}");
    let screen = desk.screen(80, 30);
    for text in [
        "  First key      ecs-web/2026/11/01/<taskId>/<stream>/000000.gz ",
        "  Last key       vpc#1/2026/11/21/<taskId>/<stream>/000000.gz ",
        "[ Export ]  42 tasks: 2 log groups × 21 windows ",
    ] {
        assert!(screen.contains(text), "{text} is not in\n{screen}");
    }
    let specs = desk.specs();
    assert_eq!((specs.len(), specs[41].destination.prefix()), (42, "vpc#1/2026/11/21"));
}

#[test]
fn a_template_is_judged_while_it_is_typed_also_before_there_is_a_bucket() {
    assert_eq!(Desk::error_of(Field::Prefix, "{gruop}"), "unknown field {gruop}: did you mean {group}?");
    let mut desk = Desk::new();
    desk.form.set_groups(&["/ecs/web".to_owned()]);
    desk.fills(Field::Prefix, "{group}/{region}");
    assert!(desk.screen(80, 20).contains("First key      ecs/web/eu-central-1/<taskId>"), "{}", desk.screen(80, 20));
    assert!(desk.screen(80, 20).contains("{account} {region} {group} {group:flat} {task} {from:%Y/%m/%d}"));
}

#[test]
fn too_many_tasks_are_told_under_the_split() {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "2006-01-01");
    desk.fills(Field::Split, "h");
    let error = "more than 100000 tasks: choose a coarser split or fewer log groups";
    assert_eq!(desk.errors(), [(Field::Split, error.to_owned())]);
}

#[test]
fn a_past_prefix_with_braces_is_no_template() {
    let mut desk = Desk::ready();
    desk.fills(Field::Prefix, "a{{b}}c");
    let spec = desk.specs().remove(0);
    assert_eq!(spec.destination.prefix(), "a{b}c");
    let mut again = Desk::new();
    again.form.fill_from_task(&exported(&spec), None);
    assert_eq!(again.specs(), [spec]);
}

#[test]
fn a_task_that_took_too_long_is_run_again_in_shorter_windows() {
    let mut task = crate::tui::fixtures::task(1, "/ecs/web", State::Failed);
    let days = |days: u64| TimeRange::new(NOW.before(Duration::from_hours(24 * days)), NOW).unwrap();
    for (window, split) in [(40, Split::Monthly), (31, Split::Weekly), (7, Split::Daily), (1, Split::Hourly)] {
        task.spec.window = days(window);
        let mut desk = Desk::new();
        desk.form.fill_from_task(&task, None);
        assert_eq!(desk.form.fields.split(), Split::None);
        let mut late = task.clone();
        late.problem = Some(crate::domain::problem::Problem::new(
            crate::domain::problem::ProblemKind::ExportTimedOut,
            "DescribeExportTasks",
        ));
        desk.form.fill_from_task(&late, None);
        assert_eq!(desk.form.fields.split(), split, "{window} days");
    }
}

/// Somebody has looked at a log group, which keeps its events for two weeks.
fn keep_for_two_weeks(looked_at: &mut Groups) {
    let mut group = crate::tui::fixtures::group("/ecs/web");
    group.retention_days = Some(14);
    looked_at.ask(RequestId(1), vec!["/ecs/web".into()]);
    looked_at.learn(RequestId(1), Ok(vec![group]));
}

fn calendar(field: Field, text: &str) -> Desk {
    let mut desk = Desk::ready();
    keep_for_two_weeks(&mut desk.account.looked_at);
    desk.fills(field, text);
    desk.does(FormAction::Pick);
    assert!(desk.form.has_calendar());
    desk
}

fn text(desk: &Desk, field: Field) -> &str {
    desk.form.fields.text(field)
}

#[test]
fn a_day_is_pointed_at_in_a_calendar() {
    let mut desk = calendar(Field::From, "2026-11-17 14:30");
    for step in [Step::DayBack, Step::WeekBack] {
        assert_eq!(desk.does(FormAction::Walk(step)), FormOutcome::Stay);
    }
    desk.types("ignored");
    insta::assert_snapshot!("calendar_80x20", desk.screen(80, 20));
    desk.does(FormAction::Confirm);
    assert_eq!((text(&desk, Field::From), desk.form.has_calendar()), ("2026-11-09", false));
    desk.does(FormAction::Undo);
    assert_eq!(text(&desk, Field::From), "2026-11-17 14:30");
}

#[test]
fn a_range_ends_with_the_end_of_the_day_that_is_pointed_at() {
    let mut desk = calendar(Field::To, "today");
    assert!(desk.screen(80, 20).contains("up to the end of 2026-11-21"), "{}", desk.screen(80, 20));
    desk.does(FormAction::Walk(Step::MonthBack));
    desk.does(FormAction::Confirm);
    assert_eq!(text(&desk, Field::To), "2026-10-22");
    let mut desk = calendar(Field::To, "2026-10-05 12:00");
    desk.does(FormAction::Confirm);
    assert_eq!(text(&desk, Field::To), "2026-10-06");
}

#[test]
fn a_calendar_opens_on_today_where_no_day_stands_and_closes_without_a_choice() {
    let mut desk = calendar(Field::From, "nonsense");
    assert!(desk.screen(80, 20).contains("from 2026-11-22 00:00 on"), "{}", desk.screen(80, 20));
    desk.does(FormAction::Walk(Step::MonthBack));
    desk.does(FormAction::Today);
    assert!(desk.screen(80, 20).contains("from 2026-11-22 00:00 on"));
    assert_eq!(desk.does(FormAction::Leave), FormOutcome::Stay);
    assert_eq!((text(&desk, Field::From), desk.form.has_calendar()), ("nonsense", false));
}

#[test]
fn a_calendar_says_how_long_events_are_kept_only_where_that_is_known_of_all_log_groups() {
    let mut desk = calendar(Field::From, "today");
    assert!(desk.screen(80, 20).contains("~ not kept: 14 days are"), "{}", desk.screen(80, 20));
    desk.does(FormAction::Leave);
    desk.fills(Field::Groups, "/ecs/web, vpc#1");
    desk.fills(Field::From, "today");
    desk.does(FormAction::Pick);
    assert!(!desk.screen(80, 20).contains("not kept"), "one of them keeps its events for ever");
}

/// Something a hand may do.
#[derive(Clone, Debug)]
enum Deed {
    Perform(FormAction),
    Key(KeyCode, KeyModifiers),
    Paste(String),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    use FormAction as A;
    let actions = [
        A::NextField,
        A::Undo,
        A::Redo,
        A::Save,
        A::Today,
        A::Walk(Step::MonthBack),
        A::Walk(Step::DayOn),
        A::PreviousField,
        A::Confirm,
        A::Submit,
        A::ToggleZone,
        A::NextPreset,
        A::Pick,
        A::ClearField,
        A::Leave,
    ];
    let codes = prop_oneof![
        any::<char>().prop_map(KeyCode::Char),
        "[ -~]".prop_map(|text| KeyCode::Char(text.chars().next().unwrap_or('x'))),
        proptest::sample::select(vec![
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::PageUp,
            KeyCode::PageDown,
            KeyCode::Esc,
        ]),
    ];
    let modifiers = proptest::sample::select(vec![KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT]);
    let typed = "(/ecs/web|vpc#1|2h ago|now|2026-11-01|1795366636123|acme-scratch|a/b|[a-z:*/,]{1,9})";
    let deed = prop_oneof![
        3 => proptest::sample::select(actions.to_vec()).prop_map(Deed::Perform),
        3 => (codes, modifiers).prop_map(|(code, modifiers)| Deed::Key(code, modifiers)),
        1 => any::<String>().prop_map(Deed::Paste),
        2 => typed.prop_map(Deed::Paste),
    ];
    proptest::collection::vec(deed, 0..40)
}

fn assert_follows_the_rules(spec: &TaskSpec) {
    assert!(LogGroupName::parse(spec.group.as_str()).is_ok());
    assert!(BucketName::parse(spec.destination.store.as_str()).is_ok());
    assert_eq!(TimeRange::new(spec.window.from(), spec.window.to()), Ok(spec.window));
    assert!(spec.destination.prefix.iter().all(|prefix| DestinationPrefix::parse(prefix.as_str()).is_ok()));
    assert!(spec.stream_prefix.iter().all(|prefix| StreamPrefix::parse(prefix.as_str()).is_ok()));
    assert!(spec.label.iter().all(|label| Label::parse(label.as_str()).is_ok()));
}

#[test]
fn what_was_decided_about_the_checks_travels_with_the_plan() {
    let mut desk = Desk::ready();
    let decided = |desk: &Desk| desk.form.check(&desk.account.context()).plan.map(|plan| plan.preflight);
    assert_eq!(decided(&desk), Some(Preflight::Full));
    desk.form.trust_key(true);
    assert_eq!(decided(&desk), Some(Preflight::AllowKms));
    desk.form.set_unchecked(true);
    assert_eq!(decided(&desk), Some(Preflight::Off));
    desk.form.set_bucket("acme-scratch");
    assert_eq!(decided(&desk), Some(Preflight::Full), "of another bucket nothing was said");
}

proptest! {
    #[test]
    fn no_deed_panics_and_nothing_against_the_rules_comes_out(
        deeds in deeds(), ready: bool, width in 1u16..130, height in 1u16..40,
    ) {
        let mut desk = if ready { Desk::ready() } else { Desk::new() };
        for deed in deeds {
            match deed {
                Deed::Perform(action) => if let FormOutcome::Submit(plan) = desk.does(action) {
                    let specs = tasks_of(&plan);
                    prop_assert!(!specs.is_empty());
                    specs.iter().for_each(assert_follows_the_rules);
                },
                Deed::Key(code, modifiers) => desk.form.edit(KeyEvent::new(code, modifiers)),
                Deed::Paste(text) => desk.form.paste(&text),
            }
        }
        let checked = desk.form.check(&desk.account.context());
        prop_assert_eq!(checked.plan.is_some(), checked.errors.is_empty());
        desk.screen(width, height);
    }
}

#[test]
fn a_bucket_known_to_be_in_another_region_gets_a_warning_and_no_error() {
    let mut desk = Desk::ready();
    assert!(!desk.screen(80, 20).contains("exports need a bucket"), "its Region is not known");
    desk.account.buckets[0].region = Some(Region("us-east-1".into()));
    assert!(desk.screen(80, 20).contains("! in us-east-1: exports need a bucket in eu-central-1"));
    assert_eq!(desk.specs().len(), 1);
    desk.account.buckets[0].region = Some(Region("eu-central-1".into()));
    assert!(!desk.screen(80, 20).contains("exports need a bucket"));
}

#[test]
fn a_bucket_that_may_refuse_gets_a_warning_and_the_picker_says_how_it_encrypts() {
    let mut desk = Desk::ready();
    for (encryption, warning) in [
        (Encryption::Kms(None), "! SSE-KMS: CloudWatch Logs has to be allowed to use its key"),
        (Encryption::KmsDual, "! DSSE-KMS: CloudWatch Logs does not export into such a bucket"),
    ] {
        let region = Region("eu-central-1".into());
        desk.account.buckets[0].region = Some(region);
        let details = BucketDetails { encryption: Ok(encryption.clone()), ..bucket_details("acme-log-archive") };
        let detail = Detail::Known(Box::new(details));
        desk.account.details.insert("acme-log-archive".into(), detail);
        assert!(desk.screen(80, 20).contains(warning), "{}", desk.screen(80, 20));
        desk.fills(Field::Bucket, "acme-log-archive");
        desk.does(FormAction::Pick);
        let row = format!("acme-log-archive                  eu-central-1    {}", encryption.word());
        assert!(desk.screen(80, 20).contains(&row), "{}", desk.screen(80, 20));
        desk.does(FormAction::Leave);
    }
    desk.fills(Field::Bucket, "not-listed");
    assert!(desk.screen(80, 20).contains("! not among this account's buckets: is the name right?"));
    let context = FormContext { buckets_complete: false, ..desk.account.context() };
    assert!(desk.form.check(&context).warnings.is_empty(), "there may be more buckets");
    assert_eq!(desk.specs().len(), 1, "it stops nothing");
}

#[test]
fn only_a_range_counted_from_the_clock_follows_it() {
    let mut desk = Desk::ready();
    assert!(desk.form.follows_clock(NOW), "yesterday");
    let hour = Duration::from_hours(1);
    assert!(!desk.form.reads_differently(NOW, NOW.after(hour)), "the same day");
    desk.fills(Field::From, "2h ago");
    assert!(desk.form.reads_differently(NOW, NOW.after(hour)));
    desk.fills(Field::From, "2026-11-01");
    desk.fills(Field::To, "2026-11-02T00:00:00Z");
    assert!(!desk.form.follows_clock(NOW));
}

/// The form asks for everything since the last export, of which this is known.
fn since_last(answer: Option<Answer>) -> Desk {
    let mut desk = Desk::ready();
    desk.fills(Field::From, "Last export");
    desk.fills(Field::To, "12h ago");
    let target = desk.form.wants_last_export(&desk.account.context()).expect("it is to be looked up");
    desk.account.since = Since::known(target, answer);
    desk
}

fn reached(at: &str, leaps: bool) -> Answer {
    Answer::Known(Reached { at: when::parse(at, NOW, Zone::Utc).unwrap(), leaps })
}

#[test]
fn a_range_goes_on_where_the_last_export_ended() {
    let mut desk = since_last(Some(reached("2026-11-20", false)));
    let screen = desk.screen(80, 20);
    assert!(screen.contains("2026-11-20T00:00:00.000Z  1795132800000 ms"), "{screen}");
    let specs = desk.specs();
    assert_eq!(specs[0].window.from().to_string(), "2026-11-20T00:00:00.000Z");
    assert_eq!(specs[0].window.to().to_string(), "2026-11-22T04:57:16.123Z");
    let screen = since_last(Some(reached("2026-11-20", true))).screen(80, 20);
    assert!(screen.contains("! some of it was exported before, and will be again"), "{screen}");
}

#[test]
fn where_no_last_export_is_known_the_form_says_what_to_do() {
    let never = Answer::Never(LogGroupName::parse("/ecs/web").unwrap());
    for (answer, error) in [
        (None, "looking for the last export …"),
        (Some(never), "never exported to this place: type a time (/ecs/web)"),
        (Some(Answer::Failed("the ledger is locked".to_owned())), "the ledger is locked"),
        (Some(reached("now", false)), "nothing is missing: exported up to 2026-11-22 16:57:16Z"),
    ] {
        let desk = since_last(answer);
        assert_eq!(desk.errors(), [(Field::From, error.to_owned())]);
        assert!(desk.screen(80, 20).contains(error), "{error}");
    }
    let mut desk = since_last(Some(reached("2026-11-20", false)));
    desk.fills(Field::Bucket, "acme-scratch");
    assert_eq!(desk.errors(), [(Field::From, "looking for the last export …".to_owned())], "that was another place");
    desk.fills(Field::Bucket, "");
    assert_eq!(desk.errors()[0].1, "fill in log groups and bucket to look it up");
}
