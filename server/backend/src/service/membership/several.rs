//! One order for several people: each in a transaction of their own, with a verdict of their own.

use rolecall_shared::{
    MemberId, RoleId,
    membership::{MAX_PEOPLE, PersonVerdict, RemovalOrder},
};

use super::{reactivate, remove, suspend};
use crate::{
    Caller, Rolecall,
    authz::{self, Standing, TeamManage},
    service::{Failure, access, denial, sudo},
    store::{Db, StoreError},
};

/// The people of an order: at least one, each once, at most [`MAX_PEOPLE`].
fn each_once(members: &[MemberId]) -> Result<Vec<MemberId>, Failure> {
    if members.len() > MAX_PEOPLE {
        let message = format!("Choose at most {MAX_PEOPLE} people at a time.");
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

/// What is done to each of them.
#[derive(Clone, Copy)]
pub(super) enum Deed<'a> {
    /// They are suspended, for this reason.
    Suspend(&'a str),
    /// They are reactivated.
    Reactivate,
    /// They are removed.
    Remove(&'a RemovalOrder),
    /// They get a role.
    GiveRole(RoleId),
}

impl Deed<'_> {
    /// How a refusal of it is called in the trail: as the order.
    const fn attempt(self) -> &'static str {
        match self {
            Self::Suspend(_) => "suspend_members",
            Self::Reactivate => "reactivate_members",
            Self::Remove(_) => "remove_members",
            Self::GiveRole(_) => "change_roles",
        }
    }

    /// Whether it needs a fresh proof (rule 8): asked once for all of them, so that not each has that
    /// for a verdict. Whoever may not touch owners is not asked for a password because of one.
    async fn is_dangerous(
        self,
        db: &mut Db,
        actor: &Standing,
        members: &[MemberId],
    ) -> Result<bool, StoreError> {
        match self {
            Self::GiveRole(_) => Ok(true),
            Self::Suspend(_) | Self::Remove(_) if actor.is_owner() => {
                let owners = db.owners(actor.workspace()).await?;
                let mut owners = owners.iter().map(|owner| owner.holder.member_id);
                Ok(owners.any(|owner| owner != actor.member() && members.contains(&owner)))
            }
            _ => Ok(false),
        }
    }

    async fn done_to(
        self,
        app: &Rolecall,
        caller: &Caller,
        slug: &str,
        member: MemberId,
    ) -> Result<(), Failure> {
        match self {
            Self::Suspend(why) => suspend(app, caller, slug, member, why).await,
            Self::Reactivate => reactivate(app, caller, slug, member).await,
            Self::Remove(order) => remove(app, caller, slug, member, order).await.map(drop),
            Self::GiveRole(role) => access::change_role(app, caller, slug, member, role)
                .await
                .map(drop),
        }
    }
}

/// Does something to several people, one after the other: what is refused for one does not keep it from
/// the others. Refusals stand in the trail like those of single orders (rule 63).
///
/// # Errors
/// [`Failure::Denied`] and [`Failure::NotFound`] when the caller manages no team here at all,
/// [`Failure::Invalid`] on `members`, [`Failure::ConfirmFirst`] for what is dangerous without a fresh
/// proof. Everything else is in the verdicts.
pub(super) async fn several(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    members: &[MemberId],
    deed: Deed<'_>,
) -> Result<Vec<PersonVerdict>, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamManage>(app, &mut db, caller, slug).await?;
    let members = each_once(members)?;
    if deed.is_dangerous(&mut db, &proof, &members).await? {
        sudo::need(app, caller)?;
    }
    drop(db);
    let mut verdicts = Vec::with_capacity(members.len());
    for member in members {
        let problem = match deed.done_to(app, caller, slug, member).await {
            Ok(()) => None,
            Err(failure) => {
                denial::record(app, caller, slug, deed.attempt(), &failure).await;
                Some(failure.to_api(&caller.meta.request_id))
            }
        };
        verdicts.push(PersonVerdict { member, problem });
    }
    Ok(verdicts)
}
