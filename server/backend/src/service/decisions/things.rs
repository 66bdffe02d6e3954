//! From what a question says of a resource to the place where permissions are asked for.

use std::collections::HashMap;

use rolecall_shared::{
    ProjectId, ResourceId, WorkspaceId,
    catalogue::Row,
    permission::{CorePermission, Scope},
    policy::Place,
};

use super::{Because, Question};
use crate::store::{Db, ResourceRecord, StoreError};

/// Longest id that anything has; nothing longer is looked for.
const ID_MAX: usize = 300;

/// The projects that were looked up for one request.
#[derive(Default)]
pub(super) struct Things(HashMap<ProjectId, Option<Place>>);

impl Things {
    /// Where the resource of a question is. In this order: a row for the workspace is everywhere; a
    /// project is itself; a resource of the registry is in its project; any other thing is in the project
    /// that the question names.
    pub(super) async fn place(
        &mut self,
        db: &mut Db,
        workspace: WorkspaceId,
        row: &Row,
        question: &Question,
    ) -> Result<Result<Place, Because>, StoreError> {
        if row.scope == Scope::Workspace {
            return Ok(Ok(Place::Workspace));
        }
        if row.key == CorePermission::ProjectsView.group() {
            return match question.resource.parse() {
                Ok(id) => self.project(db, workspace, id).await,
                Err(_) => Ok(Err(Because::UnknownProject)),
            };
        }
        let found = registered(db, workspace, row, &question.resource).await?;
        let named = match question.project.as_deref().map(str::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Ok(Err(Because::UnknownProject)),
        };
        match (found, named) {
            // A resource is where the registry says it is, not where a question puts it.
            (Some(resource), Some(id)) if resource.project_id != id => {
                Ok(Err(Because::UnknownResource))
            }
            (Some(resource), _) => self.project(db, workspace, resource.project_id).await,
            (None, Some(id)) => self.project(db, workspace, id).await,
            (None, None) => Ok(Err(Because::UnknownResource)),
        }
    }

    /// A project as a place.
    pub(super) async fn project(
        &mut self,
        db: &mut Db,
        workspace: WorkspaceId,
        id: ProjectId,
    ) -> Result<Result<Place, Because>, StoreError> {
        let place = if let Some(known) = self.0.get(&id) {
            *known
        } else {
            let found = db.project(workspace, id).await?;
            let place = found.map(|project| project.place());
            self.0.insert(id, place);
            place
        };
        Ok(place.ok_or(Because::UnknownProject))
    }
}

async fn registered(
    db: &mut Db,
    workspace: WorkspaceId,
    row: &Row,
    id: &str,
) -> Result<Option<ResourceRecord>, StoreError> {
    if id.len() > ID_MAX || id.contains('\0') {
        return Ok(None);
    }
    if let Ok(id) = id.parse::<ResourceId>()
        && let Some(found) = db.resource_of(workspace, &row.key, id).await?
    {
        return Ok(Some(found));
    }
    db.resource_by_external_id(workspace, &row.key, id).await
}
