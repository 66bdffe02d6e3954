//! Looking at an invitation through its link: nothing changes.

use chrono::{DateTime, Utc};
use rolecall_shared::{WorkspaceId, email::EmailAddress, invitation::InvitationStatus};

use super::{CodeStep, Ended, InvitationCard, Invited, Newer, Who};
use crate::{
    Rolecall,
    clock::timestamp,
    keys::LinkToken,
    request::Session,
    service::{
        Failure,
        invitations::{Grant, inviter_may_give},
    },
    store::{Channel, Db, InvitationRecord, LinkRecord, StoreError, WorkspaceRecord},
    templates::Template,
};

/// A link that works, with all it stands for.
pub(super) struct Live<'a> {
    pub(super) link: LinkRecord,
    pub(super) record: InvitationRecord,
    pub(super) workspace: WorkspaceRecord,
    pub(super) grant: Grant,
    pub(super) template: &'a Template,
    /// Whether the inviter can still give all of it: declining does not ask for that.
    approved: bool,
}

impl Live<'_> {
    /// Whether the holder still has to prove the mailbox: the link was copied and mail can be sent.
    pub(super) fn needs_code(&self, app: &Rolecall) -> bool {
        self.link.channel() == Channel::Copy && app.mail()
    }

    /// Whether the holder may say no for the invited person: by the mailed link, or by a
    /// session of the address. An unproven session proves the mailbox no more than a copied link.
    pub(super) fn may_decline(&self, app: &Rolecall, session: Option<&Session>) -> bool {
        !self.needs_code(app)
            || session.is_some_and(|s| s.email_verified && owns_address(s, &self.record))
    }

    /// Itself, if it can be accepted.
    fn approved(self, app: &Rolecall, session: Option<&Session>) -> Result<Self, Ended> {
        if self.approved {
            return Ok(self);
        }
        Err(Ended::NeedsApproval {
            may_decline: self.may_decline(app, session),
            workspace: self.workspace.name,
            inviter_name: self.record.inviter_name,
        })
    }
}

/// What the holder of a link sees.
///
/// # Errors
/// Only [`Failure::Store`]: a link that does not work is an answer, [`Invited::Ended`].
pub async fn open(
    app: &Rolecall,
    session: Option<&Session>,
    token: &str,
) -> Result<Invited, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let found = find(app, &mut db, token, now).await?;
    let live = match found.and_then(|live| live.approved(app, session)) {
        Ok(live) => live,
        Err(ended) => return Ok(Invited::Ended(ended)),
    };
    let who = who(app, &mut db, &live, session, now).await?;
    Ok(Invited::Open(card(live), who))
}

/// Finds what a token lets people join, or why it does not. Asked again under the lock before
/// anything changes.
pub(super) async fn live<'a>(
    app: &'a Rolecall,
    db: &mut Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Result<Live<'a>, Ended>, Failure> {
    let found = find(app, db, token, now).await?;
    Ok(found.and_then(|live| live.approved(app, None)))
}

/// The same, also where the invitation waits for somebody to approve it.
pub(super) async fn find<'a>(
    app: &'a Rolecall,
    db: &mut Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Result<Live<'a>, Ended>, Failure> {
    let Some(token) = LinkToken::parse(token, app.keys()) else {
        return Ok(Err(Ended::Unknown));
    };
    let Some(link) = db.link(&token.hash()).await? else {
        return Ok(Err(Ended::Unknown));
    };
    let Some(record) = db.invitation(link.workspace(), link.invitation()).await? else {
        return Ok(Err(Ended::Unknown));
    };
    let Some(workspace) = db.workspace(link.workspace()).await? else {
        return Ok(Err(gone(db, link.workspace()).await?));
    };
    let newer = newer(db, &link).await?;
    if let Some(ended) = ended(&link, newer, &record, &workspace, now) {
        return Ok(Err(ended));
    }
    let template = template(app, &workspace)?;
    let grant = Grant::of(db, &workspace, template, &record).await?;
    let approved = inviter_may_give(app, db, template, &record, &grant).await?;
    Ok(Ok(Live {
        link,
        record,
        workspace,
        grant,
        template,
        approved,
    }))
}

/// What is said of a link whose workspace nobody finds any more.
pub(super) async fn gone(db: &mut Db, workspace: WorkspaceId) -> Result<Ended, StoreError> {
    let name = db.name_of_deleted(workspace).await?;
    Ok(
        name.map_or(Ended::Unknown, |workspace| Ended::WorkspaceGone {
            workspace,
        }),
    )
}

fn template<'a>(
    app: &'a Rolecall,
    workspace: &WorkspaceRecord,
) -> Result<&'a Template, StoreError> {
    app.templates()
        .get(&workspace.template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))
}

/// Where the link is that took the place of this one.
async fn newer(db: &mut Db, link: &LinkRecord) -> Result<Newer, StoreError> {
    if link.replaced_at().is_none() {
        return Ok(Newer::Unsent);
    }
    let newest = db.newest_link(link.invitation(), link.channel()).await?;
    Ok(match newest {
        Some((Channel::Copy, _)) => Newer::Copied,
        Some((Channel::Mail, true)) => Newer::Mailed,
        Some((Channel::Mail, false)) | None => Newer::Unsent,
    })
}

fn ended(
    link: &LinkRecord,
    newer: Newer,
    record: &InvitationRecord,
    workspace: &WorkspaceRecord,
    now: DateTime<Utc>,
) -> Option<Ended> {
    let (name, inviter_name) = (workspace.name.clone(), record.inviter_name.clone());
    match record.status_at(now) {
        InvitationStatus::Accepted => Some(Ended::Accepted {
            workspace: name,
            workspace_slug: workspace.slug.clone(),
            email: record.email.clone(),
        }),
        InvitationStatus::Revoked => Some(Ended::Revoked {
            workspace: name,
            inviter_name,
        }),
        InvitationStatus::Declined => Some(Ended::Declined {
            workspace: name,
            inviter_name,
        }),
        InvitationStatus::Expired => Some(Ended::Expired {
            workspace: name,
            inviter_name,
        }),
        InvitationStatus::Pending => link.replaced_at().map(|at| Ended::Replaced {
            workspace: name,
            inviter_name,
            newer_at: timestamp(at),
            newer,
        }),
    }
}

async fn who(
    app: &Rolecall,
    db: &mut Db,
    live: &Live<'_>,
    session: Option<&Session>,
    now: DateTime<Utc>,
) -> Result<Who, StoreError> {
    if let Some(session) = session {
        return Ok(if owns_address(session, &live.record) {
            Who::SignedIn {
                name: session.name.clone(),
            }
        } else {
            Who::Other {
                signed_in_as: session.email.clone(),
            }
        });
    }
    let code = if live.needs_code(app) {
        let sent = db
            .code(live.record.id)
            .await?
            .is_some_and(|(_, expires_at, _)| expires_at > now);
        CodeStep::Needed { sent }
    } else {
        CodeStep::NotNeeded
    };
    Ok(match live.link.channel() {
        Channel::Copy => Who::Either { code },
        Channel::Mail if db.user_by_email(&live.record.email_norm).await?.is_some() => Who::Known,
        Channel::Mail => Who::New { code },
    })
}

/// Whether a session is of the invited address.
pub(super) fn owns_address(session: &Session, record: &InvitationRecord) -> bool {
    EmailAddress::parse(&session.email).is_ok_and(|own| own.normal() == record.email_norm)
}

fn card(live: Live<'_>) -> InvitationCard {
    let Live {
        record,
        workspace,
        grant,
        ..
    } = live;
    InvitationCard {
        workspace: workspace.name,
        workspace_slug: workspace.slug,
        inviter_name: record.inviter_name,
        inviter_email: record.inviter_email,
        email: record.email,
        role: grant.role.name,
        role_sentence: grant.role.description,
        note: record.note,
        expires_at: timestamp(record.expires_at),
    }
}
