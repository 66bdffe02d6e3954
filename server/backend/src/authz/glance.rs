//! What one request has found out already about its caller, so that the parts of a page do not ask
//! the database for the same again.
//!
//! A page is made of several reading functions that run side by side. The first of them asks what
//! the caller is, the others take its answer: the page is judged as of one moment. A [`Glance`] is
//! made for one request and dropped with it, so nothing is remembered from before. Only what
//! takes a `&Glance` reads from it; whatever changes something asks again, under its lock.

use std::sync::Arc;

use rolecall_shared::{SessionId, WorkspaceId};
use tokio::sync::Mutex;

use super::{Authorized, Denied, Permission, Standing, standing};
use crate::{
    Caller, Rolecall,
    store::{Db, GroupRecord, RoleRecord, StoreError},
};

/// The roles and the groups of a workspace, which rights are made of.
#[derive(Debug)]
pub struct Sources {
    /// By the order in which they are offered.
    pub roles: Vec<RoleRecord>,
    /// By name.
    pub groups: Vec<GroupRecord>,
}

impl Sources {
    /// Those of a workspace.
    pub(crate) async fn load(db: &mut Db, workspace: WorkspaceId) -> Result<Self, StoreError> {
        Ok(Self {
            roles: db.roles(workspace).await?,
            groups: db.groups(workspace).await?,
        })
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Glance {
    standing: Mutex<Option<(String, Standing)>>,
    sources: Mutex<Option<(WorkspaceId, Arc<Sources>)>>,
}

impl Glance {
    /// What the caller is in the workspace with this slug, as the first who asked found it.
    pub async fn standing(
        &self,
        app: &Rolecall,
        db: &mut Db,
        caller: &Caller,
        slug: &str,
    ) -> Result<Standing, Denied> {
        let mut seen = self.standing.lock().await;
        if let Some((of, known)) = &*seen
            && of == slug
            && session(known) == caller.session.id
        {
            return Ok(known.copy());
        }
        let found = standing(app, db, caller, slug).await?;
        *seen = Some((slug.to_owned(), found.copy()));
        Ok(found)
    }

    /// Proves that the caller holds `P`, from what [`Glance::standing`] finds.
    pub async fn authorize<P: Permission>(
        &self,
        app: &Rolecall,
        db: &mut Db,
        caller: &Caller,
        slug: &str,
    ) -> Result<Authorized<P>, Denied> {
        self.standing(app, db, caller, slug).await?.prove::<P>(app)
    }

    /// The roles and groups of the workspace of a standing.
    pub(crate) async fn sources(
        &self,
        db: &mut Db,
        standing: &Standing,
    ) -> Result<Arc<Sources>, StoreError> {
        let workspace = standing.workspace();
        let mut seen = self.sources.lock().await;
        if let Some((of, known)) = &*seen
            && *of == workspace
        {
            return Ok(known.clone());
        }
        let found = Arc::new(Sources::load(db, workspace).await?);
        *seen = Some((workspace, found.clone()));
        Ok(found)
    }
}

fn session(standing: &Standing) -> SessionId {
    standing.caller().session.id
}
