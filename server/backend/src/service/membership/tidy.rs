//! What time does to memberships, written down in the background, and the notices before it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{TOPICS, notices, proposals};
use crate::{
    Rolecall,
    clock::timestamp,
    mail::render::News,
    service::Failure,
    store::{Actor, Ahead, EndingKind, EndingRecord, Entries, Entry, Target, WorkspaceTx},
};

/// Writes down which memberships and proposals of ownership are over. Nothing waits for it: both are
/// judged by the clock when they are used. An owner's membership has no end and whoever manages the team
/// last has none either, because [`crate::service::guard`] counts only people who stay.
pub(crate) async fn write_down_ended(app: &Rolecall) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let mut workspaces = db.workspaces_with_ended(now).await?;
    workspaces.extend(db.workspaces_with_old_proposals(now).await?);
    drop(db);
    workspaces.sort_unstable();
    workspaces.dedup();
    for workspace in workspaces {
        let Some(mut tx) = app.store().lock(workspace).await? else {
            continue;
        };
        let mut entries = Vec::new();
        for (id, name, email) in tx.write_down_ended(now).await? {
            let member = rolecall_shared::MemberId(id);
            entries.extend(proposals::void(&mut tx, member).await?);
            let target = Target::member(member, format!("{name} <{email}>"));
            entries.push(Entry::new(
                "member.ended",
                target,
                json!({ "then": "suspend" }),
            ));
        }
        for proposal in tx.delete_old_proposals(now).await? {
            let label = format!("{} <{}>", proposal.name, proposal.email);
            entries.push(Entry::new(
                "ownership.expired",
                Target::member(proposal.member_id, label),
                json!({ "by": proposal.proposer_email }),
            ));
        }
        if let Some(entries) = Entries::many(entries) {
            tx.commit(now, &Actor::system("sweeper"), entries, &TOPICS)
                .await?;
        }
    }
    Ok(())
}

/// Tells members, and whoever gave it, what ends in 7 days and in 1 day, and of tokens also in 30, each
/// once. An end that was
/// given later than that is not told of: whoever got it knows.
pub(crate) async fn tell_of_endings(app: &Rolecall) -> Result<(), Failure> {
    if !app.mail() {
        return Ok(());
    }
    let now = app.clock().now();
    let ahead = Ahead::of(now);
    let workspaces = app
        .store()
        .read()
        .await?
        .workspaces_with_endings(ahead)
        .await?;
    for workspace in workspaces {
        let Some(mut tx) = app.store().lock(workspace).await? else {
            continue;
        };
        for ending in tx.endings(ahead).await? {
            let due = ending.ends_at - TimeDelta::days(ending.days);
            if ending.given_at.is_none_or(|given| given < due) {
                tell(app, &mut tx, now, &ending).await?;
            }
            tx.note_notice(&ending).await?;
        }
        tx.commit_housekeeping(&[]).await?;
    }
    Ok(())
}

async fn tell(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    ending: &EndingRecord,
) -> Result<(), Failure> {
    let thing = &ending.thing;
    let ends_at = timestamp(ending.ends_at);
    let (yours, theirs) = match ending.kind() {
        EndingKind::Token => {
            let news = News::TokenEndsSoon {
                token: thing,
                ends_at,
            };
            return notices::mail(app, tx, now, &ending.email, "", news).await;
        }
        EndingKind::Membership => ("your membership".to_owned(), "the membership".to_owned()),
        EndingKind::Direct => (
            "what you may do by direct permissions".to_owned(),
            "the direct permissions".to_owned(),
        ),
        EndingKind::Group => (
            format!("your time in the group {thing}"),
            format!("the time in the group {thing}"),
        ),
        EndingKind::Override => (
            format!("the override of your permissions in the project {thing}"),
            format!("the override in the project {thing}"),
        ),
    };
    let news = News::EndsSoon {
        what: &yours,
        ends_at,
    };
    notices::mail(app, tx, now, &ending.email, "", news).await?;
    let Some(giver) = ending.given_by().filter(|giver| *giver != ending.member_id) else {
        return Ok(());
    };
    let workspace = tx.workspace().id;
    let Some(giver) = tx.person(workspace, giver).await? else {
        return Ok(());
    };
    if !giver.holder.is_active(timestamp(now)) {
        return Ok(());
    }
    let whose = format!("{} <{}>", ending.name, ending.email);
    let news = News::GivenEndsSoon {
        whose: &whose,
        what: &theirs,
        ends_at,
    };
    notices::mail(app, tx, now, &giver.email, "", news).await
}
