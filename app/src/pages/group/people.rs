//! The people of a group: until when they are in it, adding, removing.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    group::{GroupEditor, GroupMember},
    page::Page,
};

use super::{People as Answer, state::GroupState};
use crate::{
    api::groups::remove_from_group,
    components::{
        avatar::avatar,
        button::ActionButton,
        icon::{Glyph, icon},
        loaded,
        menu::{MenuItem, RowMenu},
        modal::Modal,
        pager::pager,
        problem::{alert, problem},
        time::until,
        toast::Toasts,
    },
    error::ApiFailure,
    paths,
};

/// Which dialog about the people is open, and about whom.
#[derive(Clone, Copy)]
pub struct PeopleDialogs {
    pub adding: RwSignal<bool>,
    pub ending: RwSignal<bool>,
    pub removing: RwSignal<bool>,
    pub person: RwSignal<Option<GroupMember>>,
}

impl PeopleDialogs {
    /// None is open.
    pub fn new() -> Self {
        Self {
            adding: RwSignal::new(false),
            ending: RwSignal::new(false),
            removing: RwSignal::new(false),
            person: RwSignal::new(None),
        }
    }

    fn open(self, dialog: RwSignal<bool>, person: &GroupMember) {
        self.person.set(Some(person.clone()));
        dialog.set(true);
    }

    /// The name of the person at hand.
    pub fn name(self) -> String {
        self.person
            .with(|person| person.as_ref().map(|person| person.name.clone()))
            .unwrap_or_default()
    }
}

/// The list below the editor; nothing for a new group.
#[component]
pub fn People(
    state: GroupState,
    loaded: Resource<Result<GroupEditor, ApiFailure>>,
    people: Resource<Option<Answer>>,
    doing: PeopleDialogs,
) -> impl IntoView {
    view! {
        {loaded::loaded(|| view! { <span class="skeleton" data-line="long"></span> }.into_any(), None, move || async move {
                // Where the group could not be loaded, that is said above already.
                let (Some(answer), Ok(editor)) = (people.await, loaded.await) else {
                    return ().into_any();
                };
                let blocked = editor.blocked.clone();
                // Nobody knows which part of the page is drawn first.
                if state.card.with_untracked(Option::is_none) {
                    state.show(editor);
                }
                section(state, answer, blocked.as_ref(), doing)
            })}
    }
    .into_any()
}

fn section(
    state: GroupState,
    answer: Answer,
    blocked: Option<&String>,
    doing: PeopleDialogs,
) -> AnyView {
    let list = match answer {
        Err(failure) => problem(&failure.0),
        Ok(page) if page.rows.is_empty() => empty(),
        Ok(page) => table(state, page, blocked, doing),
    };
    view! {
        <section class="rc-section" aria-labelledby="group-people">
            <div class="rc-section-head">
                <h2 id="group-people">"People in this group"</h2>
                <ActionButton
                    label="Add people"
                    glyph=Glyph::UserPlus
                    variant="outline"
                    blocked=Signal::stored(blocked.cloned())
                    action=move || doing.adding.set(true)
                />
            </div>
            {list}
        </section>
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        <div class="rc-empty">
            {icon(Glyph::Users)}
            <h3>"Nobody is in this group yet"</h3>
            <p>"Whoever you add gets what the group gives at once, if you like only until a day."</p>
        </div>
    }
    .into_any()
}

fn table(
    state: GroupState,
    page: Page<GroupMember>,
    blocked: Option<&String>,
    doing: PeopleDialogs,
) -> AnyView {
    let slug = state.here().slug.get_untracked();
    let group = state.wanted.get_untracked().group;
    let at = |cursor| group.map(|group| paths::group_people(&slug, group, cursor));
    let links = pager(page.previous.and_then(at), page.next.and_then(at));
    let rows = page
        .rows
        .into_iter()
        .map(|person| row(state, person, blocked.cloned(), doing))
        .collect_view();
    view! {
        <div class="rc-table-wrap">
            <table class="rc-table">
                <caption class="sr-only">"People in this group"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col" data-col="meta">"In the group"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}

fn row(
    state: GroupState,
    person: GroupMember,
    blocked: Option<String>,
    doing: PeopleDialogs,
) -> AnyView {
    let href = paths::member(&state.here().slug.get_untracked(), person.id);
    let id = format!("in-group-{}", person.id);
    let (end, remove) = (person.clone(), person.clone());
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person">
                    {avatar(&person.name, &person.email)}
                    <span class="rc-person-text">
                        <a class="rc-person-name rc-row-link" href=href>{person.name.clone()}</a>
                        <span class="rc-person-mail">{person.email.clone()}</span>
                    </span>
                </span>
            </th>
            <td data-col="meta">{lasting(&person)}</td>
            <td data-col="end">
                <RowMenu id=id.clone() label=format!("Actions for {}", person.name)>
                    <MenuItem
                        menu=id.clone() glyph=Glyph::Clock label="Change the end" blocked=blocked.clone()
                        action=move || doing.open(doing.ending, &end)
                    />
                    <hr/>
                    <MenuItem
                        menu=id.clone() glyph=Glyph::UserX label="Remove from the group"
                        blocked=blocked danger=true
                        action=move || doing.open(doing.removing, &remove)
                    />
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

fn lasting(person: &GroupMember) -> AnyView {
    match person.expires_at {
        None => "No end".into_any(),
        Some(end) if person.expired => view! {
            <span class="rc-status" data-status="expired">{icon(Glyph::Hourglass)}"Ended"</span>
            " "<span class="rc-sub">{end.date()}</span>
        }
        .into_any(),
        Some(end) => view! { "Ends "{until(end)} }.into_any(),
    }
}

/// "Remove Ben Okafor from Operators?"
#[component]
pub fn RemoveDialog(state: GroupState, doing: PeopleDialogs) -> impl IntoView {
    let toasts = Toasts::of_page();
    let (open, busy) = (doing.removing, RwSignal::new(false));
    let failed = RwSignal::new(None::<ApiFailure>);
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
        }
    });
    let group = move || {
        let name = state
            .card
            .with(|card| card.as_ref().map(|card| card.name.clone()));
        name.unwrap_or_default()
    };
    let remove = move || {
        let group = state
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id));
        let (Some(group), Some(person)) = (group, doing.person.get_untracked()) else {
            return;
        };
        let here = state.here();
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match remove_from_group(here.slug.get_untracked(), group, person.id).await {
                Ok(()) => {
                    let _ = open.try_set(false);
                    toasts.done(format!("{} is not in this group any more.", person.name));
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
            id="group-remove"
            size="sm"
            open=open
            title=Signal::derive(move || format!("Remove {} from {}", doing.name(), group()))
        >
            <section>
                <p>
                    {move || doing.name()}
                    " stays in the workspace and at once loses what only this group gives."
                </p>
                {move || failed.get().map(|failure| alert(&failure.0))}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Remove {}", doing.name()))
                    variant="destructive"
                    busy=busy
                    action=remove
                />
            </footer>
        </Modal>
    }
    .into_any()
}
