//! A member as they are, and as an order would make them.

use chrono::{DateTime, TimeZone as _, Utc};
use rolecall_shared::{
    GroupId, MemberId, Timestamp,
    access::{GrantView, MemberAccess},
    catalogue::{Catalogue, PermissionSet},
    policy::{Grant, GroupGrant, Holdings, Place, preview::Change},
    text,
};
use serde_json::{Value, json};

use super::ask::Asked;
use crate::{
    authz::{Authorized, TeamManage, group_permissions, holdings},
    service::Failure,
    store::{Db, GroupRecord, PersonRecord, RoleRecord},
    templates::Template,
};

/// The last moment that both databases keep: the end of 9999, in microseconds.
const LAST_END: i64 = 253_402_300_799_999_999;

/// The end of something that is given: in the future, or none.
pub(in crate::service) fn end(
    field: &str,
    at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    match at {
        Some(at) if at <= now || LAST_END < at.0 => {
            Err(Failure::field(field, "Choose a moment in the future."))
        }
        at => Ok(at),
    }
}

/// An end as the databases keep it.
pub(in crate::service) fn stored_end(at: Option<Timestamp>) -> Option<DateTime<Utc>> {
    at.and_then(|at| Utc.timestamp_micros(at.0).single())
}

/// A set from names that were sent; a name that the catalogue does not have is the error (rule 40).
pub(super) fn named_set(catalogue: &Catalogue, names: &[String]) -> Result<PermissionSet, Failure> {
    catalogue.set(names).map_err(|mut unknown| {
        // It is said back to whoever sent it, and nobody wants to read a page of it.
        unknown.0 = text::tidy(&unknown.0)
            .chars()
            .take(text::NAME_MAX)
            .collect();
        Failure::field("permissions", unknown.to_string())
    })
}

/// What a changed grant gives that the old one did not: further permissions, and all of them when
/// they last longer. What has ended and stays so gives nothing.
fn newly_given(before: Grant, after: Grant, now: Timestamp) -> PermissionSet {
    let longer = match (before.expires_at, after.expires_at) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => before < after,
    };
    if longer {
        after.permissions
    } else {
        after.at(now).minus(before.at(now))
    }
}

/// A member, and as they would be.
pub(super) struct Edit {
    /// Who.
    pub(super) person: PersonRecord,
    /// What they hold.
    pub(super) before: Holdings,
    /// What they would hold.
    pub(super) after: Holdings,
    /// The role they would have.
    pub(super) role: RoleRecord,
    /// All groups of the workspace, for their names.
    groups: Vec<GroupRecord>,
}

impl Edit {
    /// Finds the member and all that the order names; foreign and unknown ids are the same.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for a member, role or group that is not here; [`Failure::Invalid`] on
    /// `permissions` (names what is unknown), `expires_at` (of the direct permissions) or `groups`,
    /// when what is new would end before it begins.
    pub(super) async fn find(
        db: &mut Db,
        proof: &Authorized<TeamManage>,
        template: &Template,
        member: MemberId,
        access: &MemberAccess,
    ) -> Result<Self, Failure> {
        let workspace = proof.workspace();
        let person = db.person(workspace, member).await?;
        let person = person.ok_or(Failure::NotFound("member"))?;
        let grants = db.grants_of(&[member]).await?;
        let before = holdings(template, &person.holder, &grants);
        let role = db.role(workspace, access.role).await?;
        let role = role.ok_or(Failure::NotFound("role"))?;
        let groups = db.groups(workspace).await?;
        let (catalogue, now) = (&template.catalogue, proof.now());
        let after = Holdings {
            role: role.grant(template),
            groups: joined(catalogue, &before, &groups, access, now)?,
            direct: direct(catalogue, before.direct, &access.direct, now)?,
            ..before.clone()
        };
        Ok(Self {
            person,
            before,
            after,
            role,
            groups,
        })
    }

    /// What the change asks of the caller: the boundary for what is newly given (what stays is not
    /// given again), the touch rule for the member, and that nobody helps themselves.
    pub(super) fn asked(&self, now: Timestamp) -> Asked {
        let (before, after) = (&self.before, &self.after);
        let mut gives = newly_given(before.direct, after.direct, now);
        if after.role != before.role {
            gives = gives.union(after.role.permissions);
        }
        for group in &after.groups {
            let held = before.groups.iter().find(|g| g.id == group.id);
            let held = held.map_or_else(Grant::default, |g| g.grant);
            gives = gives.union(newly_given(held, group.grant, now));
        }
        Asked {
            change: Change::EditMember(Box::new(after.clone())),
            gives,
            place: Place::Workspace,
            touches: vec![before.clone()],
            never: None,
        }
    }

    /// Whether it gives another role, which asks for a fresh proof of who orders it (rule 8).
    pub(super) fn changes_role(&self) -> bool {
        self.before.role.id != self.after.role.id
    }

    /// Whether it changes nothing.
    pub(super) fn is_idle(&self) -> bool {
        let ids = |held: &Holdings| {
            let mut groups: Vec<_> = held
                .groups
                .iter()
                .map(|g| (g.id, g.grant.expires_at))
                .collect();
            groups.sort_unstable();
            groups
        };
        let (before, after) = (&self.before, &self.after);
        before.role.id == after.role.id
            && before.direct == after.direct
            && ids(before) == ids(after)
    }

    /// The direct permissions as they are to be stored. What stays, stays to the letter: names that
    /// the template does not have at the moment are not lost.
    pub(super) fn stored_direct(&self, catalogue: &Catalogue) -> String {
        if self.before.direct.permissions == self.after.direct.permissions {
            self.person.holder.direct_permissions.clone()
        } else {
            catalogue.names(self.after.direct.permissions).join(" ")
        }
    }

    /// Before and after, for the trail.
    pub(super) fn told(&self, catalogue: &Catalogue) -> Value {
        json!({
            "before": self.side(catalogue, &self.person.holder.role_name, &self.before),
            "after": self.side(catalogue, &self.role.name, &self.after),
        })
    }

    fn side(&self, catalogue: &Catalogue, role: &str, held: &Holdings) -> Value {
        let end = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
        // In the order of the list of groups, which is by name.
        let groups = self.groups.iter().filter_map(|group| {
            let held = held.groups.iter().find(|g| g.id == group.id)?;
            Some(json!({ "name": group.name, "expires_at": end(held.grant.expires_at) }))
        });
        json!({
            "role": role,
            "groups": groups.collect::<Vec<_>>(),
            "direct": {
                "permissions": catalogue.names(held.direct.permissions),
                "expires_at": end(held.direct.expires_at),
            },
        })
    }
}

/// The groups of an order; named twice is once.
fn joined(
    catalogue: &Catalogue,
    before: &Holdings,
    all: &[GroupRecord],
    access: &MemberAccess,
    now: Timestamp,
) -> Result<Vec<GroupGrant>, Failure> {
    let mut joined: Vec<GroupGrant> = Vec::new();
    for wanted in &access.groups {
        let group = all.iter().find(|g| g.id == wanted.group);
        let group = group.ok_or(Failure::NotFound("group"))?;
        if joined.iter().any(|g| g.id == group.id) {
            continue;
        }
        let stays = |g: &&GroupGrant| g.id == group.id && g.grant.expires_at == wanted.expires_at;
        // A membership that has ended may stay in the list as it is.
        let expires_at = if before.groups.iter().any(|g| stays(&g)) {
            wanted.expires_at
        } else {
            end("groups", wanted.expires_at, now)?
        };
        let permissions = group_permissions(catalogue, &group.permissions);
        joined.push(GroupGrant {
            id: group.id,
            grant: Grant {
                permissions,
                expires_at,
            },
        });
    }
    Ok(joined)
}

/// The direct permissions of an order. Without any there is nothing that could end.
fn direct(
    catalogue: &Catalogue,
    before: Grant,
    wanted: &GrantView,
    now: Timestamp,
) -> Result<Grant, Failure> {
    let permissions = named_set(catalogue, &wanted.permissions)?;
    let after = Grant {
        permissions,
        expires_at: wanted.expires_at,
    };
    if after == before {
        return Ok(after);
    }
    let expires_at = end("expires_at", wanted.expires_at, now)?;
    Ok(Grant {
        permissions,
        expires_at: expires_at.filter(|_| !permissions.is_empty()),
    })
}

impl Edit {
    /// The groups as they are to be stored.
    pub(super) fn stored_groups(&self) -> Vec<(GroupId, Option<DateTime<Utc>>)> {
        let groups = self.after.groups.iter();
        groups
            .map(|g| (g.id, stored_end(g.grant.expires_at)))
            .collect()
    }

    /// When the direct permissions end, as it is to be stored.
    pub(super) fn stored_direct_end(&self) -> Option<DateTime<Utc>> {
        stored_end(self.after.direct.expires_at)
    }

    /// Name and address, for the trail.
    pub(super) fn label(&self) -> String {
        format!("{} <{}>", self.person.name, self.person.email)
    }
}
