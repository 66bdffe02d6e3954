//! What became of each person, and the way on.

use leptos::prelude::*;
use rolecall_shared::{ApiError, text::count};

use super::{
    sending::resume,
    state::{Order, Several},
};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
    },
    here::Here,
    paths,
};

/// The list with its sums.
#[component]
pub fn Verdicts(several: Several) -> impl IntoView {
    let here = Here::of_page();
    let verdicts = several.verdicts.get_untracked();
    let failure = several.failed.get_untracked();
    let left = several.total().saturating_sub(verdicts.len());
    let failed = verdicts.iter().filter(|v| v.problem.is_some()).count();
    let stopped = (left > 0).then(|| {
        let rest = count(left, "person was", "people were");
        view! {
            {failure.map(|failure| alert(&failure.0))}
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>{format!("Stopped: {rest} not reached yet")}</strong>
                <ActionButton
                    label="Go on" size="sm" variant="outline"
                    action=move || resume(several, here)
                />
            </div>
        }
    });
    let rows = several.people.with_untracked(|people| {
        verdicts
            .iter()
            .map(|verdict| {
                let name = people
                    .iter()
                    .find(|one| one.id == verdict.member)
                    .map_or_else(String::new, |one| one.name.clone());
                line(several.order(), name, verdict.problem.as_ref())
            })
            .collect_view()
    });
    let sums = sums(verdicts.len() - failed, failed);
    let kept = (failed > 0).then_some(" Those who were left stay selected.");
    let former = (several.order() == Order::Remove && failed < verdicts.len()).then(|| {
        view! {
            <a
                class="btn" data-variant="outline"
                href=paths::former_base(&here.slug.get_untracked())
                on:click=move |_| several.selection.open.set(false)
            >
                "Removed people"
            </a>
        }
    });
    view! {
        <section>
            <p role="status"><b>{sums}</b>{kept}</p>
            {stopped}
            <ul class="rc-verdicts">{rows}</ul>
        </section>
        <footer>
            {former}
            <button type="button" class="btn" on:click=move |_| several.selection.open.set(false)>
                "Done"
            </button>
        </footer>
    }
    .into_any()
}

/// "3 done, 1 left as they were."
fn sums(done: usize, failed: usize) -> String {
    let parts: Vec<String> = [
        (done > 0).then(|| format!("{done} done")),
        (failed > 0).then(|| format!("{failed} left as they were")),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{}.", parts.join(", "))
}

fn line(order: Order, name: String, problem: Option<&ApiError>) -> AnyView {
    let (tone, glyph) = if problem.is_some() {
        ("danger", Glyph::Triangle)
    } else {
        ("success", Glyph::Check)
    };
    let done = match order {
        Order::Role => "Has the role now.",
        Order::Group => "Is in the group now.",
        Order::Suspend => "Is suspended.",
        Order::Reactivate => "Is active again.",
        Order::Remove => "Was removed.",
    };
    let words = problem.map_or_else(|| done.to_owned(), |problem| problem.message.clone());
    view! {
        <li data-tone=tone>
            {icon(glyph)}
            <div class="min-w-0">
                <span class="break-all">{name}</span>
                <span class="rc-sub block">{words}</span>
            </div>
        </li>
    }
    .into_any()
}
