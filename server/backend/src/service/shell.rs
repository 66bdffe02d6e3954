//! What every page of the console needs to know.

use chrono::TimeDelta;
use rolecall_shared::{
    permission::CorePermission,
    policy::{self, Place},
    shell::{ProjectReach, Shell, WorkspaceView},
};

use super::{Failure, membership};
use crate::{
    Caller, Rolecall,
    authz::{Denied, Glance, Standing},
};

/// Activity is written down at most once in this time.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The person, their workspaces, and the one at `slug` as far as they are active in it.
pub async fn load(
    app: &Rolecall,
    caller: &Caller,
    glance: &Glance,
    slug: Option<&str>,
) -> Result<Shell, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let workspaces = db.workspaces_of(caller.session.user, now).await?;
    let member = match slug {
        Some(slug) => match glance.standing(app, &mut db, caller, slug).await {
            Ok(standing) => Some(standing),
            Err(Denied::NotVisible) => None,
            Err(denied) => return Err(denied.into()),
        },
        None => None,
    };
    let workspace = match &member {
        Some(standing) => {
            let offer = membership::offer(&mut db, standing.member(), now).await?;
            Some(WorkspaceView {
                offer,
                ..view(app, standing)?
            })
        }
        None => None,
    };
    drop(db);
    let is_due = |m: &Standing| m.last_active_at().is_none_or(|at| now - at >= SEEN_EVERY);
    if let Some(standing) = member.filter(|m| !caller.meta.unattended && is_due(m)) {
        let mut tx = app.store().write().await?;
        tx.see_member(standing.member(), now).await?;
        tx.commit_housekeeping().await?;
    }
    Ok(Shell {
        name: caller.session.name.clone(),
        email: caller.session.email.clone(),
        mail: app.mail(),
        workspaces,
        workspace,
        form_token: String::new(),
    })
}

fn view(app: &Rolecall, standing: &Standing) -> Result<WorkspaceView, Failure> {
    let workspace = standing.workspace_record();
    let template = standing.template(app)?;
    let catalogue = &template.catalogue;
    let (holdings, now) = (standing.holdings(), standing.now());
    let effective = policy::effective(catalogue, holdings, Place::NewProject, now);
    let view = catalogue.core(CorePermission::ProjectsView);
    let projects = if policy::effective(catalogue, holdings, Place::Workspace, now).contains(view) {
        ProjectReach::All
    } else if policy::anywhere(catalogue, holdings, now).contains(view) {
        ProjectReach::Own
    } else {
        ProjectReach::None
    };
    Ok(WorkspaceView {
        id: workspace.id,
        slug: workspace.slug.clone(),
        name: workspace.name.clone(),
        template: template.title.clone(),
        member: standing.member(),
        role: standing.role().to_owned(),
        is_owner: standing.is_owner(),
        permissions: catalogue.names(effective),
        projects,
        copy_link: workspace.copy_link,
        invitation_hours: u32::try_from(workspace.invitation_hours)
            .unwrap_or(rolecall_shared::invitation::DEFAULT_HOURS),
        offer: None,
    })
}
