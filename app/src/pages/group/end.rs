//! Another end of somebody's time in a group.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::Timestamp;

use super::{people::PeopleDialogs, state::GroupState};
use crate::{
    api::groups::add_to_group,
    components::{
        button::ActionButton,
        date::{DateField, EndDate},
        modal::Modal,
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
};

/// The dialog.
#[component]
pub fn EndDialog(state: GroupState, doing: PeopleDialogs) -> impl IntoView {
    let toasts = Toasts::of_page();
    let (open, busy) = (doing.ending, RwSignal::new(false));
    let failed = RwSignal::new(None::<ApiFailure>);
    let end = EndDate::new(None);
    let before = move || {
        doing
            .person
            .with(|person| person.as_ref().and_then(|p| p.expires_at))
    };
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
            end.set(untrack(before));
        }
    });
    let blocked = Signal::derive(move || {
        let same = end.at.get().map(Timestamp::day) == before().map(Timestamp::day);
        let same = same.then(|| "Choose another end than the present one.".to_owned());
        end.problem.get().or(same)
    });
    let save = move || {
        let group = state
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id));
        let (Some(group), Some(person)) = (group, doing.person.get_untracked()) else {
            return;
        };
        let (here, at) = (state.here(), end.at.get_untracked());
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let slug = here.slug.get_untracked();
            match add_to_group(slug, group, vec![person.id], at).await {
                Ok(_) => {
                    let _ = open.try_set(false);
                    toasts.done(match at {
                        Some(at) => {
                            format!("{} is in this group until {}.", person.name, at.absolute())
                        }
                        None => format!("{} is in this group without an end.", person.name),
                    });
                    here.live.access_changed();
                }
                Err(failure) => {
                    let _ = failed.try_set(Some(failure));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <Modal
            id="group-end"
            size="sm"
            open=open
            title=Signal::derive(move || format!("Until when is {} in this group", doing.name()))
        >
            <section>
                {move || failed.get().map(|failure| alert(&failure.0))}
                <DateField id="group-end-day" label="Ends" date=end/>
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <ActionButton label="Save the end" busy=busy blocked=blocked action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}
