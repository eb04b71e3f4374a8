//! The past of one lane, page by page: what is at work first, then what has ended, the last first.
//!
//! The index of ends leads through it. A filter may be of any kind and let almost nothing through, so a page looks at
//! only so many tasks, and then says where the next one goes on.

use std::collections::HashSet;

use rusqlite::{Result, params};

use super::codec::{At, Code, Columns, Id};
use super::lanes;
use super::plans;
use super::records::{Past, PastMark};
use super::transaction::Reading;
use crate::domain::layout::DEFAULT_PREFIX;
use crate::domain::names::PlanId;
use crate::domain::past::Glance;
use crate::domain::place::Lane;
use crate::domain::task::State;

/// Tasks of any lane that one page looks at: some milliseconds, in which nobody else reads.
const LOOKED_AT: usize = if cfg!(test) { 8 } else { 4_000 };

/// What is glanced at, without what it is picked by.
const GLANCE: &str = "
    SELECT t.seq, t.ended, t.lane, g.name, t.bucket, t.prefix, p.id, p.name, t.label, t.state,
           t.counted = 1 AND t.objects = 0, t.window_from, t.window_to, coalesce(t.accepted, t.ended, t.queued)";

/// A page of what `passes` of the past of `lane`, from behind `after` on.
pub(super) fn page(
    reading: &Reading<'_>,
    lane: &Lane,
    after: Option<PastMark>,
    limit: usize,
    passes: impl FnMut(&Glance<'_>) -> bool,
) -> Result<Past> {
    let Some(lane) = lanes::number(reading, lane)? else { return Ok(Past::default()) };
    let mut page = Page { lane, limit, passes, picked: Vec::new(), looked: 0, last: None };
    if after.is_none() {
        let at_work = format!(
            "{GLANCE} FROM tasks t INDEXED BY tasks_at_work CROSS JOIN log_groups g ON g.seq = t.log_group
             CROSS JOIN plans p ON p.seq = t.plan WHERE t.lane = ?1 AND t.state IN (1, 2, 3, 4)"
        );
        reading.walk(&at_work, [lane], |columns| page.take(columns).map(|()| true))?;
        // Those are never many, and no page ends among them.
        (page.looked, page.last, page.limit) = (0, None, limit + page.picked.len());
    }
    let ended = format!(
        "{GLANCE} FROM tasks t INDEXED BY tasks_ended CROSS JOIN log_groups g ON g.seq = t.log_group
         CROSS JOIN plans p ON p.seq = t.plan
         WHERE t.ended IS NOT NULL AND t.ended <= ?1 AND (t.ended < ?1 OR t.seq < ?2)
         ORDER BY t.ended DESC, t.seq DESC"
    );
    let PastMark { ended: from, seq } = after.unwrap_or(PastMark::START);
    let is_all = reading.walk(&ended, params![At(from), seq], |columns| page.step(columns))?;
    page.end(reading, is_all)
}

/// A page as it is gathered.
struct Page<F> {
    lane: i64,
    limit: usize,
    passes: F,
    picked: Vec<i64>,
    looked: usize,
    last: Option<PastMark>,
}

impl<F: FnMut(&Glance<'_>) -> bool> Page<F> {
    fn step(&mut self, columns: &mut Columns<'_, '_>) -> Result<bool> {
        self.take(columns)?;
        Ok(self.picked.len() < self.limit && self.looked < LOOKED_AT)
    }

    /// Looks at what [`GLANCE`] selects.
    fn take(&mut self, columns: &mut Columns<'_, '_>) -> Result<()> {
        self.looked += 1;
        let (seq, ended, lane): (i64, Option<At>, i64) = (columns.take()?, columns.take()?, columns.take()?);
        self.last = ended.map(|At(ended)| PastMark { ended, seq });
        if lane != self.lane {
            return Ok(());
        }
        let (group, bucket): (String, String) = (columns.take()?, columns.take()?);
        let prefix: Option<String> = columns.take()?;
        let (Id(plan), name): (_, Option<String>) = (columns.take()?, columns.take()?);
        let label: Option<String> = columns.take()?;
        let (Code(state), nothing): (_, bool) = (columns.take()?, columns.take()?);
        let (At(from), At(to), At(begun)) = (columns.take()?, columns.take()?, columns.take()?);
        let glance = Glance {
            group: &group,
            bucket: &bucket,
            prefix: prefix.as_deref().unwrap_or(DEFAULT_PREFIX),
            plan: Some((PlanId(plan), name.as_deref().unwrap_or_default())),
            label: label.as_deref().unwrap_or_default(),
            state: Some(state),
            is_empty: state == State::Completed && nothing,
            from,
            to,
            begun,
        };
        if (self.passes)(&glance) {
            self.picked.push(seq);
        }
        Ok(())
    }

    /// Reads what was picked; `is_all` says that there is nothing behind it.
    fn end(self, reading: &Reading<'_>, is_all: bool) -> Result<Past> {
        let tasks = self.picked.iter().map(|seq| Ok(reading.task(*seq)?.task)).collect::<Result<Vec<_>>>()?;
        let mut known: HashSet<PlanId> = HashSet::new();
        let mut plans = Vec::new();
        for task in tasks.iter().filter(|task| known.insert(task.plan)) {
            plans.extend(plans::by_id(reading, task.plan)?);
        }
        Ok(Past { tasks, plans, next: self.last.filter(|_| !is_all) })
    }
}
