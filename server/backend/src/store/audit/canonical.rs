//! The canonical form of a row: the bytes that its link in the chain attests.
//!
//! Every field in a fixed order, each as its length in eight bytes and then its bytes; one that can be
//! absent begins with a byte that says whether it is there. Numbers and moments (microseconds since
//! 1970) are eight bytes, big-endian. Nothing is joined or escaped, so two rows that differ in any field
//! differ in these bytes. A column that is added later is appended as its name and its value when it is
//! not null: rows from before keep their form.

use uuid::Uuid;

use super::AuditRow;

struct Form(Vec<u8>);

impl Form {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0
            .extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    fn id(&mut self, id: Option<Uuid>) {
        self.0.push(u8::from(id.is_some()));
        if let Some(id) = id {
            self.bytes(id.as_bytes());
        }
    }

    /// A column from after the first rows were chained.
    fn later(&mut self, name: &str, id: Option<Uuid>) {
        if let Some(id) = id {
            self.bytes(name.as_bytes());
            self.bytes(id.as_bytes());
        }
    }
}

impl AuditRow {
    /// The bytes that the link attests: all fields of the row but the link, and the trail it is in.
    pub(crate) fn canonical(&self, trail: Uuid) -> Vec<u8> {
        self.canonical_at(trail, self.seq)
    }

    /// The same as if the row had this number: tells a row that was moved from one that was edited.
    pub(crate) fn canonical_at(&self, trail: Uuid, seq: i64) -> Vec<u8> {
        let mut form = Form(Vec::with_capacity(512));
        form.bytes(trail.as_bytes());
        form.number(seq);
        form.number(self.at.timestamp_micros());
        form.bytes(self.actor_kind.as_bytes());
        form.id(self.actor_id);
        form.bytes(self.actor_label.as_bytes());
        form.bytes(self.action.as_bytes());
        form.bytes(self.target_kind.as_bytes());
        form.id(self.target_id);
        form.bytes(self.target_label.as_bytes());
        form.bytes(self.detail.as_bytes());
        form.id(self.session_id);
        form.bytes(self.address.as_bytes());
        form.bytes(self.user_agent.as_bytes());
        form.bytes(self.request_id.as_bytes());
        form.later("on_behalf_of", self.on_behalf_of);
        form.later("view_id", self.view_id);
        form.0
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;

    fn id() -> impl Strategy<Value = Option<Uuid>> {
        prop_oneof![
            Just(None),
            Just(Some(Uuid::nil())),
            any::<u128>().prop_map(|n| Some(Uuid::from_u128(n))),
        ]
    }

    /// Short texts of few letters: those that could run into each other come up often.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[ab\u{0}1]{0,3}", any::<String>()]
    }

    prop_compose! {
        fn row()(
            numbers in (0i64..4, 0i64..4),
            ids in (id(), id(), id(), id(), id()),
            texts in (text(), text(), text(), text(), text(), text()),
            more in (text(), text(), text()),
        ) -> AuditRow {
            AuditRow {
                seq: numbers.0,
                at: DateTime::<Utc>::from_timestamp_micros(numbers.1).unwrap_or_default(),
                actor_kind: texts.0,
                actor_id: ids.0,
                actor_label: texts.1,
                action: texts.2,
                target_kind: texts.3,
                target_id: ids.1,
                target_label: texts.4,
                detail: texts.5,
                session_id: ids.2,
                address: more.0,
                user_agent: more.1,
                request_id: more.2,
                hash: None,
                on_behalf_of: ids.3,
                view_id: ids.4,
            }
        }
    }

    /// A row that differs from another in as little as one field, or in the place of one letter.
    fn neighbour(row: &AuditRow, field: usize, text: String, id: Option<Uuid>) -> AuditRow {
        let mut other = row.clone();
        match field {
            0 => other.actor_kind = text,
            1 => other.actor_label = text,
            2 => other.action = text,
            3 => other.target_kind = text,
            4 => other.target_label = text,
            5 => other.detail = text,
            6 => other.address = text,
            7 => other.user_agent = text,
            8 => other.request_id = text,
            9 => other.actor_id = id,
            10 => other.target_id = id,
            11 => other.session_id = id,
            15 => other.on_behalf_of = id,
            16 => other.view_id = id,
            17 => std::mem::swap(&mut other.on_behalf_of, &mut other.view_id),
            12 => std::mem::swap(&mut other.actor_id, &mut other.target_id),
            13 => {
                // The last letter of one field becomes the first of the next.
                if let Some(letter) = other.address.pop() {
                    other.user_agent.insert(0, letter);
                }
            }
            _ => other.seq += 1,
        }
        other
    }

    proptest! {
        #[test]
        fn two_rows_that_differ_never_have_the_same_canonical_bytes(
            one in row(), other in row(), field in 0usize..18, text in text(), id in id(), trails in (0u128..2, 0u128..2),
        ) {
            let (here, there) = (Uuid::from_u128(trails.0), Uuid::from_u128(trails.1));
            for second in [other, neighbour(&one, field, text, id)] {
                let same = one == second && here == there;
                prop_assert_eq!(one.canonical(here) == second.canonical(there), same);
            }
        }
    }

    #[test]
    fn the_canonical_form_never_changes() {
        let row = AuditRow {
            seq: 7,
            at: DateTime::<Utc>::from_timestamp_micros(1_795_379_295_000_123).unwrap(),
            actor_kind: "user".into(),
            actor_id: Some(Uuid::from_u128(1)),
            actor_label: "Ana <ana@example.org>".into(),
            action: "member.joined".into(),
            target_kind: "member".into(),
            target_id: Some(Uuid::from_u128(2)),
            target_label: "Ben".into(),
            detail: "{}".into(),
            session_id: None,
            address: "::1".into(),
            user_agent: String::new(),
            request_id: "r".into(),
            hash: None,
            on_behalf_of: None,
            view_id: None,
        };
        let bytes = row.canonical(Uuid::from_u128(9));
        let link = crate::keys::Keys::new(&[7; 32]).chain().link(&[], &bytes);
        assert_eq!(
            crate::hex::encode(&link),
            "01fd1f4c841f5693dba38e1936e6a9e7e804c6c3cd7bcd7e951f144693488a41f8"
        );
    }
}
