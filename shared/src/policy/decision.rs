//! One question, its answer, and why.

use serde::{Deserialize, Serialize};

use super::{Holdings, Place, effective, role_at};
use crate::{
    GroupId, ProjectId, RoleId, Timestamp,
    catalogue::{Bit, Catalogue, PermissionSet},
    permission::Scope,
};

/// What an API token is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenScope {
    /// The most it can do.
    pub permissions: PermissionSet,
    /// The only project it works in, where it has project-scoped permissions only; `None`: all, and the
    /// workspace.
    pub project: Option<ProjectId>,
}

/// Whose permissions are asked for, and what narrows them.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The member.
    pub holdings: &'a Holdings,
    /// Asked with a token: its scope.
    pub token: Option<TokenScope>,
    /// Viewing as this member: read-only, and nothing that they do not hold.
    pub viewing: Option<&'a Holdings>,
}

impl<'a> Subject<'a> {
    /// A member as they are.
    pub const fn member(holdings: &'a Holdings) -> Self {
        Self {
            holdings,
            token: None,
            viewing: None,
        }
    }
}

/// Why a permission is held or is not. Several can be true at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "id")]
pub enum Reason {
    /// Held: owners have everything.
    Owner,
    /// Held: by the role.
    Role(RoleId),
    /// Held: by the role, since they created this project.
    OwnProject(RoleId),
    /// Held: by a group.
    Group(GroupId),
    /// Held: given directly.
    Direct,
    /// Held: by the override in this project.
    Override(ProjectId),
    /// Not held: the override in this project leaves it out.
    Withheld(ProjectId),
    /// Not held: the role gives it only in projects that they created.
    OnlyOwnProjects(RoleId),
    /// Not held: neither role, nor group, nor direct permissions give it.
    NotGranted,
    /// Not held: the token's scope leaves it out.
    OutsideToken,
    /// Not held: viewing as somebody is read-only.
    ReadOnly,
    /// Not held: the member who is viewed as does not hold it.
    ViewedLacks,
    /// Not held: there is no such cell.
    NoSuchCell,
}

/// Whether a permission is held in a place. The answer of [`decide`] without its reasons; allocates
/// nothing.
pub fn allowed(
    catalogue: &Catalogue,
    subject: Subject<'_>,
    place: Place,
    bit: Bit,
    now: Timestamp,
) -> bool {
    effective(catalogue, subject.holdings, place, now).contains(bit)
        && narrowing(catalogue, subject, place, bit, now).is_none()
}

/// What somebody who views as a member may do in a place: look at what both of them hold. The
/// same as [`allowed`] says of each permission. Allocates nothing.
pub fn seen_as(
    catalogue: &Catalogue,
    viewer: &Holdings,
    target: &Holdings,
    place: Place,
    now: Timestamp,
) -> PermissionSet {
    effective(catalogue, viewer, place, now)
        .intersection(effective(catalogue, target, place, now))
        .intersection(catalogue.views())
}

/// The first thing beside the member's own permissions that says no.
fn narrowing(
    catalogue: &Catalogue,
    subject: Subject<'_>,
    place: Place,
    bit: Bit,
    now: Timestamp,
) -> Option<Reason> {
    if let Some(token) = subject.token {
        let here = token.project.is_none_or(|only| {
            matches!(place, Place::Project { id, .. } if id == only)
                && catalogue.scoped(Scope::Project).contains(bit)
        });
        if !here || !token.permissions.contains(bit) {
            return Some(Reason::OutsideToken);
        }
    }
    if let Some(viewed) = subject.viewing {
        if !catalogue.views().contains(bit) {
            return Some(Reason::ReadOnly);
        }
        if !effective(catalogue, viewed, place, now).contains(bit) {
            return Some(Reason::ViewedLacks);
        }
    }
    None
}

/// An answer that can say why. Holds on to what it was made from, and copies nothing.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Whether the permission is held.
    pub granted: bool,
    catalogue: &'a Catalogue,
    subject: Subject<'a>,
    place: Place,
    bit: Bit,
    now: Timestamp,
}

/// Decides whether a permission is held in a place at `now`, with reasons on request. Allocates
/// nothing.
pub fn decide<'a>(
    catalogue: &'a Catalogue,
    subject: Subject<'a>,
    place: Place,
    bit: Bit,
    now: Timestamp,
) -> Decision<'a> {
    Decision {
        granted: allowed(catalogue, subject, place, bit, now),
        catalogue,
        subject,
        place,
        bit,
        now,
    }
}

impl<'a> Decision<'a> {
    /// Every reason, the strongest first; never empty.
    pub fn reasons(self) -> impl Iterator<Item = Reason> + 'a {
        let (held, lacking) = if self.granted {
            (Some(self.sources()), None)
        } else {
            (None, Some(self.obstacles()))
        };
        held.into_iter()
            .flatten()
            .chain(lacking.into_iter().flatten())
    }

    fn sources(self) -> impl Iterator<Item = Reason> + 'a {
        let Self {
            subject, bit, now, ..
        } = self;
        let holdings = subject.holdings;
        let overridden = self.overridden();
        let only = if holdings.is_owner {
            Some(Reason::Owner)
        } else {
            overridden
        };
        // An owner or an override is the whole answer.
        let union = only.is_none();
        let role = (union && holdings.role.permissions.contains(bit)).then(|| self.by_role());
        let direct = (union && holdings.direct.at(now).contains(bit)).then_some(Reason::Direct);
        let groups = holdings
            .groups
            .iter()
            .filter(move |group| union && group.grant.at(now).contains(bit))
            .map(|group| Reason::Group(group.id));
        only.into_iter()
            .chain(role.flatten())
            .chain(groups)
            .chain(direct)
    }

    /// The override that decides about this permission here, if one does.
    fn overridden(self) -> Option<Reason> {
        let Place::Project { id, .. } = self.place else {
            return None;
        };
        let replaced = self.catalogue.scoped(Scope::Project).contains(self.bit);
        self.subject
            .holdings
            .override_in(id, self.now)
            .filter(|_| replaced)
            .map(|_| Reason::Override(id))
    }

    fn by_role(self) -> Option<Reason> {
        let role = self.subject.holdings.role;
        let everywhere =
            !role.own_projects_only || self.catalogue.scoped(Scope::Workspace).contains(self.bit);
        if everywhere {
            return Some(Reason::Role(role.id));
        }
        role_at(self.catalogue, self.subject.holdings, self.place)
            .contains(self.bit)
            .then_some(Reason::OwnProject(role.id))
    }

    fn obstacles(self) -> impl Iterator<Item = Reason> + 'a {
        let Self {
            catalogue,
            subject,
            place,
            bit,
            now,
            ..
        } = self;
        let exists = catalogue.cell(bit).is_some();
        let held = effective(catalogue, subject.holdings, place, now).contains(bit);
        let own = if exists && !held {
            Some(self.missing())
        } else {
            None
        };
        let unknown = (!exists).then_some(Reason::NoSuchCell);
        let narrowed = exists.then(|| narrowing(catalogue, subject, place, bit, now));
        unknown.into_iter().chain(narrowed.flatten()).chain(own)
    }

    /// Why the member's own permissions do not hold it.
    fn missing(self) -> Reason {
        if let (Some(_), Place::Project { id, .. }) = (self.overridden(), self.place) {
            return Reason::Withheld(id);
        }
        let role = self.subject.holdings.role;
        if role.own_projects_only && role.permissions.contains(self.bit) {
            Reason::OnlyOwnProjects(role.id)
        } else {
            Reason::NotGranted
        }
    }
}
