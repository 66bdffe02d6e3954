//! Looking at projects: the list and the frame of a page.

use rolecall_shared::{
    ProjectId,
    page::Page,
    permission::CorePermission,
    policy::Place,
    project::{ProjectDraft, ProjectPage, ProjectQuery, ProjectRow},
};

use super::level_here;
use crate::{
    Caller, Rolecall,
    authz::{self, ProjectsView, Standing, keeps_resources},
    clock::timestamp,
    service::Failure,
    store::{Reach, Visible},
    templates::Template,
};

/// Which projects exist for somebody: those in which they hold `projects:view`. What the list filters
/// by in SQL is what [`authz::authorize_in`] judges for one project.
pub(crate) fn visible(standing: &Standing, template: &Template) -> Visible {
    let view = template.catalogue.core(CorePermission::ProjectsView);
    let holds = |place| standing.effective(template, place).contains(view);
    let reach = if holds(Place::Workspace) {
        Reach::All
    } else if holds(Place::NewProject) {
        Reach::Own
    } else {
        Reach::None
    };
    let mut visible = Visible {
        reach,
        shown: Vec::new(),
        hidden: Vec::new(),
    };
    // Owners are immune to overrides.
    let overrides = standing.holdings().overrides.iter();
    for o in overrides.filter(|o| !standing.is_owner() && o.grant.holds(standing.now())) {
        if o.grant.permissions.contains(view) {
            visible.shown.push(o.project);
        } else {
            visible.hidden.push(o.project);
        }
    }
    visible
}

/// Whether how many people are treated apart in a project is anything for somebody to know.
fn sees_team(standing: &Standing, template: &Template) -> bool {
    standing.may(template, Place::Workspace, CorePermission::TeamView)
}

/// One page of the projects in which the caller holds `projects:view`, by name: for a role for own
/// projects only, those they created; overrides show and hide single ones. Every active member may
/// ask; where there is nothing for them the page is empty.
///
/// # Errors
/// [`Failure::Invalid`] on `cursor`.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &ProjectQuery,
) -> Result<Page<ProjectRow>, Failure> {
    let mut db = app.store().read().await?;
    let standing = authz::standing(app, &mut db, caller, slug).await?;
    let template = standing.template(app)?;
    let page = db
        .project_page(&standing, &visible(&standing, template), query)
        .await??;
    let team = sees_team(&standing, template);
    let ids: Vec<ProjectId> = page.rows.iter().map(|project| project.id).collect();
    let counts = db.project_counts(&ids).await?;
    let rows = page.rows.into_iter().map(|project| {
        let counted = counts.get(&project.id).copied().unwrap_or_default();
        let here = standing.effective(template, project.place());
        ProjectRow {
            id: project.id,
            yours: project.created_by() == Some(standing.member()),
            name: project.name,
            description: project.description,
            created_by: project.created_by_name,
            created_at: timestamp(project.created_at),
            resources: counted.resources,
            overrides: if team { counted.overrides } else { 0 },
            level: level_here(&template.catalogue, here),
        }
    });
    Ok(Page {
        rows: rows.collect(),
        next: page.next,
        previous: page.previous,
    })
}

/// The frame of a project's page. Needs `projects:view` in it.
///
/// # Errors
/// [`Failure::NotFound`] for a project that is not there for the caller.
pub async fn page(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
) -> Result<ProjectPage, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<ProjectsView>(app, &mut db, caller, slug, project).await?;
    let template = proof.template(app)?;
    let catalogue = &template.catalogue;
    let counted = db.project_counts(&[project]).await?;
    let counted = counted.get(&project).copied().unwrap_or_default();
    let team = sees_team(&proof, template);
    let invited = if team {
        db.invited_into_project(project, app.clock().now())
            .await?
            .len()
    } else {
        0
    };
    let found = proof.project();
    let services = catalogue.rows().iter().filter(|row| keeps_resources(row));
    Ok(ProjectPage {
        id: found.id,
        draft: ProjectDraft {
            name: found.name.clone(),
            description: found.description.clone(),
        },
        created_by: found.created_by_name.clone(),
        created_at: timestamp(found.created_at),
        version: found.version,
        resources: counted.resources,
        overrides: if team { counted.overrides } else { 0 },
        invitations: i64::try_from(invited).unwrap_or(i64::MAX),
        permissions: catalogue.names(proof.effective(template, proof.place())),
        services: services.map(|row| row.key.clone()).collect(),
        catalogue: catalogue.clone(),
        viewing_as: proof.read_only(),
    })
}
