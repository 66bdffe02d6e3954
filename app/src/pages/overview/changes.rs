//! The last changes, for who may see the trail.

use leptos::prelude::*;
use rolecall_shared::overview::RecentChange;

use crate::{components::time::when, paths};

/// The list, the newest first.
pub fn card(slug: &str, changes: Vec<RecentChange>) -> AnyView {
    let items = changes
        .into_iter()
        .map(|change| {
            view! {
                <li>
                    <b>{change.what}</b>
                    {format!(": {} ", change.target)}
                    <span class="rc-sub">{change.actor}", "{when(change.at)}</span>
                </li>
            }
        })
        .collect_view();
    let body = view! { <ul class="rc-plain">{items}</ul> };
    let foot = super::remedy(paths::audit_base(slug), "See the audit trail");
    super::card(
        "overview-changes",
        "Recent changes",
        body.into_any(),
        Some(foot),
    )
}
