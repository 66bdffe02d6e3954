//! API tokens: one's own, and those of everybody for whoever manages them.

mod create;
mod empty;
mod form;
mod head;
mod made;
mod revoke;
mod row;
mod table;
mod toolbar;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

use crate::{
    api::tokens::list_tokens,
    components::{loaded::loaded, problem::problem, title::title},
    here::Here,
    query::token_query,
};

/// The page.
pub struct TokensPage;

#[lazy_route]
impl LazyRoute for TokensPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let TokensPage = this;
        view! { <Tokens/> }.into_any()
    }
}

/// Its dialogs stand outside of the list, so that news do not close them.
#[component]
fn Tokens() -> impl IntoView {
    let here = Here::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(token_query));
    let list = Resource::new(
        move || {
            let news = (here.live.members.get(), here.live.access.get());
            (here.slug.get(), query.get(), news)
        },
        // The question travels with its answer, so that both always fit together.
        |(slug, query, _)| async move {
            list_tokens(slug, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    let creating = RwSignal::new(false);
    let revoking = revoke::Revoking::new();
    view! {
        {title(|| "API tokens".to_owned())}
        <head::Head query creating/>
        {loaded(table::skeleton, Some(pending), move || async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                match (list.await, workspace) {
                    (Err(failure), _) => problem(&failure.0),
                    (Ok((query, page)), Some(workspace)) if page.tokens.rows.is_empty() => {
                        empty::empty(&workspace, &query, creating)
                    }
                    (Ok((query, page)), Some(workspace)) => {
                        table::table(&workspace.slug, &query, page.tokens, revoking, pending)
                    }
                    // The frame says that there is no such workspace.
                    (Ok(_), None) => ().into_any(),
                }
            })}
        <create::CreateDialog open=creating/>
        <revoke::RevokeDialog revoking/>
    }
    .into_any()
}
