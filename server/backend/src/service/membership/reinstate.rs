//! Bringing a membership back, as far as what it held is still there and may be given. Also the
//! undo right after a removal.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId,
    catalogue::PermissionSet,
    invitation::InvitationStatus,
    membership::{Missing, Reinstated},
    permission::CorePermission,
    policy::{self, Place},
};
use serde_json::json;

use super::{TOPICS, former::undo_since, notices};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, group_permissions},
    events::Topic,
    mail::render::News,
    service::{Failure, invitations::target, roles::editing::Opened},
    store::{Actor, Entries, Entry, FormerRecord, Restored, RoleRecord, StoreError, Target},
};

const NOT_YOURS: &str = "It would give permissions that you do not have yourself.";

/// What of a former membership comes back, and what does not.
#[derive(Default)]
struct Return {
    groups: Vec<GroupId>,
    group_names: Vec<String>,
    overrides: Vec<ProjectId>,
    direct: String,
    missing: Vec<Missing>,
}

impl Return {
    fn lacks(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.missing.push(Missing {
            what: what.into(),
            why: why.into(),
        });
    }
}

impl Opened<'_> {
    /// Whether the caller may give a set in a place.
    fn may_give(&self, gives: PermissionSet, place: Place) -> bool {
        let act = Act {
            place,
            ..Act::giving(gives)
        };
        authz::permit(&self.proof, &self.template.catalogue, &act).is_ok()
    }

    /// The role to come back with: the one that was chosen, or the one of before.
    async fn returning_role(
        &mut self,
        record: &FormerRecord,
        chosen: Option<RoleId>,
    ) -> Result<RoleRecord, Failure> {
        let workspace = self.proof.workspace();
        let wanted = chosen.unwrap_or(record.role_id);
        let role = match self.tx.role(workspace, wanted).await? {
            Some(role) => role,
            None if chosen.is_some() => return Err(Failure::NotFound("role")),
            None => {
                let message = format!(
                    "The role “{}” was deleted. Choose the role that {} gets instead.",
                    record.role_name, record.name
                );
                return Err(Failure::field("role", message));
            }
        };
        let gives = Act::giving(role.permissions(self.template));
        authz::permit(&self.proof, &self.template.catalogue, &gives)?;
        Ok(role)
    }

    async fn returning_groups(
        &mut self,
        record: &FormerRecord,
        back: &mut Return,
    ) -> Result<(), StoreError> {
        let all = self.tx.groups(self.proof.workspace()).await?;
        for held in self.tx.former_groups(record.id).await? {
            if held.expires_at.is_some_and(|end| end <= self.now) {
                continue;
            }
            let what = format!("the group “{}”", held.group_name);
            let Some(group) = all.iter().find(|group| group.id == held.group_id) else {
                back.lacks(what, "It was deleted.");
                continue;
            };
            let gives = group_permissions(&self.template.catalogue, &group.permissions);
            if self.may_give(gives, Place::Workspace) {
                back.groups.push(group.id);
                back.group_names.push(group.name.clone());
            } else {
                back.lacks(what, NOT_YOURS);
            }
        }
        Ok(())
    }

    async fn returning_overrides(
        &mut self,
        record: &FormerRecord,
        back: &mut Return,
    ) -> Result<(), StoreError> {
        for held in self.tx.former_overrides(record.id).await? {
            if held.expires_at.is_some_and(|end| end <= self.now) {
                continue;
            }
            let what = format!("the override in “{}”", held.project_name);
            let project = self
                .tx
                .project(self.proof.workspace(), held.project_id)
                .await?;
            let Some(project) = project else {
                back.lacks(what, "The project was deleted.");
                continue;
            };
            let names = held.permissions.split_whitespace();
            let gives = self.template.catalogue.stored(names);
            if self.may_give(gives, project.place()) {
                back.overrides.push(project.id);
            } else if self
                .proof
                .may(self.template, project.place(), CorePermission::ProjectsView)
            {
                back.lacks(what, NOT_YOURS);
            } else {
                back.lacks("an override in a project that you can not see", NOT_YOURS);
            }
        }
        Ok(())
    }

    fn returning_direct(&self, record: &FormerRecord, back: &mut Return) {
        if record.direct_expires_at.is_some_and(|end| end <= self.now) {
            return;
        }
        let catalogue = &self.template.catalogue;
        let held = catalogue.stored(record.direct_permissions.split_whitespace());
        let lacking = authz::lacking(&self.proof, catalogue, held);
        if lacking.is_empty() {
            // To the letter: names that the template does not have at the moment are not lost.
            back.direct.clone_from(&record.direct_permissions);
            return;
        }
        let own = policy::everywhere(catalogue, self.proof.holdings(), self.proof.now());
        back.direct = catalogue.names(held.intersection(own)).join(" ");
        back.lacks(
            format!("the direct permissions {}", lacking.join(", ")),
            "You do not have them yourself.",
        );
    }
}

/// Brings a former membership back, with the same member id: role, groups, direct permissions and
/// overrides that still exist and that the caller may give, and what they created, as far as nobody
/// else's. Ownership does not come back. Needs `team:manage` and all that the role gives; without
/// `role` it is the one of before. The answer names what did not come back.
///
/// # Errors
/// [`Failure::NotFound`] for somebody who is no former member of the last 90 days, or a role that is not
/// here; [`Failure::Invalid`] on `role` when theirs was deleted; [`Failure::Refused`] when the role gives
/// what the caller lacks.
pub async fn reinstate(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    former: MemberId,
    role: Option<RoleId>,
) -> Result<Reinstated, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let since = undo_since(opened.now);
    let record = opened
        .tx
        .former_member(opened.proof.workspace(), former, since)
        .await?
        .ok_or(Failure::NotFound("former member"))?;
    let role = opened.returning_role(&record, role).await?;
    let mut back = Return::default();
    opened.returning_groups(&record, &mut back).await?;
    opened.returning_direct(&record, &mut back);
    opened.returning_overrides(&record, &mut back).await?;
    if record.was_owner {
        back.lacks(
            "ownership",
            "It is proposed by an owner and accepted, like that of anybody else.",
        );
    }
    let ended = record.expires_at.is_some_and(|end| end <= opened.now);
    if ended {
        back.lacks(
            "an active membership",
            "Its time ended meanwhile, so they come back suspended. Reactivate them to let them in.",
        );
    }
    let restored = Restored {
        role: role.id,
        suspended: ended || record.status == "suspended",
        expires_at: record.expires_at.filter(|_| !ended),
        direct_permissions: &back.direct,
        groups: &back.groups,
        overrides: &back.overrides,
    };
    opened.tx.restore(&record, &restored).await?;
    let mut entries = revoke_waiting(&mut opened, &record).await?;
    let now = opened.now;
    entries.push(entry(&record, &role, &back));
    let by = &caller.session.name;
    notices::mail(
        app,
        &mut opened.tx,
        now,
        &record.email_now,
        by,
        News::Reinstated,
    )
    .await?;
    let mut topics = TOPICS.to_vec();
    topics.push(Topic::Projects);
    if let Some(entries) = Entries::many(entries) {
        let actor = Actor::caller(caller);
        opened.tx.commit(now, &actor, entries, &topics).await?;
    }
    Ok(Reinstated {
        member: former,
        missing: back.missing,
    })
}

fn entry(record: &FormerRecord, role: &RoleRecord, back: &Return) -> Entry {
    let missing = back.missing.iter();
    let missing: Vec<&str> = missing.map(|m| m.what.as_str()).collect();
    Entry::new(
        "member.reinstated",
        Target::member(
            record.id,
            format!("{} <{}>", record.name_now, record.email_now),
        ),
        json!({
            "role": role.name,
            "role_before": record.role_name,
            "groups": back.group_names,
            "direct": back.direct.split_whitespace().collect::<Vec<_>>(),
            "overrides": back.overrides.len(),
            "missing": missing,
        }),
    )
}

/// An invitation of somebody who is a member again leads nowhere.
async fn revoke_waiting(
    opened: &mut Opened<'_>,
    record: &FormerRecord,
) -> Result<Vec<Entry>, StoreError> {
    let (workspace, now): (_, DateTime<Utc>) = (opened.proof.workspace(), opened.now);
    let mut entries = Vec::new();
    let emails = [record.email_norm_now.as_str()];
    for waiting in opened.tx.pending_by_email(workspace, &emails).await? {
        if opened
            .tx
            .end_invitation(now, waiting.id, InvitationStatus::Revoked, None, None)
            .await?
        {
            entries.push(Entry::new(
                "invitation.revoked",
                target(waiting.id, &waiting.email),
                json!({ "role": waiting.role_name, "because": "reinstated" }),
            ));
        }
    }
    Ok(entries)
}
