//! A group for several people, until a day if wanted, and what it gives them.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    GroupId, access::ChangeRequest, catalogue::Catalogue, invitation::InviteOptions,
    role::GroupOption,
};

use super::state::Several;
use crate::{
    api::{groups::load_group_editor, invitations::invite_options},
    components::{
        date::DateField,
        icon::{Glyph, icon},
        preview::ChangePreview,
        problem::alert,
    },
    error::ApiFailure,
    here::Here,
    paths,
};

/// The groups, the end, and below them what it does.
pub fn fields(several: Several) -> AnyView {
    let here = Here::of_page();
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    spawn_local(async move {
        let answer = invite_options(here.slug.get_untracked()).await;
        let _ = options.try_set(Some(answer));
    });
    view! {
        {super::dialog::people(several)}
        {move || match options.get() {
            None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
            Some(Err(failure)) => alert(&failure.0),
            Some(Ok(options)) if options.groups.is_empty() => none(several, here),
            Some(Ok(options)) => choice(several, &options.groups),
        }}
        <DateField id="several-end" label="Ends" date=several.end/>
        {move || several.group.get().map(|group| preview(several, here, group))}
    }
    .into_any()
}

fn none(several: Several, here: Here) -> AnyView {
    view! {
        <div class="alert" data-variant="warning">
            {icon(Glyph::Triangle)}
            <strong>"This workspace has no group yet"</strong>
            <p>
                <a
                    class="rc-link"
                    href=paths::groups(&here.slug.get_untracked())
                    on:click=move |_| several.selection.open.set(false)
                >
                    "Create a group first."
                </a>
            </p>
        </div>
    }
    .into_any()
}

fn choice(several: Several, groups: &[GroupOption]) -> AnyView {
    let options = groups
        .iter()
        .map(|group| {
            let lacking = !group.lacking.is_empty();
            let words = if lacking {
                format!("{} (you lack {})", group.name, group.lacking.join(", "))
            } else {
                group.name.clone()
            };
            // Still chosen when the dialog comes back from an order that failed.
            let chosen = several.group.get_untracked() == Some(group.id);
            view! {
                <option value=group.id.to_string() disabled=lacking selected=chosen>{words}</option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="several-group">"Group"</label>
            <select
                id="several-group"
                on:change=move |event: ev::Event| {
                    several.group.set(event_target_value(&event).parse().ok());
                }
            >
                <option value="">"Choose a group"</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// Made anew for each group and end, so that it asks anew.
fn preview(several: Several, here: Here, group: GroupId) -> AnyView {
    let catalogue = StoredValue::new(Catalogue::default());
    let titled = RwSignal::new(false);
    several
        .refused
        .set(Some("The preview is not there yet.".to_owned()));
    spawn_local(async move {
        // Without an answer the preview shows the names of permissions.
        if let Ok(editor) = load_group_editor(here.slug.get_untracked(), Some(group)).await {
            let _ = catalogue.try_set_value(editor.catalogue);
        }
        let _ = titled.try_set(true);
    });
    view! {
        {move || titled.get().then(|| {
            let change = ChangeRequest::AddToGroup {
                group,
                members: several.ids(),
                expires_at: several.end.at.get(),
            };
            view! { <ChangePreview change catalogue=catalogue blocked=several.refused/> }
        })}
    }
    .into_any()
}
