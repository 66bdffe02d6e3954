//! What every page of the console needs to know.

use chrono::TimeDelta;
use rolecall_shared::{
    permission::CorePermission,
    policy::{self, Place},
    shell::{ProjectReach, Shell, WorkspaceView},
};

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::holdings,
    clock::timestamp,
    store::{GrantRecord, MembershipRecord, StoreError},
};

/// Activity is written down at most once in this time.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The person, their workspaces, and the one at `slug` as far as they are active in it.
pub async fn load(app: &Rolecall, caller: &Caller, slug: Option<&str>) -> Result<Shell, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let workspaces = db.workspaces_of(caller.session.user).await?;
    let member = match slug {
        Some(slug) => db
            .membership(slug, caller.session.user)
            .await?
            .filter(|m| m.holder.status == "active"),
        None => None,
    };
    let workspace = match &member {
        Some(member) => {
            let grants = db.grants_of(&[member.holder.member_id]).await?;
            Some(view(app, member, &grants)?)
        }
        None => None,
    };
    drop(db);
    if let Some(member) =
        member.filter(|m| m.last_active_at.is_none_or(|at| now - at >= SEEN_EVERY))
    {
        let mut tx = app.store().write().await?;
        tx.see_member(member.holder.member_id, now).await?;
        tx.commit_housekeeping().await?;
    }
    Ok(Shell {
        name: caller.session.name.clone(),
        email: caller.session.email.clone(),
        mail: app.mail(),
        workspaces,
        workspace,
    })
}

fn view(
    app: &Rolecall,
    member: &MembershipRecord,
    grants: &[GrantRecord],
) -> Result<WorkspaceView, Failure> {
    let workspace = &member.workspace;
    let template = app
        .templates()
        .get(&workspace.template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))?;
    let catalogue = &template.catalogue;
    let now = timestamp(app.clock().now());
    let holdings = holdings(template, &member.holder, grants);
    let effective = policy::effective(catalogue, &holdings, Place::NewProject, now);
    let view = catalogue.core(CorePermission::ProjectsView);
    let projects = if policy::effective(catalogue, &holdings, Place::Workspace, now).contains(view)
    {
        ProjectReach::All
    } else if policy::anywhere(catalogue, &holdings, now).contains(view) {
        ProjectReach::Own
    } else {
        ProjectReach::None
    };
    Ok(WorkspaceView {
        id: workspace.id,
        slug: workspace.slug.clone(),
        name: workspace.name.clone(),
        template: template.title.clone(),
        member: member.holder.member_id,
        role: member.holder.role_name.clone(),
        is_owner: member.holder.is_owner,
        permissions: catalogue.names(effective),
        projects,
        copy_link: workspace.copy_link,
        invitation_hours: u32::try_from(workspace.invitation_hours)
            .unwrap_or(rolecall_shared::invitation::DEFAULT_HOURS),
    })
}
