//! Mails to the people whom a change of a membership concerns, in the transaction of the change.

use chrono::{DateTime, Utc};
use rolecall_shared::MemberId;

use super::Person;
use crate::{
    Caller, Rolecall,
    clock::timestamp,
    mail::render::{self, MembershipMail, News},
    service::{Failure, guard, post},
    store::{PersonRecord, WorkspaceTx},
};

/// Longest name in a sentence of ours, in characters.
const NAME_MAX: usize = 60;

/// A name as it can stand in a sentence of ours in a mail.
pub(super) fn named(name: &str) -> String {
    render::guarded(name, NAME_MAX)
}

/// Somebody's name and address, for a mail to somebody else.
pub(super) fn label(person: &PersonRecord) -> String {
    format!("{} <{}>", person.name, person.email)
}

/// Queues a mail about a membership to an address. `by` is the name of who did it; empty: nobody.
pub(super) async fn mail(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    to: &str,
    by: &str,
    news: News<'_>,
) -> Result<(), Failure> {
    let workspace = tx.workspace().name.clone();
    let page = match news {
        News::GuestGone { .. } | News::OwnersChanged { .. } => "/members",
        News::TokenEndsSoon { .. } | News::TokenRevoked { .. } => "/tokens",
        _ => "",
    };
    let link = format!("{}/w/{}{page}", app.public_url(), tx.workspace().slug);
    let content = render::membership(&MembershipMail {
        workspace: &workspace,
        by,
        news,
        at: timestamp(now),
        link: &link,
        public_url: app.public_url(),
    });
    post::notice(app, tx, now, to, news.kind(), &content).await
}

/// Tells a member what the caller did to them; nobody is told what they did themselves.
pub(super) async fn tell(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    person: &Person,
    news: News<'_>,
) -> Result<(), Failure> {
    if person.record.email == caller.session.email {
        return Ok(());
    }
    let by = &caller.session.name;
    mail(app, tx, now, &person.record.email, by, news).await
}

/// Tells the owners who can sign in that who owns the workspace changed; `what` is the beginning of a
/// sentence, with names guarded. Who did it and those in `except` know already.
pub(super) async fn tell_owners(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    except: &[MemberId],
    what: &str,
) -> Result<(), Failure> {
    let what = format!("{what}, by {}.", named(&caller.session.name));
    let workspace = tx.workspace().id;
    for owner in tx.owners(workspace).await? {
        let knows = except.contains(&owner.holder.member_id) || owner.email == caller.session.email;
        if knows || !guard::can_sign_in(&owner, timestamp(now)) {
            continue;
        }
        let news = News::OwnersChanged { what: &what };
        mail(app, tx, now, &owner.email, "", news).await?;
    }
    Ok(())
}

/// Tells somebody that the caller changed what they hold.
pub(in crate::service) async fn access_changed(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    person: &PersonRecord,
    after: &str,
) -> Result<(), Failure> {
    if person.email == caller.session.email {
        return Ok(());
    }
    let before = &person.holder.role_name;
    let news = if before == after {
        News::AccessChanged
    } else {
        News::RoleChanged { before, after }
    };
    mail(app, tx, now, &person.email, &caller.session.name, news).await
}

/// Tells somebody what the caller did to what they have, such as putting them into a group, or revoking
/// a token of theirs.
pub(in crate::service) async fn tell_holder(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    person: &PersonRecord,
    news: News<'_>,
) -> Result<(), Failure> {
    if person.email == caller.session.email {
        return Ok(());
    }
    mail(app, tx, now, &person.email, &caller.session.name, news).await
}

/// Tells somebody that the caller changed what they may do in a project.
pub(in crate::service) async fn override_changed(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    person: &PersonRecord,
    project: &str,
) -> Result<(), Failure> {
    if person.email == caller.session.email {
        return Ok(());
    }
    let news = News::OverrideChanged { project };
    mail(app, tx, now, &person.email, &caller.session.name, news).await
}
