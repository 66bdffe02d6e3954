//! The roles as cards, and two of them side by side.

mod card;
mod compare;
mod review;

pub use card::{invited, people};
pub use compare::ComparePage;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use rolecall_shared::{
    permission::CorePermission,
    role::{RoleCard, RolesPage as Roles},
    shell::WorkspaceView,
};

use super::role::{DeleteDialog, Deleting};
use crate::{
    api::roles::list_roles,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        loaded,
        problem::problem,
    },
    here::{Here, blocked},
    paths,
};

/// The roles as cards.
pub struct RolesPage;

#[lazy_route]
impl LazyRoute for RolesPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let RolesPage = this;
        let here = Here::of_page();
        let live = here.live;
        let news = move || {
            (
                live.access.get(),
                live.members.get(),
                live.invitations.get(),
            )
        };
        let list = Resource::new(
            move || (here.slug.get(), news()),
            |(slug, _)| list_roles(slug),
        );
        let deleting = Deleting::new();
        view! {
            {loaded::loaded(skeleton, None, move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    match (list.await, workspace) {
                        (Err(failure), _) => view! { <Title text="Roles"/>{problem(&failure.0)} }.into_any(),
                        (Ok(roles), Some(workspace)) => page(here, &workspace, roles, deleting),
                        (Ok(_), None) => ().into_any(),
                    }
                })}
            <DeleteDialog deleting done=|()| ()/>
        }
        .into_any()
    }
}

/// Why no role can be made here.
fn cannot_create(workspace: &WorkspaceView, roles: &Roles) -> Option<String> {
    if roles.custom_roles {
        blocked(workspace, CorePermission::TeamManage)
    } else {
        Some(format!(
            "The roles of a workspace of the kind {} are fixed; it can not have roles of its own.",
            workspace.template
        ))
    }
}

fn page(here: Here, workspace: &WorkspaceView, roles: Roles, deleting: Deleting) -> AnyView {
    let slug = workspace.slug.clone();
    let cannot = cannot_create(workspace, &roles);
    let create = match cannot.clone() {
        None => view! {
            <a class="btn" href=paths::new_role(&slug, None)>{icon(Glyph::Plus)}"Create role"</a>
        }
        .into_any(),
        Some(why) => view! {
            <ActionButton
                label="Create role"
                glyph=Glyph::Plus
                blocked=Signal::stored(Some(why))
                action=|()| ()
            />
        }
        .into_any(),
    };
    let compare = match &roles.roles[..] {
        [first, second, ..] => Some(view! {
            <a class="btn" data-variant="outline" href=paths::compare_roles(&slug, first.id, second.id)>
                {icon(Glyph::Columns)}
                "Compare"
            </a>
        }),
        _ => None,
    };
    let none_own = roles.custom_roles && roles.roles.iter().all(|role| role.built_in);
    let cards = roles
        .roles
        .iter()
        .map(|role| {
            let other = roles.roles.iter().find(|other| other.id != role.id);
            let gates = card::Gates {
                clone: cannot.clone(),
                delete: delete_blocked(workspace, role),
            };
            card::card(&slug, role, other.map(|other| other.id), gates, deleting)
        })
        .collect_view();
    view! {
        <Title text=format!("Roles · {}", workspace.name)/>
        <div class="rc-head">
            <div>
                <h1>"Roles"</h1>
                <p>"Every member has exactly one role. It says what they can view, manage and delete."</p>
            </div>
            <div class="rc-actions">{compare}{create}</div>
        </div>
        {(!roles.custom_roles).then(|| view! {
            <div class="alert mb-4">
                {icon(Glyph::Lock)}
                <strong>"The roles of this workspace are fixed"</strong>
                <p>{cannot.clone()}</p>
            </div>
        })}
        {roles.review.map(|new| review::banner(here, new))}
        <ul class="rc-role-cards">{cards}</ul>
        {none_own.then(|| view! {
            <p class="rc-help mt-4">
                "There are no roles of your own yet. Clone one of these and change what it allows, or create one."
            </p>
        })}
    }
    .into_any()
}

fn delete_blocked(workspace: &WorkspaceView, role: &RoleCard) -> Option<String> {
    if role.built_in {
        Some("Built-in roles come with the workspace and can not be deleted.".to_owned())
    } else {
        blocked(workspace, CorePermission::TeamManage)
    }
}

/// Three cards of the real layout.
fn skeleton() -> AnyView {
    let cards = (0..3)
        .map(|_| {
            view! {
                <li class="rc-role">
                    <span class="skeleton" data-line=""></span>
                    <span class="skeleton" data-line="long"></span>
                    <span class="skeleton" data-line="long"></span>
                    <span class="skeleton" data-line="short"></span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading roles"</p>
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <ul class="rc-role-cards" aria-hidden="true">{cards}</ul>
    }
    .into_any()
}
