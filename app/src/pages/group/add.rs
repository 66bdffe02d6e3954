//! Adding people to a group: find them, choose an end, see what they gain.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    MemberId,
    access::ChangeRequest,
    group::MAX_JOINING,
    member::{MemberQuery, MemberRow},
    text::count,
};

use super::{people::PeopleDialogs, state::GroupState};
use crate::{
    api::{groups::add_to_group, members::list_members},
    components::{
        avatar::avatar,
        button::ActionButton,
        date::{DateField, EndDate},
        icon::{Glyph, icon},
        modal::Modal,
        preview::ChangePreview,
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
};

const PAUSE: Duration = Duration::from_millis(200);
/// What is found beyond this is found by typing more.
const SHOWN: usize = 20;

/// Somebody who was chosen.
#[derive(Clone, PartialEq, Eq)]
struct Chosen {
    id: MemberId,
    name: String,
}

#[derive(Clone, Copy)]
struct Adding {
    state: StoredValue<GroupState>,
    open: RwSignal<bool>,
    typed: RwSignal<String>,
    /// Goes up with every key, so that late answers are known.
    asked: StoredValue<u32>,
    found: RwSignal<Option<Result<Vec<MemberRow>, ApiFailure>>>,
    chosen: RwSignal<Vec<Chosen>>,
    end: EndDate,
    /// Whether the preview is shown in place of the fields.
    previewing: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
    failed: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

impl Adding {
    fn state(self) -> GroupState {
        self.state.get_value()
    }

    fn reset(self) {
        self.typed.set(String::new());
        self.found.set(None);
        self.chosen.set(Vec::new());
        self.end.set(None);
        self.previewing.set(false);
        self.failed.set(None);
        self.ask();
    }

    fn type_in(self, text: String) {
        self.typed.set(text);
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        let mine = self.asked.get_value();
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(mine) {
                    self.ask();
                }
            },
            PAUSE,
        );
    }

    fn ask(self) {
        let mine = self.asked.get_value();
        let slug = self.state().here().slug.get_untracked();
        let query = MemberQuery {
            search: self.typed.get_untracked().trim().to_owned(),
            ..MemberQuery::default()
        };
        spawn_local(async move {
            let answer = list_members(slug, query).await.map(|page| page.rows);
            if self.asked.try_get_value() == Some(mine) {
                let _ = self.found.try_set(Some(answer));
            }
        });
    }

    fn choose(self, person: &MemberRow, on: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|one| one.id != person.id);
            if on {
                chosen.push(Chosen {
                    id: person.id,
                    name: person.name.clone(),
                });
            }
        });
    }

    fn has(self, id: MemberId) -> bool {
        self.chosen
            .with(|chosen| chosen.iter().any(|one| one.id == id))
    }

    fn ids(self) -> Vec<MemberId> {
        self.chosen
            .with_untracked(|chosen| chosen.iter().map(|one| one.id).collect())
    }

    fn change(self) -> Option<ChangeRequest> {
        let group = self
            .state()
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id))?;
        Some(ChangeRequest::AddToGroup {
            group,
            members: self.ids(),
            expires_at: self.end.at.get_untracked(),
        })
    }

    /// Why it can not go on from the fields.
    fn blocked(self) -> Option<String> {
        match self.chosen.with(Vec::len) {
            0 => Some("Choose somebody first.".to_owned()),
            n if n > MAX_JOINING => Some(format!(
                "Add at most {MAX_JOINING} people at once; these are {n}."
            )),
            _ => self.end.problem.get(),
        }
    }

    fn label(self) -> String {
        format!(
            "Add {}",
            count(self.chosen.with(Vec::len), "person", "people")
        )
    }

    fn add(self, toasts: Toasts) {
        let Some(group) = self
            .state()
            .card
            .with_untracked(|card| card.as_ref().map(|c| c.id))
        else {
            return;
        };
        self.busy.set(true);
        self.failed.set(None);
        let (ids, end) = (self.ids(), self.end.at.get_untracked());
        let here = self.state().here();
        spawn_local(async move {
            match add_to_group(here.slug.get_untracked(), group, ids, end).await {
                Ok(n) => {
                    let _ = self.open.try_set(false);
                    let words = count(n, "person is", "people are");
                    toasts.done(format!("{words} in the group now."));
                    here.live.access_changed();
                }
                Err(failure) => {
                    let _ = self.failed.try_set(Some(failure));
                }
            }
            let _ = self.busy.try_set(false);
        });
    }
}

/// The dialog.
#[component]
pub fn AddDialog(state: GroupState, doing: PeopleDialogs) -> impl IntoView {
    let adding = Adding {
        state: StoredValue::new(state),
        open: doing.adding,
        typed: RwSignal::new(String::new()),
        asked: StoredValue::new(0),
        found: RwSignal::new(None),
        chosen: RwSignal::new(Vec::new()),
        end: EndDate::new(None),
        previewing: RwSignal::new(false),
        refused: RwSignal::new(None),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move |_| {
        if adding.open.get() {
            untrack(|| adding.reset());
        }
    });
    let title = Signal::derive(move || {
        let group = state
            .card
            .with(|card| card.as_ref().map(|card| card.name.clone()));
        format!("Add people to {}", group.unwrap_or_default())
    });
    view! {
        <Modal id="group-add" open=adding.open title=title>
            {move || if adding.previewing.get() { preview(adding) } else { fields(adding) }}
        </Modal>
    }
    .into_any()
}

fn fields(adding: Adding) -> AnyView {
    view! {
        <section>
            <div class="field">
                <label for="group-add-search">"Search name or e-mail"</label>
                <input
                    id="group-add-search"
                    class="input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="100"
                    prop:value=move || adding.typed.get()
                    on:input=move |event: ev::Event| adding.type_in(event_target_value(&event))
                />
            </div>
            {move || chosen(adding)}
            <div class="rc-pick" role="group" aria-label="People who were found">
                {move || match adding.found.get() {
                    None => skeleton(),
                    Some(Err(failure)) => alert(&failure.0),
                    Some(Ok(rows)) if rows.is_empty() => view! {
                        <p class="rc-help" role="status">
                            {format!("Nobody in this workspace matches “{}”.", adding.typed.get_untracked().trim())}
                        </p>
                    }
                    .into_any(),
                    Some(Ok(rows)) => rows
                        .iter()
                        .take(SHOWN)
                        .map(|person| choice(adding, person))
                        .collect_view()
                        .into_any(),
                }}
            </div>
            <DateField id="group-add-end" label="Ends" date=adding.end/>
        </section>
        <footer>
            <button type="button" class="btn" data-variant="outline" on:click=move |_| adding.open.set(false)>
                "Cancel"
            </button>
            <ActionButton
                label="Preview"
                blocked=Signal::derive(move || adding.blocked())
                action=move || adding.previewing.set(true)
            />
        </footer>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <p class="sr-only" role="status">"Looking for people"</p>
        <span class="skeleton" data-line="long" aria-hidden="true"></span>
        <span class="skeleton" data-line="long" aria-hidden="true"></span>
        <span class="skeleton" data-line="long" aria-hidden="true"></span>
    }
    .into_any()
}

/// The chosen ones, wherever the search is now.
fn chosen(adding: Adding) -> Option<AnyView> {
    let chosen = adding.chosen.get();
    let tokens = chosen
        .iter()
        .map(|one| {
            let id = one.id;
            let name = one.name.clone();
            view! {
                <span class="rc-token">
                    <span>{name.clone()}</span>
                    <button
                        type="button"
                        aria-label=format!("Do not add {name}")
                        on:click=move |_| adding.chosen.update(|list| list.retain(|one| one.id != id))
                    >
                        {icon(Glyph::X)}
                    </button>
                </span>
            }
        })
        .collect_view();
    (!chosen.is_empty()).then(|| {
        view! { <div class="rc-picked" role="group" aria-label="Chosen">{tokens}</div> }.into_any()
    })
}

fn choice(adding: Adding, person: &MemberRow) -> AnyView {
    let group = adding
        .state()
        .card
        .with_untracked(|card| card.as_ref().map(|card| card.id));
    let inside = person.groups.iter().any(|held| Some(held.id) == group);
    let one = person.clone();
    let id = person.id;
    view! {
        <label class="rc-pick-row">
            <input
                type="checkbox"
                class="input"
                disabled=inside
                prop:checked=move || inside || adding.has(id)
                on:change=move |event: ev::Event| adding.choose(&one, event_target_checked(&event))
            />
            {avatar(&person.name, &person.email)}
            <span class="rc-person-text">
                <span class="rc-person-name">{person.name.clone()}</span>
                <span class="rc-person-mail">{person.email.clone()}</span>
            </span>
            {inside.then(|| view! { <span class="badge">"In it already"</span> })}
        </label>
    }
    .into_any()
}

fn preview(adding: Adding) -> AnyView {
    let toasts = Toasts::of_page();
    view! {
        <section>
            {move || adding.failed.get().map(|failure| alert(&failure.0))}
            {adding.change().map(|change| view! {
                <ChangePreview
                    change
                    catalogue=adding.state().draft().catalogue
                    blocked=adding.refused
                />
            })}
        </section>
        <footer>
            <button type="button" class="btn" data-variant="outline" on:click=move |_| adding.previewing.set(false)>
                "Back"
            </button>
            <ActionButton
                label=Signal::derive(move || adding.label())
                glyph=Glyph::UserPlus
                busy=adding.busy
                blocked=adding.refused
                action=move || adding.add(toasts)
            />
        </footer>
    }
    .into_any()
}
