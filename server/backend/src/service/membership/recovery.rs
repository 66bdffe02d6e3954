//! The operator's way back in: making somebody an owner from the command line (F21, rule 73).

use chrono::{DateTime, Utc};
use rolecall_shared::{FieldError, MemberId, email::EmailAddress, text};
use serde_json::json;

use super::{TOPICS, notices, proposals::strongest};
use crate::{
    Rolecall,
    clock::timestamp,
    mail::render::News,
    passwords,
    service::{Failure, guard},
    store::{Actor, Entry, NewMember, NewUser, StoreError, Target, UserRecord, WorkspaceTx},
    templates::Template,
};

/// Who becomes an owner of which workspace.
#[derive(Clone, Debug)]
pub struct RecoverOwner {
    /// The workspace's part of the address.
    pub workspace: String,
    /// The person's address.
    pub email: String,
    /// Name and password of somebody who has no account yet.
    pub new: Option<(String, String)>,
}

/// Makes a person an active owner of a workspace: a suspension or an end of theirs is over, and the
/// operator vouches for their address. Somebody who is no member becomes one; with name and password
/// somebody without an account gets one. The other owners are told. Gives whether an account was made.
///
/// # Errors
/// [`Failure::Invalid`] on `workspace`, `email`, `name` or `password`, with what to do;
/// [`Failure::Conflict`] when they are an active owner already.
pub async fn recover_owner(app: &Rolecall, order: RecoverOwner) -> Result<bool, Failure> {
    let email = EmailAddress::parse(&order.email)
        .map_err(|problem| Failure::field("email", problem.to_string()))?;
    let new = match &order.new {
        Some((name, password)) => Some(checked(app, &email, name, password).await?),
        None => None,
    };
    let now = app.clock().now();
    let found = app.store().lock_slug(&order.workspace).await?;
    let mut tx = found.ok_or_else(|| {
        Failure::field(
            "workspace",
            "There is no workspace with this slug. It stands in the address of its pages, behind /w/.",
        )
    })?;
    let (user, made) = account(app, &mut tx, now, &email, new).await?;
    tx.vouch_for(user.id, now).await?;
    let template = app
        .templates()
        .get(&tx.workspace().template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))?;
    let (member, detail) = own(app, &mut tx, now, template, &user).await?;
    guard::somebody_owns(&mut tx, guard::NO_OWNER_LEFT).await?;
    alarm(app, &mut tx, now, member, &user).await?;
    let entry = Entry::new(
        "owner.recovered",
        Target::member(member, format!("{} <{}>", user.name, user.email)),
        detail,
    );
    tx.commit(
        now,
        &Actor::operator("recover-owner"),
        entry.into(),
        &TOPICS,
    )
    .await?;
    Ok(made)
}

/// Name and password hash of somebody new.
async fn checked(
    app: &Rolecall,
    email: &EmailAddress,
    name: &str,
    password: &str,
) -> Result<(String, String), Failure> {
    let mut wrong = Vec::new();
    let mut note = |field: &str, message: String| {
        wrong.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    let words = [email.normal(), name];
    if let Some(problem) = passwords::problem(password, &words) {
        note("password", problem);
    }
    let name = text::name(name, "their name").unwrap_or_else(|message| {
        note("name", message);
        String::new()
    });
    Failure::check(wrong)?;
    Ok((name, app.passwords().hash(password).await?))
}

/// The person's account, found or made.
async fn account(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    email: &EmailAddress,
    new: Option<(String, String)>,
) -> Result<(UserRecord, bool), Failure> {
    let found = tx.user_by_email(email.normal()).await?;
    match (found, new) {
        (Some(user), None) => Ok((user, false)),
        (Some(_), Some(_)) => Err(Failure::field(
            "email",
            "This address has an account already, whose password stays. Leave out --name and the password.",
        )),
        (None, None) => Err(Failure::field(
            "email",
            "Nobody has an account with this address. Check it, or make one: add --name, and the password with --password-stdin.",
        )),
        (None, Some((name, hash))) => {
            let user = NewUser {
                id: app.random().id(now),
                email,
                verified: true,
                name: &name,
                password_hash: &hash,
            };
            tx.insert_user(now, &user).await?;
            let stored = tx.user_by_email(email.normal()).await?;
            let user = stored.ok_or(StoreError::Corrupt(
                "a person vanished while they were created",
            ))?;
            Ok((user, true))
        }
    }
}

/// Makes them an active owner; gives the member, and what they were before.
async fn own(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    template: &Template,
    user: &UserRecord,
) -> Result<(MemberId, serde_json::Value), Failure> {
    let workspace = tx.workspace().id;
    let found = tx
        .members_by_email(workspace, &[&user.email_norm], now)
        .await?;
    let Some(member) = found.into_iter().next() else {
        let role = strongest(tx, template).await?;
        let new = NewMember {
            id: app.random().id(now),
            user: user.id,
            name: &user.name,
            email_norm: &user.email_norm,
            role: role.id,
            is_owner: true,
            invited_by: None,
        };
        tx.insert_member(now, &new).await?;
        return Ok((new.id, json!({ "before": "no member", "role": role.name })));
    };
    let person = tx.person(workspace, member.id).await?;
    let person = person.ok_or(StoreError::Corrupt("a member vanished"))?;
    if person.holder.is_owner && guard::can_sign_in(&person, timestamp(now)) {
        return Err(Failure::Conflict(
            "This person is an active owner of the workspace already. Nothing was changed."
                .to_owned(),
        ));
    }
    tx.reactivate(member.id, now).await?;
    tx.delete_proposal(member.id).await?;
    tx.make_owner(member.id).await?;
    let before = match (person.holder.is_owner, member.status.as_str()) {
        (true, status) => format!("{status} owner"),
        (false, status) => format!("{status} member"),
    };
    Ok((
        member.id,
        json!({ "before": before, "role": person.holder.role_name }),
    ))
}

/// Tells all other owners, also suspended ones: this must not happen behind anybody's back.
async fn alarm(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    member: MemberId,
    user: &UserRecord,
) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    let name = notices::named(&user.name);
    let what = format!(
        "The operator of this installation made {name} ({}) an owner from the command line.",
        user.email
    );
    for owner in tx.owners(workspace).await? {
        if owner.holder.member_id != member {
            let news = News::OwnersChanged { what: &what };
            notices::mail(app, tx, now, &owner.email, "", news).await?;
        }
    }
    Ok(())
}
