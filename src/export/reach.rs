//! A bucket that is read: where it is, and its objects by the page, however often S3 has to be asked. Callers:
//! verification, and whoever looks at what has landed.

use futures::{Stream, stream};

use super::backoff::Backoff;
use super::managed::passes;
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
        let mut backoff = Backoff::new();
        for _ in 1..TRIES {
            match session.objects_in(bucket, region, folder, token.clone()).await {
                Err(problem) if passes(problem.kind) => tokio::time::sleep(backoff.step()).await,
                settled => return settled,
            }
        }
        session.objects_in(bucket, region, folder, token).await
    }

    /// Every page of them, one after the other as somebody takes them.
    pub(super) fn pages(self, folder: String) -> impl Stream<Item = Result<Page<Object>, Problem>> + Send {
        stream::try_unfold((self, folder, At::Beginning), |(reach, folder, at)| async move {
            let token = match at {
                At::Beginning => None,
                At::Token(token) => Some(token),
                At::End => return Ok(None),
            };
            let page = reach.list(&folder, token).await?;
            let next = page.next.clone().map_or(At::End, At::Token);
            Ok(Some((page, (reach, folder, next))))
        })
    }
}

/// Where in a listing.
enum At {
    Beginning,
    /// Where S3 says to go on.
    Token(String),
    End,
}
