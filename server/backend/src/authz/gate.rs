//! The gate: the one place where a permission becomes a proof.

use rolecall_shared::{
    ProjectId, Timestamp, WorkspaceId,
    catalogue::Bit,
    permission::{Action, CorePermission, Scope},
    policy::{self, Holdings, Place},
};

use super::{
    Authorized, InProject, OnService, Permission, ProjectsManage, Standing, ViewEnd,
    rights::{holdings, token_scope},
    viewing::as_viewed,
};
use crate::{
    Caller, Rolecall, TokenUse,
    clock::{moment, timestamp},
    store::{Db, ProjectRecord, StoreError},
    templates::Template,
};

/// Why the gate stays shut.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Not an active member: for them the workspace does not exist (rule 29).
    #[error("the workspace is not visible to the caller")]
    NotVisible,
    /// There is no such thing in the workspace, or not for the caller; names its kind (rule 29).
    #[error("the {0} is not visible to the caller")]
    Hidden(&'static str),
    /// A member without this permission.
    #[error("the permission {0} is missing")]
    Missing(CorePermission),
    /// A member without this permission on the resources of a service group.
    #[error("the permission {name} is missing")]
    MissingOnService {
        /// Its name, such as `databases:delete`.
        name: String,
        /// What the template says it is for.
        text: String,
    },
    /// The caller views as a member, whose name this is: that is looking and nothing else.
    #[error("the caller views as {0}, read-only")]
    ReadOnly(String),
    /// The view of the caller is over.
    #[error("the view is over: {0:?}")]
    ViewOver(ViewEnd),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds what the caller is in the workspace with this slug, by what the database says in this very
/// transaction: nothing is remembered from before. Whoever views as a member is that
/// member, as far as they hold the same themselves.
pub async fn standing(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Standing, Denied> {
    match &caller.session.viewing {
        None => own_standing(app, db, caller, slug).await,
        Some(viewing) => as_viewed(app, db, caller, viewing, slug).await,
    }
}

/// What the caller is by themselves.
pub(super) async fn own_standing(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Standing, Denied> {
    let now = timestamp(app.clock().now());
    let found = db
        .membership(slug, caller.session.user)
        .await?
        .filter(|m| m.holder.is_active(now));
    let member = found.ok_or(Denied::NotVisible)?;
    let template = template_of(app, &member.workspace.template)?;
    let grants = db.grants_of(&[member.holder.member_id]).await?;
    let held = holdings(template, &member.holder, &grants);
    let holdings = match &caller.session.token {
        None => held,
        Some(token) => for_token(db, template, member.workspace.id, held, token, now).await?,
    };
    Ok(Standing {
        holdings,
        workspace: member.workspace,
        role: member.holder.role_name,
        caller: caller.clone(),
        now,
        last_active_at: member.last_active_at,
        viewer: None,
    })
}

/// What is left of a member's holdings for a token of theirs, by what the database says of it in this
/// transaction. In another workspace than its own, and once it ended, it sees nothing (rule 48).
async fn for_token(
    db: &mut Db,
    template: &Template,
    workspace: WorkspaceId,
    held: Holdings,
    token: &TokenUse,
    now: Timestamp,
) -> Result<Holdings, Denied> {
    if token.workspace != workspace || token.member != held.member {
        return Err(Denied::NotVisible);
    }
    let at = moment(now);
    let found = db.token_scope(token.id, workspace, held.member, at).await?;
    let found = found.ok_or(Denied::NotVisible)?;
    let scope = token_scope(template, found.permissions.as_deref(), found.project());
    let created_by = found.project_created_by();
    Ok(policy::narrowed(
        &template.catalogue,
        &held,
        scope,
        created_by,
        now,
    ))
}

/// Proves that the caller holds `P` in the workspace with this slug.
pub async fn authorize<P: Permission>(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Authorized<P>, Denied> {
    standing(app, db, caller, slug).await?.prove::<P>(app)
}

/// Proves that the caller may create a project, which will be theirs: a role for own projects only
/// is enough.
pub async fn authorize_new_project(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Authorized<ProjectsManage>, Denied> {
    let standing = standing(app, db, caller, slug).await?;
    let template = template_of(app, &standing.workspace.template)?;
    standing.need(template, Place::NewProject, CorePermission::ProjectsManage)?;
    Ok(Authorized::new(standing))
}

/// Proves that the caller holds `P` in a project. A project in which they do not hold
/// `projects:view` does not exist for them.
pub async fn authorize_in<P: Permission>(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
) -> Result<InProject<P>, Denied> {
    let standing = standing(app, db, caller, slug).await?;
    let template = template_of(app, &standing.workspace.template)?;
    let project = visible_project(db, &standing, template, project).await?;
    standing.need(template, project.place(), P::PERMISSION)?;
    Ok(InProject::new(standing, project))
}

/// Proves that the caller holds one action on a service group in a project. The row has to be one
/// whose resources the registry keeps: project-scoped, and not `projects` itself (`product.md` §4.9).
pub async fn authorize_on(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    service: &str,
    action: Action,
) -> Result<OnService, Denied> {
    let standing = standing(app, db, caller, slug).await?;
    let template = template_of(app, &standing.workspace.template)?;
    let project = visible_project(db, &standing, template, project).await?;
    let (_, row) = template
        .catalogue
        .row(service)
        .filter(|(_, row)| keeps_resources(row))
        .ok_or(Denied::Hidden("service"))?;
    let bit = template.catalogue.bit(service, action);
    let held = standing.effective(template, project.place());
    if held.contains(bit.unwrap_or(Bit::NEVER)) {
        let service = service.to_owned();
        return Ok(OnService::new(standing, project, service, action));
    }
    if let Some(name) = standing.read_only().filter(|_| action != Action::View) {
        return Err(Denied::ReadOnly(name));
    }
    Err(Denied::MissingOnService {
        name: format!("{service}:{action}"),
        text: row.cells[action as usize].clone().unwrap_or_default(),
    })
}

/// Whether the registry keeps resources of a row.
pub fn keeps_resources(row: &rolecall_shared::catalogue::Row) -> bool {
    row.scope == Scope::Project && row.key != CorePermission::ProjectsView.group()
}

async fn visible_project(
    db: &mut Db,
    standing: &Standing,
    template: &Template,
    id: ProjectId,
) -> Result<ProjectRecord, Denied> {
    let project = db.project(standing.workspace(), id).await?;
    let view = template.catalogue.core(CorePermission::ProjectsView);
    project
        .filter(|p| standing.effective(template, p.place()).contains(view))
        .ok_or(Denied::Hidden("project"))
}

pub(super) fn template_of<'a>(app: &'a Rolecall, key: &str) -> Result<&'a Template, StoreError> {
    app.templates().get(key).ok_or(StoreError::Corrupt(
        "the workspace's template is not installed",
    ))
}

impl Standing {
    /// The template of the workspace.
    pub fn template<'a>(&self, app: &'a Rolecall) -> Result<&'a Template, StoreError> {
        template_of(app, &self.workspace.template)
    }

    /// Proves that the caller holds `P` in the workspace.
    pub fn prove<P: Permission>(self, app: &Rolecall) -> Result<Authorized<P>, Denied> {
        let template = template_of(app, &self.workspace.template)?;
        self.need(template, Place::Workspace, P::PERMISSION)?;
        Ok(Authorized::new(self))
    }

    /// Whether a core permission is held in a place, for what a page offers.
    pub fn may(&self, template: &Template, place: Place, permission: CorePermission) -> bool {
        let bit = template.catalogue.core(permission);
        policy::allowed(&template.catalogue, self.subject(), place, bit, self.now)
    }

    /// Why a core permission that is not held is not: what to say of it, wherever it is said.
    pub fn lacks(&self, permission: CorePermission) -> Denied {
        match self.read_only() {
            Some(name) if permission.action() != Action::View => Denied::ReadOnly(name),
            _ => Denied::Missing(permission),
        }
    }

    /// As whom the caller looks, when they view as a member.
    pub fn read_only(&self) -> Option<String> {
        let viewing = self.caller.session.viewing.as_ref();
        viewing.map(|viewing| viewing.name.clone())
    }

    fn need(
        &self,
        template: &Template,
        place: Place,
        permission: CorePermission,
    ) -> Result<(), Denied> {
        if self.may(template, place, permission) {
            Ok(())
        } else {
            Err(self.lacks(permission))
        }
    }
}
