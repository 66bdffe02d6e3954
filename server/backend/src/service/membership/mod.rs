//! The life of a membership: suspending, ending, removing, bringing back, and owning.
//!
//! Each act is one locked transaction: rights are read under the lock, [`authz::permit`] is asked, what
//! the workspace must never lack is asked after the change ([`super::guard`]), and who it concerns is
//! told by mail with the commit.

mod acts;
mod end;
mod former;
mod notices;
mod owners;
mod preview;
mod proposals;
mod recovery;
mod reinstate;
mod removal;
mod roles;
mod several;
mod suspension;
mod tidy;

pub(super) use acts::{acts, not_to_view};
pub use end::set_end;
pub use former::former;
pub(super) use former::undo_since;
pub(super) use notices::{access_changed, override_changed, tell_holder};
pub use owners::{ownership, step_down, take_ownership};
pub use preview::preview;
pub(super) use proposals::offer;
pub use proposals::{accept_ownership, cancel_ownership, decline_ownership, propose_ownership};
pub use recovery::{RecoverOwner, recover_owner};
pub use reinstate::reinstate;
pub(super) use removal::removed_for_demo;
pub use removal::{leave, remove, remove_several};
pub use roles::change_roles;
pub use suspension::{reactivate, reactivate_several, suspend, suspend_several};
pub(crate) use tidy::{tell_of_endings, write_down_ended};

use rolecall_shared::{MemberId, WorkspaceId, catalogue::PermissionSet, policy::Holdings, text};

use super::{Failure, roles::editing::Opened};
use crate::{
    authz::{self, Act, Refusal, Standing, holdings},
    events::Topic,
    store::{Db, PersonRecord, Target},
    templates::Template,
};

/// What open pages look at again: who is there, what they hold, and who answers for invitations.
const TOPICS: [Topic; 3] = [Topic::Members, Topic::Access, Topic::Invitations];

/// A member with all that they hold.
pub(super) struct Person {
    pub(super) record: PersonRecord,
    pub(super) held: Holdings,
}

impl Person {
    /// Finds a member; a foreign id is as unknown as a made-up one.
    pub(super) async fn find(
        db: &mut Db,
        workspace: WorkspaceId,
        template: &Template,
        member: MemberId,
    ) -> Result<Self, Failure> {
        let record = db.person(workspace, member).await?;
        let record = record.ok_or(Failure::NotFound("member"))?;
        let grants = db.grants_of(&[member]).await?;
        let held = holdings(template, &record.holder, &grants);
        Ok(Self { record, held })
    }

    fn id(&self) -> MemberId {
        self.held.member
    }

    /// Refuses an act on this person that gives nothing, by somebody who may not touch them.
    pub(super) fn touched_by(&self, actor: &Standing, template: &Template) -> Result<(), Refusal> {
        let act = Act {
            touches: std::slice::from_ref(&self.held),
            ..Act::giving(PermissionSet::EMPTY)
        };
        authz::permit(actor, &template.catalogue, &act)
    }

    /// Name and address, for the trail.
    fn label(&self) -> String {
        format!("{} <{}>", self.record.name, self.record.email)
    }

    pub(super) fn target(&self) -> Target {
        Target::member(self.id(), self.label())
    }
}

impl Opened<'_> {
    async fn person(&mut self, member: MemberId) -> Result<Person, Failure> {
        Person::find(&mut self.tx, self.proof.workspace(), self.template, member).await
    }
}

/// A reason that was typed; it may be empty.
fn reason(typed: &str) -> Result<String, Failure> {
    let reason = text::note(typed).map_err(|message| Failure::field("reason", message))?;
    Ok(reason.unwrap_or_default())
}
