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
use crate::domain::state::State;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;

/// Tasks that pass `filter`, from behind `after` on; an unknown task there is the same as none.
pub(super) fn tasks(
    reading: &Reading<'_>,
    filter: &TaskFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Task>> {
    let Some(conditions) = Conditions::of(reading, filter, after)? else { return Ok(Vec::new()) };
    let picked = pick(reading, filter, &conditions, limit)?;
    picked.into_iter().map(|seq| Ok(reading.task(seq)?.task)).collect()
}

/// The numbers of the newest tasks that pass.
fn pick(reading: &Reading<'_>, filter: &TaskFilter, conditions: &Conditions, limit: usize) -> Result<Vec<i64>> {
    if filter.plan.is_some() {
        return conditions.newest(reading, "FROM tasks t INDEXED BY tasks_of_plan", limit);
    }
    if filter.empty == Some(true) {
        return conditions.newest(reading, "FROM tasks t INDEXED BY tasks_empty", limit);
    }
    if let Some(few) = by_group(reading, filter, conditions, limit)? {
        return Ok(few);
    }
    if !filter.states.is_empty() {
        return by_state(reading, filter, conditions, limit);
    }
    conditions.newest(reading, "FROM tasks t NOT INDEXED", limit)
}

/// Above so many matches, going backwards from the newest finds enough of them sooner than finding all does. Tests, whose
/// ledgers are small, are to go both ways.
const FEW: usize = if cfg!(test) { 4 } else { 30_000 };

/// The matching log groups first, then the windows of each that can reach into the range: none is longer than `longest`.
/// `None` if the filter names no log group and no range, or too many match.
fn by_group(
    reading: &Reading<'_>,
    filter: &TaskFilter,
    conditions: &Conditions,
    limit: usize,
) -> Result<Option<Vec<i64>>> {
    if filter.group.is_none() && filter.from.is_none() && filter.to.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT t.seq FROM log_groups g CROSS JOIN tasks t INDEXED BY tasks_of_group ON t.log_group = g.seq
         WHERE {}{}{} LIMIT {FEW}",
        conditions.group.unwrap_or("1"),
        within(filter),
        conditions.sql
    );
    let mut found: Vec<i64> = reading.all(&sql, params_from_iter(&conditions.values), only)?;
    found.sort_unstable_by(|one, other| other.cmp(one));
    let is_all = found.len() < FEW;
    found.truncate(limit);
    Ok(is_all.then_some(found))
}

/// What the index needs to skip windows before the range; [`Conditions`] says the same exactly.
fn within(filter: &TaskFilter) -> String {
    let from = filter.from.map(|from| format!(" AND t.window_from > {} - g.longest", from.millis()));
    from.unwrap_or_default()
}

/// In one state there are often few, in another a million: each is asked by itself.
fn by_state(reading: &Reading<'_>, filter: &TaskFilter, conditions: &Conditions, limit: usize) -> Result<Vec<i64>> {
    let mut picked = Vec::new();
    for state in &filter.states {
        let one = conditions.and_state(*state);
        picked.extend(one.newest(reading, "FROM tasks t INDEXED BY tasks_by_state", limit)?);
    }
    picked.sort_unstable_by(|one, other| other.cmp(one));
    picked.dedup();
    picked.truncate(limit);
    Ok(picked)
}

/// What a task must be, in SQL.
#[derive(Clone, Default)]
struct Conditions {
    /// What its log group must be; its value is the first.
    group: Option<&'static str>,
    /// Everything else; each condition begins with AND.
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// `None`: nothing can pass, because the plan or the lane is unknown.
    fn of(reading: &Reading<'_>, filter: &TaskFilter, after: Option<Cursor>) -> Result<Option<Self>> {
        let mut all = Self::default();
        if let Some(part) = &filter.group {
            // Capitals matter only to who types one; names are ASCII (service model).
            let has_capital = part.chars().any(char::is_uppercase);
            all.group = Some(if has_capital { "instr(name, ?) > 0" } else { "instr(lower(name), ?) > 0" });
            all.values.push(part.clone().into());
        }
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
            self.sql.extend([" AND t.state IN (", &codes.join(", "), ")"]);
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

    fn and_state(&self, state: State) -> Self {
        let mut one = self.clone();
        one.sql.push_str(" AND t.state = ");
        one.sql.push_str(&code(state).to_string());
        one
    }

    /// The numbers of the newest tasks that pass of those that `from` goes through.
    fn newest(&self, reading: &Reading<'_>, from: &str, limit: usize) -> Result<Vec<i64>> {
        let group = self.group.map(|group| format!("t.log_group IN (SELECT seq FROM log_groups WHERE {group})"));
        let (group, limit) = (group.as_deref().unwrap_or("1"), i64::try_from(limit).unwrap_or(i64::MAX));
        let sql = format!("SELECT t.seq {from} WHERE {group}{} ORDER BY t.seq DESC LIMIT {limit}", self.sql);
        reading.all(&sql, params_from_iter(&self.values), only)
    }
}
