//! Moments: absolute from the server, relative as soon as the browser is there.

use std::time::Duration;

use leptos::{html::Tbody, prelude::*};
use rolecall_shared::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::markup::Markup;
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

/// A past moment for people: its day, then its distance; the whole time and zone on hover (R-92).
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

/// A past moment as [`when`], as text among other text: [`keep_fresh`] gives what is around it its
/// distances.
pub fn written(into: Markup, at: Timestamp) -> Markup {
    into.tags(r#"<time datetime=""#)
        .text(&at.rfc3339())
        .tags(r#"" title=""#)
        .text(&at.absolute())
        .tags(r#"" data-at=""#)
        .text(&at.0.to_string())
        .tags(r#"">"#)
        .text(&at.date())
        .tags("</time>")
}

/// Shows the distance of every [`written`] moment inside, as soon as the browser is there, and goes on.
pub fn keep_fresh(inside: NodeRef<Tbody>) {
    let Now(now) = expect_context();
    Effect::new(move |_| {
        let (Some(inside), Some(now)) = (inside.get(), now.get()) else {
            return;
        };
        let Ok(moments) = inside.query_selector_all("time[data-at]") else {
            return;
        };
        for nth in 0..moments.length() {
            let moment = moments
                .get(nth)
                .and_then(|node| node.dyn_into::<Element>().ok());
            let at = moment
                .as_ref()
                .and_then(|moment| moment.get_attribute("data-at"));
            if let (Some(moment), Some(Ok(at))) = (moment, at.map(|at| at.parse())) {
                let at = Timestamp(at);
                moment.set_text_content(Some(&at.relative(now.max(at))));
            }
        }
    });
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
