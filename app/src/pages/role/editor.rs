//! The role on its page: name and description, what it allows in words, the matrix.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    catalogue::PermissionSet,
    permission::CorePermission,
    role::RoleCard,
    shell::WorkspaceView,
    text::{NAME_MAX, NOTE_MAX},
};

use super::{foot::Foot, state::RoleState};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        matrix::{Matrix, summary},
        problem::alert,
        title::title,
    },
    here::blocked,
    pages::roles::{invited, people},
    paths,
};

/// The page, once the role is there.
pub fn page(state: RoleState) -> AnyView {
    let read_only = Signal::derive(move || state.blocked.with(Option::is_some));
    // Who is looking is fetched again with every news; only the head depends on it.
    let head = move || {
        Suspend::new(async move {
            let shell = state.here.shell.await.ok();
            head(state, shell.and_then(|shell| shell.workspace).as_ref())
        })
    };
    view! {
        {head}
        {why_locked(state)}
        <Show when=move || state.theirs.with(Option::is_some)>
            <div class="alert mb-4" data-variant="warning" role="alert">
                {icon(Glyph::Triangle)}
                <strong>"Somebody else changed this role while you were editing it"</strong>
                <p>"Nothing of yours is lost and nothing of theirs. Compare both before you save."</p>
                <button
                    type="button"
                    class="btn"
                    data-variant="outline"
                    on:click=move |_| state.merging.set(true)
                >
                    "Compare both"
                </button>
            </div>
        </Show>
        <div class="rc-editor">
            <div class="rc-editor-top">
                <div class="rc-form">
                    {name_field(state, read_only)}
                    {description_field(state, read_only)}
                    {own_projects(state, read_only)}
                    {cloned_from(state)}
                </div>
                {in_words(state)}
            </div>
            <Matrix
                catalogue=state.catalogue
                set=state.set
                grantable=state.grantable
                before=Signal::derive(move || before(state))
                read_only=read_only
                label="Permissions of the role"
            />
            <Foot state/>
        </div>
    }
    .into_any()
}

/// What the matrix compares with. What a clone would give although the person may not give it is no
/// start to come back to.
fn before(state: RoleState) -> PermissionSet {
    let saved = state.saved.with(|saved| saved.set);
    if state.card.with(Option::is_none) {
        saved.intersection(state.grantable.get())
    } else {
        saved
    }
}

fn head(state: RoleState, workspace: Option<&WorkspaceView>) -> AnyView {
    let slug = state.here.slug.get_untracked();
    let may_not = state
        .fixed
        .get_value()
        .or_else(|| workspace.and_then(|w| blocked(w, CorePermission::TeamManage)));
    let roles = paths::roles(&slug);
    let place = workspace.map(|w| w.name.clone()).unwrap_or_default();
    let line = {
        let slug = slug.clone();
        move || {
            state
                .card
                .with(|card| card.as_ref().map(|card| holders(&slug, card)))
        }
    };
    let actions = move || {
        let card = state.card.get()?;
        let clone = paths::new_role(&slug, Some(card.id));
        let cannot_delete = state.blocked.get();
        Some(view! {
            <div class="rc-actions">
                {match may_not.clone() {
                    None => view! {
                        <a class="btn" data-variant="outline" href=clone>{icon(Glyph::Copy)}"Clone"</a>
                    }
                    .into_any(),
                    Some(why) => view! {
                        <ActionButton
                            label="Clone"
                            glyph=Glyph::Copy
                            variant="outline"
                            blocked=Signal::stored(Some(why))
                            action=|()| ()
                        />
                    }
                    .into_any(),
                }}
                {(!card.built_in).then(|| view! {
                    <ActionButton
                        label="Delete"
                        glyph=Glyph::Trash
                        variant="outline"
                        blocked=Signal::stored(cannot_delete)
                        action=move || state.deleting.ask(&card)
                    />
                })}
            </div>
        })
    };
    view! {
        {title(move || format!("{} · {place}", heading(state)))}
        <nav class="rc-crumbs" aria-label="Breadcrumb">
            <a class="rc-link" href=roles>"Roles"</a>
            {icon(Glyph::ChevronRight)}
            <span aria-current="page">{move || heading(state)}</span>
        </nav>
        <div class="rc-head">
            <div>
                <h1 class="flex items-center gap-2">
                    {move || heading(state)}
                    {move || state.card.with(|card| card.as_ref().is_some_and(|c| c.built_in)).then(built_in)}
                </h1>
                <p>{move || line().unwrap_or_else(|| "A named set of permissions to give to people.".into_any())}</p>
            </div>
            {actions}
        </div>
    }
    .into_any()
}

/// The mark of a role that comes with the template.
pub fn built_in() -> AnyView {
    view! {
        <span class="badge" data-variant="secondary" title="Comes with the workspace; nobody edits or deletes it">
            {icon(Glyph::Lock)}
            "Built-in"
        </span>
    }
    .into_any()
}

fn heading(state: RoleState) -> String {
    state.card.with(|card| {
        card.as_ref()
            .map_or_else(|| "New role".to_owned(), |card| card.name.clone())
    })
}

fn holders(slug: &str, card: &RoleCard) -> AnyView {
    view! { {people(slug, card)}{invited(slug, card)} }.into_any()
}

/// Why it can only be looked at. What one can do instead, "Clone", stands above.
fn why_locked(state: RoleState) -> AnyView {
    view! {
        {move || {
            let why = state.blocked.get()?;
            Some(view! {
                <div class="alert mb-4">
                    {icon(Glyph::Lock)}
                    <strong>"You can only look here"</strong>
                    <p>{why}</p>
                </div>
                {move || state.failed.get().map(|failure| alert(&failure.0))}
            })
        }}
    }
    .into_any()
}

fn error(id: &'static str, message: String) -> AnyView {
    view! { <p class="rc-error" id=id>{icon(Glyph::Triangle)}{message}</p> }.into_any()
}

fn name_field(state: RoleState, read_only: Signal<bool>) -> AnyView {
    let wrong = move || state.wrong("name");
    let first = state.name.get_untracked();
    view! {
        <div class="field">
            <label for="role-name">"Name"</label>
            <input
                id="role-name"
                class="input"
                autocomplete="off"
                maxlength=NAME_MAX.to_string()
                readonly=move || read_only.get()
                aria-invalid=move || wrong().is_some().then_some("true")
                aria-describedby=move || wrong().is_some().then_some("role-name-error")
                value=first
                prop:value=move || state.name.get()
                on:input=move |event: ev::Event| state.name.set(event_target_value(&event))
            />
            {move || wrong().map(|message| error("role-name-error", message))}
        </div>
    }
    .into_any()
}

fn description_field(state: RoleState, read_only: Signal<bool>) -> AnyView {
    let wrong = move || state.wrong("description");
    let first = state.description.get_untracked();
    view! {
        <div class="field">
            <label for="role-description">"Description"<span class="rc-optional">" optional"</span></label>
            <textarea
                id="role-description"
                class="textarea"
                rows="2"
                maxlength=NOTE_MAX.to_string()
                readonly=move || read_only.get()
                aria-invalid=move || wrong().is_some().then_some("true")
                aria-describedby=move || wrong().is_some().then_some("role-description-error")
                prop:value=move || state.description.get()
                on:input=move |event: ev::Event| state.description.set(event_target_value(&event))
            >
                {first}
            </textarea>
            {move || wrong().map(|message| error("role-description-error", message))}
        </div>
    }
    .into_any()
}

/// Only where it makes sense: on a role that has it, or is cloned from one that has it.
fn own_projects(state: RoleState, read_only: Signal<bool>) -> AnyView {
    let offered = move || state.own.get() || state.saved.with(|saved| saved.own_projects_only);
    let switch = move || {
        view! {
            <label class="rc-choice">
                <input
                    type="checkbox"
                    class="input"
                    disabled=move || read_only.get()
                    checked=state.own.get_untracked()
                    prop:checked=move || state.own.get()
                    on:change=move |event: ev::Event| state.own.set(event_target_checked(&event))
                />
                <span class="rc-choice-body">
                    <b>"Own projects only"</b>
                    <span class="rc-help">
                        "What it allows in projects holds only in projects that the person created."
                    </span>
                </span>
            </label>
        }
    };
    view! { <Show when=offered>{switch()}</Show> }.into_any()
}

/// Where it was cloned from, with the ways to compare both and to go back.
fn cloned_from(state: RoleState) -> AnyView {
    let line = move || {
        let origin = state.origin.get()?;
        let id = state.card.with(|card| card.as_ref().map(|card| card.id))?;
        let slug = state.here.slug.get_untracked();
        let name = origin.name.clone();
        let compare = paths::compare_roles(&slug, origin.id, id);
        let same = {
            let origin = origin.clone();
            move || (state.set.get(), state.own.get()) == state.original(&origin)
        };
        let cannot = {
            let name = name.clone();
            Signal::derive(move || {
                let same = same().then(|| format!("It allows the same as {name} already."));
                state.blocked.get().or(same)
            })
        };
        Some(view! {
            <div class="grid gap-2">
                <p class="rc-help">
                    "Cloned from "
                    <a class="rc-link" href=paths::role(&slug, origin.id)>{name.clone()}</a>
                    "."
                </p>
                <div class="rc-actions">
                    <a class="btn" data-variant="outline" data-size="sm" href=compare>
                        {icon(Glyph::Columns)}
                        {format!("Compare with {name}")}
                    </a>
                    <ActionButton
                        label=format!("Reset to {name}")
                        glyph=Glyph::Refresh
                        variant="outline"
                        size="sm"
                        blocked=cannot
                        action=move || state.go_back(&origin)
                    />
                </div>
            </div>
        })
    };
    view! { {line} }.into_any()
}

fn in_words(state: RoleState) -> AnyView {
    let words = move || {
        let set = state.set.get();
        state
            .catalogue
            .with_value(|catalogue| summary(catalogue, set, None))
    };
    let card = state.card.get_untracked();
    let restrictions = card
        .filter(|card| !card.restrictions.is_empty())
        .map(|card| {
            let items = card
                .restrictions
                .into_iter()
                .map(|one| view! { <li>{one}</li> })
                .collect_view();
            view! {
                <h3>"Can not"</h3>
                <ul>{items}</ul>
            }
        });
    view! {
        <aside class="rc-summary" aria-label="What it allows">
            <h2>"What it allows"</h2>
            <p aria-live="polite">{words}</p>
            <Show when=move || state.own.get()>
                <p class="rc-help">"In projects: only in those that the person created."</p>
            </Show>
            {restrictions}
        </aside>
    }
    .into_any()
}

/// The shape of the page while it loads.
pub fn skeleton() -> AnyView {
    let rows = (0..10)
        .map(|_| view! { <span class="skeleton" data-line="long"></span> })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading the role"</p>
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="grid gap-6" aria-hidden="true">{rows}</div>
    }
    .into_any()
}
