//! Moments as requests and answers write them: RFC 3339.

use chrono::{DateTime, SecondsFormat, TimeZone as _, Utc};
use rolecall_shared::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, SchemaFormat, Type, schema::Schema},
};

/// A moment: RFC 3339 with any offset in requests, in UTC in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl Moment {
    /// The moment of an answer, if there is one.
    pub fn of(at: Option<Timestamp>) -> Option<Self> {
        at.map(Self)
    }

    /// The moment of a request, if there is one.
    pub fn asked(at: Option<Self>) -> Option<Timestamp> {
        at.map(|Self(at)| at)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What calendars do not reach is nowhere stored.
        let at = Utc.timestamp_micros(self.0.0).single().unwrap_or_default();
        serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom("send a moment such as 2027-03-31T18:00:00Z"))?;
        Ok(Self(Timestamp(at.timestamp_micros())))
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let moment: Moment = serde_json::from_value(text.into()).ok()?;
        let said = serde_json::to_value(moment).unwrap();
        said.as_str().map(str::to_owned)
    }

    #[test]
    fn any_offset_is_read_and_utc_is_written() {
        for (sent, said) in [
            ("2027-03-31T18:00:00Z", "2027-03-31T18:00:00Z"),
            ("2027-03-31T20:00:00+02:00", "2027-03-31T18:00:00Z"),
            ("2027-03-31T18:00:00.25Z", "2027-03-31T18:00:00.250Z"),
        ] {
            assert_eq!(read(sent).as_deref(), Some(said));
        }
        for wrong in [
            "",
            "2027-03-31",
            "2027-03-31T18:00:00",
            "tomorrow",
            "2027-02-30T18:00:00Z",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
