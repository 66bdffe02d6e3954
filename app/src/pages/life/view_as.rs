//! Looking at the workspace as a member sees it.

use leptos::prelude::*;
use rolecall_shared::view_as::LASTS_MINUTES;

use super::{Person, reason::needed_reason, work::Work};
use crate::{
    api::view_as::start_view_as,
    browser,
    components::{button::ActionButton, icon::Glyph},
    paths,
};

/// The content of the dialog.
pub fn view(work: Work, person: Person) -> AnyView {
    let reason = RwSignal::new(String::new());
    let name = person.name.clone();
    let label = format!("View as {name}");
    let waiting = Signal::derive(move || {
        let empty = reason.with(|reason| reason.trim().is_empty());
        empty.then(|| "Say why first.".to_owned())
    });
    let start = move || {
        let (slug, member) = (work.slug(), person.id);
        let order = async move || start_view_as(slug.clone(), member, reason.get_untracked()).await;
        // Loaded anew: nothing of what was seen before stays on the page.
        let target = paths::workspace(&work.slug());
        work.run(order, move |()| browser::load(&target));
    };
    view! {
        <section>
            {move || work.problem()}
            <p>
                "You see this workspace as "<b>{name}</b>
                {format!(
                    " sees it, for {LASTS_MINUTES} minutes at most. You can look and change nothing. What is personal is not shown."
                )}
            </p>
            {needed_reason("view-as-reason", reason, "The audit trail keeps it, and the person is told.", work.failed)}
        </section>
        <footer>
            {work.cancel()}
            <ActionButton label=label glyph=Glyph::Eye busy=work.busy blocked=waiting action=start/>
        </footer>
    }
    .into_any()
}
