//! What somebody is in a workspace right now, and the proofs that they hold a permission there.

use std::{marker::PhantomData, ops::Deref};

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, Timestamp, WorkspaceId,
    catalogue::PermissionSet,
    core_permissions,
    permission::{Action, CorePermission},
    policy::{self, Holdings, Place},
};

use crate::{
    request::Caller,
    store::{ProjectRecord, WorkspaceRecord},
    templates::Template,
};

/// A core permission as a type.
pub trait Permission: sealed::Sealed {
    /// The permission that the type stands for.
    const PERMISSION: CorePermission;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! markers {
    ($($name:ident: $group:literal, $action:ident, $deed:literal;)+) => {$(
        #[doc = concat!("Stands for the permission to ", $deed, " (row `", $group, "`).")]
        #[derive(Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Permission for $name {
            const PERMISSION: CorePermission = CorePermission::$name;
        }
    )+};
}
core_permissions!(markers);

/// An active member of a workspace and all that decides what they may do, as this transaction
/// found it. Every proof has one; by itself it proves membership and nothing else.
#[derive(Debug)]
pub struct Standing {
    pub(super) workspace: WorkspaceRecord,
    pub(super) role: String,
    pub(super) holdings: Holdings,
    pub(super) caller: Caller,
    pub(super) now: Timestamp,
    pub(super) last_active_at: Option<DateTime<Utc>>,
    /// While the caller views as a member, who is what the rest says: what the caller holds themselves.
    pub(super) viewer: Option<Holdings>,
}

impl Standing {
    /// The same again for another part of the request it was found in: only [`super::Glance`] may.
    pub(super) fn copy(&self) -> Self {
        Self {
            workspace: self.workspace.clone(),
            role: self.role.clone(),
            holdings: self.holdings.clone(),
            caller: self.caller.clone(),
            now: self.now,
            last_active_at: self.last_active_at,
            viewer: self.viewer.clone(),
        }
    }

    /// When the caller last did something here before this.
    pub fn last_active_at(&self) -> Option<DateTime<Utc>> {
        self.last_active_at
    }

    /// The workspace; the only one that store methods touch.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace.id
    }

    /// Its row as it was found.
    pub fn workspace_record(&self) -> &WorkspaceRecord {
        &self.workspace
    }

    /// The caller's membership; while they view as a member, that one's.
    pub fn member(&self) -> MemberId {
        self.holdings.member
    }

    /// Whether the caller is an owner.
    pub fn is_owner(&self) -> bool {
        self.holdings.is_owner
    }

    /// The name of the caller's role.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// All that the caller holds; while they view as a member, all that one holds.
    pub fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    /// Whose permissions count, and what narrows them.
    pub(super) fn subject(&self) -> policy::Subject<'_> {
        match &self.viewer {
            None => policy::Subject::member(&self.holdings),
            Some(viewer) => policy::Subject {
                viewing: Some(&self.holdings),
                ..policy::Subject::member(viewer)
            },
        }
    }

    /// What the caller may do in a place.
    pub fn effective(&self, template: &Template, place: Place) -> PermissionSet {
        let (catalogue, held) = (&template.catalogue, &self.holdings);
        match &self.viewer {
            None => policy::effective(catalogue, held, place, self.now),
            Some(viewer) => policy::seen_as(catalogue, viewer, held, place, self.now),
        }
    }

    /// The moment at which all of it was judged.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The person and the request.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

/// Proof that the caller held permission `P` in a workspace when this transaction asked.
/// Neither cloned nor serialised, and of no use outside the workspace it names.
#[derive(Debug)]
pub struct Authorized<P: Permission> {
    standing: Standing,
    permission: PhantomData<P>,
}

impl<P: Permission> Authorized<P> {
    pub(super) fn new(standing: Standing) -> Self {
        Self {
            standing,
            permission: PhantomData,
        }
    }
}

impl<P: Permission> Deref for Authorized<P> {
    type Target = Standing;
    fn deref(&self) -> &Standing {
        &self.standing
    }
}

/// Proof that the caller held permission `P` in one project, which may be less or more than they
/// hold in the workspace. Of no use for anything outside that project.
#[derive(Debug)]
pub struct InProject<P: Permission> {
    standing: Standing,
    project: ProjectRecord,
    permission: PhantomData<P>,
}

impl<P: Permission> InProject<P> {
    pub(super) fn new(standing: Standing, project: ProjectRecord) -> Self {
        Self {
            standing,
            project,
            permission: PhantomData,
        }
    }

    /// The project as it was found.
    pub fn project(&self) -> &ProjectRecord {
        &self.project
    }

    /// The project as a place to ask permissions for.
    pub fn place(&self) -> Place {
        self.project.place()
    }
}

impl<P: Permission> Deref for InProject<P> {
    type Target = Standing;
    fn deref(&self) -> &Standing {
        &self.standing
    }
}

/// Proof that the caller held one action on one service group in one project: what the resources of
/// that row are read and changed with. The row is data of the template, so it is no type.
#[derive(Debug)]
pub struct OnService {
    standing: Standing,
    project: ProjectRecord,
    service: String,
    action: Action,
}

impl OnService {
    pub(super) fn new(
        standing: Standing,
        project: ProjectRecord,
        service: String,
        action: Action,
    ) -> Self {
        Self {
            standing,
            project,
            service,
            action,
        }
    }

    /// The project as it was found.
    pub fn project(&self) -> &ProjectRecord {
        &self.project
    }

    /// The key of the row.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// What may be done with its resources.
    pub fn action(&self) -> Action {
        self.action
    }
}

impl Deref for OnService {
    type Target = Standing;
    fn deref(&self) -> &Standing {
        &self.standing
    }
}
