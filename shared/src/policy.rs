//! The evaluation of permissions: one pure function for server and browser (`product.md` §3).

use crate::{
    Timestamp,
    catalogue::{Catalogue, PermissionSet},
};

/// A permission set that a member holds until a moment, or without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What is given.
    pub permissions: PermissionSet,
    /// From this moment on it gives nothing; `None`: no end.
    pub expires_at: Option<Timestamp>,
}

impl Grant {
    /// A grant without an end.
    pub const fn lasting(permissions: PermissionSet) -> Self {
        Self {
            permissions,
            expires_at: None,
        }
    }

    fn at(self, now: Timestamp) -> PermissionSet {
        match self.expires_at {
            Some(end) if end <= now => PermissionSet::EMPTY,
            _ => self.permissions,
        }
    }
}

/// All that decides what a member may do in the workspace.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// Owners have every permission.
    pub is_owner: bool,
    /// The permissions of the one role.
    pub role: PermissionSet,
    /// One grant per group, and one for direct permissions.
    pub grants: Vec<Grant>,
}

/// What a member may do in the workspace at `now`: everything for an owner, else role ∪ unexpired grants.
pub fn effective(catalogue: &Catalogue, member: &Holdings, now: Timestamp) -> PermissionSet {
    if member.is_owner {
        return catalogue.all();
    }
    member
        .grants
        .iter()
        .fold(member.role, |set, grant| set.union(grant.at(now)))
}

/// The grant boundary: whether an actor may give `grant`; otherwise what they lack.
///
/// Every way of giving power asks this function: inclusion of permission sets, never rank or name.
pub fn may_grant(
    actor_is_owner: bool,
    actor: PermissionSet,
    grant: PermissionSet,
) -> Result<(), PermissionSet> {
    let lacking = grant.minus(actor);
    if actor_is_owner || lacking.is_empty() {
        Ok(())
    } else {
        Err(lacking)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        catalogue::{Bit, Row},
        permission::{Action, Scope},
    };

    fn catalogue() -> Catalogue {
        let rows = ["a", "b", "c"].map(|key| Row {
            key: key.into(),
            title: key.into(),
            category: String::new(),
            scope: Scope::Project,
            cells: [(); 3].map(|()| Some(String::new())),
        });
        Catalogue::new(rows.into()).unwrap()
    }

    fn sets() -> impl Strategy<Value = PermissionSet> {
        prop::collection::vec(any::<bool>(), 9).prop_map(|picks| {
            let c = catalogue();
            let bits: Vec<Bit> = c.cells().map(|(_, _, bit)| bit).collect();
            let chosen = bits.into_iter().zip(picks).filter(|(_, p)| *p);
            c.closed(chosen.fold(PermissionSet::EMPTY, |s, (b, _)| s.with(b)))
        })
    }

    proptest! {
        #[test]
        fn a_further_grant_never_removes(role in sets(), first in sets(), second in sets()) {
            let c = catalogue();
            let now = Timestamp(10);
            let one = Holdings { role, grants: vec![Grant::lasting(first)], ..Holdings::default() };
            let mut two = one.clone();
            two.grants.push(Grant::lasting(second));
            prop_assert!(effective(&c, &two, now).includes(effective(&c, &one, now)));
        }

        #[test]
        fn an_expired_grant_gives_nothing(role in sets(), late in sets(), end in 0i64..20) {
            let c = catalogue();
            let now = Timestamp(10);
            let grant = Grant { permissions: late, expires_at: Some(Timestamp(end)) };
            let member = Holdings { role, grants: vec![grant], ..Holdings::default() };
            let expected = if end <= 10 { role } else { role.union(late) };
            prop_assert_eq!(effective(&c, &member, now), expected);
        }

        #[test]
        fn nobody_but_an_owner_gives_what_they_do_not_hold(actor in sets(), grant in sets()) {
            match may_grant(false, actor, grant) {
                Ok(()) => prop_assert!(actor.includes(grant)),
                Err(lacking) => prop_assert!(!lacking.is_empty() && lacking.intersection(actor).is_empty()),
            }
            prop_assert!(may_grant(true, actor, grant).is_ok());
        }
    }

    #[test]
    fn an_owner_has_everything_without_a_role() {
        let c = catalogue();
        let owner = Holdings {
            is_owner: true,
            ..Holdings::default()
        };
        assert_eq!(effective(&c, &owner, Timestamp(0)), c.all());
        assert!(c.bit("a", Action::Delete).is_some());
    }
}
