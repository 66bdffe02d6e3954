//! What many answers and lists have in common: names with their ids, which way lists go, and the address of the
//! next page.

use rolecall_shared::{Timestamp, member::Named, page::Direction};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{answer::Paged, call::Call, moment::Moment};

/// Something by its id, with the name it has or had.
#[derive(Serialize, ToSchema)]
pub struct Ref {
    #[schema(format = Uuid)]
    id: String,
    name: String,
}

impl<Id: ToString> From<Named<Id>> for Ref {
    fn from(named: Named<Id>) -> Self {
        Self {
            id: named.id.to_string(),
            name: named.name,
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

/// Which way a list goes.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderOf {
    /// The smallest or oldest first.
    Up,
    /// The largest or newest first.
    Down,
}

impl From<OrderOf> for Direction {
    fn from(order: OrderOf) -> Self {
        match order {
            OrderOf::Up => Self::Up,
            OrderOf::Down => Self::Down,
        }
    }
}

/// The names and values of a query, as the address of the next page has them again.
pub fn pairs(query: &impl Serialize) -> Vec<(String, String)> {
    let Ok(Value::Object(map)) = serde_json::to_value(query) else {
        return Vec::new();
    };
    let said = map.into_iter().filter_map(|(name, value)| {
        let value = match value {
            Value::Null => return None,
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some((name, value))
    });
    said.collect()
}

/// One page of a list that was asked for with these pairs.
pub fn paged<T>(
    call: &Call,
    below: &str,
    pairs: &[(String, String)],
    items: impl IntoIterator<Item = impl Into<T>>,
    next: Option<String>,
) -> Paged<T> {
    let pairs: Vec<(&str, String)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let items = items.into_iter().map(Into::into).collect();
    Paged::new(call, below, &pairs, items, next)
}
