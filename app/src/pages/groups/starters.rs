//! Groups that the template offers to create with one click.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::group::Starter;

use crate::{
    api::groups::create_group,
    components::{button::ActionButton, icon::Glyph, meter::meter, toast::Toasts},
    here::Here,
    pages::start::by_group,
};

/// Beside groups that are there already.
pub fn more(starters: &[Starter], why: Option<&String>) -> AnyView {
    if starters.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="rc-section" aria-labelledby="starters">
            <h2 id="starters">"Ready to create"</h2>
            {cards(starters, why)}
        </section>
    }
    .into_any()
}

/// What each would give, and its button.
pub fn cards(starters: &[Starter], why: Option<&String>) -> AnyView {
    if starters.is_empty() {
        return ().into_any();
    }
    let cards = starters.iter().map(|one| card(one, why)).collect_view();
    view! { <ul class="rc-starters">{cards}</ul> }.into_any()
}

fn card(starter: &Starter, why: Option<&String>) -> AnyView {
    let name = starter.draft.name.clone();
    let gives: Vec<String> = by_group(&starter.draft.permissions)
        .into_iter()
        .map(|(service, actions)| format!("{service}: {actions}"))
        .collect();
    let lacking = (!starter.lacking.is_empty()).then(|| {
        let names = starter.lacking.join(", ");
        format!("You can not create it: you do not hold {names} yourself.")
    });
    let blocked = why.cloned().or_else(|| lacking.clone());
    view! {
        <li class="rc-starter">
            <h3>{name.clone()}{meter(starter.level)}</h3>
            <p>{starter.draft.description.clone()}</p>
            <p class="rc-help">{gives.join(" · ")}</p>
            {lacking.map(|why| view! { <p class="rc-help">{why}</p> })}
            {button(starter, &name, blocked)}
        </li>
    }
    .into_any()
}

fn button(starter: &Starter, name: &str, blocked: Option<String>) -> AnyView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let draft = starter.draft.clone();
    let create = move || {
        let draft = draft.clone();
        busy.set(true);
        spawn_local(async move {
            let name = draft.name.clone();
            match create_group(here.slug.get_untracked(), draft).await {
                Ok(_) => {
                    toasts.done(format!("The group {name} is there. Now add people to it."));
                    here.live.access_changed();
                }
                Err(failure) => toasts.failed(&failure),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <ActionButton
            label=format!("Create {name}")
            glyph=Glyph::Plus
            variant="outline"
            busy=busy
            blocked=Signal::stored(blocked)
            action=create
        />
    }
    .into_any()
}
