//! Joining: claim, check again, membership, groups, overrides, audit, all in one locked transaction.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    FieldError, InvitationId, MemberId, email::EmailAddress, invitation::InvitationStatus, text,
};
use serde_json::json;

use super::{AcceptFailure, Ended, Joined, code, open};
use crate::{
    Caller, Rolecall,
    events::Topic,
    mail::render::Outcome,
    passwords,
    request::{RequestMeta, Session},
    service::{
        Failure,
        invitations::target,
        limits::{self, Budget},
        post, sessions, sign_in,
    },
    store::{
        Actor, Entries, Entry, NewMember, NewUser, OverrideRecord, StoreError, Target, UserRecord,
        WorkspaceTx,
    },
};

const TRIES: Budget = Budget {
    name: "tries an hour to join with one invitation",
    most: 30,
    window: TimeDelta::hours(1),
};

/// What a person without an account sends.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their new password.
    pub password: String,
    /// The mailed code, where one is needed.
    pub code: String,
}

/// Makes an account for the invited address, joins and signs in.
///
/// # Errors
/// [`AcceptFailure::Ended`] when the link does not work any more; [`Failure::Invalid`] on `name`,
/// `password` or `code`.
pub async fn join_new(
    app: &Rolecall,
    meta: &RequestMeta,
    token: &str,
    person: NewPerson,
) -> Result<Joined, AcceptFailure> {
    let now = app.clock().now();
    // Before the costly hash: is there anything to join at all?
    let seen = {
        let mut db = app.store().read().await?;
        open::live(app, &mut db, token, now)
            .await?
            .map_err(AcceptFailure::Ended)?
    };
    let name = check(&person, &seen)?;
    take_try(app, seen.record.id, now).await?;
    let hash = app
        .passwords()
        .hash(&person.password)
        .await
        .map_err(Failure::from)?;

    let mut tx = code::lock(app, token).await?;
    let live = open::live(app, &mut tx, token, now)
        .await?
        .map_err(AcceptFailure::Ended)?;
    let needs_code = live.needs_code(app);
    if needs_code
        && let Err(wrong) = code::matches(&mut tx, live.record.id, &person.code, now).await?
    {
        // Counted under the lock that it was judged under: otherwise tries at the same moment
        // would all be judged before the first is counted. Nothing else was written so far.
        tx.count_code_try(live.record.id).await?;
        code::record_refusal(app, meta, tx, now, &live.record).await?;
        return Err(wrong.into());
    }
    if tx.user_by_email(&live.record.email_norm).await?.is_some() {
        return Err(has_account().into());
    }
    let email = EmailAddress::parse(&live.record.email)
        .map_err(|_| StoreError::Corrupt("a stored address"))?;
    let verified = needs_code || live.link.channel() == crate::store::Channel::Mail;
    let new = NewUser {
        id: app.random().id(now),
        email: &email,
        verified,
        name: &name,
        password_hash: &hash,
    };
    tx.insert_user(now, &new)
        .await
        .map_err(|error| match error {
            // The address joined another workspace at this very moment; that lock is not ours.
            StoreError::Duplicate(_) => has_account(),
            other => other.into(),
        })?;
    let user = tx
        .user_by_email(email.normal())
        .await?
        .ok_or(StoreError::Corrupt("a person vanished"))?;
    enter(app, meta, tx, now, live, user, None).await
}

/// Each try costs a hash, whoever holds the link.
async fn take_try(
    app: &Rolecall,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let mut tx = app.store().write().await?;
    let key = limits::key(app, "join", &invitation.to_string());
    TRIES.take(&mut tx, &key, 1, now).await?;
    tx.commit_housekeeping().await?;
    Ok(())
}

fn has_account() -> Failure {
    Failure::field(
        "password",
        "This address has an account already. Sign in with its password.",
    )
}

fn check(person: &NewPerson, live: &open::Live<'_>) -> Result<String, Failure> {
    let mut wrong = Vec::new();
    let name = text::name(&person.name, "your name").unwrap_or_else(|message| {
        wrong.push(FieldError {
            field: "name".into(),
            message,
        });
        String::new()
    });
    let words = [
        live.record.email.as_str(),
        person.name.as_str(),
        live.workspace.name.as_str(),
    ];
    if let Some(message) = passwords::problem(&person.password, &words) {
        wrong.push(FieldError {
            field: "password".into(),
            message,
        });
    }
    Failure::check(wrong)?;
    Ok(name)
}

/// Signs in with the invited address's account, and joins.
///
/// # Errors
/// As [`sign_in::with_password`]; [`AcceptFailure::Ended`] when the link does not work any more.
pub async fn join_known(
    app: &Rolecall,
    meta: &RequestMeta,
    token: &str,
    password: &str,
) -> Result<Joined, AcceptFailure> {
    let now = app.clock().now();
    let email = {
        let mut db = app.store().read().await?;
        open::live(app, &mut db, token, now)
            .await?
            .map_err(AcceptFailure::Ended)?
            .record
            .email
    };
    let proven = sign_in::prove(app, meta, &email, password).await?;
    let mut tx = code::lock(app, token).await?;
    let live = open::live(app, &mut tx, token, now)
        .await?
        .map_err(AcceptFailure::Ended)?;
    proven.forgive(&mut tx, now).await?;
    enter(app, meta, tx, now, live, proven.user, None).await
}

/// Joins as the person who is signed in; the address has to be the invited one (rule 19).
///
/// # Errors
/// [`Failure::Conflict`] when signed in with another address; [`AcceptFailure::Ended`] when the
/// link does not work any more.
pub async fn join_signed_in(
    app: &Rolecall,
    caller: &Caller,
    token: &str,
) -> Result<Joined, AcceptFailure> {
    let now = app.clock().now();
    let mut tx = code::lock(app, token).await?;
    let live = open::live(app, &mut tx, token, now)
        .await?
        .map_err(AcceptFailure::Ended)?;
    if !open::owns_address(&caller.session, &live.record) {
        let message = format!(
            "This invitation is for {}. Switch to that account to accept it.",
            live.record.email
        );
        return Err(Failure::Conflict(message).into());
    }
    let user = tx
        .user_by_email(&live.record.email_norm)
        .await?
        .ok_or(Failure::NotSignedIn)?;
    enter(
        app,
        &caller.meta,
        tx,
        now,
        live,
        user,
        Some(&caller.session),
    )
    .await
}

/// The one way into a workspace: everything was checked under the lock that `tx` holds. Who has no
/// session to keep proved themselves just now and gets one.
async fn enter(
    app: &Rolecall,
    meta: &RequestMeta,
    mut tx: WorkspaceTx,
    now: DateTime<Utc>,
    live: open::Live<'_>,
    mut user: UserRecord,
    kept: Option<&Session>,
) -> Result<Joined, AcceptFailure> {
    if live.link.channel() == crate::store::Channel::Copy
        && app.mail()
        && user.email_verified_at.is_none()
    {
        let message =
            "Use the link from the invitation mail: it proves that this address is yours.";
        return Err(Failure::field("password", message).into());
    }
    if tx.verify_user_by(&live.link, now, user.id).await? {
        // The session that opens below has to know it too.
        user.email_verified_at.get_or_insert(now);
    }
    let already = tx
        .members_by_email(live.workspace.id, &[&user.email_norm], now)
        .await?
        .into_iter()
        .next();
    let already_member = already.is_some();
    let member = match already {
        // accepting while in never touches the present role.
        Some(member) => member.id,
        None => insert(app, &mut tx, now, &live, &user).await?,
    };
    let via = if already_member { "no-op" } else { "link" };
    if !tx
        .end_invitation(
            now,
            live.record.id,
            InvitationStatus::Accepted,
            Some(member),
            Some(via),
        )
        .await?
    {
        return Err(AcceptFailure::Ended(Ended::Unknown));
    }
    tx.delete_code(live.record.id).await?;
    post::outcome(
        app,
        &mut tx,
        now,
        &live.record,
        Outcome::Accepted {
            name: &user.name,
            role: &live.grant.role.name,
        },
    )
    .await?;
    let (actor, signed_in) = if let Some(session) = kept {
        (Actor::user(session, meta), None)
    } else {
        let opened = sessions::open(app, &mut tx, meta, now, &user).await?;
        (Actor::user(&opened.session, meta), Some(opened))
    };
    let entries = entries(live.record.id, &live, &user, member, already_member);
    let mut topics = vec![Topic::Members, Topic::Invitations];
    topics.extend((!live.grant.overrides.is_empty()).then_some(Topic::Access));
    tx.commit(now, &actor, entries, &topics).await?;
    Ok(Joined {
        signed_in,
        workspace_slug: live.workspace.slug,
        already_member,
    })
}

async fn insert(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    live: &open::Live<'_>,
    user: &UserRecord,
) -> Result<MemberId, StoreError> {
    let new = NewMember {
        id: app.random().id(now),
        user: user.id,
        name: &user.name,
        email_norm: &user.email_norm,
        role: live.grant.role.id,
        is_owner: false,
        invited_by: Some(&live.record.inviter_name),
    };
    tx.insert_member(now, &new).await?;
    for group in &live.grant.groups {
        tx.join_group(new.id, group.id).await?;
    }
    for over in &live.grant.overrides {
        let over = OverrideRecord {
            member_id: new.id,
            project_id: over.project.id,
            permissions: live.template.catalogue.names(over.permissions).join(" "),
            expires_at: None,
            set_by: live.record.inviter_name.clone(),
            set_at: now,
            version: now.timestamp_micros(),
            given_by: live.record.inviter().map(|m| m.0),
        };
        tx.insert_override(&over).await?;
    }
    Ok(new.id)
}

fn entries(
    invitation: InvitationId,
    live: &open::Live<'_>,
    user: &UserRecord,
    member: MemberId,
    already_member: bool,
) -> Entries {
    let accepted = Entry::new(
        "invitation.accepted",
        target(invitation, &live.record.email),
        json!({ "inviter": live.record.inviter_email, "already_member": already_member }),
    );
    if already_member {
        return accepted.into();
    }
    let groups: Vec<&str> = live.grant.groups.iter().map(|g| g.name.as_str()).collect();
    let overrides = live.grant.overrides.iter();
    let overrides: Vec<_> = overrides.map(|over| over.said(live.template)).collect();
    let joined = Entry::new(
        "member.joined",
        Target::member(member, format!("{} <{}>", user.name, user.email)),
        json!({ "role": live.grant.role.name, "groups": groups, "overrides": overrides, "source": "invite" }),
    );
    Entries::pair(accepted, joined)
}
