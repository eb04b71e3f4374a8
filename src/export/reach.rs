//! A bucket that is read: where it is, and its objects by the page, however often S3 has to be asked. Callers:
//! verification, and whoever looks at what has landed.

use futures::{Stream, stream};

use super::backoff::Backoff;
use super::managed::passes;
use super::verify::fetch::Source;
use crate::aws::Session;
use crate::domain::inventory::{Object, Page};
use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};

/// How often a listing is asked for.
const TRIES: u32 = 5;

/// A bucket, and a way to it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Who asks.
    pub session: Session,
    /// Where the bucket is.
    pub region: Region,
    /// Its name.
    pub bucket: String,
}

impl Reach {
    /// Finds out where `bucket` is; whoever may not ask takes it to be where the session is.
    ///
    /// # Errors
    /// There is no such bucket, or no way to it.
    pub async fn find(session: Session, bucket: &str) -> Result<Self, Problem> {
        let region = match session.find_bucket(bucket).await {
            Ok(region) => region,
            Err(problem) if problem.kind == ProblemKind::AccessDenied => session.region().clone(),
            Err(problem) => return Err(problem),
        };
        Ok(Self { session, region, bucket: bucket.to_owned() })
    }

    /// A page of the objects whose keys begin with `folder`.
    ///
    /// # Errors
    /// They cannot be listed: what passes by itself has been tried several times.
    pub async fn list(&self, folder: &str, token: Option<String>) -> Result<Page<Object>, Problem> {
        let Self { session, region, bucket } = self;
        insist(|| session.objects_in(bucket, region, folder, token.clone())).await
    }

    /// The way to an object by its key.
    pub(super) fn source<'a>(&'a self, key: &'a str) -> Source<'a> {
        Source::Object { session: &self.session, region: &self.region, bucket: &self.bucket, key }
    }
}

/// Asks several times, as long as what fails passes by itself.
pub(super) async fn insist<T, F>(ask: impl Fn() -> F) -> Result<T, Problem>
where
    F: Future<Output = Result<T, Problem>>,
{
    let mut backoff = Backoff::new();
    for _ in 1..TRIES {
        match ask().await {
            Err(problem) if passes(problem.kind) => tokio::time::sleep(backoff.step()).await,
            settled => return settled,
        }
    }
    ask().await
}

/// Every page that `ask` has `from` there, one after the other as somebody takes them.
pub(super) fn pages<S, F>(
    from: S,
    ask: impl Fn(S, Option<String>) -> F + Send,
) -> impl Stream<Item = Result<Page<Object>, Problem>> + Send
where
    S: Clone + Send,
    F: Future<Output = Result<Page<Object>, Problem>> + Send,
{
    stream::try_unfold((from, ask, At::Beginning), |(from, ask, at)| async move {
        let token = match at {
            At::Beginning => None,
            At::Token(token) => Some(token),
            At::End => return Ok(None),
        };
        let page = ask(from.clone(), token).await?;
        let next = page.next.clone().map_or(At::End, At::Token);
        Ok(Some((page, (from, ask, next))))
    })
}

/// Where in a listing.
enum At {
    Beginning,
    /// Where S3 says to go on.
    Token(String),
    End,
}
