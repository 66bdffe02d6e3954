//! What each change asks of whoever makes it: the same for a preview and for the act itself.

use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp,
    access::{ChangeRequest, GrantView},
    catalogue::PermissionSet,
    group::MAX_JOINING,
    policy::{Grant, Holdings, Place, RoleGrant, effective, preview::Change},
};

use super::edit::{Edit, end, named_set};
use crate::{
    Rolecall,
    authz::{self, Act, Authorized, Standing, TeamManage, group_permissions, holdings},
    service::{Failure, roles::added},
    store::{Db, GroupRecord, RoleRecord},
    templates::Template,
};

/// A change, and what it asks.
pub(super) struct Asked {
    /// What it does to people.
    pub(super) change: Change,
    /// What somebody gets by it.
    pub(super) gives: PermissionSet,
    /// Where they get it.
    pub(super) place: Place,
    /// To whom it is done.
    pub(super) touches: Vec<Holdings>,
    /// Why nobody at all makes it.
    pub(super) never: Option<String>,
}

impl Asked {
    /// A change that is done to nobody in particular.
    fn of(change: Change, gives: PermissionSet) -> Self {
        Self {
            change,
            gives,
            place: Place::Workspace,
            touches: Vec::new(),
            never: None,
        }
    }

    /// Refuses the change past what the caller may give or touch, or when it helps themselves.
    pub(super) fn permit(&self, caller: &Standing, template: &Template) -> Result<(), Failure> {
        if let Some(why) = &self.never {
            return Err(Failure::Conflict(why.clone()));
        }
        let act = Act {
            gives: self.gives,
            place: self.place,
            touches: &self.touches,
            change: Some(&self.change),
        };
        authz::permit(caller, &template.catalogue, &act)?;
        Ok(())
    }
}

/// Where a change is asked for.
struct Asking<'a> {
    app: &'a Rolecall,
    db: &'a mut Db,
    proof: &'a Authorized<TeamManage>,
    template: &'a Template,
    now: Timestamp,
}

/// Finds all that a change names, and what it asks. The caller manages the team; what else the change
/// needs is in the answer.
///
/// # Errors
/// [`Failure::NotFound`] for what is not here or not for the caller, [`Failure::Invalid`] on the
/// fields `permissions`, `expires_at`, `groups`, `members` and `replacement`.
pub(super) async fn ask(
    app: &Rolecall,
    db: &mut Db,
    proof: &Authorized<TeamManage>,
    template: &Template,
    request: &ChangeRequest,
) -> Result<Asked, Failure> {
    let now = proof.now();
    let mut asking = Asking {
        app,
        db,
        proof,
        template,
        now,
    };
    match request {
        ChangeRequest::EditRole {
            role,
            permissions,
            own_projects_only,
        } => {
            asking
                .edit_role(*role, permissions, *own_projects_only)
                .await
        }
        ChangeRequest::DeleteRole { role, replacement } => {
            asking.delete_role(*role, *replacement).await
        }
        ChangeRequest::EditGroup { group, permissions } => {
            asking.edit_group(*group, permissions).await
        }
        ChangeRequest::DeleteGroup { group } => {
            asking.group(*group).await?;
            Ok(Asked::of(Change::DeleteGroup(*group), PermissionSet::EMPTY))
        }
        ChangeRequest::AddToGroup {
            group,
            members,
            expires_at,
        } => asking.add_to_group(*group, members, *expires_at).await,
        ChangeRequest::EditMember { member, access } => {
            let edit = Edit::find(asking.db, proof, template, *member, access).await?;
            Ok(edit.asked(now))
        }
        ChangeRequest::SetOverride {
            member,
            project,
            grant,
        } => asking.set_override(*member, *project, grant).await,
        ChangeRequest::RemoveOverride { member, project } => {
            asking.change_override(*member, *project, None).await
        }
    }
}

impl Asking<'_> {
    async fn role(&mut self, id: RoleId) -> Result<RoleRecord, Failure> {
        let found = self.db.role(self.proof.workspace(), id).await?;
        found.ok_or(Failure::NotFound("role"))
    }

    async fn group(&mut self, id: GroupId) -> Result<GroupRecord, Failure> {
        let found = self.db.group(self.proof.workspace(), id).await?;
        found.ok_or(Failure::NotFound("group"))
    }

    /// Why nobody changes a role, in the words of the act.
    fn immutable(&self, role: &RoleRecord) -> Option<String> {
        let clone = if self.template.custom_roles {
            " Clone it and change the copy."
        } else {
            ""
        };
        let built_in = role.builtin_key.is_some();
        built_in.then(|| format!("Built-in roles stay as they are.{clone}"))
    }

    async fn edit_role(
        &mut self,
        id: RoleId,
        names: &[String],
        own_projects_only: bool,
    ) -> Result<Asked, Failure> {
        let role = self.role(id).await?;
        let catalogue = &self.template.catalogue;
        let with = RoleGrant {
            id,
            permissions: named_set(catalogue, names)?,
            own_projects_only,
        };
        let gives = added(catalogue, role.grant(self.template), with);
        let change = Change::ReplaceRole { role: id, with };
        Ok(Asked {
            never: self.immutable(&role),
            ..Asked::of(change, gives)
        })
    }

    async fn delete_role(&mut self, id: RoleId, with: RoleId) -> Result<Asked, Failure> {
        let role = self.role(id).await?;
        if id == with {
            return Err(Failure::field("replacement", "Choose a role that stays."));
        }
        let with = self.role(with).await?.grant(self.template);
        // Given to nobody, the replacement is not given.
        let gives = if self.is_given(id).await? {
            with.permissions
        } else {
            PermissionSet::EMPTY
        };
        let change = Change::ReplaceRole { role: id, with };
        Ok(Asked {
            never: self.immutable(&role),
            ..Asked::of(change, gives)
        })
    }

    /// Whether anybody has a role, or would have it by an invitation that waits.
    async fn is_given(&mut self, role: RoleId) -> Result<bool, Failure> {
        let workspace = self.proof.workspace();
        if self
            .db
            .members_by_role(workspace)
            .await?
            .contains_key(&role)
        {
            return Ok(true);
        }
        let now = self.app.clock().now();
        let invited = self.db.invitations_by_role(workspace, now).await?;
        Ok(invited.contains_key(&role))
    }

    async fn edit_group(&mut self, group: GroupId, names: &[String]) -> Result<Asked, Failure> {
        let found = self.group(group).await?;
        let catalogue = &self.template.catalogue;
        let permissions = named_set(catalogue, names)?;
        let added = permissions.minus(group_permissions(catalogue, &found.permissions));
        Ok(Asked::of(Change::EditGroup { group, permissions }, added))
    }

    async fn add_to_group(
        &mut self,
        group: GroupId,
        members: &[MemberId],
        expires_at: Option<Timestamp>,
    ) -> Result<Asked, Failure> {
        if members.is_empty() || MAX_JOINING < members.len() {
            let message = format!("Choose 1 to {MAX_JOINING} people at a time.");
            return Err(Failure::field("members", message));
        }
        let expires_at = end("expires_at", expires_at, self.now)?;
        let found = self.group(group).await?;
        let catalogue = &self.template.catalogue;
        let gives = group_permissions(catalogue, &found.permissions);
        let grant = Grant {
            permissions: gives,
            expires_at,
        };
        let change = Change::JoinGroup {
            group,
            members: members.to_vec(),
            grant,
        };
        Ok(Asked {
            touches: self.holdings_of(members).await?,
            ..Asked::of(change, gives)
        })
    }

    /// What some members hold, each once; a foreign id is as unknown as a made-up one.
    async fn holdings_of(&mut self, members: &[MemberId]) -> Result<Vec<Holdings>, Failure> {
        let people = self
            .db
            .people_among(self.proof.workspace(), members)
            .await?;
        let here = |id: &MemberId| people.iter().any(|p| p.holder.member_id == *id);
        if !members.iter().all(here) {
            return Err(Failure::NotFound("member"));
        }
        let grants = self.db.grants_of(members).await?;
        Ok(people
            .iter()
            .map(|person| holdings(self.template, &person.holder, &grants))
            .collect())
    }

    async fn set_override(
        &mut self,
        member: MemberId,
        project: ProjectId,
        wanted: &GrantView,
    ) -> Result<Asked, Failure> {
        let catalogue = &self.template.catalogue;
        let permissions = catalogue
            .override_set(&wanted.permissions)
            .map_err(|problem| Failure::field("permissions", problem.to_string()))?;
        let expires_at = end("expires_at", wanted.expires_at, self.now)?;
        let grant = Grant {
            permissions,
            expires_at,
        };
        self.change_override(member, project, Some(grant)).await
    }

    /// What an override gives in its project, and what comes back when the present one is gone: at
    /// once when it is removed, by itself when the new one ends.
    async fn change_override(
        &mut self,
        member: MemberId,
        project: ProjectId,
        grant: Option<Grant>,
    ) -> Result<Asked, Failure> {
        let (caller, slug) = (self.proof.caller(), &self.proof.workspace_record().slug);
        let place = authz::authorize_in::<TeamManage>(self.app, self.db, caller, slug, project)
            .await?
            .place();
        let held = self.holdings_of(&[member]).await?.remove(0);
        if grant.is_none() && !held.overrides.iter().any(|o| o.project == project) {
            return Err(Failure::NotFound("override"));
        }
        let catalogue = &self.template.catalogue;
        let removed = Change::Override {
            member,
            project,
            grant: None,
        };
        let bare = removed.after(&held).unwrap_or_else(|| held.clone());
        let here = effective(catalogue, &held, place, self.now);
        let kept_back = effective(catalogue, &bare, place, self.now).minus(here);
        let granted = grant.map_or(PermissionSet::EMPTY, |g| g.permissions);
        let lasting = grant.is_some_and(|g| g.expires_at.is_none());
        let gives = if lasting {
            granted
        } else {
            granted.union(kept_back)
        };
        // Others are told first that only owners act on an owner.
        let immune = held.is_owner && grant.is_some() && self.proof.is_owner();
        Ok(Asked {
            change: Change::Override {
                member,
                project,
                grant,
            },
            gives,
            place,
            touches: vec![held],
            never: immune.then(|| {
                "Owners have every permission in every project, so nothing can be overridden for them.".to_owned()
            }),
        })
    }
}
