//! Which mails people chose to get.

use rolecall_shared::{
    UserId,
    notification::{NotificationChoice, NotificationKind},
};

use super::{
    Db, PersonRecord, StoreError, Tx, WorkspaceTx,
    holders::holder_columns,
    tx::{exec, sql},
};

impl Db {
    /// What somebody chose; a kind that there is no more is left out.
    pub(crate) async fn notification_choices(
        &mut self,
        user: UserId,
    ) -> Result<Vec<NotificationChoice>, StoreError> {
        let rows: Vec<(String, bool)> = sql!(self, |c| sqlx::query_as(
            "SELECT kind, is_on FROM notification_choices WHERE user_id = $1 ORDER BY kind"
        )
        .bind(user.0)
        .fetch_all(c))?;
        let kind = |name: &str| {
            let mut kinds = NotificationKind::ALL.into_iter();
            kinds.find(|kind| kind.name() == name)
        };
        Ok(rows
            .into_iter()
            .filter_map(|(name, on)| {
                Some(NotificationChoice {
                    kind: kind(&name)?,
                    on,
                })
            })
            .collect())
    }

    /// What the person with this address chose about one kind, if anything.
    pub(crate) async fn notification_choice(
        &mut self,
        email_norm: &str,
        kind: NotificationKind,
    ) -> Result<Option<bool>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT n.is_on FROM notification_choices n JOIN users u ON u.id = n.user_id
             WHERE u.email_norm = $1 AND n.kind = $2"
        )
        .bind(email_norm)
        .bind(kind.name())
        .fetch_optional(c))
    }
}

impl Tx {
    /// Writes down whether somebody wants mails of a kind.
    pub(crate) async fn choose_notification(
        &mut self,
        user: UserId,
        choice: NotificationChoice,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO notification_choices (user_id, kind, is_on) VALUES ($1, $2, $3)
                 ON CONFLICT (user_id, kind) DO UPDATE SET is_on = excluded.is_on"
            )
            .bind(user.0)
            .bind(choice.kind.name())
            .bind(choice.on)
        )
        .map(drop)
    }
}

impl WorkspaceTx {
    /// Members of the locked workspace who asked for mails of a kind, at most `most`, owners first.
    pub(crate) async fn people_who_chose(
        &mut self,
        kind: NotificationKind,
        most: i64,
    ) -> Result<Vec<PersonRecord>, StoreError> {
        let workspace = self.workspace().id;
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            holder_columns!(),
            ", u.name, u.email, u.email_verified_at
             FROM notification_choices n JOIN users u ON u.id = n.user_id
             JOIN members m ON m.user_id = n.user_id JOIN roles r ON r.id = m.role_id
             WHERE n.kind = $2 AND n.is_on AND m.workspace_id = $1
             ORDER BY m.is_owner DESC, m.id LIMIT $3"
        ))
        .bind(workspace.0)
        .bind(kind.name())
        .bind(most)
        .fetch_all(c))
    }
}
