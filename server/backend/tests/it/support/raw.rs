//! What has no public function yet, through raw SQL; to be replaced one by one as they come.

use rolecall_backend::Session;
use rolecall_shared::{GroupId, MemberId, RoleId, SessionId, UserId, WorkspaceId};
use uuid::Uuid;

use super::actors::{Colleague, Person};

impl Person {
    pub async fn workspace(&self) -> WorkspaceId {
        let sql = "SELECT id FROM workspaces WHERE slug = $1";
        WorkspaceId(
            self.world
                .database
                .id(sql, &[self.slug.as_str().into()])
                .await,
        )
    }

    pub async fn role(&self, name: &str) -> RoleId {
        let sql =
            "SELECT id FROM roles WHERE workspace_id = $1 AND name = $2 AND deleted_at IS NULL";
        let args = [self.workspace().await.into(), name.into()];
        RoleId(self.world.database.id(sql, &args).await)
    }

    pub async fn member_id(&self, email: &str) -> MemberId {
        let sql = "SELECT id FROM members WHERE workspace_id = $1 AND email_key = $2";
        let args = [self.workspace().await.into(), email.to_lowercase().into()];
        MemberId(self.world.database.id(sql, &args).await)
    }

    /// Makes somebody a member without an invitation, with the passphrase of everybody.
    pub async fn enrol(&self, name: &str, email: &str, role: &str) -> Colleague {
        let world = &self.world;
        let user = Uuid::from_bytes(rand::random());
        let now = world.clock.now();
        let user_sql = "INSERT INTO users (id, email, email_norm, email_verified_at, name, password_hash, created_at)
             SELECT $1, $2, $3, $4, $5, password_hash, $4 FROM users WHERE id = $6";
        let args = [
            user.into(),
            email.into(),
            email.to_lowercase().into(),
            now.into(),
            name.into(),
            self.caller.session.user.into(),
        ];
        world.database.change(user_sql, &args).await;
        self.takes_in(UserId(user), (name, email), role).await;
        let session = Session {
            id: SessionId(Uuid::from_bytes(rand::random())),
            user: UserId(user),
            name: name.into(),
            email: email.into(),
            email_verified: true,
            confirmed_at: now,
            viewing: None,
            token: None,
        };
        Colleague(Self::new(world, self.slug.clone(), session))
    }

    /// Makes a person who has an account a member without an invitation.
    pub async fn takes_in(&self, user: UserId, (name, email): (&str, &str), role: &str) {
        let member_sql = "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, name_key,
               email_key, joined_at, version) VALUES ($1, $2, $3, $4, FALSE, 'active', $5, $6, $7, 1)";
        let args = [
            Uuid::from_bytes(rand::random()).into(),
            self.workspace().await.into(),
            user.0.into(),
            self.role(role).await.into(),
            name.to_lowercase().into(),
            email.to_lowercase().into(),
            self.world.clock.now().into(),
        ];
        self.world.database.change(member_sql, &args).await;
    }

    /// Takes somebody's membership away, until there is a public function for it.
    pub async fn remove(&self, email: &str) {
        let args = [self.member_id(email).await.into()];
        self.world
            .database
            .change("DELETE FROM members WHERE id = $1", &args)
            .await;
    }

    pub async fn suspend(&self, email: &str) {
        let sql = "UPDATE members SET status = 'suspended' WHERE id = $1";
        self.world
            .database
            .change(sql, &[self.member_id(email).await.into()])
            .await;
    }

    pub async fn give_role(&self, email: &str, role: &str) {
        let args = [
            self.member_id(email).await.into(),
            self.role(role).await.into(),
        ];
        self.world
            .database
            .change("UPDATE members SET role_id = $2 WHERE id = $1", &args)
            .await;
    }

    /// Adds a group, until there is a public function for it.
    pub async fn add_group(&self, name: &str, permissions: &str) -> GroupId {
        let id = Uuid::from_bytes(rand::random());
        let sql = "INSERT INTO acl_groups (id, workspace_id, name, name_norm, description, permissions, version)
             VALUES ($1, $2, $3, $4, '', $5, 1)";
        let args = [
            id.into(),
            self.workspace().await.into(),
            name.into(),
            name.to_lowercase().into(),
            permissions.into(),
        ];
        self.world.database.change(sql, &args).await;
        id.into()
    }

    /// Adds so many roles and groups that were never asked for, to come near a limit.
    pub async fn fill(&self, roles: usize, groups: usize) {
        let workspace = self.workspace().await;
        for (count, table) in [(roles, "roles"), (groups, "acl_groups")] {
            let sql = format!(
                "INSERT INTO {table} (id, workspace_id, name, name_norm, description, permissions, version)
                 VALUES ($1, $2, $3, $3, '', '', 1)"
            );
            for n in 0..count {
                let id = Uuid::from_bytes(rand::random());
                let args = [
                    id.into(),
                    workspace.into(),
                    format!("no {n:03}").as_str().into(),
                ];
                self.world.database.change(&sql, &args).await;
            }
        }
    }
}
