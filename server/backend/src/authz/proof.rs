//! The proof that somebody holds a permission in a workspace.

use std::marker::PhantomData;

use rolecall_shared::{
    MemberId, WorkspaceId, catalogue::PermissionSet, core_permissions, permission::CorePermission,
};

use crate::{request::Caller, store::WorkspaceRecord};

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

/// Proof that the caller held permission `P` in a workspace when this transaction asked.
/// Neither cloned nor serialised, and of no use outside the workspace it names.
#[derive(Debug)]
pub struct Authorized<P: Permission> {
    workspace: WorkspaceRecord,
    member: MemberId,
    is_owner: bool,
    role: String,
    effective: PermissionSet,
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P: Permission> Authorized<P> {
    pub(super) fn new(
        workspace: WorkspaceRecord,
        member: MemberId,
        is_owner: bool,
        role: String,
        effective: PermissionSet,
        caller: Caller,
    ) -> Self {
        Self {
            workspace,
            member,
            is_owner,
            role,
            effective,
            caller,
            permission: PhantomData,
        }
    }

    /// The workspace that was proven; the only one that store methods touch.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace.id
    }

    /// Its row as the proof found it.
    pub fn workspace_record(&self) -> &WorkspaceRecord {
        &self.workspace
    }

    /// The caller's membership.
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// Whether the caller is an owner.
    pub fn is_owner(&self) -> bool {
        self.is_owner
    }

    /// The name of the caller's role.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// All that the caller may do here.
    pub fn effective(&self) -> PermissionSet {
        self.effective
    }

    /// The person and the request.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}
