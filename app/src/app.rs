//! The document and the root of the console.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::{
    components::{confirm, time, toast},
    routes::AppRoutes,
};

/// The document around the console.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos::hydration::{AutoReload, HydrationScripts};
    use leptos_meta::{HashedStylesheet, MetaTags};

    let reload = cfg!(debug_assertions).then(|| {
        let options = options.clone();
        view! { <AutoReload options/> }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en" class=crate::context::theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {reload}
                <HashedStylesheet options=options.clone() id="styles"/>
                <HydrationScripts options islands=false/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The console: what is in the body, on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    time::provide();
    toast::provide();
    confirm::provide();
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Rolecall".to_owned() } else { format!("{text} · Rolecall") }/>
        <a class="rc-skip btn" href="#main" rel="external">"Skip to content"</a>
        <Router>
            <AppRoutes/>
        </Router>
        <confirm::Place/>
        <toast::Toaster/>
    }
    .into_any()
}
