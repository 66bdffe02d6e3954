//! Which rows of its template somebody looked at in a workspace.

use rolecall_shared::WorkspaceId;

use super::{
    Db, StoreError, Tx, WorkspaceTx,
    tx::{exec, sql},
};

impl Db {
    /// Keys of the rows that were looked at in a workspace; `None` before the first start with a
    /// version that keeps them. The caller has been through the gate.
    pub(crate) async fn reviewed_rows(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let kept: Option<String> = sql!(self, |c| sqlx::query_scalar(
            "SELECT reviewed_rows FROM workspaces WHERE id = $1"
        )
        .bind(workspace.0)
        .fetch_one(c))?;
        Ok(kept.map(|keys| keys.split_whitespace().map(str::to_owned).collect()))
    }
}

impl Tx {
    /// Takes these rows as looked at in every workspace of a template that keeps none yet.
    pub(crate) async fn begin_review(
        &mut self,
        template: &str,
        rows: &[&str],
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET reviewed_rows = $2 WHERE template = $1 AND reviewed_rows IS NULL"
            )
            .bind(template)
            .bind(rows.join(" "))
        )
        .map(drop)
    }
}

impl WorkspaceTx {
    /// Takes these rows as the ones that were looked at in the locked workspace.
    pub(crate) async fn set_reviewed_rows(&mut self, rows: &[&str]) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query("UPDATE workspaces SET reviewed_rows = $2 WHERE id = $1")
                .bind(workspace.0)
                .bind(rows.join(" "))
        )
        .map(drop)
    }
}
