//! Beginning to view as a member.

use chrono::TimeDelta;
use rolecall_shared::{MemberId, text, view_as::LASTS_MINUTES};
use serde_json::json;

use super::read_only;
use crate::{
    Caller, Rolecall, Session,
    clock::timestamp,
    keys::SessionSecret,
    mail::render::{self, MembershipMail, News},
    request::Viewing,
    service::{
        Failure,
        membership::{Person, not_to_view},
        post,
        roles::editing::Opened,
        sudo,
    },
    store::{Actor, Entry, NewView},
};

/// Said to whoever gives no reason.
const WHY_MISSING: &str = "Say why, in a few words. It is told to the trail and to the member.";

/// Begins to view the workspace as a member sees it, for half an hour, read-only. Gives the new secret
/// of the caller's session; the old one is worth nothing from here on (rule 3). The member is told by
/// mail, unless the owners decided otherwise.
///
/// Needs `team:manage`, all that the member holds, and a fresh proof of who one is (rule 8).
///
/// # Errors
/// [`Failure::Invalid`] on `reason`; [`Failure::NotFound`] for a member who is not here;
/// [`Failure::Refused`] past whom the caller may touch; [`Failure::Conflict`] for oneself, an owner,
/// somebody suspended, and where the owners switched it off; [`Failure::ConfirmFirst`];
/// [`Failure::ViewReadOnly`] while the caller views as somebody already.
pub async fn start(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    reason: &str,
) -> Result<SessionSecret, Failure> {
    read_only(&caller.session)?;
    let reason = text::note(reason).map_err(|message| Failure::field("reason", message))?;
    let reason = reason.ok_or_else(|| Failure::field("reason", WHY_MISSING))?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = Opened::new(app, caller, slug).await?;
    let person = Person::find(&mut tx, proof.workspace(), template, member).await?;
    person.touched_by(&proof, template)?;
    let policy = tx.view_policy(proof.workspace()).await?;
    if let Some(why_not) = not_to_view(policy, &person, &proof) {
        return Err(Failure::Conflict(why_not));
    }
    sudo::need(app, caller)?;

    let secret = SessionSecret::new(app.random());
    let ends_at = now + TimeDelta::minutes(LASTS_MINUTES);
    let new = NewView {
        id: app.random().id(now),
        session: caller.session.id,
        secret_hash: secret.hash(),
        target: &person.record,
        reason: &reason,
        span: (now, ends_at),
    };
    if !tx.begin_view(&proof, &new).await? {
        // Signed out, or began to view, at this very moment.
        return Err(Failure::NotSignedIn);
    }
    if policy.notice {
        let news = News::Viewed {
            reason: &reason,
            until: timestamp(ends_at),
        };
        let content = render::membership(&MembershipMail {
            workspace: &tx.workspace().name,
            by: &caller.session.name,
            news,
            at: timestamp(now),
            link: app.public_url(),
            public_url: app.public_url(),
        });
        let to = &person.record.email;
        post::notice(app, &mut tx, now, to, news.kind(), &content).await?;
    }
    let viewing = Viewing {
        id: new.id,
        workspace: proof.workspace(),
        slug: slug.to_owned(),
        member,
        name: person.record.name.clone(),
        label: String::new(),
        ends_at,
    };
    let actor = Actor::user(
        &Session {
            viewing: Some(viewing),
            ..caller.session.clone()
        },
        &caller.meta,
    );
    let entry = Entry::new(
        "view_as.started",
        person.target(),
        json!({ "reason": reason, "until": ends_at, "told": policy.notice }),
    )
    .while_viewing();
    tx.commit(now, &actor, entry.into(), &[]).await?;
    Ok(secret)
}
