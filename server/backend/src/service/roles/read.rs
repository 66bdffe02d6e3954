//! Reading roles.

use std::collections::HashMap;

use rolecall_shared::{
    RoleId,
    member::Named,
    policy,
    role::{RoleCard, RoleComparison, RoleDraft, RoleEditor, RoleOption, RoleOrigin, RolesPage},
};

use super::{default_role, immutable, may_only_look, review::review};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamView},
    service::{Failure, members::template},
    store::{Db, RoleRecord, StoreError},
    templates::Template,
};

/// All roles of a workspace, and how many people they concern.
struct Roles<'a> {
    template: &'a Template,
    /// Built-in ones in the order of the template, then custom ones by name.
    records: Vec<RoleRecord>,
    members: HashMap<RoleId, i64>,
    invitations: HashMap<RoleId, i64>,
    /// The one that invitations choose first.
    default: Option<RoleId>,
}

impl<'a> Roles<'a> {
    async fn load(
        app: &'a Rolecall,
        db: &mut Db,
        proof: &Authorized<TeamView>,
    ) -> Result<Self, StoreError> {
        let template = template(app, proof)?;
        let workspace = proof.workspace();
        let mut records = db.roles(workspace).await?;
        let place = |role: &RoleRecord| {
            let key = role.builtin_key.as_deref()?;
            template.roles.iter().position(|r| r.key == key)
        };
        records.sort_by_cached_key(|role| {
            let place = place(role).unwrap_or(usize::MAX);
            (role.builtin_key.is_none(), place, role.name.to_lowercase())
        });
        Ok(Self {
            default: default_role(proof.workspace_record(), template, &records),
            template,
            records,
            members: db.members_by_role(workspace).await?,
            invitations: db.invitations_by_role(workspace, app.clock().now()).await?,
        })
    }

    fn find(&self, id: RoleId) -> Result<&RoleRecord, Failure> {
        let found = self.records.iter().find(|role| role.id == id);
        found.ok_or(Failure::NotFound("role"))
    }

    fn card(&self, role: &RoleRecord) -> RoleCard {
        let key = role.builtin_key.as_deref();
        let built_in = key.and_then(|key| self.template.role(key));
        let grant = role.grant(self.template);
        RoleCard {
            id: role.id,
            name: role.name.clone(),
            description: role.description.clone(),
            built_in: key.is_some(),
            best_for: built_in.map_or_else(Vec::new, |r| r.best_for.clone()),
            restrictions: built_in.map_or_else(Vec::new, |r| r.restrictions.clone()),
            own_projects_only: grant.own_projects_only,
            level: self.template.catalogue.level(grant.permissions),
            members: self.members.get(&role.id).copied().unwrap_or_default(),
            invitations: self.invitations.get(&role.id).copied().unwrap_or_default(),
            is_default: self.default == Some(role.id),
            version: role.version,
        }
    }

    fn draft(&self, role: &RoleRecord) -> RoleDraft {
        let grant = role.grant(self.template);
        RoleDraft {
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: self.template.catalogue.names(grant.permissions),
            own_projects_only: grant.own_projects_only,
        }
    }

    /// The role that a custom one was cloned from, while there is that role.
    fn origin(&self, role: &RoleRecord) -> Option<RoleOrigin> {
        let from = role.cloned_from.map(RoleId)?;
        let origin = self.records.iter().find(|other| other.id == from)?;
        let draft = self.draft(origin);
        Some(RoleOrigin {
            id: from,
            name: draft.name,
            permissions: draft.permissions,
            own_projects_only: draft.own_projects_only,
        })
    }

    fn options(&self, proof: &Authorized<TeamView>, but: RoleId) -> Vec<RoleOption> {
        let catalogue = &self.template.catalogue;
        let others = self.records.iter().filter(|role| role.id != but);
        others
            .map(|role| {
                let set = role.permissions(self.template);
                RoleOption {
                    id: role.id,
                    name: role.name.clone(),
                    description: role.description.clone(),
                    level: catalogue.level(set),
                    lacking: authz::lacking(proof, catalogue, set),
                }
            })
            .collect()
    }
}

/// All roles as cards. Needs `team:view`.
pub async fn list(app: &Rolecall, caller: &Caller, slug: &str) -> Result<RolesPage, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let roles = Roles::load(app, &mut db, &proof).await?;
    Ok(RolesPage {
        roles: roles.records.iter().map(|role| roles.card(role)).collect(),
        custom_roles: roles.template.custom_roles,
        review: review(&mut db, &proof, roles.template, &roles.records).await?,
    })
}

/// One role for its page, or a new one, empty or cloned from `clone_of`. Needs `team:view`; who may
/// not change it is told why.
///
/// # Errors
/// [`Failure::NotFound`] for a role that is not there, or of another workspace.
pub async fn editor(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    role: Option<RoleId>,
    clone_of: Option<RoleId>,
) -> Result<RoleEditor, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let roles = Roles::load(app, &mut db, &proof).await?;
    let template = roles.template;
    let record = role.map(|id| roles.find(id)).transpose()?;
    let draft = match (record, clone_of) {
        (Some(record), _) => roles.draft(record),
        (None, Some(id)) => {
            let draft = roles.draft(roles.find(id)?);
            RoleDraft {
                name: copied_name(&draft.name),
                ..draft
            }
        }
        (None, None) => RoleDraft::default(),
    };
    let catalogue = &template.catalogue;
    let grantable = policy::everywhere(catalogue, proof.holdings(), proof.now());
    Ok(RoleEditor {
        fixed: immutable(template, None),
        role: record.map(|record| roles.card(record)),
        origin: record.and_then(|record| roles.origin(record)),
        draft,
        catalogue: catalogue.clone(),
        grantable: catalogue.names(grantable),
        blocked: immutable(template, record).or_else(|| may_only_look(&proof, template, "roles")),
        others: record.map_or_else(Vec::new, |record| roles.options(&proof, record.id)),
    })
}

/// A name for a clone, which fits also when the original one is as long as can be.
fn copied_name(name: &str) -> String {
    format!("Copy of {name}")
        .chars()
        .take(rolecall_shared::text::NAME_MAX)
        .collect()
}

/// Two roles side by side. Needs `team:view`.
///
/// # Errors
/// [`Failure::NotFound`] when either is not there.
pub async fn compare(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    left: RoleId,
    right: RoleId,
) -> Result<RoleComparison, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let roles = Roles::load(app, &mut db, &proof).await?;
    let side = |id| {
        let role = roles.find(id)?;
        Ok::<_, Failure>((roles.card(role), roles.draft(role).permissions))
    };
    Ok(RoleComparison {
        catalogue: roles.template.catalogue.clone(),
        sides: [side(left)?, side(right)?],
        roles: roles
            .records
            .iter()
            .map(|role| Named {
                id: role.id,
                name: role.name.clone(),
            })
            .collect(),
    })
}
