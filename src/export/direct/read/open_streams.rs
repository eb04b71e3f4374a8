//! Which streams are being read: one is done once the last of the units it was cut into has ended.

use std::collections::HashMap;

use crate::domain::direct::unit::{StreamName, Streams};

/// Streams with units that have not ended.
#[derive(Debug, Default)]
pub(super) struct OpenStreams(HashMap<StreamName, usize>);

impl OpenStreams {
    /// A unit was begun, or cut from another.
    pub fn add(&mut self, streams: &Streams) {
        if let Streams::One(stream) = streams {
            *self.0.entry(stream.clone()).or_default() += 1;
        }
    }

    /// A unit has ended; whether a stream is done with it.
    pub fn end(&mut self, streams: &Streams) -> bool {
        let Streams::One(stream) = streams else { return false };
        let Some(units) = self.0.get_mut(stream) else { return false };
        *units -= 1;
        let is_done = *units == 0;
        if is_done {
            self.0.remove(stream);
        }
        is_done
    }

    /// Whether a stream is among them.
    pub fn has(&self, stream: &StreamName) -> bool {
        self.0.contains_key(stream)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_done_with_the_last_of_its_units() {
        let mut open = OpenStreams::default();
        let stream = Streams::One("a".into());
        open.add(&stream);
        open.add(&stream);
        open.add(&Streams::All);
        assert!(!open.end(&stream) && open.has(&"a".into()) && open.len() == 1);
        assert!(!open.end(&Streams::All));
        assert!(open.end(&stream) && !open.has(&"a".into()));
    }
}
