//! What removing somebody would do, or leaving, before it is done.

use rolecall_shared::{
    MemberId,
    member::Named,
    membership::{Lack, PREVIEW_THINGS, RemovalPreview, SentInvitation},
    permission::CorePermission,
    policy::Place,
};

use super::{
    Person,
    removal::{LAST_MANAGER, LAST_OWNER, may_answer_for, undo_until},
};
use crate::{
    Caller, Rolecall,
    authz::{self, Standing},
    clock::timestamp,
    service::{Failure, guard, tokens},
    store::Db,
    templates::Template,
};

/// What removing a member would do; of oneself, what leaving would do. Needs `team:manage`, except for
/// oneself. A removal that would be refused is worked out all the same, and `refused` says what the
/// refusal would say.
///
/// # Errors
/// [`Failure::NotFound`] for a member who is not here.
pub async fn preview(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
) -> Result<RemovalPreview, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let asker = authz::standing(app, &mut db, caller, slug).await?;
    let template = asker.template(app)?;
    let is_you = member == asker.member();
    if !is_you && !asker.may(template, Place::Workspace, CorePermission::TeamManage) {
        return Err(asker.lacks(CorePermission::TeamManage).into());
    }
    let person = Person::find(&mut db, asker.workspace(), template, member).await?;
    let lacks = lack(&mut db, &asker, template, &person).await?;
    let sent = db
        .pending_of_inviter(asker.workspace(), member, now)
        .await?;
    let invitations_total = sent.len();
    let mut invitations = Vec::new();
    for invitation in sent.into_iter().take(PREVIEW_THINGS) {
        invitations.push(SentInvitation {
            may_keep: !is_you && may_answer_for(&mut db, &asker, template, &invitation).await?,
            id: invitation.id,
            email: invitation.email,
            role: invitation.role_name,
        });
    }
    let tokens = tokens::held(&mut db, asker.workspace(), member, now).await?;
    let made = db.made_by(&asker, member).await?;
    let groups = db.groups(asker.workspace()).await?.into_iter();
    let held = &person.held;
    let refused = refused(&asker, template, &person, lacks);
    Ok(RemovalPreview {
        groups: groups
            .filter(|group| held.groups.iter().any(|g| g.id == group.id))
            .map(|group| group.name)
            .collect(),
        direct_permissions: held.direct.permissions.len(),
        overrides: held.overrides.len(),
        tokens,
        projects: made.projects,
        resources: made.resources,
        undo_until: timestamp(undo_until(now)),
        is_owner: held.is_owner,
        is_you,
        lacks,
        invitations,
        invitations_total,
        refused,
        role: person.record.holder.role_name,
        email: person.record.email,
        member: Named {
            id: member,
            name: person.record.name,
        },
    })
}

/// What the workspace would lack without somebody.
async fn lack(
    db: &mut Db,
    asker: &Standing,
    template: &Template,
    person: &Person,
) -> Result<Option<Lack>, Failure> {
    let owners = db.owners(asker.workspace()).await?;
    let another = owners.iter().any(|owner| {
        owner.holder.member_id != person.id() && guard::can_sign_in(owner, asker.now())
    });
    if another {
        return Ok(None);
    }
    if person.held.is_owner {
        return Ok(Some(Lack::Owner));
    }
    let people = guard::everybody(db, asker.workspace(), template).await?;
    let managed = people.iter().any(|(other, held)| {
        held.member != person.id() && guard::manages_lastingly(&template.catalogue, other, held)
    });
    Ok((!managed).then_some(Lack::Manager))
}

/// The sentence that the removal itself would be refused with.
fn refused(
    asker: &Standing,
    template: &Template,
    person: &Person,
    lacks: Option<Lack>,
) -> Option<String> {
    let is_you = person.id() == asker.member();
    if !is_you && let Err(refusal) = person.touched_by(asker, template) {
        return Some(Failure::from(refusal).to_api("").message);
    }
    let said = match (lacks?, is_you) {
        (Lack::Owner, true) => LAST_OWNER,
        (Lack::Owner, false) => guard::NO_OWNER_LEFT,
        (Lack::Manager, true) => LAST_MANAGER,
        (Lack::Manager, false) => guard::NOBODY_LEFT,
    };
    Some(said.to_owned())
}
