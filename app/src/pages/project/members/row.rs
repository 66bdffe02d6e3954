//! One member with what they may do here.

use leptos::prelude::*;
use rolecall_shared::{
    member::MemberStatus,
    permission::CorePermission,
    project::{OverrideEffect, ProjectMember},
    shell::WorkspaceView,
};

use super::{
    editing::{Editing, Step},
    words::{marks, reach, sentence},
};
use crate::{
    components::{
        avatar::avatar,
        icon::{Glyph, icon},
        menu::{MenuItem, RowMenu},
        meter::meter,
    },
    here::blocked,
    paths,
};

/// A row of the table.
pub fn row(workspace: &WorkspaceView, member: ProjectMember, editing: Editing) -> AnyView {
    let menu = menu(workspace, &member, editing);
    let access = access(&member);
    let href = paths::member(&workspace.slug, member.id);
    let owner = member.is_owner.then(|| {
        view! {
            <span class="badge" data-variant="secondary" title="Owners have every permission">
                {icon(Glyph::Crown)}
                "Owner"
            </span>
        }
    });
    let suspended = (member.status == MemberStatus::Suspended).then(|| {
        view! { <span class="rc-status" data-status="suspended">{icon(Glyph::Pause)}"Suspended"</span> }
    });
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person">
                    {avatar(&member.name, &member.email)}
                    <span class="rc-person-text">
                        <span class="rc-named">
                            <a class="rc-named-link" href=href>{member.name}</a>
                            {member.is_you.then(|| view! { <span class="rc-you">"(you)"</span> })}
                            {suspended}
                        </span>
                        <span class="rc-person-mail">{member.email}</span>
                    </span>
                </span>
            </th>
            <td><span class="rc-level">{member.role}{owner}</span></td>
            <td data-col="meta">{access}</td>
            <td data-col="end">{menu}</td>
        </tr>
    }
    .into_any()
}

/// The meter, or the one without the override beside the one with it, and the sentence.
fn access(member: &ProjectMember) -> AnyView {
    let Some(over) = &member.over else {
        return view! {
            <span class="rc-level">
                <span class="md:hidden">{member.role.clone()}</span>
                {meter(member.here)}
                {reach(member.here)}
            </span>
        }
        .into_any();
    };
    let counts = !member.is_owner && member.effect != Some(OverrideEffect::Ended);
    let before = counts.then(|| {
        view! {
            <span class="sr-only">"Without the override: "</span>
            {meter(member.base)}
            <span class="rc-arrow">{icon(Glyph::ArrowRight)}</span>
            <span class="sr-only">"Here: "</span>
        }
    });
    view! {
        <div class="rc-here">
            <div class="rc-here-line">
                {before}
                {meter(member.here)}
                <span class="badge" data-variant="secondary">"Override"</span>
                {marks(member)}
            </div>
            <p>{sentence(member, over)}</p>
        </div>
    }
    .into_any()
}

fn menu(workspace: &WorkspaceView, member: &ProjectMember, editing: Editing) -> AnyView {
    let id = format!("access-{}", member.id);
    let no_right = blocked(workspace, CorePermission::TeamManage);
    let no_change = member
        .is_owner
        .then(|| {
            "Owners have every permission in every project; nothing can replace that.".to_owned()
        })
        .or_else(|| no_right.clone());
    let overridden = member.over.is_some();
    let label = if overridden {
        "Change override"
    } else {
        "Override permissions"
    };
    let no_removal = (!overridden)
        .then(|| "There is no override here.".to_owned())
        .or(no_right);
    let at_hand = StoredValue::new(member.clone());
    let open = move |step| at_hand.with_value(|member| editing.begin(member, step));
    view! {
        <RowMenu id=id.clone() label=format!("Actions for {}", member.name)>
            <MenuItem
                menu=id.clone() glyph=Glyph::Shield label=label blocked=no_change.clone()
                action=move || open(Step::Choose)
            />
            <hr/>
            <MenuItem
                menu=id.clone() glyph=Glyph::Trash label="Remove override" blocked=no_removal.clone()
                danger=true action=move || open(Step::Remove)
            />
        </RowMenu>
    }
    .into_any()
}
