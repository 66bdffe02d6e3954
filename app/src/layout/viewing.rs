//! As whom the one who looks sees the workspace, on top of every page, with the way out.

use std::time::Duration;

use leptos::prelude::*;
use rolecall_shared::{ErrorCode, shell::Shell, view_as::Viewed};

use crate::{
    browser,
    components::{
        icon::{Glyph, icon},
        loaded::loaded,
    },
    error::ApiFailure,
    here::Here,
    paths,
};

/// The banner; nothing for whoever is themselves.
#[component]
pub fn Viewing() -> impl IntoView {
    let here = Here::of_page();
    loaded(
        || ().into_any(),
        None,
        move || async move {
            let shell = here.shell.await.ok();
            shell
                .and_then(|shell| {
                    let Shell {
                        viewing,
                        form_token,
                        ..
                    } = shell;
                    viewing.map(|viewed| banner(&viewed, form_token))
                })
                .into_any()
        },
    )
}

/// Loads the page anew when the view is over: only that gives the session back to its person.
pub fn reload_when_over(failure: &ApiFailure) {
    if failure.0.code == ErrorCode::ViewAsEnded {
        browser::reload();
    }
}

fn banner(viewed: &Viewed, form_token: String) -> AnyView {
    let left = countdown(viewed.seconds_left);
    let until = format!("Until {} at the latest.", viewed.ends_at.absolute());
    let left = move || {
        left.get().map_or_else(
            || until.clone(),
            |seconds| format!("{}:{:02} left.", seconds / 60, seconds % 60),
        )
    };
    view! {
        <section class="rc-banner" data-kind="viewing" aria-label="Viewing as somebody">
            {icon(Glyph::Eye)}
            <span role="status">{format!("Viewing as {}, read-only.", viewed.name)}</span>
            <span class="rc-countdown" role="timer">{left}</span>
            <form method="post" action=paths::END_VIEW>
                <input type="hidden" name="csrf" value=form_token/>
                <button type="submit" class="btn" data-variant="outline" data-size="sm">"Exit"</button>
            </form>
        </section>
    }
    .into_any()
}

/// The seconds that are left, once the browser counts them. It counts from what the server said, since
/// its own clock may be wrong, and loads the page anew at the end.
fn countdown(seconds: i64) -> RwSignal<Option<i64>> {
    let left = RwSignal::new(None);
    Effect::new(move |_| {
        let start = browser::now();
        let tick = move || {
            let passed = (browser::now().0 - start.0) / 1_000_000;
            let now = (seconds - passed).max(0);
            let _ = left.try_set(Some(now));
            // A moment later than the server, which began to count before.
            if passed > seconds {
                browser::reload();
            }
        };
        request_animation_frame(tick);
        let ticking = set_interval_with_handle(tick, Duration::from_secs(1));
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    left
}
