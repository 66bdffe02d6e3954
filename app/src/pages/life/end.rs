//! Until when somebody is a member.

use leptos::prelude::*;
use rolecall_shared::Timestamp;

use super::{Person, work::Work};
use crate::{
    api::membership::set_membership_end,
    components::{
        button::ActionButton,
        date::{DateField, EndDate},
    },
};

/// The content of the dialog.
pub fn view(work: Work, person: Person, version: i64, before: Option<Timestamp>) -> AnyView {
    let end = EndDate::new(before);
    let name = person.name.clone();
    let blocked = Signal::derive(move || {
        let same = end.at.get().map(Timestamp::day) == before.map(Timestamp::day);
        let same = same.then(|| "Choose another end than the present one.".to_owned());
        end.problem.get().or(same)
    });
    let save = move || {
        let (name, at) = (person.name.clone(), end.at.get_untracked());
        let (slug, id) = (work.slug(), person.id);
        let order = async move || set_membership_end(slug.clone(), id, version, at).await;
        work.run(order, move |_| {
            work.toasts.done(match at {
                Some(at) => format!("{name} is a member until {}.", at.absolute()),
                None => format!("{name} is a member without an end."),
            });
            work.here.live.membership_changed();
        });
    };
    view! {
        <section>
            {move || work.problem()}
            <p>
                "After that day "{name}
                " keeps all they hold and can do nothing, as if suspended, until somebody reactivates them. They are told seven days and one day before."
            </p>
            <DateField id="membership-end" label="Membership ends" date=end/>
        </section>
        <footer>
            {work.cancel()}
            <ActionButton label="Save the end" busy=work.busy blocked=blocked action=save/>
        </footer>
    }
    .into_any()
}
