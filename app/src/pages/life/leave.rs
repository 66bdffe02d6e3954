//! Leaving a workspace: what happens, and the way out for those who can not leave yet.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    Person,
    effects::{self, effects, skeleton},
    work::Work,
};
use crate::{
    api::membership::leave_workspace,
    components::{button::ActionButton, icon::Glyph, problem::alert},
    paths,
};

/// The content of the dialog; `me` is called like the workspace here.
pub fn view(work: Work, me: Person) -> AnyView {
    let answer = effects::ask(work, me.id);
    let name = me.name;
    let label = format!("Leave {name}");
    let navigate = use_navigate();
    let leave = move || {
        let (name, navigate) = (name.clone(), navigate.clone());
        let slug = work.slug();
        let leave = async move || leave_workspace(slug.clone()).await;
        work.run(leave, move |()| {
            work.toasts.done(format!("You left {name}."));
            // To another workspace, or to the page that says how to get into one.
            navigate(paths::HOME, NavigateOptions::default());
        });
    };
    view! {
        <section>
            {move || work.problem()}
            {move || match answer.get() {
                None => skeleton(),
                Some(Err(failure)) => alert(&failure.0),
                Some(Ok(preview)) => effects(work, &preview),
            }}
        </section>
        <footer>
            <button
                type="button" class="btn" data-variant="outline"
                on:click=move |_| work.life.open.set(false)
            >
                "Stay"
            </button>
            <ActionButton
                label=label
                glyph=Glyph::LogOut
                variant="destructive"
                busy=work.busy
                blocked=Signal::derive(move || effects::blocked(answer))
                action=leave
            />
        </footer>
    }
    .into_any()
}
