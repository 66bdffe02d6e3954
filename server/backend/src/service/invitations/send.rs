//! Inviting: one order, a verdict for each address.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, ProjectId,
    catalogue::PermissionSet,
    email::{EmailAddress, MAX_ADDRESSES},
    invitation::{
        AddressVerdict, InviteOverride, InviteRequest, MAX_HOURS, MAX_OVERRIDES, MAX_PENDING,
        Verdict,
    },
    permission::CorePermission,
    text,
};
use serde_json::json;

use super::{Grant, InvitedOverride, answer, target, write_down_expired};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamManage},
    clock::timestamp,
    events::Topic,
    keys::sha256,
    service::{
        Failure,
        limits::{self, Budget},
        members::template,
        membership, post,
    },
    store::{
        Actor, Channel, Earlier, Entries, Entry, InvitationRecord, InvitedOverrideRecord,
        MemberIdentity, NewInvitation, StoreError, WorkspaceTx,
    },
    templates::Template,
};

const PER_INVITER: Budget = Budget {
    name: "invitations a day for one person",
    most: 1_000,
    window: TimeDelta::days(1),
};
const PER_WORKSPACE: Budget = Budget {
    name: "invitations a day for one workspace",
    most: 5_000,
    window: TimeDelta::days(1),
};
const PER_RECIPIENT: Budget = Budget {
    name: "invitations a day to one address",
    most: 5,
    window: TimeDelta::days(1),
};

/// Nobody knows when somebody answers or time ends an invitation; trying hourly does no harm.
const ROOM_AFTER: u32 = 3_600;

/// Refuses more invitations than can wait at the same time.
///
/// # Errors
/// [`Failure::TooMany`], naming the limit.
pub(super) async fn room_for(
    tx: &mut WorkspaceTx,
    more: i64,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    if tx.pending_count(workspace, now).await? + more <= MAX_PENDING {
        return Ok(());
    }
    Err(Failure::TooMany {
        message: format!(
            "At most {MAX_PENDING} invitations can wait at the same time. Revoke some, or wait until people answer."
        ),
        retry_after: ROOM_AFTER,
    })
}

/// Invites people. Needs `team:manage`, all that the role and the groups give, and in each project of an
/// override all that the override gives.
///
/// The answer has a verdict for each address, in order; what can be sent is sent. The same
/// `idempotency_key` again gives the same answer and has no further effect.
///
/// # Errors
/// [`Failure::Invalid`] on a field of the form, [`Failure::Refused`] past the grant boundary,
/// [`Failure::TooMany`] with nothing sent when a limit does not hold the whole order.
pub async fn send(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    request: InviteRequest,
) -> Result<Vec<AddressVerdict>, Failure> {
    let note = check(&request)?;
    let request_hash = sha256(
        serde_json::to_string(&request)
            .unwrap_or_default()
            .as_bytes(),
    );
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<TeamManage>(app, &mut tx, caller, slug).await?;
    match tx
        .earlier_answer(proof.member(), &request.idempotency_key, &request_hash)
        .await?
    {
        Earlier::New => {}
        Earlier::Answered(answer) => {
            return Ok(answer::open(app, &request_hash, &answer)?);
        }
        Earlier::Different => return Err(Failure::Reused),
    }
    let mut order = Order::new(app, &mut tx, &proof, &request, note, now).await?;
    let verdicts = order.carry_out(&mut tx, &request.addresses).await?;
    let answer = answer::seal(app, &request_hash, &verdicts);
    tx.keep_answer(
        now,
        proof.member(),
        &request.idempotency_key,
        &request_hash,
        &answer,
    )
    .await?;
    match Entries::many(order.entries) {
        Some(entries) => {
            tx.commit(now, &Actor::caller(caller), entries, &[Topic::Invitations])
                .await?;
        }
        None if order.expired => tx.commit_housekeeping(&[Topic::Invitations]).await?,
        None => tx.commit_housekeeping(&[]).await?,
    }
    Ok(verdicts)
}

/// The form without its addresses; gives the note.
fn check(request: &InviteRequest) -> Result<Option<String>, Failure> {
    let key = request.idempotency_key.as_bytes();
    if !(1..=64).contains(&key.len()) || !key.iter().all(u8::is_ascii_graphic) {
        return Err(Failure::field(
            "idempotency_key",
            "Send a key of 1 to 64 letters, digits and signs.",
        ));
    }
    if request.addresses.is_empty() {
        return Err(Failure::field(
            "addresses",
            "Enter at least one e-mail address.",
        ));
    }
    if request.addresses.len() > MAX_ADDRESSES {
        return Err(Failure::field(
            "addresses",
            format!("Send at most {MAX_ADDRESSES} addresses at a time."),
        ));
    }
    if !(1..=MAX_HOURS).contains(&request.hours) {
        return Err(Failure::field(
            "hours",
            format!("Choose between 1 hour and {} days.", MAX_HOURS / 24),
        ));
    }
    text::note(&request.note).map_err(|message| Failure::field("note", message))
}

struct Order<'a> {
    app: &'a Rolecall,
    proof: &'a Authorized<TeamManage>,
    template: &'a Template,
    grant: Grant,
    note: Option<String>,
    hours: u32,
    now: DateTime<Utc>,
    /// Whether former members are invited like everybody else.
    start_fresh: bool,
    entries: Vec<Entry>,
    /// Whether older invitations were found to be over.
    expired: bool,
}

impl<'a> Order<'a> {
    async fn new(
        app: &'a Rolecall,
        tx: &mut WorkspaceTx,
        proof: &'a Authorized<TeamManage>,
        request: &InviteRequest,
        note: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Self, Failure> {
        let template = template(app, proof)?;
        let workspace = tx.workspace().clone();
        let mut grant =
            Grant::find(tx, &workspace, template, request.role, &request.groups).await?;
        if template.group_required && grant.groups.is_empty() {
            return Err(Failure::field(
                "groups",
                "Choose at least one group: here, groups give all access.",
            ));
        }
        grant.overrides = overrides(tx, proof, template, &request.overrides).await?;
        grant.permit(proof, template)?;
        if !app.mail() && !workspace.copy_link {
            return Err(Failure::Conflict(
                "No mail server is set and copying links is switched off, so nobody could get this invitation. \
                 Switch on copying links in the invitation settings, or ask the operator to set a mail server."
                    .into(),
            ));
        }
        Ok(Self {
            app,
            proof,
            template,
            grant,
            note,
            hours: request.hours,
            now,
            start_fresh: request.start_fresh,
            entries: Vec::new(),
            expired: false,
        })
    }

    async fn carry_out(
        &mut self,
        tx: &mut WorkspaceTx,
        addresses: &[String],
    ) -> Result<Vec<AddressVerdict>, Failure> {
        self.expired = write_down_expired(self.app, tx, self.now, "invitations").await?;
        let parsed: Vec<_> = addresses.iter().map(|a| EmailAddress::parse(a)).collect();
        let known = Known::load(tx, &parsed, self.now).await?;
        let mut seen = HashSet::new();
        let fresh: Vec<bool> = parsed
            .iter()
            .map(|p| {
                p.as_ref().is_ok_and(|email| {
                    self.judge(email, &known).is_none() && seen.insert(email.normal())
                })
            })
            .collect();
        self.take_budgets(tx, fresh.iter().filter(|fresh| **fresh).count())
            .await?;

        let mut verdicts = Vec::with_capacity(addresses.len());
        let mut invited: HashMap<String, Verdict> = HashMap::new();
        for ((address, parsed), fresh) in addresses.iter().zip(&parsed).zip(fresh) {
            let verdict = match parsed {
                Err(problem) => Verdict::Invalid {
                    reason: problem.to_string(),
                },
                Ok(email) if fresh => {
                    let verdict = self.invite(tx, email).await?;
                    invited.insert(email.normal().to_owned(), verdict.clone());
                    verdict
                }
                // A duplicate within the order shares the verdict of its first mention.
                Ok(email) => match self.judge(email, &known) {
                    Some(verdict) => verdict,
                    None => invited
                        .get(email.normal())
                        .cloned()
                        .unwrap_or(Verdict::DomainNotAllowed),
                },
            };
            verdicts.push(AddressVerdict {
                address: address.clone(),
                verdict,
            });
        }
        Ok(verdicts)
    }

    /// The verdict that needs no invitation; `None`: invite.
    fn judge(&self, email: &EmailAddress, known: &Known) -> Option<Verdict> {
        if let Some(member) = known.members.get(email.normal()) {
            return Some(match member.status.as_str() {
                "suspended" => Verdict::Suspended { id: member.id },
                _ => Verdict::Member { id: member.id },
            });
        }
        if let Some(waiting) = known.pending.get(email.normal()) {
            let (id, version) = (waiting.id, waiting.version);
            return Some(if waiting.role_id != self.grant.role.id {
                Verdict::OtherRole {
                    id,
                    version,
                    role: waiting.role_name.clone(),
                }
            } else if self.gives_the_same(id, known) {
                Verdict::Pending { id, version }
            } else {
                Verdict::OtherGrant { id, version }
            });
        }
        if let Some((id, removed_at)) = known.former.get(email.normal())
            && !self.start_fresh
        {
            return Some(Verdict::Former {
                id: *id,
                removed_at: timestamp(*removed_at),
            });
        }
        let workspace = self.proof.workspace_record();
        let allowed = workspace.allows_domain(email.domain());
        (!allowed).then_some(Verdict::DomainNotAllowed)
    }

    /// Whether a waiting invitation with the same role gives the same groups and overrides, too.
    fn gives_the_same(&self, id: InvitationId, known: &Known) -> bool {
        let catalogue = &self.template.catalogue;
        let groups = known.groups.iter().filter(|(of, _)| *of == id);
        let groups: HashSet<GroupId> = groups.map(|(_, group)| *group).collect();
        let overrides = known.overrides.iter().filter(|o| o.invitation_id == id);
        let overrides: HashMap<ProjectId, PermissionSet> = overrides
            .map(|o| {
                (
                    o.project_id,
                    catalogue.stored(o.permissions.split_whitespace()),
                )
            })
            .collect();
        self.grant.is_made_of(&groups, &overrides)
    }

    async fn take_budgets(&self, tx: &mut WorkspaceTx, fresh: usize) -> Result<(), Failure> {
        if fresh == 0 {
            return Ok(());
        }
        let amount = i64::try_from(fresh).unwrap_or(i64::MAX);
        room_for(tx, amount, self.now).await?;
        let inviter = limits::key(self.app, "invite", &self.proof.member().to_string());
        PER_INVITER.take(tx, &inviter, amount, self.now).await?;
        let workspace = self.proof.workspace().to_string();
        let all = limits::key(self.app, "invite-workspace", &workspace);
        PER_WORKSPACE.take(tx, &all, amount, self.now).await
    }

    async fn take_recipient(
        &self,
        tx: &mut WorkspaceTx,
        email: &EmailAddress,
    ) -> Result<(), Failure> {
        let recipient = limits::key(self.app, "invite-recipient", email.normal());
        PER_RECIPIENT.take(tx, &recipient, 1, self.now).await?;
        post::take_budget(self.app, tx, self.now, email.normal()).await
    }

    async fn invite(
        &mut self,
        tx: &mut WorkspaceTx,
        email: &EmailAddress,
    ) -> Result<Verdict, Failure> {
        match self.take_recipient(tx, email).await {
            Err(Failure::TooMany { message, .. }) => {
                return Ok(Verdict::Limited { reason: message });
            }
            other => other?,
        }
        let session = &self.proof.caller().session;
        let new = NewInvitation {
            id: self.app.random().id(self.now),
            email,
            role: self.grant.role.id,
            role_name: &self.grant.role.name,
            note: self.note.as_deref(),
            duration_seconds: i64::from(self.hours) * 3_600,
            inviter: self.proof.member(),
            inviter_name: &session.name,
            inviter_email: &session.email,
        };
        let groups: Vec<_> = self.grant.groups.iter().map(|g| g.id).collect();
        tx.insert_invitation(self.now, &new, &groups).await?;
        for stored in self.grant.stored_overrides(new.id, self.template) {
            tx.insert_invited_override(&stored).await?;
        }
        let record =
            tx.invitation(self.proof.workspace(), new.id)
                .await?
                .ok_or(StoreError::Corrupt(
                    "an invitation vanished while it was created",
                ))?;
        let link = if self.app.mail() {
            post::invitation(self.app, tx, self.now, &record, &self.grant.role).await?;
            None
        } else {
            Some(post::link(self.app, tx, self.now, record.id, Channel::Copy).await?)
        };
        self.entries.push(Entry::new(
            "invitation.created",
            target(record.id, &record.email),
            json!({
                "role": self.grant.role.name,
                "groups": self.grant.group_names(),
                "overrides": self.grant.said_overrides(self.template),
                "expires_at": record.expires_at,
                "by": if link.is_some() { "link" } else { "mail" },
            }),
        ));
        Ok(Verdict::Invited {
            id: record.id,
            link,
        })
    }
}

/// What the order gives in single projects, each of which the caller may see.
pub(super) async fn overrides(
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    template: &Template,
    orders: &[InviteOverride],
) -> Result<Vec<InvitedOverride>, Failure> {
    if orders.len() > MAX_OVERRIDES {
        let message = format!("Choose at most {MAX_OVERRIDES} projects.");
        return Err(Failure::field("overrides", message));
    }
    let mut found: Vec<InvitedOverride> = Vec::with_capacity(orders.len());
    for order in orders {
        let project = tx.project(proof.workspace(), order.project).await?;
        let view = CorePermission::ProjectsView;
        let project = project
            .filter(|project| proof.may(template, project.place(), view))
            .ok_or(Failure::NotFound("project"))?;
        if found.iter().any(|over| over.project.id == project.id) {
            let message = format!("“{}” stands here twice. Choose it once.", project.name);
            return Err(Failure::field("overrides", message));
        }
        let permissions = template
            .catalogue
            .override_set(&order.permissions)
            .map_err(|problem| Failure::field("overrides", problem.to_string()))?;
        found.push(InvitedOverride {
            project,
            permissions,
        });
    }
    Ok(found)
}

/// Who is a member already and who is invited already, by normalised address, and what the waiting
/// invitations give beside their role.
struct Known {
    members: HashMap<String, MemberIdentity>,
    pending: HashMap<String, InvitationRecord>,
    groups: Vec<(InvitationId, GroupId)>,
    overrides: Vec<InvitedOverrideRecord>,
    /// Former memberships that can be brought back, and when they ended.
    former: HashMap<String, (MemberId, DateTime<Utc>)>,
}

impl Known {
    async fn load<E>(
        tx: &mut WorkspaceTx,
        parsed: &[Result<EmailAddress, E>],
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let workspace = tx.workspace().id;
        let emails: Vec<&str> = parsed.iter().flatten().map(EmailAddress::normal).collect();
        let members = tx.members_by_email(workspace, &emails, now).await?;
        let pending = tx.pending_by_email(workspace, &emails).await?;
        let ids: Vec<InvitationId> = pending.iter().map(|i| i.id).collect();
        let groups = tx.groups_of_invitations(&ids).await?;
        let overrides = tx.overrides_of_invitations(&ids).await?;
        let since = membership::undo_since(now);
        let former = tx.former_by_email(workspace, &emails, since).await?;
        Ok(Self {
            groups: groups.into_iter().map(|(id, g)| (id, g.id)).collect(),
            overrides,
            members: members
                .into_iter()
                .map(|m| (m.email_norm.clone(), m))
                .collect(),
            pending: pending
                .into_iter()
                .map(|i| (i.email_norm.clone(), i))
                .collect(),
            former: former
                .into_iter()
                .map(|(email, id, at)| (email, (id, at)))
                .collect(),
        })
    }
}
