//! What every page of the console needs to know.

use chrono::TimeDelta;
use rolecall_shared::{
    Timestamp,
    permission::CorePermission,
    policy::{self, Place},
    shell::{ProjectReach, Shell, WorkspaceView},
    view_as::Viewed,
};

use super::{Failure, membership};
use crate::{
    Caller, Rolecall,
    authz::{Denied, Glance, Standing},
    clock::timestamp,
    request::Viewing,
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
    let mut workspaces = db.workspaces_of(caller.session.user, now).await?;
    if let Some(viewing) = &caller.session.viewing {
        // There is no other workspace meanwhile.
        workspaces.retain(|workspace| workspace.slug == viewing.slug);
    }
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
            // What is proposed to somebody is theirs alone to see.
            let offer = match standing.read_only() {
                None => membership::offer(&mut db, standing.member(), now).await?,
                Some(_) => None,
            };
            Some(WorkspaceView {
                offer,
                ..view(app, standing)?
            })
        }
        None => None,
    };
    drop(db);
    // Somebody who is viewed as does nothing.
    let is_due = |m: &Standing| {
        m.read_only().is_none() && m.last_active_at().is_none_or(|at| now - at >= SEEN_EVERY)
    };
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
        viewing: caller
            .session
            .viewing
            .as_ref()
            .map(|v| viewed(v, timestamp(now))),
    })
}

fn viewed(viewing: &Viewing, now: Timestamp) -> Viewed {
    let ends_at = timestamp(viewing.ends_at);
    Viewed {
        slug: viewing.slug.clone(),
        member: viewing.member,
        name: viewing.name.clone(),
        ends_at,
        seconds_left: (ends_at.0 - now.0) / 1_000_000,
    }
}

fn view(app: &Rolecall, standing: &Standing) -> Result<WorkspaceView, Failure> {
    let workspace = standing.workspace_record();
    let template = standing.template(app)?;
    let catalogue = &template.catalogue;
    let (holdings, now) = (standing.holdings(), standing.now());
    let effective = standing.effective(template, Place::NewProject);
    let view = catalogue.core(CorePermission::ProjectsView);
    let projects = if standing
        .effective(template, Place::Workspace)
        .contains(view)
    {
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
        viewing_as: standing.read_only(),
    })
}
