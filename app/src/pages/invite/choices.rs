//! What the invited people get: role, groups, a note, a time limit.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    GroupId, RoleId,
    invitation::InviteOptions,
    role::{GroupOption, RoleOption},
    text::{self, NOTE_MAX},
};

use crate::{
    components::{
        icon::{Glyph, icon},
        meter::meter,
    },
    here::Here,
    pages::team::TeamDialogs,
    paths,
};

/// What to know when there is no mail server.
pub fn mail_notice(options: &InviteOptions) -> AnyView {
    let (variant, title, text) = match (options.mail, options.copy_link) {
        (true, _) => return ().into_any(),
        (false, true) => (
            "info",
            "No mail server is set up",
            "You get a link for each address, to hand over yourself.",
        ),
        (false, false) => (
            "warning",
            "These invitations would reach nobody",
            "No mail server is set up, and copying links is switched off in the invitation settings.",
        ),
    };
    view! {
        <div class="alert" data-variant=variant>
            {icon(Glyph::Info)}
            <strong>{title}</strong>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// Roles as cards; the ones that exceed the asker's own rights say what is lacking.
pub fn role_cards(
    name: &'static str,
    roles: &[RoleOption],
    chosen: RwSignal<Option<RoleId>>,
) -> AnyView {
    let cards = roles
        .iter()
        .map(|role| {
            let id = role.id;
            view! {
                <label class="rc-choice">
                    <input
                        type="radio"
                        class="input"
                        name=name
                        value=id.to_string()
                        disabled=!role.lacking.is_empty()
                        prop:checked=move || chosen.get() == Some(id)
                        on:change=move |_| chosen.set(Some(id))
                    />
                    <span class="rc-choice-body">
                        <b class="flex items-center gap-2">{role.name.clone()}{meter(role.level)}</b>
                        <span class="rc-help">{role.description.clone()}</span>
                        {lacking(&role.lacking)}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="rc-choices">{cards}</div> }.into_any()
}

fn lacking(names: &[String]) -> Option<AnyView> {
    (!names.is_empty()).then(|| {
        let shown = names
            .iter()
            .take(3)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let more = names.len().checked_sub(3).filter(|n| *n > 0);
        let words = more.map_or_else(|| shown.clone(), |n| format!("{shown} and {n} more"));
        view! {
            <span class="rc-help" title=names.join(", ")>
                {format!("You can not give it: you lack {words}.")}
            </span>
        }
        .into_any()
    })
}

/// Groups as check boxes; nothing where the workspace has none and needs none.
pub fn group_boxes(options: &InviteOptions, chosen: RwSignal<Vec<GroupId>>) -> AnyView {
    if options.groups.is_empty() {
        return if options.group_required {
            let dialogs: TeamDialogs = expect_context();
            let groups = paths::groups(&Here::of_page().slug.get_untracked());
            view! {
                <div class="alert" data-variant="warning">
                    {icon(Glyph::Triangle)}
                    <strong>"This workspace has no group yet"</strong>
                    <p>
                        "Access comes from groups here, so an invitation needs one. "
                        <a class="rc-link" href=groups on:click=move |_| dialogs.invite.shown.set(false)>
                            "Create a group first."
                        </a>
                    </p>
                </div>
            }
            .into_any()
        } else {
            ().into_any()
        };
    }
    let hint =
        (!options.group_required).then(|| view! { <span class="rc-optional">" optional"</span> });
    let boxes = options
        .groups
        .iter()
        .map(|group| group_box(group, chosen))
        .collect_view();
    view! {
        <fieldset>
            <legend>"Groups"{hint}</legend>
            <div class="rc-choices">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

fn group_box(group: &GroupOption, chosen: RwSignal<Vec<GroupId>>) -> AnyView {
    let id = group.id;
    let toggle = move |event: ev::Event| {
        let on = event_target_checked(&event);
        chosen.update(|groups| {
            groups.retain(|group| *group != id);
            if on {
                groups.push(id);
            }
        });
    };
    view! {
        <label class="rc-choice">
            <input
                type="checkbox"
                class="input"
                disabled=!group.lacking.is_empty()
                prop:checked=move || chosen.with(|groups| groups.contains(&id))
                on:change=toggle
            />
            <span class="rc-choice-body">
                <b class="flex items-center gap-2">{group.name.clone()}{meter(group.level)}</b>
                <span class="rc-help">{group.description.clone()}</span>
                {lacking(&group.lacking)}
            </span>
        </label>
    }
    .into_any()
}

/// Why a note can not be sent, if it can not.
pub fn note_problem(note: &str) -> Option<String> {
    text::note(note).err()
}

/// A personal line, with its length.
pub fn note_field(note: RwSignal<String>) -> AnyView {
    let length = move || note.with(|note| note.chars().count());
    let problem = Memo::new(move |_| note.with(|note| note_problem(note)));
    view! {
        <div class="field">
            <label for="invite-note">"Note"<span class="rc-optional">" optional"</span></label>
            <textarea
                id="invite-note"
                class="textarea"
                rows="2"
                aria-describedby="invite-note-problem invite-note-help"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=move || note.get()
                on:input=move |event: ev::Event| note.set(event_target_value(&event))
            ></textarea>
            <div id="invite-note-problem" role="status">
                {move || problem.get().map(|words| view! { <p class="rc-error">{words}</p> })}
            </div>
            <p class="rc-help" id="invite-note-help">
                {move || format!("Stands in the mail as plain text. {} of {NOTE_MAX} characters.", length())}
            </p>
        </div>
    }
    .into_any()
}
