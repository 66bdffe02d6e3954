//! Where projects and resources are, as far as somebody asked.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use rolecall_shared::{ProjectId, policy::Place};

/// Most answers of a kind that are kept; then they are forgotten all at once.
const MOST: usize = 20_000;

/// What was looked up since things last changed.
#[derive(Debug, Default)]
pub struct Things {
    projects: Kept<ProjectId, Place>,
    resources: Kept<(String, String), ProjectId>,
}

impl Things {
    /// Projects as places.
    pub fn projects(&self) -> &Kept<ProjectId, Place> {
        &self.projects
    }

    /// The project of a resource, by the key of its row and by what it is called.
    pub fn resources(&self) -> &Kept<(String, String), ProjectId> {
        &self.resources
    }
}

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<V> {
    /// Nobody asked.
    Nothing,
    /// What the database answered; `None`: there is no such thing.
    Answer(Option<V>),
}

/// Answers of the database, also that there is nothing.
#[derive(Debug)]
pub struct Kept<K, V>(Mutex<HashMap<K, Option<V>>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Copy> Kept<K, V> {
    /// The answer, if it is known.
    pub fn get(&self, key: &K) -> Known<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key)
            .map_or(Known::Nothing, |answer| Known::Answer(*answer))
    }

    /// Keeps an answer.
    pub fn keep(&self, key: K, answer: Option<V>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let kept: Kept<usize, usize> = Kept::default();
        for n in 0..MOST + 5 {
            kept.keep(n, Some(n));
        }
        assert_eq!(kept.get(&(MOST + 4)), Known::Answer(Some(MOST + 4)));
        assert_eq!(kept.get(&0), Known::Nothing);
        assert!(kept.0.lock().unwrap().len() <= MOST);
    }
}
