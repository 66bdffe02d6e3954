//! Verbs for projects, overrides and resources.

use rolecall_backend::service::{Failure, projects, resources};
use rolecall_shared::{
    MemberId, ProjectId, ResourceId, Timestamp,
    access::GrantView,
    page::Page,
    project::{
        OverrideDraft, OverrideEditor, ProjectDraft, ProjectMember, ProjectMemberQuery,
        ProjectPage, ProjectQuery, ProjectRow, ResourceDraft, ResourceQuery, ResourceRow,
    },
};

use super::actors::Person;

/// A draft of an override.
pub fn replacing(
    names: &[&str],
    expires_at: Option<Timestamp>,
    version: Option<i64>,
) -> OverrideDraft {
    OverrideDraft {
        grant: GrantView {
            permissions: names.iter().map(|&name| name.to_owned()).collect(),
            expires_at,
        },
        version,
    }
}

/// A draft of a resource without external id and attributes.
pub fn thing(service: &str, name: &str) -> ResourceDraft {
    ResourceDraft {
        service: service.into(),
        name: name.into(),
        ..ResourceDraft::default()
    }
}

/// A draft of a project without a description.
pub fn called(name: &str) -> ProjectDraft {
    ProjectDraft {
        name: name.into(),
        description: String::new(),
    }
}

impl Person {
    pub async fn project_rows(&self, query: &ProjectQuery) -> Result<Page<ProjectRow>, Failure> {
        projects::list(&self.world.app, &self.caller, &self.slug, query).await
    }

    /// Names of the projects on the first page.
    pub async fn project_names(&self) -> Vec<String> {
        let page = self.project_rows(&ProjectQuery::default()).await.unwrap();
        page.rows.into_iter().map(|row| row.name).collect()
    }

    pub async fn project_page(&self, project: ProjectId) -> Result<ProjectPage, Failure> {
        projects::page(&self.world.app, &self.caller, &self.slug, project).await
    }

    pub async fn creates(&self, draft: &ProjectDraft) -> Result<ProjectId, Failure> {
        projects::create(&self.world.app, &self.caller, &self.slug, draft).await
    }

    /// Makes a project of this name.
    pub async fn project(&self, name: &str) -> ProjectId {
        self.creates(&called(name)).await.unwrap()
    }

    pub async fn renames(
        &self,
        project: ProjectId,
        version: i64,
        draft: &ProjectDraft,
    ) -> Result<i64, Failure> {
        projects::update(
            &self.world.app,
            &self.caller,
            &self.slug,
            project,
            version,
            draft,
        )
        .await
    }

    pub async fn deletes(&self, project: ProjectId, version: i64) -> Result<(), Failure> {
        projects::delete(&self.world.app, &self.caller, &self.slug, project, version).await
    }

    pub async fn people_in(
        &self,
        project: ProjectId,
        query: &ProjectMemberQuery,
    ) -> Result<Page<ProjectMember>, Failure> {
        projects::members(&self.world.app, &self.caller, &self.slug, project, query).await
    }

    /// The row of one member in the members tab.
    pub async fn person_in(&self, project: ProjectId, email: &str) -> ProjectMember {
        let query = ProjectMemberQuery {
            search: email.to_owned(),
            ..ProjectMemberQuery::default()
        };
        self.people_in(project, &query)
            .await
            .unwrap()
            .rows
            .remove(0)
    }

    pub async fn override_editor(
        &self,
        project: ProjectId,
        member: MemberId,
    ) -> Result<OverrideEditor, Failure> {
        projects::override_editor(&self.world.app, &self.caller, &self.slug, project, member).await
    }

    pub async fn overrides(
        &self,
        project: ProjectId,
        member: MemberId,
        draft: &OverrideDraft,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        projects::set_override(app, caller, &self.slug, project, member, draft).await
    }

    /// Sets an override where there is none yet, without an end; gives its version.
    pub async fn override_with(&self, project: ProjectId, email: &str, names: &[&str]) -> i64 {
        let member = self.member_id(email).await;
        let draft = replacing(names, None, None);
        self.overrides(project, member, &draft).await.unwrap()
    }

    pub async fn removes_override(
        &self,
        project: ProjectId,
        member: MemberId,
        version: i64,
    ) -> Result<(), Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        projects::remove_override(app, caller, &self.slug, project, member, version).await
    }

    pub async fn resources(
        &self,
        project: ProjectId,
        query: &ResourceQuery,
    ) -> Result<Page<ResourceRow>, Failure> {
        resources::list(&self.world.app, &self.caller, &self.slug, project, query).await
    }

    pub async fn resource(
        &self,
        project: ProjectId,
        resource: ResourceId,
    ) -> Result<ResourceRow, Failure> {
        resources::one(&self.world.app, &self.caller, &self.slug, project, resource).await
    }

    /// Names of the resources on the first page.
    pub async fn resource_names(&self, project: ProjectId) -> Vec<String> {
        let page = self.resources(project, &ResourceQuery::default()).await;
        page.unwrap().rows.into_iter().map(|row| row.name).collect()
    }

    pub async fn makes(
        &self,
        project: ProjectId,
        draft: &ResourceDraft,
    ) -> Result<ResourceId, Failure> {
        resources::create(&self.world.app, &self.caller, &self.slug, project, draft).await
    }

    pub async fn changes(
        &self,
        project: ProjectId,
        resource: ResourceId,
        version: i64,
        draft: &ResourceDraft,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        resources::update(app, caller, &self.slug, project, resource, version, draft).await
    }

    pub async fn destroys(
        &self,
        project: ProjectId,
        resource: ResourceId,
        version: i64,
    ) -> Result<(), Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        resources::delete(app, caller, &self.slug, project, resource, version).await
    }

    /// Gives somebody permissions beside their role, as the database keeps them.
    pub async fn gives_directly(&self, email: &str, names: &str) {
        let sql = "UPDATE members SET direct_permissions = $2 WHERE id = $1";
        let args = [self.member_id(email).await.into(), names.into()];
        self.world.database.change(sql, &args).await;
    }

    /// The newest row of the trail of the workspace: its action, target and detail.
    pub async fn last_entry(&self) -> (String, String, serde_json::Value) {
        let rows = self.world.trail(Some(self.workspace().await)).await;
        let row = rows.into_iter().next_back().unwrap();
        let detail = serde_json::from_str(&row.detail).unwrap();
        (row.action, row.target_label, detail)
    }
}
