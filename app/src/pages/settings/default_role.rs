//! The role that invitations choose first.

use leptos::{ev, prelude::*};
use rolecall_shared::{ApiError, ErrorCode, RoleId, role::RoleOption};

use super::state::State;
use crate::{
    api::settings::set_default_role,
    components::icon::{Glyph, icon},
    error::ApiFailure,
    pages::projects::form::error,
};

/// The section.
pub fn section(state: State) -> AnyView {
    let part = state.role;
    let save = move || {
        let slug = state.here.slug.get_untracked();
        part.save(
            "The role for new invitations is saved.",
            move |before, role| async move {
                let (Some(before), Some(role)) = (before, role) else {
                    let error =
                        ApiError::new(ErrorCode::Conflict, "There is no role to choose from.");
                    return Err(ApiFailure(error));
                };
                set_default_role(slug, before, role)
                    .await
                    .map(|()| Some(role))
            },
        );
    };
    let seen = move || state.roles.with(|roles| !roles.is_empty());
    view! {
        <section class="rc-section" aria-labelledby="settings-role">
            <div class="rc-section-head"><h2 id="settings-role">"Role for new invitations"</h2></div>
            <Show when=seen fallback=unseen>
                {part.alert(&["role"])}
                {part.notice(move |role| format!("Invitations offer {} first now.", named(state, role)))}
                {field(state)}
                {part.button("Save role", state.blocked, save)}
            </Show>
        </section>
    }
    .into_any()
}

fn unseen() -> AnyView {
    view! {
        <p class="rc-help">
            {icon(Glyph::Lock)}
            "To see the roles, you need the permission team:view."
        </p>
    }
    .into_any()
}

fn named(state: State, role: Option<RoleId>) -> String {
    state.roles.with(|roles| {
        let found = roles.iter().find(|option| Some(option.id) == role);
        found.map_or_else(|| "another role".to_owned(), |option| option.name.clone())
    })
}

fn field(state: State) -> AnyView {
    let part = state.role;
    let wrong = part.sending.wrong("role");
    // All of it anew when the roles change, so that the chosen one is there before it is chosen.
    let select = move || {
        let chosen = part.draft.get_untracked();
        let options = state
            .roles
            .with(|roles| roles.iter().map(|role| option(role, chosen)).collect_view());
        view! {
            <select
                id="settings-default-role"
                aria-describedby="settings-default-role-help"
                disabled=move || state.blocked.with(Option::is_some)
                prop:value=move || part.draft.get().map(|id| id.to_string())
                on:change=move |event: ev::Event| {
                    if let Ok(id) = event_target_value(&event).parse() {
                        part.draft.set(Some(id));
                    }
                }
            >
                {options}
            </select>
        }
    };
    view! {
        <div class="field">
            <label for="settings-default-role">"Invitations offer first"</label>
            {select}
            {move || wrong.get().map(error)}
            <p class="rc-help" id="settings-default-role-help">
                "Whoever invites can still choose another one."
            </p>
        </div>
    }
    .into_any()
}

fn option(role: &RoleOption, chosen: Option<RoleId>) -> AnyView {
    let chosen = chosen == Some(role.id);
    let lacking = !role.lacking.is_empty() && !chosen;
    let words = if lacking {
        format!("{} (you lack {})", role.name, role.lacking.join(", "))
    } else {
        role.name.clone()
    };
    view! { <option value=role.id.to_string() selected=chosen disabled=lacking>{words}</option> }
        .into_any()
}
