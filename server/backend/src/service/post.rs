//! Writing mail: rendered and sealed in the transaction of what it tells of (F5); the worker only carries it.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    InvitationId, MemberId, WorkspaceId, email::EmailAddress, notification::NotificationKind,
    policy::boundary::manages_team,
};
use uuid::Uuid;

use super::{
    Failure, guard,
    limits::{self, Budget},
};
use crate::{
    Rolecall,
    authz::holdings,
    clock::timestamp,
    keys::LinkToken,
    mail::{self, Outgoing, Rendered, render},
    store::{
        Channel, Db, ExpiredRecord, InvitationRecord, LinkRecord, NewMail, PersonRecord,
        RoleRecord, StoreError, WorkspaceTx,
    },
};

/// Mail that anybody can make us send to one address, over all workspaces: invitations, sent again
/// or changed, and codes (R-25, rule 26).
const PER_ADDRESS: Budget = Budget {
    name: "mails a day to one address",
    most: 25,
    window: TimeDelta::days(1),
};

/// People who are told of an invitation that somebody else sent, at most.
const MOST_WATCHERS: usize = 50;
/// People who asked for that and whose rights are looked at, at most.
const MOST_ASKED: i64 = 200;

/// Takes a mail to the address from its budget; nothing where no mail is sent.
///
/// # Errors
/// [`Failure::TooMany`], naming the limit.
pub(crate) async fn take_budget(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    email_norm: &str,
) -> Result<(), Failure> {
    if !app.mail() {
        return Ok(());
    }
    let key = limits::key(app, "mail-recipient", email_norm);
    PER_ADDRESS.take(tx, &key, 1, now).await
}

/// A new link for an invitation, in full. It goes to whoever the channel says, and nowhere else.
pub(crate) async fn link(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    invitation: InvitationId,
    channel: Channel,
) -> Result<String, StoreError> {
    let token = LinkToken::new(app.random(), app.keys());
    tx.insert_link(now, invitation, &token.hash(), channel)
        .await?;
    Ok(address(app, &token))
}

fn address(app: &Rolecall, token: &LinkToken) -> String {
    format!("{}/invite/{}", app.public_url(), token.expose())
}

/// Queues the mail of an invitation with a new link; older links stop working.
pub(crate) async fn invitation(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    record: &InvitationRecord,
    role: &RoleRecord,
) -> Result<(), Failure> {
    let token = LinkToken::new(app.random(), app.keys());
    tx.insert_link(now, record.id, &token.hash(), Channel::Mail)
        .await?;
    let groups: Vec<String> = tx
        .groups_of_invitations(&[record.id])
        .await?
        .into_iter()
        .map(|(_, group)| group.name)
        .collect();
    let link = address(app, &token);
    let content = render::invitation(&render::InvitationMail {
        workspace: &tx.workspace().name,
        inviter_name: &record.inviter_name,
        inviter_email: &record.inviter_email,
        email: &record.email,
        role: &role.name,
        role_sentence: &role.description,
        groups: &groups,
        note: record.note.as_deref(),
        expires_at: timestamp(record.expires_at),
        link: &link,
        public_url: app.public_url(),
        replaces_earlier: record.version > 1,
    });
    let about = About {
        invitation: Some(record.id),
        link_hash: Some(token.hash()),
        kind: "invitation",
    };
    queue(app, tx, now, &record.email, &about, &content).await
}

/// Queues the code that proves the mailbox of a copied link's holder. Like the mail of an
/// invitation it is not sent once that link is dead: the code would lead nowhere (F6).
pub(crate) async fn code(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    record: &InvitationRecord,
    link: &LinkRecord,
    code: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), Failure> {
    let content = render::verification_code(&render::VerificationMail {
        workspace: &tx.workspace().name,
        email: &record.email,
        code,
        expires_at: timestamp(expires_at),
        public_url: app.public_url(),
    });
    let about = About {
        invitation: Some(record.id),
        link_hash: Some(link.token_hash()),
        kind: "code",
    };
    queue(app, tx, now, &record.email, &about, &content).await
}

/// Tells the inviter how it ended, and those who manage the team and want to know, if mail can
/// be sent.
pub(crate) async fn outcome(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    record: &InvitationRecord,
    outcome: render::Outcome<'_>,
) -> Result<(), Failure> {
    if !app.mail() {
        return Ok(());
    }
    let page = match outcome {
        render::Outcome::Accepted { .. } => "members",
        render::Outcome::Declined => "members/invitations",
    };
    let workspace = tx.workspace().name.clone();
    let link = format!("{}/w/{}/{page}", app.public_url(), tx.workspace().slug);
    let content = |sender| {
        render::joined(&render::JoinedMail {
            workspace: &workspace,
            sender,
            email: &record.email,
            outcome,
            at: timestamp(now),
            link: &link,
            public_url: app.public_url(),
        })
    };
    if let Some(inviter) = inviter(tx, now, record.inviter()).await? {
        let (kind, own) = (NotificationKind::OwnInvitations, content(None));
        told_of(app, tx, now, &inviter, kind, (Some(record.id), &own)).await?;
    }
    let others = content(Some(&record.inviter_name));
    for watcher in watchers(app, tx, now).await? {
        let knows =
            Some(watcher.holder.member_id) == record.inviter() || watcher.email == record.email;
        if !knows {
            let kind = NotificationKind::OthersInvitations;
            told_of(app, tx, now, &watcher, kind, (Some(record.id), &others)).await?;
        }
    }
    Ok(())
}

/// Tells of invitations that expired: each inviter of theirs, and those who manage the team and want to
/// know of those of others. One mail for each person, however many invitations.
pub(crate) async fn expired(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    records: &[ExpiredRecord],
) -> Result<(), Failure> {
    if !app.mail() || records.is_empty() {
        return Ok(());
    }
    let workspace = tx.workspace().name.clone();
    let link = format!(
        "{}/w/{}/members/invitations",
        app.public_url(),
        tx.workspace().slug
    );
    let content = |emails: &[String], own| {
        render::expired(&render::ExpiredMail {
            workspace: &workspace,
            emails,
            own,
            link: &link,
            public_url: app.public_url(),
        })
    };
    let emails = |of: &dyn Fn(&ExpiredRecord) -> bool| -> Vec<String> {
        let found = records.iter().filter(|record| of(record));
        found.map(|record| record.email.clone()).collect()
    };
    let mut inviters: Vec<MemberId> = records.iter().filter_map(ExpiredRecord::inviter).collect();
    inviters.sort_unstable();
    inviters.dedup();
    for id in inviters {
        if let Some(person) = inviter(tx, now, Some(id)).await? {
            let own = content(&emails(&|record| record.inviter() == Some(id)), true);
            let kind = NotificationKind::OwnInvitations;
            told_of(app, tx, now, &person, kind, (None, &own)).await?;
        }
    }
    for watcher in watchers(app, tx, now).await? {
        let me = Some(watcher.holder.member_id);
        let theirs = emails(&|record| record.inviter() != me);
        if !theirs.is_empty() {
            let (kind, others) = (NotificationKind::OthersInvitations, content(&theirs, false));
            told_of(app, tx, now, &watcher, kind, (None, &others)).await?;
        }
    }
    Ok(())
}

/// The one who sent an invitation, as they are now; nobody when they are gone or can do nothing here:
/// who is in a workspace is told to its members only.
async fn inviter(
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    member: Option<MemberId>,
) -> Result<Option<PersonRecord>, StoreError> {
    let Some(member) = member else {
        return Ok(None);
    };
    let workspace = tx.workspace().id;
    let person = tx.person(workspace, member).await?;
    Ok(person.filter(|person| person.holder.is_active(timestamp(now))))
}

/// Those who asked to hear of invitations that others sent, as far as they manage the team now: at most
/// [`MOST_WATCHERS`], owners first.
async fn watchers(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
) -> Result<Vec<PersonRecord>, StoreError> {
    let kind = NotificationKind::OthersInvitations;
    let people = tx.people_who_chose(kind, MOST_ASKED).await?;
    let Some(template) = app.templates().get(&tx.workspace().template) else {
        return Ok(Vec::new());
    };
    let ids: Vec<MemberId> = people
        .iter()
        .map(|person| person.holder.member_id)
        .collect();
    let grants = tx.grants_of(&ids).await?;
    let now = timestamp(now);
    let manages = |person: &PersonRecord| {
        let held = holdings(template, &person.holder, &grants);
        guard::can_sign_in(person, now) && manages_team(&template.catalogue, &held, now)
    };
    let mut watching: Vec<PersonRecord> = people.into_iter().filter(manages).collect();
    watching.truncate(MOST_WATCHERS);
    Ok(watching)
}

async fn told_of(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    person: &PersonRecord,
    kind: NotificationKind,
    (invitation, content): (Option<InvitationId>, &Rendered),
) -> Result<(), Failure> {
    let about = About {
        invitation,
        link_hash: None,
        kind: "notice",
    };
    told(app, tx, now, &person.email, kind, (&about, content)).await
}

/// Queues a notice of a kind that is about no invitation, if mail can be sent and whoever gets it did
/// not switch the kind off.
pub(crate) async fn notice(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    to: &str,
    kind: NotificationKind,
    content: &Rendered,
) -> Result<(), Failure> {
    let about = About {
        invitation: None,
        link_hash: None,
        kind: "notice",
    };
    told(app, tx, now, to, kind, (&about, content)).await
}

/// The one place where it is asked whether somebody wants a notice, in the transaction of what it
/// tells of.
async fn told(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    to: &str,
    kind: NotificationKind,
    (about, content): (&About, &Rendered),
) -> Result<(), Failure> {
    if !app.mail() {
        return Ok(());
    }
    if kind.mutable() {
        let address =
            EmailAddress::parse(to).map_err(|_| StoreError::Corrupt("a stored address"))?;
        let chosen = tx.notification_choice(address.normal(), kind).await?;
        if !chosen.unwrap_or(kind.on_by_default()) {
            return Ok(());
        }
    }
    queue(app, tx, now, to, about, content).await
}

struct About {
    invitation: Option<InvitationId>,
    link_hash: Option<[u8; 32]>,
    kind: &'static str,
}

async fn queue(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    to: &str,
    about: &About,
    content: &Rendered,
) -> Result<(), Failure> {
    let letter = Letter {
        workspace: Some(tx.workspace().id),
        invitation: about.invitation,
        link_hash: about.link_hash,
        kind: about.kind,
    };
    Ok(enqueue(app, tx, now, to, &letter, content).await?)
}

/// What the outbox has to know of a mail.
#[derive(Default)]
pub(crate) struct Letter {
    /// The workspace it is about; `None`: somebody's account.
    pub(crate) workspace: Option<WorkspaceId>,
    /// The invitation it is about.
    pub(crate) invitation: Option<InvitationId>,
    /// The link that it leads to: when that is dead at sending time, the mail is dropped.
    pub(crate) link_hash: Option<[u8; 32]>,
    /// What kind of mail.
    pub(crate) kind: &'static str,
}

/// Queues a mail in the transaction of what it tells of, if mail can be sent at all.
pub(crate) async fn enqueue(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    to: &str,
    letter: &Letter,
    content: &Rendered,
) -> Result<(), StoreError> {
    let Some(from) = app.mail_from() else {
        return Ok(());
    };
    let to = EmailAddress::parse(to).map_err(|_| StoreError::Corrupt("a stored address"))?;
    let id: Uuid = app.random().id(now);
    let message = mail::build(&Outgoing {
        from,
        to: &to,
        message_id: &from.message_id(&id.to_string()),
        date: timestamp(now),
        content,
    })
    .map_err(|error| {
        tracing::error!(%error, "a mail could not be built");
        StoreError::Corrupt("a mail that can not be built")
    })?;
    let new = NewMail {
        id,
        workspace: letter.workspace,
        invitation: letter.invitation,
        link_hash: letter.link_hash,
        kind: letter.kind,
        recipient: mail::recipient(&to),
        sealed: app.keys().seal(app.random(), id.as_bytes(), &message),
    };
    db.queue_mail(now, &new).await
}
