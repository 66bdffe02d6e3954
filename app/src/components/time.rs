//! Moments: absolute from the server, relative as soon as the browser is there.

use std::time::Duration;

use leptos::prelude::*;
use rolecall_shared::Timestamp;

use crate::browser;

/// The browser's clock, to the half minute; nothing on the server and while hydrating.
#[derive(Clone, Copy)]
struct Now(RwSignal<Option<Timestamp>>);

/// Starts the clock. Once, at the root.
pub fn provide() {
    let now = RwSignal::new(None);
    provide_context(Now(now));
    Effect::new(move |_| {
        let tick = move || now.set(Some(browser::now()));
        // Not before the rendered page is taken over: its texts are absolute.
        request_animation_frame(tick);
        let ticking = set_interval_with_handle(tick, Duration::from_secs(30));
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
}

/// Whether the browser has taken the page over: nothing that says "busy" may be rendered before.
pub fn taken_over() -> bool {
    let Now(now) = expect_context();
    now.with(Option::is_some)
}

/// A past moment for people: its day, then its distance; the whole time and zone on hover.
pub fn when(at: Timestamp) -> AnyView {
    // The clock here ticks slower than news arrive: what just happened is not in the future.
    moment(at, Timestamp::date, |at, now| at.relative(now.max(at)))
}

/// A moment that may be ahead: its day, then its distance.
pub fn until(at: Timestamp) -> AnyView {
    moment(at, Timestamp::date, Timestamp::relative)
}

/// A past moment where there is room and the hour matters.
pub fn when_exactly(at: Timestamp) -> AnyView {
    moment(at, Timestamp::absolute, |at, now| at.relative(now.max(at)))
}

fn moment(
    at: Timestamp,
    written: fn(Timestamp) -> String,
    distance: fn(Timestamp, Timestamp) -> String,
) -> AnyView {
    let Now(now) = expect_context();
    view! {
        <time datetime=at.rfc3339() title=at.absolute()>
            {move || now.get().map_or_else(|| written(at), |now| distance(at, now))}
        </time>
    }
    .into_any()
}
