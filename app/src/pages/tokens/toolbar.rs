//! The filter of the list: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::token::{TokenQuery, TokenStatus};

use crate::{
    components::filter::{APPLY, Choices, Filter},
    here::Here,
    paths,
    query::{EVERYBODY, WHOSE},
};

/// The row above the table.
#[component]
pub fn Toolbar(query: Memo<TokenQuery>) -> impl IntoView {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    let pick = Callback::new(move |value: String| {
        let next = TokenQuery {
            status: TokenStatus::parse(&value),
            cursor: None,
            ..query.get_untracked()
        };
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&paths::tokens(&slug.get_untracked(), &next), options);
    });
    let choices: Choices = TokenStatus::ALL
        .into_iter()
        .map(|status| (status.name().to_owned(), status.title().to_owned()))
        .collect();
    let chosen = Signal::derive(move || {
        query.with(|query| query.status.map_or("", TokenStatus::name).to_owned())
    });
    // Without script the choice between the lists travels along.
    let everybody = move || {
        query
            .with(|query| query.everybody)
            .then(|| view! { <input type="hidden" name=WHOSE value=EVERYBODY/> })
    };
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="API tokens"
            method="get"
            action=move || slug.with(|slug| paths::tokens_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            {everybody}
            <Filter name="status" label="Status" all="Every status" choices chosen pick/>
            <noscript inner_html=APPLY></noscript>
        </form>
    }
    .into_any()
}
