//! How many live streams are open, so that one session can not hold all connections (rule 62).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use rolecall_shared::SessionId;

/// Streams of one session: a handful of tabs, and the ones a browser has not yet given up.
const PER_SESSION: usize = 12;
/// Streams of this instance.
const IN_ALL: usize = 4_096;

/// The open live streams, by session.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<SessionId, usize>>>);

/// One open stream; counts as long as it lives.
#[derive(Debug)]
pub struct OpenStream {
    streams: Streams,
    session: SessionId,
}

impl Streams {
    /// How many are open.
    pub fn count(&self) -> usize {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.values().sum()
    }

    /// Counts a further stream; `None` when there are too many.
    pub fn open(&self, session: SessionId) -> Option<OpenStream> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= IN_ALL {
            return None;
        }
        let count = open.entry(session).or_default();
        if *count >= PER_SESSION {
            return None;
        }
        *count += 1;
        Some(OpenStream {
            streams: self.clone(),
            session,
        })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self
            .streams
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_stream_makes_room() {
        let streams = Streams::default();
        let session = SessionId("00000000-0000-7000-8000-000000000001".parse().unwrap());
        let mut open: Vec<OpenStream> = (0..PER_SESSION)
            .filter_map(|_| streams.open(session))
            .collect();
        assert_eq!(open.len(), PER_SESSION);
        assert!(streams.open(session).is_none());
        open.pop();
        assert!(streams.open(session).is_some());
        open.clear();
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
