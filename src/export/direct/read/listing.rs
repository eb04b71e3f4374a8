//! Discovery: a group's streams, page by page, no more of them in memory than one page.

use std::collections::VecDeque;

use super::Shared;
use super::insist::Attempts;
use crate::domain::direct::stream::LogStream;
use crate::domain::direct::unit::StreamName;
use crate::domain::problem::{Problem, ProblemKind};

/// A listing under way.
#[derive(Debug, Default)]
pub(super) struct Listing {
    token: Option<String>,
    rows: VecDeque<LogStream>,
    is_through: bool,
    /// Streams up to this one were handed out by an earlier run.
    after: Option<StreamName>,
    before: Option<StreamName>,
}

/// A stream of the listing.
#[derive(Debug)]
pub(super) struct Listed {
    pub stream: LogStream,
    /// Whether an earlier run has handed it out.
    pub was_handed_out: bool,
}

impl Listing {
    /// One whose streams up to `after`, by name, were handed out by an earlier run.
    pub fn after(after: Option<StreamName>) -> Self {
        Self { after, ..Self::default() }
    }

    /// The next stream.
    pub async fn next(&mut self, shared: &Shared) -> Result<Option<Listed>, Problem> {
        loop {
            if let Some(stream) = self.rows.pop_front() {
                let was_handed_out = self.was_handed_out(&stream)?;
                return Ok(Some(Listed { stream, was_handed_out }));
            }
            if self.is_through {
                return Ok(None);
            }
            self.turn(shared).await?;
        }
    }

    async fn turn(&mut self, shared: &Shared) -> Result<(), Problem> {
        let source = &shared.source;
        let (group, prefix) = (source.group.as_str(), source.stream_prefix.as_deref());
        let mut attempts = Attempts::new(&source.budgets.list, &shared.gauges);
        let page = loop {
            attempts.turn().await;
            match source.session.log_streams(group, prefix, self.token.clone()).await {
                Ok(page) => break page,
                Err(problem) => attempts.failed(problem).await?,
            }
        };
        self.rows.extend(page.items);
        self.is_through = page.next.is_none();
        self.token = page.next;
        Ok(())
    }

    /// Whether a row comes before where handing out stood. That is told by name, so names must ascend (DescribeLogStreams
    /// reference: ordered by name); a service whose names do not must not cost a stream.
    fn was_handed_out(&mut self, row: &LogStream) -> Result<bool, Problem> {
        let Some(after) = &self.after else { return Ok(false) };
        if self.before.as_ref().is_some_and(|before| row.name < *before) {
            let text =
                "the service lists streams out of order, so it cannot be told which were read: retry from the start";
            return Err(Problem::new(ProblemKind::Unknown, "DescribeLogStreams").on(row.name.as_str()).saying(text));
        }
        self.before = Some(row.name.clone());
        Ok(row.name <= *after)
    }
}
