//! Lists of tasks by any filter, the last queued first, quick with a million of them.
//!
//! First the numbers of the tasks are picked, by whichever way looks at the fewest, then the tasks themselves are read.
//! A task's number is higher the later it was queued; the tasks of a plan stand together, in the order of the plans.

use rusqlite::types::Value;
use rusqlite::{Result, params_from_iter};

use super::codec::{Id, code, only};
use super::lanes;
use super::plans;
use super::records::{Cursor, TaskFilter};
use super::transaction::Reading;
use crate::domain::state::State;
use crate::domain::task::Task;

/// Tasks that pass `filter`, from behind `after` on; an unknown task there is the same as none.
pub(super) fn tasks(
    reading: &Reading<'_>,
    filter: &TaskFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Task>> {
    let Some(search) = Search::of(reading, filter, after, limit)? else { return Ok(Vec::new()) };
    let picked = search.pick()?;
    picked.into_iter().map(|seq| Ok(reading.task(seq)?.task)).collect()
}

/// Above so many in the log groups and the range asked for, going backwards from the newest finds enough sooner than
/// finding all does. Tests, whose ledgers are small, are to go both ways.
const FEW: usize = if cfg!(test) { 4 } else { 30_000 };

/// What is looked for.
struct Search<'r, 'c> {
    reading: &'r Reading<'c>,
    filter: &'r TaskFilter,
    limit: usize,
    /// What the log group and the window must be: an index answers that.
    range: Conditions,
    /// What else a task must be.
    rest: Conditions,
}

impl<'r, 'c> Search<'r, 'c> {
    /// `None`: nothing can pass, because the plan or the lane is unknown.
    fn of(
        reading: &'r Reading<'c>,
        filter: &'r TaskFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Option<Self>> {
        let mut rest = Conditions::rest(filter);
        if let Some(plan) = filter.plan {
            let Some(plan) = plans::number(reading, plan)? else { return Ok(None) };
            rest.and("t.plan = ?", plan);
        }
        if let Some(lane) = &filter.lane {
            let Some(lane) = lanes::number(reading, lane)? else { return Ok(None) };
            rest.and("t.lane = ?", lane);
        }
        let mut range = Conditions::range(filter);
        if let Some(Cursor(task)) = after {
            let seq = reading.maybe("SELECT seq FROM tasks WHERE id = ?1", [Id(task.0)], only::<i64>)?;
            range.and("t.seq < ?", seq.unwrap_or(i64::MAX));
        }
        Ok(Some(Self { reading, filter, limit, range, rest }))
    }

    /// The numbers of the newest tasks that pass.
    fn pick(&self) -> Result<Vec<i64>> {
        let TaskFilter { group, states, empty, bucket, plan, lane, from, to } = self.filter;
        if plan.is_some() {
            return self.newest("tasks_of_plan", "1");
        }
        if *empty == Some(true) {
            return self.newest("tasks_empty", "1");
        }
        if (group.is_some() || from.is_some() || to.is_some())
            && let Some(picked) = self.by_range()?
        {
            return Ok(picked);
        }
        if lane.is_some() || bucket.is_some() {
            return self.by_plan();
        }
        if states.is_empty() { self.backwards() } else { self.by_state() }
    }

    /// The log groups first, then the windows of each that reach into the range; `None` if there are too many. None of a
    /// group's windows is longer than its `longest`, so that the index can skip what ends before the range.
    fn by_range(&self) -> Result<Option<Vec<i64>>> {
        let begins = self.filter.from.map(|from| format!("t.window_from > {} - g.longest", from.millis()));
        let sql = format!(
            "SELECT t.seq FROM log_groups g CROSS JOIN tasks t INDEXED BY tasks_of_group ON t.log_group = g.seq
             WHERE {}{} LIMIT {FEW}",
            begins.as_deref().unwrap_or("1"),
            self.range.sql
        );
        let mut found: Vec<i64> = self.reading.all(&sql, params_from_iter(&self.range.values), only)?;
        if found.len() == FEW {
            return Ok(None);
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        self.that_pass(found).map(Some)
    }

    /// Those of `found` that pass in everything else, until there are enough.
    fn that_pass(&self, mut found: Vec<i64>) -> Result<Vec<i64>> {
        if self.rest.sql.is_empty() {
            found.truncate(self.limit);
            return Ok(found);
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM tasks t WHERE t.seq = ?{})", self.rest.sql);
        let passes = |seq: &i64| {
            let values = std::iter::once(Value::from(*seq)).chain(self.rest.values.iter().cloned());
            self.reading.one(&sql, params_from_iter(values), only::<bool>)
        };
        let passing = found.into_iter().filter_map(|seq| match passes(&seq) {
            Ok(true) => Some(Ok(seq)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        });
        passing.take(self.limit).collect()
    }

    /// The newest plan first: all tasks of a plan go to its bucket, in its lane.
    fn by_plan(&self) -> Result<Vec<i64>> {
        let mut of = Conditions::default();
        if let Some(lane) = self.filter.lane.as_ref() {
            of.and("p.lane = ?", lanes::number(self.reading, lane)?);
        }
        if let Some(bucket) = &self.filter.bucket {
            of.and("p.bucket = ?", bucket.clone());
        }
        let sql = format!("SELECT p.seq FROM plans p NOT INDEXED WHERE 1{} ORDER BY p.seq DESC", of.sql);
        let plans: Vec<i64> = self.reading.all(&sql, params_from_iter(&of.values), only)?;
        let mut picked = Vec::new();
        for plan in plans {
            picked.extend(self.newest("tasks_of_plan", &format!("t.plan = {plan}"))?);
            if picked.len() >= self.limit {
                break;
            }
        }
        picked.truncate(self.limit);
        Ok(picked)
    }

    /// In one state there are often few, in another a million: each is asked by itself.
    fn by_state(&self) -> Result<Vec<i64>> {
        let mut picked = Vec::new();
        for state in &self.filter.states {
            picked.extend(self.newest("tasks_by_state", &format!("t.state = {}", code(*state)))?);
        }
        picked.sort_unstable_by(|one, other| other.cmp(one));
        picked.dedup();
        picked.truncate(self.limit);
        Ok(picked)
    }

    fn backwards(&self) -> Result<Vec<i64>> {
        self.query("tasks t NOT INDEXED", "1")
    }

    /// The newest that pass, by way of an index.
    fn newest(&self, index: &str, first: &str) -> Result<Vec<i64>> {
        self.query(&format!("tasks t INDEXED BY {index}"), first)
    }

    fn query(&self, from: &str, first: &str) -> Result<Vec<i64>> {
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let (range, rest) = (&self.range, &self.rest);
        let sql = format!(
            "SELECT t.seq FROM {from} CROSS JOIN log_groups g ON g.seq = t.log_group
             WHERE {first}{}{} ORDER BY t.seq DESC LIMIT {limit}",
            range.sql, rest.sql
        );
        self.reading.all(&sql, params_from_iter(range.values.iter().chain(&rest.values)), only)
    }
}

/// What a task must be, in SQL: each condition begins with AND.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// What is said of the log group's name and of the window.
    fn range(filter: &TaskFilter) -> Self {
        let mut all = Self::default();
        if let Some(part) = &filter.group {
            // Capitals matter only to who types one; names are ASCII (service model).
            let has_capital = part.chars().any(char::is_uppercase);
            let sql = if has_capital { "instr(g.name, ?) > 0" } else { "instr(lower(g.name), ?) > 0" };
            all.and(sql, part.clone());
        }
        if let Some(from) = filter.from {
            all.and("t.window_to > ?", from.millis());
        }
        if let Some(to) = filter.to {
            all.and("t.window_from < ?", to.millis());
        }
        all
    }

    /// What is said of anything else, without plan and lane.
    fn rest(filter: &TaskFilter) -> Self {
        let mut all = Self::default();
        if let Some(bucket) = &filter.bucket {
            all.and("t.bucket = ?", bucket.clone());
        }
        if !filter.states.is_empty() {
            let codes: Vec<String> = filter.states.iter().map(|state| code(*state).to_string()).collect();
            all.sql.extend([" AND t.state IN (", &codes.join(", "), ")"]);
        }
        match filter.empty {
            Some(true) => all.sql.push_str(IS_EMPTY),
            Some(false) => all.sql.push_str(IS_NOT_EMPTY),
            None => {}
        }
        all
    }

    fn and(&mut self, sql: &str, value: impl Into<Value>) {
        self.sql.extend([" AND ", sql]);
        self.values.push(value.into());
    }
}

/// Completed, and nothing landed: as the index of those says it.
const IS_EMPTY: &str = " AND t.state = 5 AND t.counted = 1 AND t.objects = 0";
const IS_NOT_EMPTY: &str = " AND t.state = 5 AND NOT (t.counted = 1 AND t.objects = 0)";

/// The number 5 above.
const _: () = assert!(code(State::Completed) == 5);
