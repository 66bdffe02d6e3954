//! The audit trail: who did what, when, to whom.

mod empty;
mod export;
mod head;
mod row;
mod skeleton;
mod table;
mod toolbar;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};
use rolecall_shared::audit::{AuditPage as Answer, AuditQuery};

use crate::{
    api::audit::{audit_filters, audit_newer, list_audit},
    components::{loaded, problem::problem},
    error::ApiFailure,
    here::Here,
    query::audit_query,
};

/// What was asked and what came of it.
type Asked = Result<(AuditQuery, Answer), ApiFailure>;

/// The audit trail.
pub struct AuditPage;

#[lazy_route]
impl LazyRoute for AuditPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let AuditPage = this;
        view! { <Trail/> }.into_any()
    }
}

/// The page. Its address holds the whole question, so it can be sent to somebody. News do not change
/// what is read: they are counted, and shown when somebody asks for them.
#[component]
fn Trail() -> impl IntoView {
    let here = Here::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(audit_query));
    let again = RwSignal::new(0_u32);
    let filters = Resource::new(move || here.slug.get(), audit_filters);
    let list = Resource::new(
        move || (here.slug.get(), query.get(), again.get()),
        // The question travels with its answer, so that both always fit together.
        |(slug, query, _)| async move {
            list_audit(slug, query.clone())
                .await
                .map(|answer| (query, answer))
        },
    );
    let fresh = count_news(here, list);
    let pending = RwSignal::new(false);
    view! {
        <head::Head query list/>
        <toolbar::Toolbar query filters/>
        <head::News query fresh again/>
        {loaded::loaded(skeleton::skeleton, Some(pending), move || async move {
                match list.await {
                    Err(failure) => problem(&failure.0),
                    Ok((query, answer)) if answer.page.rows.is_empty() => {
                        empty::empty(&here.slug.get_untracked(), &query, &answer)
                    }
                    Ok((query, answer)) => {
                        table::table(&here.slug.get_untracked(), &query, answer, pending)
                    }
                }
            })}
    }
    .into_any()
}

/// How many entries came since the list was asked for. Only in the browser.
fn count_news(here: Here, list: Resource<Asked>) -> RwSignal<usize> {
    let fresh = RwSignal::new(0);
    Effect::new(move |before: Option<(u32, Option<i64>)>| {
        let news = here.live.any();
        let asked = list.get().and_then(Result::ok);
        let newest = asked.as_ref().map(|(_, answer)| answer.newest);
        match (before, asked) {
            (Some((known, same)), Some((query, answer))) if same == newest => {
                if known != news {
                    let slug = here.slug.get_untracked();
                    spawn_local(async move {
                        let counted = audit_newer(slug, query.from_start(), answer.newest).await;
                        if let Ok(count) = counted {
                            // The page may be gone by then.
                            let _ = fresh.try_set(count);
                        }
                    });
                }
            }
            _ => fresh.set(0),
        }
        (news, newest)
    });
    fresh
}
