//! The members tab of a project: who may do what here.

use std::collections::HashMap;

use rolecall_shared::{
    MemberId, ProjectId, Timestamp,
    access::{GrantView, OverrideView},
    catalogue::{Catalogue, PermissionSet},
    member::{MemberStatus, Named},
    page::Page,
    permission::Scope,
    policy::{Grant, Holdings, effective},
    project::{OverrideEffect, ProjectMember, ProjectMemberQuery},
};

use super::{level_here, without_override};
use crate::{
    Caller, Rolecall,
    authz::{self, holdings},
    clock::timestamp,
    service::Failure,
    store::{OverrideRecord, PersonRecord, ProjectRecord},
};

/// An override as the console shows it.
pub(super) fn view(
    catalogue: &Catalogue,
    project: &ProjectRecord,
    record: &OverrideRecord,
) -> OverrideView {
    let grant = record.grant(catalogue);
    OverrideView {
        project: Named {
            id: project.id,
            name: project.name.clone(),
        },
        grant: GrantView {
            permissions: catalogue.names(grant.permissions),
            expires_at: grant.expires_at,
        },
        set_by: record.set_by.clone(),
        set_at: timestamp(record.set_at),
        version: record.version,
    }
}

/// One page of the members with what they may do in a project, by name. Needs `team:view`, and
/// `projects:view` in the project. A level counts project-scoped rows; an override that has ended is
/// shown as such and counts for nothing.
///
/// # Errors
/// [`Failure::Invalid`] on `cursor`.
pub async fn members(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    query: &ProjectMemberQuery,
) -> Result<Page<ProjectMember>, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<authz::TeamView>(app, &mut db, caller, slug, project).await?;
    let template = proof.template(app)?;
    let page = db.project_member_page(&proof, query).await??;
    let ids: Vec<MemberId> = page.rows.iter().map(|row| row.holder.member_id).collect();
    let grants = db.grants_of(&ids).await?;
    let overrides = db.overrides_of(&proof, &ids).await?;
    let overrides: HashMap<MemberId, OverrideRecord> =
        overrides.into_iter().map(|o| (o.member_id, o)).collect();
    let here = Here {
        catalogue: &template.catalogue,
        project: proof.project(),
        asker: proof.member(),
        now: proof.now(),
    };
    let rows = page.rows.into_iter().map(|person| {
        let held = holdings(template, &person.holder, &grants);
        here.dress(&held, overrides.get(&held.member), person)
    });
    Ok(Page {
        rows: rows.collect(),
        next: page.next,
        previous: page.previous,
    })
}

/// Where and when the members of a page are looked at.
struct Here<'a> {
    catalogue: &'a Catalogue,
    project: &'a ProjectRecord,
    asker: MemberId,
    now: Timestamp,
}

impl Here<'_> {
    fn effect(&self, grant: Grant, anyway: PermissionSet) -> OverrideEffect {
        if !grant.holds(self.now) {
            OverrideEffect::Ended
        } else if grant.permissions == anyway {
            OverrideEffect::Redundant
        } else if anyway.includes(grant.permissions) {
            OverrideEffect::Narrower
        } else {
            OverrideEffect::Wider
        }
    }

    fn dress(
        &self,
        held: &Holdings,
        over: Option<&OverrideRecord>,
        person: PersonRecord,
    ) -> ProjectMember {
        let catalogue = self.catalogue;
        let place = self.project.place();
        let unchanged = without_override(held, self.project.id);
        let base = effective(catalogue, &unchanged, place, self.now);
        let here = effective(catalogue, held, place, self.now);
        let grant = over.map(|record| record.grant(catalogue));
        let anyway = base.intersection(catalogue.scoped(Scope::Project));
        let active = person.holder.is_active(self.now);
        let effect = grant
            .filter(|_| !held.is_owner)
            .map(|grant| self.effect(grant, anyway));
        ProjectMember {
            id: held.member,
            name: person.name,
            email: person.email,
            role: person.holder.role_name,
            is_owner: held.is_owner,
            status: if active {
                MemberStatus::Active
            } else {
                MemberStatus::Suspended
            },
            base: level_here(catalogue, base),
            here: level_here(catalogue, here),
            over: over.map(|record| view(catalogue, self.project, record)),
            effect,
            is_you: held.member == self.asker,
        }
    }
}
