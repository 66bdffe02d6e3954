//! The last changes, for who may see the trail.

use leptos::prelude::*;
use rolecall_shared::overview::RecentChange;

use crate::components::time::when;

/// The list, the newest first.
pub fn card(changes: Vec<RecentChange>) -> AnyView {
    let items = changes
        .into_iter()
        .map(|change| {
            view! {
                <li>
                    <b>{change.actor}</b>
                    {format!(" {} ", change.deed)}
                    <span class="rc-sub">{when(change.at)}</span>
                </li>
            }
        })
        .collect_view();
    let body = view! { <ul class="rc-plain">{items}</ul> };
    super::card("overview-changes", "Recent changes", body.into_any(), None)
}
