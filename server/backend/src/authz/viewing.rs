//! Viewing as a member: the one place where somebody else's rights are put in the place of the
//! caller's own, and whether that may go on is asked again, each time.

use rolecall_shared::{
    catalogue::PermissionSet,
    permission::CorePermission,
    policy::{Holdings, Place},
};

use super::{Act, Denied, Standing, gate::own_standing, holdings, permit};
use crate::{
    Caller, Rolecall,
    clock::timestamp,
    request::Viewing,
    store::{Db, PersonRecord},
};

/// How a view came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewEnd {
    /// The viewer left it.
    Exit,
    /// The viewer signed out.
    SignedOut,
    /// The session of the viewer ended in another way.
    SessionEnded,
    /// Its time ran out.
    Expired,
    /// The viewer can not manage the team any more, or is no active member.
    ViewerLost,
    /// Whom it was as is no active member any more.
    TargetGone,
    /// Whom it was as is an owner by now, or holds what the viewer does not.
    TargetStronger,
    /// An owner switched viewing off.
    SwitchedOff,
}

impl ViewEnd {
    /// The same in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::SignedOut => "signed out",
            Self::SessionEnded => "the session ended",
            Self::Expired => "the time ran out",
            Self::ViewerLost => "the viewer may not manage the team any more",
            Self::TargetGone => "the member is not active any more",
            Self::TargetStronger => "the member holds more than the viewer by now",
            Self::SwitchedOff => "viewing was switched off",
        }
    }

    /// That it is over and why, in a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Exit | Self::SignedOut | Self::SessionEnded => "Your view is over.",
            Self::Expired => "Your view is over: its time ran out.",
            Self::ViewerLost => "Your view is over: you can not manage the team any more.",
            Self::TargetGone => "Your view is over: the member was suspended or removed.",
            Self::TargetStronger => "Your view is over: the member holds more than you by now.",
            Self::SwitchedOff => "Your view is over: an owner switched viewing off.",
        }
    }
}

/// Whether somebody may be viewed as, whatever the workspace decided: an active member who is no owner
/// and holds nothing that the viewer does not (R-35, rule 49).
fn viewable(
    app: &Rolecall,
    viewer: &Standing,
    target: &PersonRecord,
    held: &Holdings,
) -> Result<(), Denied> {
    if !target.holder.is_active(viewer.now) {
        return Err(Denied::ViewOver(ViewEnd::TargetGone));
    }
    let act = Act {
        touches: std::slice::from_ref(held),
        ..Act::giving(PermissionSet::EMPTY)
    };
    let template = viewer.template(app)?;
    let touched = permit(viewer, &template.catalogue, &act);
    if held.is_owner || touched.is_err() {
        return Err(Denied::ViewOver(ViewEnd::TargetStronger));
    }
    Ok(())
}

/// What the caller is while they view as somebody: that member, without what the caller lacks, and
/// with nothing but looking. Other workspaces do not exist meanwhile.
pub(super) async fn as_viewed(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    viewing: &Viewing,
    slug: &str,
) -> Result<Standing, Denied> {
    if viewing.slug != slug {
        return Err(Denied::NotVisible);
    }
    let lost = || Denied::ViewOver(ViewEnd::ViewerLost);
    let own = match own_standing(app, db, caller, slug).await {
        Err(Denied::NotVisible) => return Err(lost()),
        own => own?,
    };
    if own.now >= timestamp(viewing.ends_at) {
        return Err(Denied::ViewOver(ViewEnd::Expired));
    }
    let template = own.template(app)?;
    let manages = own.may(template, Place::Workspace, CorePermission::TeamManage);
    if own.workspace() != viewing.workspace || !manages {
        return Err(lost());
    }
    if !db.view_policy(own.workspace()).await?.enabled {
        return Err(Denied::ViewOver(ViewEnd::SwitchedOff));
    }
    let target = db.person(own.workspace(), viewing.member).await?;
    let target = target.ok_or(Denied::ViewOver(ViewEnd::TargetGone))?;
    let grants = db.grants_of(&[viewing.member]).await?;
    let held = holdings(template, &target.holder, &grants);
    viewable(app, &own, &target, &held)?;
    Ok(Standing {
        role: target.holder.role_name,
        viewer: Some(own.holdings),
        holdings: held,
        ..own
    })
}

/// Why the view of the caller is over; `None`: it goes on, or there is none.
pub async fn view_over(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
) -> Result<Option<ViewEnd>, Denied> {
    let Some(viewing) = &caller.session.viewing else {
        return Ok(None);
    };
    match as_viewed(app, db, caller, viewing, &viewing.slug).await {
        Ok(_) => Ok(None),
        Err(Denied::ViewOver(end)) => Ok(Some(end)),
        Err(other) => Err(other),
    }
}
