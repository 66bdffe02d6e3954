//! The one dialog about one person, whatever is about to be done.

use leptos::prelude::*;

use super::{
    Deed, Life, Person, end, leave, ownership, reinstate, remove, suspend, view_as, work::Work,
};
use crate::components::modal::Modal;

/// The dialog; what is in it is made anew each time it opens.
#[component]
pub fn LifeDialogs() -> impl IntoView {
    let life = Life::of_page();
    let title = Signal::derive(move || {
        life.asked
            .with(|asked| asked.as_ref().map(|(deed, person)| title(deed, person)))
            .unwrap_or_default()
    });
    view! {
        <Modal id="life" open=life.open title=title>
            {move || life.asked.get().map(|(deed, person)| content(Work::new(life), deed, person))}
        </Modal>
    }
    .into_any()
}

fn title(deed: &Deed, person: &Person) -> String {
    let name = &person.name;
    match deed {
        Deed::Remove => format!("Remove {name}"),
        Deed::Leave => format!("Leave {name}"),
        Deed::Suspend => format!("Suspend {name}"),
        Deed::Reactivate => format!("Reactivate {name}"),
        Deed::End { .. } => format!("Until when is {name} a member"),
        Deed::MakeOwner => format!("Make {name} an owner"),
        Deed::HandOver => format!("Hand over ownership to {name}"),
        Deed::TakeOwnership => format!("Take ownership away from {name}"),
        Deed::StepDown => "Step down as an owner".to_owned(),
        Deed::ViewAs => format!("View as {name}"),
        Deed::Reinstate(_) => format!("Reinstate {name}"),
    }
}

fn content(work: Work, deed: Deed, person: Person) -> AnyView {
    match deed {
        Deed::Remove => remove::view(work, person),
        Deed::Leave => leave::view(work, person),
        Deed::Suspend => suspend::suspend(work, person),
        Deed::Reactivate => suspend::reactivate(work, person),
        Deed::End { version, at } => end::view(work, person, version, at),
        Deed::MakeOwner => ownership::propose(work, person, false),
        Deed::HandOver => ownership::propose(work, person, true),
        Deed::TakeOwnership => ownership::lower(work, Some(person)),
        Deed::StepDown => ownership::lower(work, None),
        Deed::ViewAs => view_as::view(work, person),
        Deed::Reinstate(row) => reinstate::view(work, *row),
    }
}
