//! A plan: some log groups, a range cut into windows, one destination; and the tasks it expands to.
//!
//! Pure: ids come from the caller. Faces build plans and show their [`Preview`]; the queue records what
//! [`Plan::expand`] answers.
//!
//! **Order.** All log groups over the oldest window, in the order given, then all over the next. Retention eats logs from
//! the old end, so what would be lost first is exported first, for every group; a day is complete for all groups before
//! the next begins; and one broken log group fails now and then instead of many times in a row.
//!
//! **Places.** Two tasks never end in the same place: the service puts its own task id into every key,
//! `<prefix>/<taskId>/<stream>/…`, and a prefix cannot hold an id that was not known when it was chosen. Tasks of one plan
//! may therefore share a prefix, and often should: a consumer wants one folder for a day of 24 windows. It is no error;
//! [`sharing`] tells, so that nobody mixes log groups by accident. An engine that writes keys itself must put the task's
//! id into them too.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use thiserror::Error;
use uuid::Uuid;

use super::engine::Engine;
use super::layout::{self, Destination};
use super::names::{DestinationPrefix, Label, LogGroupName, NameError, PlanName, StreamPrefix, TaskId};
use super::place::Lane;
use super::preflight::Preflight;
use super::split::Split;
use super::store::Store;
use super::task::TaskSpec;
use super::template::{Context, Template};
use super::time::{TimeRange, Timestamp};
use super::zone::Zone;

/// The most tasks one plan may have: what the ledger is measured with as queued at one time. At ten seconds a task, one
/// lane would be busy for eleven days.
pub const MOST_TASKS: usize = 100_000;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the person calls it.
    pub name: Option<PlanName>,
    /// Whose events, in this order; one that comes twice counts once.
    pub groups: Vec<LogGroupName>,
    /// Which events.
    pub range: TimeRange,
    /// How the range is cut.
    pub split: Split,
    /// On whose calendar it is cut, and in which zone the template's dates are written.
    pub zone: Zone,
    /// Where to.
    pub store: Store,
    /// The prefix of each task; `None` lets the service use its own.
    pub template: Option<Template>,
    /// Only streams whose name begins with this.
    pub stream_prefix: Option<StreamPrefix>,
    /// The person's own label, on every task.
    pub label: Option<Label>,
    /// Which checks are made before each launch.
    pub preflight: Preflight,
    /// Who moves the bytes.
    pub engine: Engine,
}

/// Why a plan has no tasks.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlanError {
    /// No log group was given.
    #[error("a plan needs at least one log group")]
    NoGroups,
    /// More than [`MOST_TASKS`].
    #[error("more than {MOST_TASKS} tasks: choose a coarser split or fewer log groups")]
    TooMany,
    /// The template makes no destination prefix of this task.
    #[error("{problem} (for {group} from {from})")]
    Prefix {
        /// The task's log group.
        group: LogGroupName,
        /// The start of its window.
        from: Timestamp,
        /// What is wrong with the prefix.
        problem: NameError,
    },
}

/// A task that is not queued yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedTask {
    /// The id it will keep.
    pub id: TaskId,
    /// What is asked for.
    pub spec: TaskSpec,
}

/// What a plan will do, before anything starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// How many log groups.
    pub groups: usize,
    /// How many windows each.
    pub windows: usize,
    /// The first task.
    pub first: Sketch,
    /// The last task; the same as the first if there is only one.
    pub last: Sketch,
}

/// One task of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// Its log group.
    pub group: LogGroupName,
    /// Its window.
    pub window: TimeRange,
    /// The key its first object will have; what is not known yet stands as `<task>`, `<taskId>` and `<stream>`.
    pub key: String,
}

impl Preview {
    /// How many tasks.
    pub const fn tasks(&self) -> usize {
        self.groups * self.windows
    }
}

impl Plan {
    /// The tasks of this plan in `lane`, in the order they are to run. `next_id` gives a new id each time.
    pub fn expand(&self, lane: &Lane, mut next_id: impl FnMut() -> TaskId) -> Result<Vec<PlannedTask>, PlanError> {
        let (groups, windows) = self.axes()?;
        let mut tasks = Vec::with_capacity(groups.len() * windows.len());
        for window in windows {
            for group in &groups {
                let id = next_id();
                tasks.push(PlannedTask { id, spec: self.spec(lane, group, window, id)? });
            }
        }
        Ok(tasks)
    }

    /// What this plan will do in `lane`. Quick enough for every key press: of the prefixes it checks those of the first and
    /// the last window for the first, the last and the longest log group; [`Plan::expand`] checks them all.
    pub fn preview(&self, lane: &Lane) -> Result<Preview, PlanError> {
        let (groups, windows) = self.axes()?;
        let longest = groups.iter().copied().max_by_key(|group| group.as_str().len());
        let (Some(first_group), Some(last_group), Some(longest)) = (groups.first(), groups.last(), longest) else {
            return Err(PlanError::NoGroups);
        };
        let first_window = windows.first().copied().unwrap_or(self.range);
        let last_window = windows.last().copied().unwrap_or(self.range);
        for (group, window) in [(longest, first_window), (longest, last_window)] {
            self.prefix(lane, group, window, SOME_TASK)?;
        }
        Ok(Preview {
            groups: groups.len(),
            windows: windows.len(),
            first: self.sketch(lane, first_group, first_window)?,
            last: self.sketch(lane, last_group, last_window)?,
        })
    }

    /// Where the first tasks of the first `most` log groups go: for checks before there are tasks. Where the template
    /// names a task, any id stands for it.
    pub fn destinations(&self, lane: &Lane, most: usize) -> Result<Vec<(LogGroupName, Destination)>, PlanError> {
        let window = self.split.windows(self.range, self.zone).next().unwrap_or(self.range);
        let destination =
            |group: &LogGroupName| Ok((group.clone(), self.spec(lane, group, window, SOME_TASK)?.destination));
        self.each_group().into_iter().take(most).map(destination).collect()
    }

    /// Whether tasks of one log group go to different prefixes in `lane`.
    pub fn spreads(&self, lane: &Lane) -> bool {
        let Some((template, group)) = self.template.as_ref().zip(self.groups.first()) else { return false };
        let mut shown = self
            .split
            .windows(self.range, self.zone)
            .take(MOST_TASKS)
            .map(|window| template.show(&Context { lane, group, window, zone: self.zone }));
        let first = shown.next();
        template.names_task() || shown.any(|other| Some(other) != first)
    }

    /// The log groups in the order given, each once.
    pub fn each_group(&self) -> Vec<&LogGroupName> {
        let mut seen = HashSet::with_capacity(self.groups.len());
        self.groups.iter().filter(|group| seen.insert(*group)).collect()
    }

    /// The log groups, each once, and the windows, oldest first.
    fn axes(&self) -> Result<(Vec<&LogGroupName>, Vec<TimeRange>), PlanError> {
        let groups = self.each_group();
        if groups.is_empty() {
            return Err(PlanError::NoGroups);
        }
        let room = MOST_TASKS / groups.len();
        let windows: Vec<TimeRange> = self.split.windows(self.range, self.zone).take(room + 1).collect();
        if windows.len() > room { Err(PlanError::TooMany) } else { Ok((groups, windows)) }
    }

    /// What the task `id` of this plan is asked to do.
    pub(super) fn spec(
        &self,
        lane: &Lane,
        group: &LogGroupName,
        window: TimeRange,
        id: TaskId,
    ) -> Result<TaskSpec, PlanError> {
        Ok(TaskSpec {
            group: group.clone(),
            window,
            destination: Destination { store: self.store.clone(), prefix: self.prefix(lane, group, window, id)? },
            stream_prefix: self.stream_prefix.clone(),
            label: self.label.clone(),
            preflight: self.preflight,
            engine: self.engine.clone(),
        })
    }

    fn prefix(
        &self,
        lane: &Lane,
        group: &LogGroupName,
        window: TimeRange,
        id: TaskId,
    ) -> Result<Option<DestinationPrefix>, PlanError> {
        let Some(template) = &self.template else { return Ok(None) };
        let refused = |problem| PlanError::Prefix { group: group.clone(), from: window.from(), problem };
        template.expand(&Context { lane, group, window, zone: self.zone }, id).map(Some).map_err(refused)
    }

    /// One task for the preview, with its prefix checked as if it had an id.
    fn sketch(&self, lane: &Lane, group: &LogGroupName, window: TimeRange) -> Result<Sketch, PlanError> {
        self.prefix(lane, group, window, SOME_TASK)?;
        let context = Context { lane, group, window, zone: self.zone };
        let shown = self.template.as_ref().map(|template| template.show(&context));
        let key = layout::example_key(shown.as_deref().unwrap_or(layout::DEFAULT_PREFIX), None, None);
        Ok(Sketch { group: group.clone(), window, key })
    }
}

/// As long as any task's id: for checking the prefix of a task that has none yet.
pub const SOME_TASK: TaskId = TaskId(Uuid::nil());

/// Tasks with one destination prefix: kept apart in the bucket by AWS's task id alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The prefix.
    pub prefix: String,
    /// How many tasks have it.
    pub tasks: usize,
    /// How many log groups they are of.
    pub groups: usize,
}

impl fmt::Display for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, tasks, groups } = self;
        let of = if *groups > 1 { format!(" of {groups} log groups") } else { String::new() };
        write!(f, "{tasks} tasks{of} share the prefix {prefix}: only AWS's task id in their keys tells them apart")
    }
}

/// The prefix that most log groups share, and of those the one that most tasks do; `None` if every task has its own. For
/// a confirm screen to mention, not an error: the module's documentation says why.
pub fn sharing(tasks: &[PlannedTask]) -> Option<Sharing> {
    let mut by_prefix: HashMap<&str, (usize, HashSet<&LogGroupName>)> = HashMap::new();
    for PlannedTask { spec, .. } in tasks {
        let (count, groups) = by_prefix.entry(spec.destination.prefix()).or_default();
        *count += 1;
        groups.insert(&spec.group);
    }
    let shared = by_prefix.into_iter().filter(|(_, (count, _))| *count > 1);
    // Of equals the first by name, so that the same plan is told in the same words each time.
    let most = shared.max_by_key(|(prefix, (count, groups))| (groups.len(), *count, std::cmp::Reverse(*prefix)));
    most.map(|(prefix, (tasks, groups))| Sharing { prefix: prefix.to_owned(), tasks, groups: groups.len() })
}

/// How quickly a lane has got through tasks so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How many tasks ended.
    pub tasks: u32,
    /// How long the slot was theirs, all together.
    pub busy: Duration,
}

impl Pace {
    /// Roughly how long `tasks` take one after the other; `None` while nothing has ended yet. By the mean, because it is
    /// the sum that is asked for.
    pub fn rough_duration(self, tasks: usize) -> Option<Duration> {
        let tasks = u32::try_from(tasks).unwrap_or(u32::MAX);
        let each = self.busy.checked_div(self.tasks)?;
        Some(each.saturating_mul(tasks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::{AccountId, Region};
    use chrono_tz::Europe;
    use proptest::prelude::*;

    /// 2026-11-01T00:00:00Z.
    const NOVEMBER: Timestamp = Timestamp::from_millis(1_793_491_200_000);

    fn lane() -> Lane {
        Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))
    }

    fn plan(groups: &[&str], days: u64, template: &str) -> Plan {
        Plan {
            name: None,
            groups: groups.iter().map(|group| LogGroupName::parse(group).unwrap()).collect(),
            range: TimeRange::new(NOVEMBER, NOVEMBER.after(Duration::from_hours(24 * days))).unwrap(),
            split: Split::Daily,
            zone: Zone::Utc,
            store: Store::stored("logs-archive").unwrap(),
            template: (!template.is_empty()).then(|| Template::parse(template).unwrap()),
            stream_prefix: Some(StreamPrefix::parse("web").unwrap()),
            label: Some(Label::parse("nightly").unwrap()),
            preflight: Preflight::AllowKms,
            engine: Engine::Managed,
        }
    }

    fn expand(plan: &Plan) -> Result<Vec<PlannedTask>, PlanError> {
        let mut ids = 0;
        plan.expand(&lane(), || {
            ids += 1;
            TaskId(Uuid::from_u128(ids))
        })
    }

    fn prefixes(plan: &Plan) -> Vec<String> {
        expand(plan).unwrap().iter().map(|task| task.spec.destination.prefix().to_owned()).collect()
    }

    #[test]
    fn all_groups_of_the_oldest_window_come_first_in_the_order_given() {
        let plan = plan(&["/web", "/app"], 2, "{group}/{from:%d}");
        assert_eq!(prefixes(&plan), ["web/01", "app/01", "web/02", "app/02"]);
    }

    #[test]
    fn a_task_has_everything_the_plan_says() {
        let plan = plan(&["/web"], 1, "{task}");
        let [task] = &expand(&plan).unwrap()[..] else { panic!("one group and one day are one task") };
        assert_eq!(task.spec.destination.prefix(), task.id.to_string());
        assert_eq!((task.spec.group.as_str(), task.spec.window), ("/web", plan.range));
        assert_eq!(task.spec.destination.store, plan.store);
        assert_eq!((&task.spec.stream_prefix, &task.spec.label), (&plan.stream_prefix, &plan.label));
        assert_eq!(task.spec.preflight, Preflight::AllowKms);
    }

    #[test]
    fn a_log_group_given_twice_counts_once() {
        let plan = plan(&["/web", "/app", "/web"], 1, "{group}");
        assert_eq!(prefixes(&plan), ["web", "app"]);
        assert_eq!(plan.preview(&lane()).unwrap().tasks(), 2);
    }

    #[test]
    fn without_a_template_the_service_s_own_prefix_is_used() {
        let plan = plan(&["/web"], 1, "");
        assert_eq!(expand(&plan).unwrap()[0].spec.destination.prefix, None);
        assert_eq!(plan.preview(&lane()).unwrap().first.key, "exportedlogs/<taskId>/<stream>/000000.gz");
    }

    #[test]
    fn checks_are_told_where_the_first_tasks_go_and_whether_others_go_elsewhere() {
        let plan_to = |template| plan(&["/web", "/app", "/web"], 2, template);
        let first: Vec<String> = plan_to("{group}/{from:%d}")
            .destinations(&lane(), 5)
            .unwrap()
            .iter()
            .map(|(group, destination)| format!("{group}: {}", destination.prefix()))
            .collect();
        assert_eq!(first, ["/web: web/01", "/app: app/01"]);
        assert_eq!(plan_to("x").destinations(&lane(), 1).unwrap().len(), 1);
        for (template, spreads) in [("", false), ("x/{group}", false), ("x/{from:%d}", true), ("x/{task}", true)] {
            assert_eq!(plan_to(template).spreads(&lane()), spreads, "{template}");
        }
    }

    #[test]
    fn windows_and_dates_follow_the_plan_s_zone() {
        let mut plan = plan(&["/web"], 2, "{from:%d-%H}");
        plan.zone = Zone::Named(Europe::Berlin.into());
        assert_eq!(prefixes(&plan), ["01-01", "02-00", "03-00"], "UTC's midnight is one o'clock in Berlin");
    }

    #[test]
    fn a_preview_shows_the_first_and_the_last_key() {
        let preview = plan(&["/web", "/app"], 30, "{region}/{group}/{from:%m/%d}/{task}").preview(&lane()).unwrap();
        assert_eq!((preview.groups, preview.windows, preview.tasks()), (2, 30, 60));
        assert_eq!(preview.first.key, "eu-central-1/web/11/01/<task>/<taskId>/<stream>/000000.gz");
        assert_eq!(preview.last.key, "eu-central-1/app/11/30/<task>/<taskId>/<stream>/000000.gz");
        assert_eq!((preview.first.group.as_str(), preview.first.window.from()), ("/web", NOVEMBER));
    }

    #[test]
    fn a_plan_without_log_groups_is_refused() {
        let plan = plan(&[], 1, "x");
        assert_eq!(expand(&plan), Err(PlanError::NoGroups));
        assert_eq!(plan.preview(&lane()).unwrap_err().to_string(), "a plan needs at least one log group");
    }

    #[test]
    fn a_plan_of_too_many_tasks_is_refused_before_they_are_made() {
        let mut plan = plan(&["/web", "/app"], 365 * 3000, "x");
        plan.split = Split::Hourly;
        let refused = expand(&plan).unwrap_err();
        assert_eq!(refused.to_string(), "more than 100000 tasks: choose a coarser split or fewer log groups");
        assert_eq!(plan.preview(&lane()), Err(PlanError::TooMany));
        plan.range = TimeRange::new(NOVEMBER, NOVEMBER.after(Duration::from_hours(50_000))).unwrap();
        assert_eq!(plan.preview(&lane()).unwrap().tasks(), MOST_TASKS);
    }

    #[test]
    fn a_prefix_that_does_not_work_names_log_group_and_window() {
        let long = "g".repeat(462);
        let plan = plan(&["/web", &long, "/app"], 1, "a/{group}/b");
        let text =
            format!("destination prefix too long: 466 bytes, 464 at most (for {long} from 2026-11-01T00:00:00.000Z)");
        assert_eq!(expand(&plan).unwrap_err().to_string(), text);
        assert_eq!(plan.preview(&lane()).unwrap_err().to_string(), text, "neither first nor last, but the longest");
    }

    #[test]
    fn the_length_of_a_task_s_id_counts_in_the_preview() {
        let plan = plan(&[&"g".repeat(440)], 1, "{group}/{task}");
        assert_eq!(
            plan.preview(&lane()).map_err(|refused| refused.to_string().split(" (").next().map(str::to_owned)),
            Err(Some("destination prefix too long: 477 bytes, 464 at most".to_owned()))
        );
    }

    #[test]
    fn sharing_a_prefix_is_told_and_no_error() {
        let told = |groups: &[&str], template| sharing(&expand(&plan(groups, 3, template)).unwrap());
        assert_eq!(told(&["/web", "/app"], "{group}/{from:%d}"), None);
        assert_eq!(told(&["/web", "/app"], "all/{task}"), None);
        assert_eq!(
            told(&["/web", "/app"], "{group}").unwrap().to_string(),
            "3 tasks share the prefix app: only AWS's task id in their keys tells them apart"
        );
        assert_eq!(
            told(&["/web/a", "/web-a", "/app"], "{group:flat}").unwrap().to_string(),
            "6 tasks of 2 log groups share the prefix web-a: only AWS's task id in their keys tells them apart"
        );
        assert_eq!(told(&["/web"], "").unwrap().prefix, "exportedlogs");
    }

    #[test]
    fn a_rough_duration_needs_something_to_go_by() {
        assert_eq!(Pace::default().rough_duration(15_000), None);
        let pace = Pace { tasks: 4, busy: Duration::from_secs(48) };
        assert_eq!(pace.rough_duration(15_000), Some(Duration::from_hours(50)));
        assert_eq!(Pace { tasks: 1, busy: Duration::MAX }.rough_duration(usize::MAX), Some(Duration::MAX));
    }

    proptest! {
        #[test]
        fn no_two_tasks_of_a_plan_are_the_same_or_end_in_the_same_place(
            groups in proptest::collection::vec("[a-c/]{0,3}[a-c]", 1..8),
            days in 1..40_u64,
            template in proptest::sample::select(vec!["x", "{group:flat}", "{from:%d}", "x/{task}", "{group:flat}/{to:%H}"]),
        ) {
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            let plan = plan(&groups, days, template);
            let tasks = expand(&plan).unwrap();
            let asked: HashSet<_> = tasks.iter().map(|task| (&task.spec.group, task.spec.window)).collect();
            // AWS gives every task an id of its own; here it is made from ours.
            let remote = |task: &PlannedTask| super::super::names::RemoteId(format!("aws-{}", task.id));
            let folders: HashSet<_> = tasks.iter().map(|task| task.spec.destination.folder(&remote(task))).collect();
            prop_assert_eq!((asked.len(), folders.len()), (tasks.len(), tasks.len()));
            prop_assert!(!folders.iter().any(|one| folders.iter().any(|other| one != other && one.starts_with(other))));
            prop_assert_eq!(plan.preview(&lane()).unwrap().tasks(), tasks.len());
            prop_assert!(tasks.windows(2).all(|pair| pair[0].spec.window.from() <= pair[1].spec.window.from()));
        }
    }
}
