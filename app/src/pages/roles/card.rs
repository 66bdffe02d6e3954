//! One role as a card.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    RoleId,
    invitation::{InvitationQuery, InvitationStatus},
    member::MemberQuery,
    role::RoleCard,
    text::count,
};

use crate::{
    components::{
        icon::{Glyph, icon},
        menu::{MenuItem, RowMenu},
        meter::meter,
    },
    pages::role::{Deleting, built_in},
    paths,
};

/// Why actions can not be done; `None`: they can.
pub struct Gates {
    pub clone: Option<String>,
    pub delete: Option<String>,
}

/// The card.
pub fn card(
    slug: &str,
    role: &RoleCard,
    other: Option<RoleId>,
    gates: Gates,
    deleting: Deleting,
) -> AnyView {
    let part = |title: &'static str, items: &[String]| {
        (!items.is_empty()).then(|| {
            let items = items
                .iter()
                .map(|item| view! { <li>{item.clone()}</li> })
                .collect_view();
            view! { <div><h3>{title}</h3><ul>{items}</ul></div> }
        })
    };
    view! {
        <li class="rc-role">
            <div class="rc-role-head">
                <h2><a href=paths::role(slug, role.id)>{role.name.clone()}</a></h2>
                {role.built_in.then(built_in)}
                {menu(slug, role, other, gates, deleting)}
            </div>
            <span class="rc-level">{meter(role.level)}{role.level.words()}</span>
            <p>{role.description.clone()}</p>
            {role.own_projects_only.then(|| view! {
                <p class="rc-help">{icon(Glyph::Folder)}" In projects that the person created only"</p>
            })}
            {role.is_default.then(|| view! {
                <p class="rc-help">{icon(Glyph::Mail)}" Invitations offer it first"</p>
            })}
            {part("Best for", &role.best_for)}
            {part("Can not", &role.restrictions)}
            <div class="rc-role-foot">{people(slug, role)}{invited(slug, role)}</div>
        </li>
    }
    .into_any()
}

/// How many people have a role, as a link to them.
pub fn people(slug: &str, role: &RoleCard) -> AnyView {
    if role.members == 0 {
        return view! { <span>"Nobody has it"</span> }.into_any();
    }
    let query = MemberQuery {
        role: Some(role.id),
        ..MemberQuery::default()
    };
    let words = count(
        usize::try_from(role.members).unwrap_or_default(),
        "person",
        "people",
    );
    view! { <a class="rc-link" href=paths::members(slug, &query)>{words}</a> }.into_any()
}

/// How many waiting invitations would give a role, as a link to them; nothing when there are none.
pub fn invited(slug: &str, role: &RoleCard) -> Option<AnyView> {
    let waiting = usize::try_from(role.invitations).ok().filter(|n| *n > 0)?;
    let query = InvitationQuery {
        role: Some(role.id),
        status: Some(InvitationStatus::Pending),
        ..InvitationQuery::default()
    };
    let words = count(waiting, "invitation waiting", "invitations waiting");
    Some(
        view! { " · "<a class="rc-link" href=paths::invitations(slug, &query)>{words}</a> }
            .into_any(),
    )
}

fn menu(
    slug: &str,
    role: &RoleCard,
    other: Option<RoleId>,
    gates: Gates,
    deleting: Deleting,
) -> AnyView {
    let id = format!("role-{}", role.id);
    let navigate = use_navigate();
    let goes = move |path: String| {
        let navigate = navigate.clone();
        move || navigate(&path, NavigateOptions::default())
    };
    let open = goes(paths::role(slug, role.id));
    let clone = goes(paths::new_role(slug, Some(role.id)));
    let compare = other.map(|other| goes(paths::compare_roles(slug, role.id, other)));
    let card = role.clone();
    let open_label = if role.built_in { "Look at it" } else { "Edit" };
    let open_glyph = if role.built_in {
        Glyph::Eye
    } else {
        Glyph::Pencil
    };
    view! {
        <RowMenu id=id.clone() label=format!("Actions for {}", role.name)>
            <MenuItem menu=id.clone() glyph=open_glyph label=open_label action=open/>
            <MenuItem menu=id.clone() glyph=Glyph::Copy label="Clone" action=clone blocked=gates.clone/>
            {compare.map(|compare| view! {
                <MenuItem menu=id.clone() glyph=Glyph::Columns label="Compare" action=compare/>
            })}
            <MenuItem
                menu=id.clone()
                glyph=Glyph::Trash
                label="Delete"
                action=move || deleting.ask(&card)
                blocked=gates.delete
                danger=true
            />
        </RowMenu>
    }
    .into_any()
}
