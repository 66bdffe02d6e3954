//! An address that leads nowhere.

use leptos::prelude::*;

use crate::components::problem::not_found;

/// The page for unknown addresses.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <main class="rc-main" id="main" tabindex="-1">
            <div class="rc-page">
                {not_found("There is no page at this address. The link may be mistyped or out of date.".to_owned())}
            </div>
        </main>
    }
    .into_any()
}
