//! The fields of a group: name, description, what it allows, and what somebody else made of it meanwhile.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    catalogue::PermissionSet,
    text::{NAME_MAX, NOTE_MAX},
};

use super::draft::{Draft, Saved};
use crate::components::{
    icon::{Glyph, icon},
    matrix::{Matrix, cell_words, summary},
    problem::alert,
};

/// Name, description, summary, matrix. What is saved or refused is said above.
#[component]
pub fn Editor(
    draft: Draft,
    /// What the person may give.
    #[prop(into)]
    grantable: Signal<PermissionSet>,
    #[prop(into)] read_only: Signal<bool>,
    /// The bar at the foot.
    children: Children,
) -> impl IntoView {
    let words = move || {
        let set = draft.set.get();
        draft
            .catalogue
            .with_value(|catalogue| summary(catalogue, set, None))
    };
    view! {
        {move || draft.theirs.get().map(|theirs| conflict(draft, &theirs))}
        {move || draft.failed.get().filter(|_| draft.theirs.with(Option::is_none)).map(|f| alert(&f.0))}
        <div class="rc-editor">
            <div class="rc-editor-top">
                <div class="rc-form">
                    {name_field(draft, read_only)}
                    {description_field(draft, read_only)}
                </div>
                <aside class="rc-summary" aria-labelledby="group-summary">
                    <h2 id="group-summary">"What it allows"</h2>
                    <p>{words}</p>
                </aside>
            </div>
            <Matrix
                catalogue=draft.catalogue
                set=draft.set
                grantable=grantable
                before=Signal::derive(move || draft.saved.with(|saved| saved.set))
                read_only=read_only
                label="Permissions of the group"
            />
            {children()}
        </div>
    }
    .into_any()
}

fn name_field(draft: Draft, read_only: Signal<bool>) -> AnyView {
    view! {
        <div class="field">
            <label for="group-name">"Name"</label>
            <input
                id="group-name"
                class="input"
                type="text"
                autocomplete="off"
                maxlength=NAME_MAX.to_string()
                placeholder="Such as Operators"
                readonly=move || read_only.get()
                aria-describedby="group-name-error"
                aria-invalid=move || draft.wrong("name").is_some().then_some("true")
                value=draft.name.get_untracked()
                prop:value=move || draft.name.get()
                on:input=move |event: ev::Event| draft.name.set(event_target_value(&event))
            />
            <div id="group-name-error">{move || draft.wrong("name").map(error)}</div>
        </div>
    }
    .into_any()
}

fn description_field(draft: Draft, read_only: Signal<bool>) -> AnyView {
    let length = move || draft.description.with(|text| text.chars().count());
    let long =
        move || (length() > NOTE_MAX).then(|| format!("{} of {NOTE_MAX} characters.", length()));
    let first = draft.description.get_untracked();
    view! {
        <div class="field">
            <label for="group-description">
                "Description"<span class="rc-optional">" optional"</span>
            </label>
            <textarea
                id="group-description"
                class="textarea"
                rows="2"
                readonly=move || read_only.get()
                placeholder="Who is in it and what for, in a sentence"
                aria-describedby="group-description-error"
                aria-invalid=move || {
                    (long().is_some() || draft.wrong("description").is_some()).then_some("true")
                }
                prop:value=move || draft.description.get()
                on:input=move |event: ev::Event| draft.description.set(event_target_value(&event))
            >{first}</textarea>
            <div id="group-description-error">
                {move || draft.wrong("description").or_else(long).map(error)}
            </div>
        </div>
    }
    .into_any()
}

fn error(message: String) -> AnyView {
    view! { <p class="rc-error">{icon(Glyph::Triangle)}{message}</p> }.into_any()
}

/// Two people edited the same thing: what differs, and the two ways on.
fn conflict(draft: Draft, theirs: &Saved) -> AnyView {
    let mine = draft.set.get();
    let cells = draft.catalogue.with_value(|catalogue| {
        let differing = mine.minus(theirs.set).union(theirs.set.minus(mine));
        let lines = catalogue.names(differing).into_iter().map(|name| {
            let on = catalogue
                .parse(&name)
                .is_ok_and(|bit| theirs.set.contains(bit));
            let (saved, here) = if on { ("on", "off") } else { ("off", "on") };
            let words = cell_words(catalogue, &name);
            view! { <li><b>{words}</b>{format!(": {saved} as saved, {here} here")}</li> }
        });
        lines.collect_view()
    });
    let differs = |what: &'static str, saved: &str, here: String| {
        (saved != here.trim()).then(|| {
            view! { <li><b>{what}</b>{format!(": “{saved}” as saved, “{}” here", here.trim())}</li> }
        })
    };
    let name = differs("Name", &theirs.name, draft.name.get());
    let text = differs("Description", &theirs.description, draft.description.get());
    let taken = theirs.clone();
    view! {
        <div class="alert rc-conflict" data-variant="warning" role="alert">
            {icon(Glyph::Triangle)}
            <strong>{"Somebody else changed this group meanwhile"}</strong>
            <div>
                <p>"Nothing of yours is saved yet. This differs:"</p>
                <ul>{name}{text}{cells}</ul>
                <div class="rc-actions">
                    <button
                        type="button" class="btn" data-variant="outline" data-size="sm"
                        on:click=move |_| draft.keep_mine()
                    >
                        "Keep what is here and go on"
                    </button>
                    <button
                        type="button" class="btn" data-variant="outline" data-size="sm"
                        on:click=move |_| draft.take(taken.clone())
                    >
                        "Take what is saved"
                    </button>
                </div>
            </div>
        </div>
    }
    .into_any()
}
