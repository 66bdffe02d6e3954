//! Who is in a group. Putting somebody in is giving, and an act on them.

use std::collections::HashMap;

use chrono::{DateTime, TimeZone as _, Utc};
use rolecall_shared::{
    GroupId, MemberId, Timestamp,
    group::MAX_JOINING,
    policy::{Grant, Holdings, Place, preview::Change},
};
use serde_json::json;

use super::{TOPICS, target};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, group_permissions, holdings},
    clock::timestamp,
    mail::render::News,
    service::{
        Failure, guard, membership,
        roles::editing::{Opened, people},
    },
    store::{Actor, Entry, PersonRecord},
};

/// The last moment that can be stored with four digits of a year, in microseconds.
const LAST_END: i64 = 253_402_300_799_999_999;

/// People of the workspace with all that they hold.
struct People {
    records: Vec<PersonRecord>,
    /// In the order of the records.
    holdings: Vec<Holdings>,
}

impl People {
    /// Finds them all; a foreign id is as unknown as a made-up one.
    async fn find(opened: &mut Opened<'_>, members: &[MemberId]) -> Result<Self, Failure> {
        let workspace = opened.proof.workspace();
        let mut found: HashMap<MemberId, PersonRecord> = opened
            .tx
            .people_among(workspace, members)
            .await?
            .into_iter()
            .map(|person| (person.holder.member_id, person))
            .collect();
        let records = members
            .iter()
            .map(|id| found.remove(id).ok_or(Failure::NotFound("member")))
            .collect::<Result<Vec<_>, _>>()?;
        let grants = opened.tx.grants_of(members).await?;
        let holdings = records
            .iter()
            .map(|person| holdings(opened.template, &person.holder, &grants))
            .collect();
        Ok(Self { records, holdings })
    }

    /// Members with names and addresses.
    fn iter(&self) -> impl Iterator<Item = (&PersonRecord, &Holdings)> {
        self.records.iter().zip(&self.holdings)
    }
}

fn named(person: &PersonRecord) -> (String, String) {
    (person.name.clone(), person.email.clone())
}

/// The end of a grant that was asked for: in the future, or none.
fn end(at: Option<Timestamp>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Failure> {
    let Some(at) = at else { return Ok(None) };
    let end = Utc.timestamp_micros(at.0.min(LAST_END)).single();
    end.filter(|end| now < *end && at.0 <= LAST_END)
        .map(Some)
        .ok_or_else(|| Failure::field("expires_at", "Choose a moment in the future."))
}

/// The people of an order: at least one, each once, at most [`MAX_JOINING`].
fn each_once(members: &[MemberId]) -> Result<Vec<MemberId>, Failure> {
    if members.len() > MAX_JOINING {
        let message = format!("Choose at most {MAX_JOINING} people at a time.");
        return Err(Failure::field("members", message));
    }
    let mut once: Vec<MemberId> = Vec::with_capacity(members.len());
    for member in members {
        if !once.contains(member) {
            once.push(*member);
        }
    }
    if once.is_empty() {
        return Err(Failure::field("members", "Choose at least one person."));
    }
    Ok(once)
}

/// Puts people into a group, or changes until when they are in it; gives how many were not in it.
/// Needs `team:manage`, all that the group gives, and all that each of them holds.
/// Nobody adds themselves to more, nor makes their own time longer.
///
/// # Errors
/// [`Failure::Invalid`] on `members` or `expires_at`, [`Failure::NotFound`] for a group or a member
/// that is not here, [`Failure::Refused`] past what the caller may give or touch. Then nobody joins.
pub async fn add_members(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: GroupId,
    members: &[MemberId],
    expires_at: Option<Timestamp>,
) -> Result<usize, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let members = each_once(members)?;
    let end = end(expires_at, opened.now)?;
    let found = opened.group(group).await?;
    let people_found = People::find(&mut opened, &members).await?;
    let catalogue = &opened.template.catalogue;
    let gives = group_permissions(catalogue, &found.permissions);
    let grant = Grant {
        permissions: gives,
        expires_at: end.map(timestamp),
    };
    let change = Change::JoinGroup {
        group,
        members,
        grant,
    };
    let act = Act {
        gives,
        place: Place::Workspace,
        touches: &people_found.holdings,
        change: Some(&change),
    };
    authz::permit(&opened.proof, catalogue, &act)?;
    let now = timestamp(opened.now);
    let (mut joined, mut moved, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (person, holds) in people_found.iter() {
        let held = holds.groups.iter().find(|g| g.id == group);
        match held.map(|g| g.grant) {
            Some(held) if held.expires_at == grant.expires_at => continue,
            Some(held) if held.holds(now) => moved.push(named(person)),
            _ => joined.push(named(person)),
        }
        changed.push(person.holder.member_id);
    }
    if changed.is_empty() {
        return Ok(0);
    }
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    tx.set_memberships(&proof, group, &changed, end, now)
        .await?;
    guard::somebody_manages(&mut tx, template).await?;
    let news = News::GroupJoined {
        group: &found.name,
        ends_at: grant.expires_at,
    };
    for person in &people_found.records {
        if changed.contains(&person.holder.member_id) {
            membership::tell_holder(app, &mut tx, now, caller, person, news).await?;
        }
    }
    let count = joined.len();
    let number = |named: &Vec<_>| i64::try_from(named.len()).unwrap_or(i64::MAX);
    let entry = Entry::new(
        "group.members_added",
        target(&found),
        json!({
            "joined": people(number(&joined), joined),
            "end_changed": people(number(&moved), moved),
            "expires_at": end,
            "permissions": catalogue.names(gives),
        }),
    )
    .about(changed);
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(count)
}

/// Takes somebody out of a group. Needs `team:manage` and all that they hold; everybody who
/// manages the team may leave a group themselves.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not here or a member who is not in it,
/// [`Failure::Conflict`] when nobody could manage the team any more, [`Failure::Refused`] past
/// whom the caller may touch.
pub async fn remove_member(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: GroupId,
    member: MemberId,
) -> Result<(), Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let found = opened.group(group).await?;
    let people_found = People::find(&mut opened, &[member]).await?;
    let change = Change::LeaveGroup { group, member };
    let act = Act {
        touches: &people_found.holdings,
        change: Some(&change),
        ..Act::giving(rolecall_shared::catalogue::PermissionSet::EMPTY)
    };
    let catalogue = &opened.template.catalogue;
    authz::permit(&opened.proof, catalogue, &act)?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    if !tx.leave_group(&proof, group, member).await? {
        return Err(Failure::NotFound("member"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    let news = News::GroupLeft { group: &found.name };
    for person in &people_found.records {
        membership::tell_holder(app, &mut tx, now, caller, person, news).await?;
    }
    let gone: Vec<_> = people_found.records.iter().map(named).collect();
    let gave = group_permissions(catalogue, &found.permissions);
    let entry = Entry::new(
        "group.member_removed",
        target(&found),
        json!({ "left": people(1, gone), "permissions": catalogue.names(gave) }),
    )
    .about([member]);
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(())
}
