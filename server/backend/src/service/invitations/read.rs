//! Reading invitations.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, RoleId,
    invitation::{
        Delivery, DeliveryRow, InvitationQuery, InvitationRow, InvitationStatus, InviteOptions,
        InviteProject, MailKind,
    },
    member::Named,
    page::Page,
    permission::Scope,
    role::{GroupOption, RoleOption},
};

use super::{Grant, inviter_may_give};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamManage, TeamView, group_permissions},
    clock::timestamp,
    service::{Failure, members::template, projects, roles::default_role},
    store::{Db, InvitationRecord, OutboxRecord, StoreError},
};

/// Most projects that the invite dialog offers.
const MOST_PROJECTS: i64 = 100;

/// One page of the invitations. Needs `team:view`.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &InvitationQuery,
) -> Result<Page<InvitationRow>, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let page = db.invitation_page(&proof, query, now).await??;
    let ids: Vec<InvitationId> = page.rows.iter().map(|row| row.id).collect();
    let mut dressing = Dressing::load(app, &mut db, &proof, &ids, now).await?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for record in page.rows {
        rows.push(dressing.dress(&mut db, record).await?);
    }
    Ok(Page {
        rows,
        next: page.next,
        previous: page.previous,
    })
}

/// One invitation, as the list shows it. Needs `team:view`.
///
/// # Errors
/// [`Failure::NotFound`] for one that is not here.
pub async fn one(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
) -> Result<InvitationRow, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let found = db.invitation(proof.workspace(), id).await?;
    let record = found.ok_or(Failure::NotFound("invitation"))?;
    let mut dressing = Dressing::load(app, &mut db, &proof, &[id], now).await?;
    dressing.dress(&mut db, record).await
}

/// All that the rows of one page need beside themselves, loaded at once.
struct Dressing<'a> {
    app: &'a Rolecall,
    proof: &'a Authorized<TeamView>,
    now: DateTime<Utc>,
    groups: HashMap<InvitationId, Vec<Named<GroupId>>>,
    newest_mail: HashMap<InvitationId, OutboxRecord>,
    roles: HashMap<RoleId, String>,
    /// Those that give something in single projects, which are judged one by one.
    with_overrides: HashSet<InvitationId>,
    /// The same inviter with the same grant is judged once.
    judged: HashMap<(Option<MemberId>, RoleId, Vec<GroupId>), bool>,
}

impl<'a> Dressing<'a> {
    async fn load(
        app: &'a Rolecall,
        db: &mut Db,
        proof: &'a Authorized<TeamView>,
        ids: &[InvitationId],
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut groups: HashMap<_, Vec<_>> = HashMap::new();
        for (id, group) in db.groups_of_invitations(ids).await? {
            groups.entry(id).or_default().push(group);
        }
        // Oldest first, so the newest stays.
        let mails = db.mails_of(ids).await?;
        let roles = db.roles(proof.workspace()).await?;
        let overrides = db.overrides_of_invitations(ids).await?;
        Ok(Self {
            app,
            proof,
            now,
            groups,
            newest_mail: mails
                .into_iter()
                .filter(|mail| mail.kind == "invitation")
                .map(|mail| (mail.invitation_id, mail))
                .collect(),
            roles: roles.into_iter().map(|role| (role.id, role.name)).collect(),
            with_overrides: overrides.into_iter().map(|o| o.invitation_id).collect(),
            judged: HashMap::new(),
        })
    }

    async fn dress(
        &mut self,
        db: &mut Db,
        record: InvitationRecord,
    ) -> Result<InvitationRow, Failure> {
        let status = record.status_at(self.now);
        let groups = self.groups.remove(&record.id).unwrap_or_default();
        let waits = status == InvitationStatus::Pending;
        let needs_approval = waits && !self.inviter_may_give(db, &record, &groups).await?;
        let present_name = self.roles.get(&record.role_id).filter(|_| waits).cloned();
        Ok(InvitationRow {
            id: record.id,
            version: record.version,
            role: Named {
                id: record.role_id,
                name: present_name.unwrap_or(record.role_name),
            },
            groups,
            status,
            sent_at: timestamp(record.sent_at),
            expires_at: timestamp(record.expires_at),
            ended_at: record.ended_at.map(timestamp),
            delivery: self
                .newest_mail
                .get(&record.id)
                .map_or(Delivery::None, delivery),
            email: record.email,
            inviter: record.inviter_name,
            needs_approval,
        })
    }

    async fn inviter_may_give(
        &mut self,
        db: &mut Db,
        record: &InvitationRecord,
        groups: &[Named<GroupId>],
    ) -> Result<bool, Failure> {
        let case = (
            record.inviter(),
            record.role_id,
            groups.iter().map(|g| g.id).collect(),
        );
        let alike = !self.with_overrides.contains(&record.id);
        if let Some(known) = self.judged.get(&case).filter(|_| alike) {
            return Ok(*known);
        }
        let template = template(self.app, self.proof)?;
        let grant = Grant::of(db, self.proof.workspace_record(), template, record).await?;
        let may = inviter_may_give(self.app, db, template, record, &grant).await?;
        if alike {
            self.judged.insert(case, may);
        }
        Ok(may)
    }
}

/// How far a mail got.
fn delivery(mail: &OutboxRecord) -> Delivery {
    let reason = || mail.last_error.clone().unwrap_or_default();
    match (mail.status.as_str(), mail.sent_at) {
        ("sent", Some(at)) => Delivery::Sent { at: timestamp(at) },
        ("failed", _) => Delivery::Failed { reason: reason() },
        ("dropped", _) => Delivery::Dropped,
        _ if mail.last_error.is_some() => Delivery::Retrying {
            reason: reason(),
            next_at: timestamp(mail.due_at),
        },
        _ => Delivery::Queued,
    }
}

/// Every mail of one invitation, codes for copied links too, oldest first. Needs `team:view`.
pub async fn deliveries(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
) -> Result<Vec<DeliveryRow>, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    db.invitation(proof.workspace(), id)
        .await?
        .ok_or(Failure::NotFound("invitation"))?;
    let mails = db.mails_of(&[id]).await?;
    Ok(mails
        .into_iter()
        .map(|mail| DeliveryRow {
            created_at: timestamp(mail.created_at),
            to: mail.recipient.clone(),
            what: if mail.kind == "code" {
                MailKind::Code
            } else {
                MailKind::Invitation
            },
            attempts: u32::try_from(mail.attempts).unwrap_or(u32::MAX),
            delivery: delivery(&mail),
        })
        .collect())
}

/// What the invite dialog offers. Needs `team:manage`.
pub async fn options(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<InviteOptions, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamManage>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let catalogue = &template.catalogue;
    let roles = db.roles(proof.workspace()).await?;
    let default_role = default_role(proof.workspace_record(), template, &roles)
        .ok_or(Failure::NotFound("role"))?;
    let roles = roles
        .into_iter()
        .map(|role| {
            let set = role.permissions(template);
            RoleOption {
                id: role.id,
                name: role.name,
                description: role.description,
                level: catalogue.level(set),
                lacking: authz::lacking(&proof, catalogue, set),
            }
        })
        .collect();
    let groups = db.groups(proof.workspace()).await?;
    let groups = groups
        .into_iter()
        .map(|group| {
            let set = group_permissions(catalogue, &group.permissions);
            GroupOption {
                id: group.id,
                name: group.name,
                description: group.description,
                level: catalogue.level(set),
                lacking: authz::lacking(&proof, catalogue, set),
            }
        })
        .collect();
    let visible = projects::visible(&proof, template);
    let projects = db.first_projects(&proof, &visible, MOST_PROJECTS).await?;
    let here = catalogue.scoped(Scope::Project);
    let policy = proof.workspace_record().invitation_policy();
    Ok(InviteOptions {
        projects: projects
            .into_iter()
            .map(|project| {
                let grantable = proof
                    .effective(template, project.place())
                    .intersection(here);
                InviteProject {
                    id: project.id,
                    grantable: catalogue.names(grantable),
                    name: project.name,
                }
            })
            .collect(),
        catalogue: catalogue.clone(),
        roles,
        default_role,
        groups,
        group_required: template.group_required,
        hours: policy.hours,
        copy_link: policy.copy_link,
        mail: app.mail(),
        allowed_domains: policy.allowed_domains,
    })
}
