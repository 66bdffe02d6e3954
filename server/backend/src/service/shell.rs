//! What every page of the console needs to know.

use chrono::TimeDelta;
use rolecall_shared::{
    policy,
    shell::{Shell, WorkspaceView},
};

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::{holdings_of, role_permissions},
    clock::timestamp,
    store::{MembershipRecord, StoreError},
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
            .filter(|m| m.status == "active"),
        None => None,
    };
    let workspace = match &member {
        Some(member) => {
            let groups = db.group_grants(member.member_id).await?;
            Some(view(app, member, &groups)?)
        }
        None => None,
    };
    drop(db);
    if let Some(member) =
        member.filter(|m| m.last_active_at.is_none_or(|at| now - at >= SEEN_EVERY))
    {
        let mut tx = app.store().write().await?;
        tx.see_member(member.member_id, now).await?;
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
    groups: &[(String, Option<chrono::DateTime<chrono::Utc>>)],
) -> Result<WorkspaceView, Failure> {
    let workspace = &member.workspace;
    let template = app
        .templates()
        .get(&workspace.template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))?;
    let role = role_permissions(
        template,
        member.builtin_key.as_deref(),
        &member.role_permissions,
    );
    let holdings = holdings_of(template, member.is_owner, role, groups);
    let effective = policy::effective(&template.catalogue, &holdings, timestamp(app.clock().now()));
    Ok(WorkspaceView {
        id: workspace.id,
        slug: workspace.slug.clone(),
        name: workspace.name.clone(),
        template: template.title.clone(),
        member: member.member_id,
        role: member.role_name.clone(),
        is_owner: member.is_owner,
        permissions: template.catalogue.names(effective),
        copy_link: workspace.copy_link,
        invitation_hours: u32::try_from(workspace.invitation_hours)
            .unwrap_or(rolecall_shared::invitation::DEFAULT_HOURS),
    })
}
