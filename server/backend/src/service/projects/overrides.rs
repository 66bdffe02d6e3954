//! Overrides: replacing what a member may do in a project, and giving it back.

use chrono::{DateTime, TimeZone as _, Utc};
use rolecall_shared::{
    MemberId, ProjectId, Timestamp,
    access::OverrideView,
    catalogue::{Catalogue, PermissionSet},
    member::Named,
    permission::{CorePermission, Scope},
    policy::{Grant, Holdings, Place, boundary, effective, preview::Change},
    project::{OverrideDraft, OverrideEditor},
};
use serde_json::{Value, json};

use super::{members::view, without_override};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, InProject, Permission, TeamManage, TeamView, holdings},
    clock::timestamp,
    events::Topic,
    service::{Failure, guard, membership},
    store::{Actor, Db, Entry, OverrideRecord, PersonRecord, ProjectRecord, Target, WorkspaceTx},
    templates::Template,
};

/// The last moment that both databases keep: the end of 9999, in microseconds.
const LAST_END: i64 = 253_402_300_799_999_999;

/// Said when the override a person acts on is not the one that is there now.
fn stale() -> Failure {
    Failure::Stale(
        "This override changed a moment ago. Look at it again and repeat if you still want to."
            .into(),
    )
}

fn owners_are_immune() -> String {
    "Owners have every permission in every project, so nothing can be overridden for them.".into()
}

/// A member in a project, with all that decides for them.
struct Overridden {
    person: PersonRecord,
    held: Holdings,
    current: Option<OverrideRecord>,
}

impl Overridden {
    /// A foreign id is as unknown as a made-up one.
    async fn find<P: Permission>(
        db: &mut Db,
        template: &Template,
        proof: &InProject<P>,
        member: MemberId,
    ) -> Result<Self, Failure> {
        let person = db
            .person(proof.workspace(), member)
            .await?
            .ok_or(Failure::NotFound("member"))?;
        let grants = db.grants_of(&[member]).await?;
        Ok(Self {
            held: holdings(template, &person.holder, &grants),
            current: db.override_of(proof, member).await?,
            person,
        })
    }

    /// What they could do in the project without an override.
    fn base(
        &self,
        catalogue: &Catalogue,
        project: &ProjectRecord,
        now: Timestamp,
    ) -> PermissionSet {
        let bare = without_override(&self.held, project.id);
        effective(catalogue, &bare, project.place(), now)
    }

    /// What they would get if the override that counts now were gone.
    fn kept_back(
        &self,
        catalogue: &Catalogue,
        project: &ProjectRecord,
        now: Timestamp,
    ) -> PermissionSet {
        let here = effective(catalogue, &self.held, project.place(), now);
        self.base(catalogue, project, now).minus(here)
    }

    fn label(&self) -> String {
        format!("{} <{}>", self.person.name, self.person.email)
    }

    fn target(&self) -> Target {
        Target::member(self.held.member, self.label())
    }
}

/// A member's override in a project, and what it would replace. Needs `team:view`, and
/// `projects:view` in the project.
///
/// # Errors
/// [`Failure::NotFound`] for a project or a member that is not there for the caller.
pub async fn override_editor(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    member: MemberId,
) -> Result<OverrideEditor, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<TeamView>(app, &mut db, caller, slug, project).await?;
    let template = proof.template(app)?;
    let catalogue = &template.catalogue;
    let found = Overridden::find(&mut db, template, &proof, member).await?;
    let here = catalogue.scoped(Scope::Project);
    let base = found.base(catalogue, proof.project(), proof.now());
    let grantable = proof.effective(template, proof.place()).intersection(here);
    let current = found.current.as_ref();
    Ok(OverrideEditor {
        base: catalogue.names(base.intersection(here)),
        current: current.map(|record| view(catalogue, proof.project(), record)),
        grantable: catalogue.names(grantable),
        warning: warning(catalogue, &proof, &found),
        blocked: blocked(template, &proof, &found),
        catalogue: catalogue.clone(),
        role: found.person.holder.role_name,
        member: Named {
            id: member,
            name: found.person.name,
        },
    })
}

/// A member's override in a project, also one that has ended. Needs `team:view`, and `projects:view` in the
/// project.
///
/// # Errors
/// [`Failure::NotFound`] for a project or a member that is not there for the caller, and when there is none.
pub async fn one_override(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    member: MemberId,
) -> Result<OverrideView, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<TeamView>(app, &mut db, caller, slug, project).await?;
    let template = proof.template(app)?;
    let found = Overridden::find(&mut db, template, &proof, member).await?;
    let current = found.current.ok_or(Failure::NotFound("override"))?;
    Ok(view(&template.catalogue, proof.project(), &current))
}

/// What should be known before going on.
fn warning(
    catalogue: &Catalogue,
    proof: &InProject<TeamView>,
    found: &Overridden,
) -> Option<String> {
    if found.held.member == proof.member() {
        return Some(
            "This is your own access. What you take from yourself here, somebody else has to give back."
                .into(),
        );
    }
    boundary::manages_team(catalogue, &found.held, proof.now()).then(|| {
        format!(
            "{} manages the team of this workspace. The override changes what they can do in this project all the same.",
            found.person.name
        )
    })
}

/// Why the override can only be looked at: what [`set_override`] would refuse whatever it is.
fn blocked(template: &Template, proof: &InProject<TeamView>, found: &Overridden) -> Option<String> {
    if found.held.is_owner {
        return Some(owners_are_immune());
    }
    let refused: Option<Failure> =
        if proof.may(template, Place::Workspace, CorePermission::TeamManage) {
            let act = Act {
                touches: std::slice::from_ref(&found.held),
                place: proof.place(),
                ..Act::giving(PermissionSet::EMPTY)
            };
            let touched = authz::permit(proof, &template.catalogue, &act);
            touched.err().map(Failure::from)
        } else {
            Some(proof.lacks(CorePermission::TeamManage).into())
        };
    refused.map(|failure| failure.to_api("").message)
}

/// A locked workspace, a proof, and the member in the project.
struct Opened<'a> {
    tx: WorkspaceTx,
    template: &'a Template,
    proof: InProject<TeamManage>,
    found: Overridden,
    now: DateTime<Utc>,
}

impl<'a> Opened<'a> {
    async fn new(
        app: &'a Rolecall,
        caller: &Caller,
        slug: &str,
        project: ProjectId,
        member: MemberId,
    ) -> Result<Self, Failure> {
        let now = app.clock().now();
        let mut tx = app
            .store()
            .lock_slug(slug)
            .await?
            .ok_or(Failure::NotFound("workspace"))?;
        // Managing the team is workspace-scoped, so no override touches it; what the project adds is
        // that it has to be visible.
        let proof = authz::authorize_in::<TeamManage>(app, &mut tx, caller, slug, project).await?;
        let template = proof.template(app)?;
        let found = Overridden::find(&mut tx, template, &proof, member).await?;
        Ok(Self {
            tx,
            template,
            proof,
            found,
            now,
        })
    }

    /// Grant boundary in the project, touch rule, no helping oneself; owners are immune whoever asks.
    fn permit(&self, gives: PermissionSet, grant: Option<Grant>) -> Result<(), Failure> {
        let change = Change::Override {
            member: self.found.held.member,
            project: self.proof.project().id,
            grant,
        };
        let act = Act {
            gives,
            place: self.proof.place(),
            touches: std::slice::from_ref(&self.found.held),
            change: Some(&change),
        };
        authz::permit(&self.proof, &self.template.catalogue, &act)?;
        if self.found.held.is_owner && grant.is_some() {
            return Err(Failure::Conflict(owners_are_immune()));
        }
        Ok(())
    }

    fn entry(&self, action: &'static str, after: Option<Grant>) -> Entry {
        let catalogue = &self.template.catalogue;
        let before = self.found.current.as_ref();
        let before = before.map(|record| record.grant(catalogue));
        let project = self.proof.project();
        Entry::new(
            action,
            self.found.target(),
            json!({
                "project": project.name,
                "project_id": project.id,
                "before": said(catalogue, before),
                "after": said(catalogue, after),
            }),
        )
    }
}

/// A grant as the trail keeps it; `null`: no override.
fn said(catalogue: &Catalogue, grant: Option<Grant>) -> Value {
    grant.map_or(Value::Null, |grant| {
        json!({
            "permissions": catalogue.names(grant.permissions),
            "expires_at": grant.expires_at.map(Timestamp::rfc3339),
        })
    })
}

/// The end of an override that was asked for: in the future, or none.
fn end(at: Option<Timestamp>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Failure> {
    let Some(at) = at else { return Ok(None) };
    let end = Utc.timestamp_micros(at.0.min(LAST_END)).single();
    end.filter(|end| now < *end && at.0 <= LAST_END)
        .map(Some)
        .ok_or_else(|| Failure::field("expires_at", "Choose a moment in the future."))
}

/// Replaces what a member may do in a project; gives the version of the override. Needs
/// `team:manage`, `projects:view` in the project, all that the member holds, and in the project
/// all that the override gives, now or by ending. Nobody gives more to themselves.
/// An empty set is a real value: nothing can be done there.
///
/// # Errors
/// [`Failure::Invalid`] on `permissions` (names what is unknown or not project-scoped) or
/// `expires_at`; [`Failure::Conflict`] for an owner, when the override changed since
/// `draft.version`, or when nobody could manage the team any more; [`Failure::Refused`] past what the caller may give or touch.
pub async fn set_override(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    member: MemberId,
    draft: &OverrideDraft,
) -> Result<i64, Failure> {
    let opened = Opened::new(app, caller, slug, project, member).await?;
    let catalogue = &opened.template.catalogue;
    let permissions = catalogue
        .override_set(&draft.grant.permissions)
        .map_err(|problem| Failure::field("permissions", problem.to_string()))?;
    let end = end(draft.grant.expires_at, opened.now)?;
    let current = opened.found.current.as_ref();
    if current.map(|record| record.version) != draft.version {
        return Err(stale());
    }
    let grant = Grant {
        permissions,
        expires_at: end.map(timestamp),
    };
    // With an end, what the present override keeps back comes back by itself one day.
    let returns = match end {
        Some(_) => opened
            .found
            .kept_back(catalogue, opened.proof.project(), opened.proof.now()),
        None => PermissionSet::EMPTY,
    };
    opened.permit(permissions.union(returns), Some(grant))?;
    let entry = opened.entry("override.set", Some(grant));
    let after = OverrideRecord {
        member_id: member,
        project_id: project,
        permissions: catalogue.names(permissions).join(" "),
        expires_at: end,
        set_by: caller.session.name.clone(),
        set_at: opened.now,
        // A new one begins above every version that an earlier, removed one can have had.
        version: draft
            .version
            .unwrap_or_else(|| opened.now.timestamp_micros()),
        given_by: Some(opened.proof.member().0),
    };
    let Opened {
        mut tx,
        template,
        proof,
        found,
        now,
        ..
    } = opened;
    let version = if draft.version.is_none() {
        tx.insert_override(&after).await?;
        after.version
    } else if tx.update_override(&proof, &after).await? {
        after.version + 1
    } else {
        return Err(stale());
    };
    guard::somebody_manages(&mut tx, template).await?;
    let name = &proof.project().name;
    membership::override_changed(app, &mut tx, now, caller, &found.person, name).await?;
    tx.commit(now, &Actor::caller(caller), entry.into(), &[Topic::Access])
        .await?;
    Ok(version)
}

/// Lets a member have in a project what they have elsewhere. Needs `team:manage`, `projects:view` in
/// the project, all that the member holds, and in the project all that comes back.
/// Nobody gives more to themselves.
///
/// # Errors
/// [`Failure::NotFound`] when there is none, [`Failure::Conflict`] when it changed since `version`
/// or nobody could manage the team any more, [`Failure::Refused`] past what the caller may give or touch.
pub async fn remove_override(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    member: MemberId,
    version: i64,
) -> Result<(), Failure> {
    let opened = Opened::new(app, caller, slug, project, member).await?;
    let current = opened.found.current.as_ref();
    let current = current.ok_or(Failure::NotFound("override"))?;
    if current.version != version {
        return Err(stale());
    }
    let catalogue = &opened.template.catalogue;
    let returns = opened
        .found
        .kept_back(catalogue, opened.proof.project(), opened.proof.now());
    opened.permit(returns, None)?;
    let entry = opened.entry("override.removed", None);
    let Opened {
        mut tx,
        template,
        proof,
        found,
        now,
        ..
    } = opened;
    if !tx.delete_override(&proof, member, version).await? {
        return Err(stale());
    }
    guard::somebody_manages(&mut tx, template).await?;
    let name = &proof.project().name;
    membership::override_changed(app, &mut tx, now, caller, &found.person, name).await?;
    tx.commit(now, &Actor::caller(caller), entry.into(), &[Topic::Access])
        .await?;
    Ok(())
}
