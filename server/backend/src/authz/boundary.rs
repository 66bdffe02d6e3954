//! The grant boundary, the touch rule and the rule against helping oneself, as
//! one question that every path asks which gives power or acts on a person: [`permit`].

use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    policy::{
        Holdings, Place,
        boundary::{self, Untouchable},
        preview::Change,
    },
};

use super::Standing;
use crate::Caller;

/// What somebody is about to do, as far as it concerns who may do it.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// What somebody gets by it.
    pub gives: PermissionSet,
    /// Where they get it.
    pub place: Place,
    /// The people it is done to.
    pub touches: &'a [Holdings],
    /// The change, when the caller may be among those it reaches.
    pub change: Option<&'a Change>,
}

impl Act<'_> {
    /// Gives permissions for the workspace to somebody who is not there yet, or to nobody in particular.
    pub const fn giving(gives: PermissionSet) -> Self {
        Self {
            gives,
            place: Place::Workspace,
            touches: &[],
            change: None,
        }
    }
}

/// Why an act is refused. The lists are names of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It would give what the caller lacks themselves.
    BeyondOwn(Vec<String>),
    /// It would be done to an owner, by somebody who is none.
    TouchesOwner,
    /// Only an owner does it at all (rule 38).
    NeedsOwner,
    /// It would be done to somebody who holds what the caller lacks.
    TouchesStronger(Vec<String>),
    /// It would add to the caller's own rights.
    HelpsOneself(Vec<String>),
    /// A token would do what only its member does themselves.
    ByToken,
}

impl Refusal {
    /// What is missing, for the trail: names of permissions, or that ownership is.
    pub fn missing(&self) -> Vec<String> {
        match self {
            Self::BeyondOwn(names) | Self::TouchesStronger(names) | Self::HelpsOneself(names) => {
                names.clone()
            }
            Self::TouchesOwner | Self::NeedsOwner => vec!["ownership".to_owned()],
            Self::ByToken => vec!["a person who is signed in".to_owned()],
        }
    }
}

/// Names of the permissions in `grant` that the caller lacks and so may not give for the workspace;
/// empty for owners.
pub fn lacking(actor: &Standing, catalogue: &Catalogue, grant: PermissionSet) -> Vec<String> {
    lacking_in(actor, catalogue, Place::Workspace, grant)
}

/// As [`lacking`], in one place.
pub fn lacking_in(
    actor: &Standing,
    catalogue: &Catalogue,
    place: Place,
    grant: PermissionSet,
) -> Vec<String> {
    match boundary::may_grant(catalogue, &actor.holdings, place, grant, actor.now) {
        Ok(()) => Vec::new(),
        Err(lacking) => catalogue.names(lacking),
    }
}

fn reaches_oneself(actor: &Standing, act: &Act<'_>) -> bool {
    let touched = act.touches.iter().any(|t| t.member == actor.member());
    let change = act.change.and_then(|change| change.after(&actor.holdings));
    touched || change.is_some()
}

/// Refuses what a person does themselves and no program does for them: what needs a fresh proof, what
/// makes further credentials, and what they answer for with their own name (R-62, rule 46).
pub fn in_person(caller: &Caller) -> Result<(), Refusal> {
    match caller.session.token {
        Some(_) => Err(Refusal::ByToken),
        None => Ok(()),
    }
}

/// Refuses what goes beyond the caller's own rights, acts on somebody stronger, or helps the caller
/// themselves. The refusal names what is lacking. A token does nothing to its own member, also not to
/// make them less: whoever stole it could lock out the one who can revoke it.
pub fn permit(actor: &Standing, catalogue: &Catalogue, act: &Act<'_>) -> Result<(), Refusal> {
    let names = |set| catalogue.names(set);
    if actor.caller().session.token.is_some() && reaches_oneself(actor, act) {
        return Err(Refusal::ByToken);
    }
    for target in act.touches {
        match boundary::may_touch(catalogue, &actor.holdings, target, actor.now) {
            Ok(()) => {}
            Err(Untouchable::Owner) => return Err(Refusal::TouchesOwner),
            Err(Untouchable::Stronger { lacking, .. }) => {
                return Err(Refusal::TouchesStronger(names(lacking)));
            }
        }
    }
    let lacking = lacking_in(actor, catalogue, act.place, act.gives);
    if !lacking.is_empty() {
        return Err(Refusal::BeyondOwn(lacking));
    }
    if actor.is_owner() {
        return Ok(());
    }
    let after = act.change.and_then(|change| change.after(&actor.holdings));
    let added = after.map_or(PermissionSet::EMPTY, |after| {
        boundary::elevation(catalogue, &actor.holdings, &after, actor.now)
    });
    if added.is_empty() {
        Ok(())
    } else {
        Err(Refusal::HelpsOneself(names(added)))
    }
}
