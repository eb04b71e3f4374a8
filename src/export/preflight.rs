//! Asking AWS, or this machine, what the checks before an export need, and having it judged.
//!
//! A destination is asked once, however many log groups go there: [`DestinationFacts`]; each log group is asked by
//! itself: [`SourceFacts`]. What comes of both is for the judges of `domain::preflight`; nothing is decided here. Callers
//! go through [`Checker`](super::Checker), which keeps the answers.

use uuid::Uuid;

use super::directory;
use super::managed::passes;
use crate::aws::Session;
use crate::domain::engine::EngineKind;
use crate::domain::inventory::{Encryption, LogGroup, RemoteStatus, RemoteTask};
use crate::domain::layout::Destination;
use crate::domain::names::{BucketName, LogGroupName};
use crate::domain::place::{Identity, Lane, Region};
use crate::domain::policy::Export;
use crate::domain::preflight::{
    self, BucketFacts, Check, DirectoryFacts, EventsSeen, Finding, GroupAnswer, ObjectOwnership, Owner, Probe,
    RangeFacts, Report,
};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::store::Store;
use crate::domain::time::Timestamp;
use crate::domain::zone::Zone;

/// A range as it was typed: from and to, which may make none.
pub type Typed = (Timestamp, Timestamp);

/// What a person decides about the checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// A customer-managed key is said to let the service in.
    pub allow_kms: bool,
    /// A probe object may be put into the bucket, and removed again.
    pub probe: bool,
    /// By which engine it is exported: what AWS's export service alone needs, a direct export is not judged by.
    pub engine: EngineKind,
}

/// What is known of a destination.
#[derive(Debug)]
pub enum DestinationFacts {
    /// What AWS answers of a bucket.
    Bucket(Box<OfBucket>),
    /// What this machine says of a directory.
    Directory(Box<DirectoryFacts>),
}

/// What AWS answers of a bucket, and of the slot of the lane that exports into it.
#[derive(Debug)]
pub struct OfBucket {
    exists: BucketFacts,
    region: Result<Region, Problem>,
    settings: Option<Settings>,
    /// Who asks, if that is known.
    caller: Option<Identity>,
    slot: Result<Vec<RemoteTask>, Problem>,
}

/// What is asked of a bucket that is there.
#[derive(Debug)]
struct Settings {
    owner: Result<Owner, Problem>,
    encryption: Result<Encryption, Problem>,
    policy: Result<Option<String>, Problem>,
    public_access: Result<Vec<&'static str>, Problem>,
    ownership: Result<ObjectOwnership, Problem>,
    lock: Result<Option<String>, Problem>,
    versioned: Result<bool, Problem>,
    requester_pays: Result<bool, Problem>,
    probe: Probe,
}

impl DestinationFacts {
    /// Asks everything, most of it at once.
    pub(super) async fn ask(session: &Session, lane: &Lane, destination: &Destination, choices: Choices) -> Self {
        match &destination.store {
            // Boxed: it holds ten calls at once.
            Store::Bucket(name) => Self::Bucket(Box::new(
                Box::pin(OfBucket::ask(session, lane, name, destination.prefix(), choices)).await,
            )),
            Store::Directory(directory) => Self::Directory(Box::new(directory::ask(directory).await)),
        }
    }

    /// Whether all of it stays as it is for a while.
    pub(super) fn lasts(&self) -> bool {
        match self {
            Self::Bucket(facts) => facts.lasts(),
            // Looking costs nothing, and whoever has made room does not want to wait.
            Self::Directory(_) => false,
        }
    }

    const fn of_bucket(&self) -> Option<&OfBucket> {
        match self {
            Self::Bucket(facts) => Some(facts),
            Self::Directory(_) => None,
        }
    }

    /// What is made of it, whichever log group is exported. Of a bucket that is not there nothing more is said.
    pub fn judge(&self, lane: &Lane, destination: &Destination, choices: Choices) -> Vec<Finding> {
        let mut findings = match self {
            Self::Bucket(facts) => facts.judge_all(lane, destination, choices),
            Self::Directory(facts) => preflight::directory(facts),
        };
        findings.retain(|finding| finding.check.concerns(choices.engine));
        findings
    }

    /// That the bucket's policy shuts out whoever asks for an export to `destination`, as far as no probe has shown it.
    pub fn judge_caller(&self, lane: &Lane, destination: &Destination) -> Option<Finding> {
        self.of_bucket()?.judge_caller(lane, destination)
    }

    /// Whether the bucket's policy lets the export of `group`, or of any log group, in, where `engine` needs that. Policies
    /// may name log groups.
    pub fn judge_policy(
        &self,
        lane: &Lane,
        group: Option<&str>,
        destination: &Destination,
        engine: EngineKind,
    ) -> Option<Finding> {
        let settings = self.of_bucket()?.settings.as_ref().filter(|_| Check::Policy.concerns(engine))?;
        Some(preflight::policy(&Export::new(lane, group, destination), &settings.policy))
    }
}

impl OfBucket {
    async fn ask(session: &Session, lane: &Lane, name: &BucketName, prefix: &str, choices: Choices) -> Self {
        let bucket = name.as_str();
        let (region, slot) = tokio::join!(session.find_bucket(bucket), active_tasks(session));
        // Where S3 does not say where it is, it is asked where it ought to be.
        let place = region.as_ref().unwrap_or(&lane.region);
        let exists = match &region {
            Err(problem) if problem.kind == ProblemKind::NotFound => Err(problem.clone()),
            // Whoever may not ask HeadBucket still knows that a bucket with a location is there.
            Ok(_) => Ok(()),
            Err(_) => session.bucket_exists(bucket, place).await,
        };
        let is_missing = exists.as_ref().is_err_and(|problem| problem.kind == ProblemKind::NotFound);
        let settings =
            if is_missing { None } else { Some(Settings::ask(session, lane, bucket, prefix, place, choices).await) };
        Self { exists, region, settings, caller: session.known_identity().cloned(), slot }
    }

    fn lasts(&self) -> bool {
        let Self { exists, region, settings, slot, caller: _ } = self;
        lasts(exists) && lasts(region) && lasts(slot) && settings.as_ref().is_none_or(Settings::lasts)
    }

    fn judge_all(&self, lane: &Lane, destination: &Destination, choices: Choices) -> Vec<Finding> {
        let mut findings = vec![preflight::bucket(destination.store.as_str(), &self.exists)];
        findings.push(preflight::slot(&self.slot));
        let Some(settings) = &self.settings else { return findings };
        findings.push(preflight::region(lane, &self.region));
        findings.push(preflight::owner(&Export::new(lane, None, destination), &settings.owner));
        findings.push(preflight::encryption(&lane.region, &settings.encryption, choices.allow_kms));
        findings.push(preflight::public_access(&settings.public_access));
        findings.push(preflight::object_ownership(
            &settings.ownership,
            // Unknown is not another's: of that the owner's own finding tells.
            settings.owner.as_ref().unwrap_or(&Owner::Own),
        ));
        findings.push(preflight::object_lock(&settings.lock));
        findings.push(preflight::versioning(&settings.versioned));
        findings.push(preflight::requester_pays(&settings.requester_pays));
        findings.push(preflight::caller(&settings.probe));
        findings
    }

    fn judge_caller(&self, lane: &Lane, destination: &Destination) -> Option<Finding> {
        let (settings, caller) = self.settings.as_ref().zip(self.caller.as_ref())?;
        match settings.probe {
            Probe::NotAsked => preflight::shut_out(&Export::new(lane, None, destination), &settings.policy, caller),
            Probe::Put | Probe::Left(_) | Probe::Failed(_) => None,
        }
    }
}

impl Settings {
    fn lasts(&self) -> bool {
        let Self { owner, encryption, policy, public_access, ownership, lock, versioned, requester_pays, probe } = self;
        let bucket = lasts(owner) && lasts(encryption) && lasts(policy) && lasts(public_access) && lasts(ownership);
        let more = lasts(lock) && lasts(versioned) && lasts(requester_pays);
        bucket && more && !matches!(probe, Probe::Failed(problem) if passes(problem.kind))
    }

    async fn ask(session: &Session, lane: &Lane, bucket: &str, prefix: &str, place: &Region, choices: Choices) -> Self {
        let (owner, encryption, policy, public_access, ownership, lock, versioned, requester_pays, probe) = tokio::join!(
            session.bucket_owner(bucket, place, &lane.account),
            session.bucket_encryption(bucket, place),
            session.bucket_policy(bucket, place),
            session.public_access_off(bucket, place),
            session.object_ownership(bucket, place),
            session.object_lock(bucket, place),
            session.is_versioned(bucket, place),
            session.requester_pays(bucket, place),
            probe(session, bucket, prefix, place, choices),
        );
        Self { owner, encryption, policy, public_access, ownership, lock, versioned, requester_pays, probe }
    }
}

async fn probe(session: &Session, bucket: &str, prefix: &str, place: &Region, choices: Choices) -> Probe {
    if !choices.probe {
        return Probe::NotAsked;
    }
    let key = format!("{prefix}/logferry-probe-{}", Uuid::now_v7());
    session.probe(bucket, place, &key).await
}

/// The tasks that hold the lane's slot: one, as AWS has it.
async fn active_tasks(session: &Session) -> Result<Vec<RemoteTask>, Problem> {
    let mut active = Vec::new();
    for status in [RemoteStatus::Running, RemoteStatus::Pending, RemoteStatus::PendingCancel] {
        let page = session.export_tasks(Some(status), None).await?;
        active.extend(page.items);
    }
    Ok(active)
}

/// What AWS answers of one log group.
#[derive(Debug)]
pub struct SourceFacts {
    pub(super) group: Result<GroupAnswer, Problem>,
    /// Whether there are any, where they were looked for.
    pub(super) events: Option<Result<EventsSeen, Problem>>,
}

impl SourceFacts {
    /// What is made of it for `engine`, at `now` and with instants written in `zone`.
    pub fn judge(
        &self,
        lane: &Lane,
        name: &LogGroupName,
        typed: Option<Typed>,
        engine: EngineKind,
        now: Timestamp,
        zone: Zone,
    ) -> Vec<Finding> {
        let mut findings = vec![preflight::log_group(name.as_str(), lane, &self.group, engine)];
        if let Some((from, to)) = typed {
            findings.extend(preflight::range(&RangeFacts { from, to, group: own(&self.group), engine, now, zone }));
        }
        findings.extend(self.events.as_ref().map(preflight::events));
        findings
    }
}

/// The log group itself, if it is the caller's.
pub(super) fn own(answer: &Result<GroupAnswer, Problem>) -> Option<&LogGroup> {
    match answer {
        Ok(GroupAnswer::Own(group)) => Some(group),
        _ => None,
    }
}

/// One export that is thought of.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The log group.
    pub group: LogGroupName,
    /// The range as typed.
    pub range: Typed,
    /// Where to.
    pub destination: Destination,
    /// The zone instants are written in.
    pub zone: Zone,
}

impl Subject {
    /// What is made of the answers for it, at `now`.
    pub fn judge(
        &self,
        lane: &Lane,
        choices: Choices,
        now: Timestamp,
        to: &DestinationFacts,
        from: &SourceFacts,
    ) -> Report {
        let Self { group, range, destination, zone } = self;
        let mut findings = to.judge(lane, destination, choices);
        findings.extend(to.judge_policy(lane, Some(group.as_str()), destination, choices.engine));
        findings.extend(to.judge_caller(lane, destination));
        findings.extend(from.judge(lane, group, Some(*range), choices.engine, now, *zone));
        Report::new(findings)
    }
}

/// Whether an answer stays as it is for a while: a call that failed in a way that passes may succeed in a moment.
pub(super) fn lasts<T>(answer: &Result<T, Problem>) -> bool {
    answer.as_ref().err().is_none_or(|problem| !passes(problem.kind))
}
