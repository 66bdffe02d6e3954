//! Inviting people: one dialog, first the addresses and what they get, then a verdict for each.

mod addresses;
mod choices;
mod csv;
mod form;
mod projects;
mod sending;
mod validity;
mod verdict;
mod verdicts;

pub use choices::{group_boxes, role_cards};
pub use form::InviteForm;
pub use validity::validity_field;

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{invitation::InviteOptions, text::count};

use self::form::Step;
use crate::{
    api::invitations::invite_options,
    components::{button::ActionButton, icon::Glyph, modal::Modal, problem::alert},
    here::Here,
};

/// The dialog. What is typed lives in `form`, outside of it, and survives until it is sent or discarded.
#[component]
pub fn InviteDialog(form: InviteForm) -> impl IntoView {
    let here = Here::of_page();
    Effect::new(move |_| {
        if form.shown.get() {
            // Roles and limits may have changed since the last time.
            let slug = here.slug.get_untracked();
            spawn_local(async move {
                let answer = invite_options(slug).await;
                form.offer(answer);
            });
        }
    });
    let lead = Signal::derive(move || {
        (form.step.get() == Step::Write)
            .then(|| "Each person gets a link to join with the role you choose.".to_owned())
    });
    let title = Signal::derive(move || match form.step.get() {
        Step::Write => "Invite people".to_owned(),
        Step::Sending => "Sending invitations".to_owned(),
        Step::Done => "What became of each address".to_owned(),
    });
    view! {
        <Modal
            id="invite"
            size="lg"
            open=form.shown
            title=title
            lead=lead
            ask=Callback::new(move |()| form.ask_to_close())
        >
            {move || match form.step.get() {
                Step::Write => view! { <Write form/> }.into_any(),
                Step::Sending => view! { <sending::Sending form/> }.into_any(),
                Step::Done => view! { <verdicts::Verdicts form/> }.into_any(),
            }}
        </Modal>
    }
    .into_any()
}

#[component]
fn Write(form: InviteForm) -> impl IntoView {
    view! {
        {move || match form.options.get() {
            None => skeleton(),
            Some(Err(failure)) => view! { <section>{alert(&failure.0)}</section> }.into_any(),
            Some(Ok(options)) => fields(form, options),
        }}
    }
    .into_any()
}

fn fields(form: InviteForm, options: InviteOptions) -> AnyView {
    let here = Here::of_page();
    let needs_group = options.group_required;
    let blocked = Signal::derive(move || {
        if form.count() == 0 {
            Some("Enter at least one e-mail address.".to_owned())
        } else if needs_group && form.groups.with(Vec::is_empty) {
            Some("Choose a group first: in this workspace access comes from groups.".to_owned())
        } else if form.role.get().is_none() {
            Some("Choose a role first.".to_owned())
        } else if form.note.with(|note| choices::note_problem(note).is_some()) {
            Some("Shorten the note first.".to_owned())
        } else {
            form.too_many()
        }
    });
    let label = Signal::derive(move || match form.count() {
        0 => "Send invitations".to_owned(),
        n => format!("Send {}", count(n, "invitation", "invitations")),
    });
    let validity = validity_field(
        "invite-hours",
        "Valid for",
        options.hours,
        " (workspace default)",
        form.hours,
    );
    view! {
        <section>
            {move || form.failure.get().map(|failure| alert(&failure.0))}
            {choices::mail_notice(&options)}
            <addresses::Addresses form domains=options.allowed_domains.clone()/>
            <fieldset>
                <legend>"Role"</legend>
                {role_cards("invite-role", &options.roles, form.role)}
            </fieldset>
            {choices::group_boxes(&options, form.groups)}
            {projects::more(form, &options)}
            {choices::note_field(form.note)}
            <div class="field">{validity}</div>
        </section>
        <footer>
            <Show
                when=move || form.discard.get()
                fallback=move || view! {
                    <button
                        type="button" class="btn" data-variant="outline"
                        on:click=move |_| form.ask_to_close()
                    >
                        "Cancel"
                    </button>
                    <ActionButton
                        label glyph=Glyph::Send blocked=blocked
                        action=move || sending::send(form, here)
                    />
                }
            >
                <p class="grow" role="alert">"Discard what you typed?"</p>
                <button
                    type="button" class="btn" data-variant="outline"
                    on:click=move |_| form.discard.set(false)
                >
                    "Keep editing"
                </button>
                <button
                    type="button" class="btn" data-variant="destructive"
                    on:click=move |_| form.throw_away()
                >
                    "Discard"
                </button>
            </Show>
        </footer>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <section>
            <p class="sr-only" role="status">"Loading roles"</p>
            <span class="skeleton" data-line="long"></span>
            <span class="skeleton" data-line="long"></span>
            <span class="skeleton" data-line="long"></span>
        </section>
    }
    .into_any()
}
