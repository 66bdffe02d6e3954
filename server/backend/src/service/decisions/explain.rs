//! All that one member may do in one place, and why: every cell of the matrix.

use rolecall_shared::{
    MemberId, ProjectId, Timestamp,
    permission::CorePermission,
    policy::{self, Place, Subject},
};

use super::{Answer, Because, said};
use crate::{
    Caller, Rolecall,
    authz::{self, Standing, holdings},
    service::Failure,
    store::Db,
    templates::Template,
};

/// One cell of the matrix with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The name of the permission.
    pub permission: String,
    /// Whether the member holds it there, and why.
    pub answer: Answer,
}

/// All that one member may do in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Who.
    pub member: MemberId,
    /// In which project; `None`: in the workspace.
    pub project: Option<ProjectId>,
    /// The moment for which it was evaluated, by the server's clock.
    pub at: Timestamp,
    /// Every cell of the template, in the order of the matrix.
    pub cells: Vec<Cell>,
}

/// All that a member may do in the workspace, or in one project, with the reasons of each answer: the same
/// that [`super::decide`] gives one by one, so that a suspended member may do nothing. Needs `team:view`,
/// except about oneself; a project needs `projects:view` in it.
///
/// # Errors
/// [`Failure::NotFound`] for a member or a project that is not here, or a project that the caller may not see.
pub async fn explain(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    project: Option<ProjectId>,
) -> Result<Explained, Failure> {
    let mut db = app.store().read().await?;
    let asker = authz::standing(app, &mut db, caller, slug).await?;
    let template = asker.template(app)?;
    let sees_team = asker.may(template, Place::Workspace, CorePermission::TeamView);
    if !sees_team && member != asker.member() {
        return Err(Failure::Denied(CorePermission::TeamView));
    }
    let person = db.person(asker.workspace(), member).await?;
    let person = person.ok_or(Failure::NotFound("member"))?;
    let place = place(&mut db, &asker, template, project).await?;
    let grants = db.grants_of(&[member]).await?;
    let held = holdings(template, &person.holder, &grants);
    let active = person.holder.is_active(asker.now());
    let catalogue = &template.catalogue;
    let cells = catalogue.cells().map(|(_, _, bit)| Cell {
        permission: catalogue.name(bit),
        answer: if active {
            let subject = Subject::member(&held);
            said(policy::decide(catalogue, subject, place, bit, asker.now()))
        } else {
            Answer::no(Because::Suspended)
        },
    });
    Ok(Explained {
        member,
        project,
        at: asker.now(),
        cells: cells.collect(),
    })
}

/// The place to ask for. A project that the caller may not see is as unknown as a made-up one.
async fn place(
    db: &mut Db,
    asker: &Standing,
    template: &Template,
    project: Option<ProjectId>,
) -> Result<Place, Failure> {
    let Some(id) = project else {
        return Ok(Place::Workspace);
    };
    let found = db.project(asker.workspace(), id).await?;
    let place = found.map(|project| project.place());
    place
        .filter(|place| asker.may(template, *place, CorePermission::ProjectsView))
        .ok_or(Failure::NotFound("project"))
}
