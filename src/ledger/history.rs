//! Lists of tasks by any filter, the last queued first, quick with a million of them.
//!
//! First the numbers of the tasks are picked, by whichever way looks at the fewest, then the tasks themselves are read.

use rusqlite::types::Value;
use rusqlite::{Result, params_from_iter};

use super::codec::{Id, code, only};
use super::lanes;
use super::plans;
use super::records::{Cursor, TaskFilter};
use super::transaction::Reading;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;

/// Tasks that pass `filter`, from behind `after` on. An unknown task to begin after is none at all.
pub(super) fn tasks(
    reading: &Reading<'_>,
    filter: &TaskFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Task>> {
    let Some(conditions) = Conditions::of(reading, filter, after)? else { return Ok(Vec::new()) };
    let picked = match way(reading, filter, &conditions)? {
        Way::Groups => conditions.pick(reading, &format!("{BY_GROUP} WHERE {}", within(filter)), limit)?,
        Way::States => by_state(reading, filter, &conditions, limit)?,
        Way::Index(index) => conditions.pick(reading, &format!("FROM tasks t INDEXED BY {index} WHERE 1"), limit)?,
        Way::Backwards => conditions.pick(reading, "FROM tasks t NOT INDEXED WHERE 1", limit)?,
    };
    picked.into_iter().map(|seq| Ok(reading.task(seq)?.task)).collect()
}

/// How the numbers are found.
enum Way {
    /// By the matching log groups, and the range of each.
    Groups,
    /// From the newest backwards, in each of the states.
    States,
    /// By another index.
    Index(&'static str),
    /// From the newest backwards, until there are enough.
    Backwards,
}

fn way(reading: &Reading<'_>, filter: &TaskFilter, conditions: &Conditions) -> Result<Way> {
    let by_group = filter.group.is_some() || filter.from.is_some() || filter.to.is_some();
    Ok(if filter.plan.is_some() {
        Way::Index("tasks_of_plan")
    } else if filter.empty == Some(true) {
        Way::Index("tasks_empty")
    } else if by_group && conditions.are_few(reading, filter)? {
        Way::Groups
    } else if filter.states.is_empty() {
        Way::Backwards
    } else {
        Way::States
    })
}

/// The log groups first, then the windows of each that can reach into the range: none is longer than `longest`.
const BY_GROUP: &str = "FROM log_groups g CROSS JOIN tasks t INDEXED BY tasks_of_group ON t.log_group = g.seq";

/// What the index needs to skip windows before and after the range; [`Conditions`] says the same exactly.
fn within(filter: &TaskFilter) -> String {
    let from = filter.from.map(|from| format!("t.window_from > {} - g.longest", from.millis()));
    let to = filter.to.map(|to| format!("t.window_from < {}", to.millis()));
    let all: Vec<String> = from.into_iter().chain(to).collect();
    if all.is_empty() { "1".to_owned() } else { all.join(" AND ") }
}

/// Above so many matches, going backwards from the newest finds enough of them sooner than sorting all does.
const FEW: usize = 30_000;

/// In one state there are often few, in another a million: each is asked by itself.
fn by_state(reading: &Reading<'_>, filter: &TaskFilter, conditions: &Conditions, limit: usize) -> Result<Vec<i64>> {
    let mut picked = Vec::new();
    for state in &filter.states {
        let from = format!("FROM tasks t INDEXED BY tasks_by_state WHERE t.state = {}", code(*state));
        picked.extend(conditions.pick(reading, &from, limit)?);
    }
    picked.sort_unstable_by(|one, other| other.cmp(one));
    picked.dedup();
    picked.truncate(limit);
    Ok(picked)
}

/// What a task must be, in SQL.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// `None`: nothing can pass, because the plan or the lane is unknown.
    fn of(reading: &Reading<'_>, filter: &TaskFilter, after: Option<Cursor>) -> Result<Option<Self>> {
        let mut all = Self::default();
        if let Some(plan) = filter.plan {
            let Some(plan) = plans::number(reading, plan)? else { return Ok(None) };
            all.and("t.plan = ?", plan.into());
        }
        if let Some(lane) = &filter.lane {
            let Some(lane) = lanes::number(reading, lane)? else { return Ok(None) };
            all.and("t.lane = ?", lane.into());
        }
        if let Some(Cursor(task)) = after {
            let seq = reading.maybe("SELECT seq FROM tasks WHERE id = ?1", [Id(task.0)], only::<i64>)?;
            all.and("t.seq < ?", seq.unwrap_or(i64::MAX).into());
        }
        all.words(filter);
        Ok(Some(all))
    }

    fn words(&mut self, filter: &TaskFilter) {
        if let Some(part) = &filter.group {
            let sql = "t.log_group IN (SELECT seq FROM log_groups WHERE instr(name, ?) > 0)";
            self.and(sql, part.clone().into());
        }
        if let Some(bucket) = &filter.bucket {
            self.and("t.bucket = ?", bucket.clone().into());
        }
        let millis = |at: Timestamp| at.millis().into();
        if let Some(from) = filter.from {
            self.and("t.window_to > ?", millis(from));
        }
        if let Some(to) = filter.to {
            self.and("t.window_from < ?", millis(to));
        }
        if !filter.states.is_empty() {
            let codes: Vec<String> = filter.states.iter().map(|state| code(*state).to_string()).collect();
            self.sql.push_str(&format!(" AND t.state IN ({})", codes.join(", ")));
        }
        match filter.empty {
            Some(true) => self.sql.push_str(" AND t.state = 5 AND t.counted = 1 AND t.objects = 0"),
            Some(false) => self.sql.push_str(" AND t.state = 5 AND NOT (t.counted = 1 AND t.objects = 0)"),
            None => {}
        }
    }

    fn and(&mut self, sql: &str, value: Value) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.push(value);
    }

    /// The numbers of the newest tasks that pass; `from` is the query from FROM on, and ends in a condition.
    fn pick(&self, reading: &Reading<'_>, from: &str, limit: usize) -> Result<Vec<i64>> {
        let sql = format!("SELECT t.seq {from}{} ORDER BY t.seq DESC LIMIT {limit}", self.sql);
        reading.all(&sql, params_from_iter(&self.values), only)
    }

    /// Whether there are few enough to find them all by their log groups.
    fn are_few(&self, reading: &Reading<'_>, filter: &TaskFilter) -> Result<bool> {
        let within = within(filter);
        let sql = format!("SELECT count(*) FROM (SELECT 1 {BY_GROUP} WHERE {within}{} LIMIT {FEW})", self.sql);
        let found: i64 = reading.one(&sql, params_from_iter(&self.values), only)?;
        Ok(found.unsigned_abs() < FEW as u64)
    }
}
