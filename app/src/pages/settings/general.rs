//! The name of the workspace, and what stays as it is.

use leptos::{ev, prelude::*};
use rolecall_shared::text::NAME_MAX;

use super::state::State;
use crate::{api::settings::rename_workspace, pages::projects::form::error};

/// The section.
pub fn section(state: State) -> AnyView {
    let part = state.name;
    let wrong = part.sending.wrong("name");
    let save = move || {
        let slug = state.here.slug.get_untracked();
        part.save("The name is saved.", move |before, name| {
            rename_workspace(slug, before, name)
        });
    };
    view! {
        <section class="rc-section" aria-labelledby="settings-general">
            <div class="rc-section-head"><h2 id="settings-general">"General"</h2></div>
            {part.alert(&["name"])}
            {part.notice(|name| format!("The workspace is called “{name}” now."))}
            <div class="field">
                <label for="settings-name">"Name of the workspace"</label>
                <input
                    id="settings-name"
                    class="input"
                    type="text"
                    autocomplete="off"
                    maxlength=NAME_MAX.to_string()
                    aria-describedby="settings-name-help"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    disabled=move || state.blocked.with(Option::is_some)
                    prop:value=move || part.draft.get()
                    value=part.draft.get_untracked()
                    on:input=move |event: ev::Event| part.draft.set(event_target_value(&event))
                />
                {move || wrong.get().map(error)}
                <p class="rc-help" id="settings-name-help">
                    "It stands in the navigation and in every mail. The address stays as it is."
                </p>
            </div>
            {facts(state)}
            {part.button("Save name", state.blocked, save)}
        </section>
    }
    .into_any()
}

fn facts(state: State) -> AnyView {
    state.facts.with_value(|page| {
        view! {
            <dl class="rc-facts">
                <dt>"Address"</dt>
                <dd><code class="rc-id">{page.address.clone()}</code></dd>
                <dt>"Kind"</dt>
                <dd>{page.template.clone()}</dd>
                <dt>"Made"</dt>
                <dd>
                    <time datetime=page.created_at.rfc3339() title=page.created_at.absolute()>
                        {page.created_at.date()}
                    </time>
                </dd>
            </dl>
        }
        .into_any()
    })
}
