//! From what a question says of a resource to the place where permissions are asked for.

use std::sync::Arc;

use rolecall_shared::{
    ProjectId, ResourceId, WorkspaceId,
    catalogue::Row,
    permission::{CorePermission, Scope},
    policy::Place,
};

use super::{Because, Question};
use crate::{
    memory::{self, Known},
    store::{Db, ResourceRecord, Store, StoreError},
};

/// Longest id that anything has; nothing longer is looked for.
const ID_MAX: usize = 300;

/// Where things are: what is known, and a connection for what is not, made when the first is looked up.
pub(super) struct Things<'a> {
    store: &'a Store,
    known: Arc<memory::Things>,
    db: Option<Db>,
}

impl<'a> Things<'a> {
    pub(super) fn new(store: &'a Store, known: Arc<memory::Things>) -> Self {
        Self {
            store,
            known,
            db: None,
        }
    }

    /// A connection.
    pub(super) async fn db(&mut self) -> Result<&mut Db, StoreError> {
        Ok(match &mut self.db {
            Some(db) => db,
            none => none.insert(self.store.read().await?),
        })
    }

    /// Where the resource of a question is. In this order: a row for the workspace is everywhere; a
    /// project is itself; a resource of the registry is in its project; any other thing is in the project
    /// that the question names.
    pub(super) async fn place(
        &mut self,
        workspace: WorkspaceId,
        row: &Row,
        question: &Question,
    ) -> Result<Result<Place, Because>, StoreError> {
        if row.scope == Scope::Workspace {
            return Ok(Ok(Place::Workspace));
        }
        if row.key == CorePermission::ProjectsView.group() {
            return match question.resource.parse() {
                Ok(id) => self.project(workspace, id).await,
                Err(_) => Ok(Err(Because::UnknownProject)),
            };
        }
        let found = self.registered(workspace, row, &question.resource).await?;
        let named = match question.project.as_deref().map(str::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Ok(Err(Because::UnknownProject)),
        };
        match (found, named) {
            // A resource is where the registry says it is, not where a question puts it.
            (Some(project), Some(id)) if project != id => Ok(Err(Because::UnknownResource)),
            (Some(project), _) => self.project(workspace, project).await,
            (None, Some(id)) => self.project(workspace, id).await,
            (None, None) => Ok(Err(Because::UnknownResource)),
        }
    }

    /// A project as a place.
    pub(super) async fn project(
        &mut self,
        workspace: WorkspaceId,
        id: ProjectId,
    ) -> Result<Result<Place, Because>, StoreError> {
        if let Known::Answer(place) = self.known.projects().get(&id) {
            return Ok(place.ok_or(Because::UnknownProject));
        }
        let found = self.db().await?.project(workspace, id).await?;
        let place = found.map(|project| project.place());
        self.known.projects().keep(id, place);
        Ok(place.ok_or(Because::UnknownProject))
    }

    /// The project of a resource of the registry.
    async fn registered(
        &mut self,
        workspace: WorkspaceId,
        row: &Row,
        id: &str,
    ) -> Result<Option<ProjectId>, StoreError> {
        if id.len() > ID_MAX || id.contains('\0') {
            return Ok(None);
        }
        let key = (row.key.clone(), id.to_owned());
        if let Known::Answer(project) = self.known.resources().get(&key) {
            return Ok(project);
        }
        let found = looked_up(self.db().await?, workspace, row, id).await?;
        let project = found.map(|resource| resource.project_id);
        self.known.resources().keep(key, project);
        Ok(project)
    }
}

async fn looked_up(
    db: &mut Db,
    workspace: WorkspaceId,
    row: &Row,
    id: &str,
) -> Result<Option<ResourceRecord>, StoreError> {
    if let Ok(id) = id.parse::<ResourceId>()
        && let Some(found) = db.resource_of(workspace, &row.key, id).await?
    {
        return Ok(Some(found));
    }
    db.resource_by_external_id(workspace, &row.key, id).await
}
