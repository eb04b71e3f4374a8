//! The places this program works in: each a profile and a Region, how the connection there stands, and whose it is.
//!
//! One of them is looked at: its log groups, buckets and past tasks are on the screens. The queue is worked on in all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::place::{Identity, Lane};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::task::Holder;
use crate::domain::time::Timestamp;
use crate::tui::list::RequestId;
use crate::tui::msg::Link;

/// Names a place for as long as the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// Where to connect; what is not said comes from the AWS configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The profile.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// A custom endpoint.
    pub endpoint_url: Option<String>,
}

/// How a connection stands.
#[derive(Clone, Debug)]
pub enum Connection {
    /// Being made.
    Connecting(RequestId),
    /// Made; calls can be sent.
    Up(Link),
    /// Cannot be made.
    Failed(Problem),
}

/// Whose credentials they are, as far as known.
#[derive(Clone, Debug)]
pub enum Who {
    /// Not answered yet.
    Unknown,
    /// Known.
    Known(Identity),
    /// STS refused.
    Refused(Problem),
    /// Not those of the account that this place is to be in.
    Stranger(Identity),
}

/// The question whose credentials they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Nothing to ask.
    Idle,
    /// To be asked.
    Due,
    /// Asked.
    Asked(RequestId),
}

/// Fresh credentials that are being looked for while the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The question.
    pub request: RequestId,
    /// Whether nobody asked for it: then it is told only if it helps.
    pub quiet: bool,
}

/// What was seen of the slot, where no task of ours tells.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The question under way.
    pub asked: Option<RequestId>,
    /// When the last one was asked.
    pub at: Option<Timestamp>,
    /// The last answer.
    pub seen: Option<Result<Option<Holder>, Problem>>,
}

/// One place.
#[derive(Clone, Debug)]
pub struct Place {
    /// What was asked for.
    pub wanted: Wanted,
    /// The lane of the ledger that it is to reach: another account would be a mistake.
    pub promised: Option<Arc<Lane>>,
    /// The connection.
    pub connection: Connection,
    /// Whose it is.
    pub who: Who,
    /// Whether that is to be asked.
    pub ask: Ask,
    /// Fresh credentials on their way.
    pub renewal: Option<Renewal>,
    /// When what failed in a way that passes is tried again.
    pub again_at: Option<Timestamp>,
    /// What was seen of its slot.
    pub look: Look,
}

impl Place {
    /// About to be connected by `request`.
    pub fn new(wanted: Wanted, promised: Option<Arc<Lane>>, request: RequestId) -> Self {
        Self {
            wanted,
            promised,
            connection: Connection::Connecting(request),
            who: Who::Unknown,
            ask: Ask::Due,
            renewal: None,
            again_at: None,
            look: Look::default(),
        }
    }

    /// The link, if the connection stands.
    pub const fn link(&self) -> Option<&Link> {
        match &self.connection {
            Connection::Up(link) => Some(link),
            Connection::Connecting(_) | Connection::Failed(_) => None,
        }
    }

    /// The lane it reaches, once connection and account are known.
    pub fn lane(&self) -> Option<Lane> {
        match (self.link(), &self.who) {
            (Some(link), Who::Known(identity)) => Some(link.lane(&identity.account)),
            (Some(_), Who::Unknown | Who::Refused(_) | Who::Stranger(_)) | (None, _) => None,
        }
    }

    /// Whether it is the place of `lane`, reached or not.
    pub fn is_of(&self, lane: &Lane) -> bool {
        self.promised.as_deref() == Some(lane) || self.lane().as_ref() == Some(lane)
    }

    /// Whether the session that answers `request` is still wanted.
    pub fn awaits(&self, request: RequestId) -> bool {
        let connecting = matches!(self.connection, Connection::Connecting(asked) if asked == request);
        connecting || self.renewal.is_some_and(|renewal| renewal.request == request)
    }

    /// Whether nothing is on its way that would tell what it is.
    pub const fn is_settled(&self) -> bool {
        match (&self.connection, &self.who) {
            (Connection::Connecting(_), _) | (Connection::Up(_), Who::Unknown) => false,
            (Connection::Failed(_), _) | (Connection::Up(_), Who::Known(_) | Who::Refused(_) | Who::Stranger(_)) => {
                true
            }
        }
    }

    /// Why it is of no use, if so.
    pub const fn problem(&self) -> Option<&Problem> {
        match (&self.connection, &self.who) {
            (Connection::Failed(problem), _) | (Connection::Up(_), Who::Refused(problem)) => Some(problem),
            (Connection::Connecting(_), _) | (Connection::Up(_), Who::Unknown | Who::Known(_) | Who::Stranger(_)) => {
                None
            }
        }
    }

    /// Whether AWS did not tell whose it is for a reason that passes, or that a person can mend meanwhile.
    pub fn may_recover(&self) -> bool {
        matches!(&self.who, Who::Refused(problem) if problem.kind.is_transient() || is_of_credentials(problem.kind))
    }
}

/// Whether credentials that work would mend it.
pub const fn is_of_credentials(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::ExpiredCredentials | ProblemKind::NoCredentials)
}

/// All of them; there is always the one the program was started for.
#[derive(Clone, Debug)]
pub struct Places {
    first: Place,
    others: BTreeMap<PlaceId, Place>,
    here: PlaceId,
    last: u32,
}

impl Places {
    /// The first one's id.
    const FIRST: PlaceId = PlaceId(0);

    /// With the place the program was started for, which is looked at.
    pub const fn new(first: Place) -> Self {
        Self { first, others: BTreeMap::new(), here: Self::FIRST, last: 0 }
    }

    /// The one looked at.
    pub fn here(&self) -> &Place {
        self.others.get(&self.here).unwrap_or(&self.first)
    }

    /// The one looked at, to be changed.
    pub fn here_mut(&mut self) -> &mut Place {
        self.others.get_mut(&self.here).unwrap_or(&mut self.first)
    }

    /// The id of the one looked at.
    pub const fn here_id(&self) -> PlaceId {
        self.here
    }

    /// Looks at another one.
    pub fn look_at(&mut self, id: PlaceId) {
        if self.get(id).is_some() {
            self.here = id;
        }
    }

    /// The place of this id.
    pub fn get(&self, id: PlaceId) -> Option<&Place> {
        if id == Self::FIRST { Some(&self.first) } else { self.others.get(&id) }
    }

    /// The place of this id, to be changed.
    pub fn get_mut(&mut self, id: PlaceId) -> Option<&mut Place> {
        if id == Self::FIRST { Some(&mut self.first) } else { self.others.get_mut(&id) }
    }

    /// All, the first one first.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        std::iter::once((Self::FIRST, &self.first)).chain(self.others.iter().map(|(id, place)| (*id, place)))
    }

    /// Takes one in.
    pub fn add(&mut self, place: Place) -> PlaceId {
        self.last += 1;
        let id = PlaceId(self.last);
        self.others.insert(id, place);
        id
    }

    /// Forgets one that is of no use; not the one looked at, and not the first.
    pub fn forget(&mut self, id: PlaceId) {
        if id != self.here {
            self.others.remove(&id);
        }
    }

    /// The place of `lane`.
    pub fn of_lane(&self, lane: &Lane) -> Option<PlaceId> {
        self.iter().find(|(_, place)| place.is_of(lane)).map(|(id, _)| id)
    }
}
