//! Changing what a member holds: choose, see what it does, save.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    ErrorCode,
    access::{ChangeRequest, GroupMembership, MemberAccess, MemberPage},
    catalogue::{Bit, PermissionSet},
    policy::Remedy,
    text::count,
};

use super::{
    Shown,
    fields::{Fields, draw},
};
use crate::{
    api::access::{load_member, update_access},
    components::{
        button::ActionButton,
        confirm::Confirm,
        icon::{Glyph, icon},
        modal::Modal,
        preview::ChangePreview,
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
};

/// The dialog. What is chosen lives in the fields, and outlives news and another's change.
#[derive(Clone, Copy)]
pub struct EditForm {
    here: StoredValue<Here>,
    confirm: Confirm,
    pub open: RwSignal<bool>,
    /// What is saved, as far as is known.
    page: RwSignal<Option<MemberPage>>,
    /// What the fields show first.
    seed: RwSignal<Option<MemberAccess>>,
    fields: RwSignal<Option<Fields>>,
    /// Whether "Discard what you chose?" is asked.
    discard: RwSignal<bool>,
    previewing: RwSignal<bool>,
    /// Why the preview says no.
    refused: RwSignal<Option<String>>,
    /// What somebody else saved meanwhile, in words.
    meanwhile: RwSignal<Option<String>>,
    failed: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

impl EditForm {
    /// Closed.
    pub fn new() -> Self {
        Self {
            here: StoredValue::new(Here::of_page()),
            confirm: Confirm::of_page(),
            open: RwSignal::new(false),
            page: RwSignal::new(None),
            seed: RwSignal::new(None),
            fields: RwSignal::new(None),
            discard: RwSignal::new(false),
            previewing: RwSignal::new(false),
            refused: RwSignal::new(None),
            meanwhile: RwSignal::new(None),
            failed: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    fn start(self, page: MemberPage, seed: MemberAccess) {
        self.discard.set(false);
        self.previewing.set(false);
        self.meanwhile.set(None);
        self.failed.set(None);
        self.seed.set(Some(seed));
        self.page.set(Some(page));
        self.open.set(true);
    }

    /// What is chosen, if it can be read.
    fn chosen(self) -> Option<MemberAccess> {
        self.fields.get().and_then(Fields::access)
    }

    /// Whether something would be lost by closing.
    pub fn dirty(self) -> bool {
        let Some(chosen) = self.chosen() else {
            return false;
        };
        self.page.with(|page| {
            page.as_ref()
                .is_some_and(|page| normal(&chosen) != normal(&page.access))
        })
    }

    fn ask_to_close(self) {
        if untrack(|| self.dirty()) {
            self.discard.set(true);
        } else {
            self.open.set(false);
        }
    }

    fn blocked(self) -> Option<String> {
        let fields = self.fields.get()?;
        if let Some(problem) = fields.problem() {
            return Some(problem);
        }
        (!self.dirty()).then(|| "Nothing differs from what is saved.".to_owned())
    }

    fn change(self) -> Option<ChangeRequest> {
        let member = self
            .page
            .with_untracked(|page| page.as_ref().map(|page| page.member.id))?;
        let access = untrack(|| self.chosen())?;
        Some(ChangeRequest::EditMember { member, access })
    }

    fn save(self, toasts: Toasts) {
        let (Some(page), Some(access)) = (self.page.get_untracked(), untrack(|| self.chosen()))
        else {
            return;
        };
        let here = self.here.get_value();
        self.busy.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let slug = here.slug.get_untracked();
            let member = page.member.id;
            let order =
                async || update_access(slug.clone(), member, page.version, access.clone()).await;
            let answer = self.confirm.run(order).await;
            match answer {
                Ok(_) => {
                    let _ = self.open.try_set(false);
                    toasts.done(format!("The access of {} is saved.", page.member.name));
                    here.live.access_changed();
                }
                Err(failure) if failure.0.code == ErrorCode::Conflict => {
                    self.catch_up(here, failure, access).await;
                }
                Err(failure) => {
                    let _ = self.previewing.try_set(false);
                    let _ = self.failed.try_set(Some(failure));
                }
            }
            let _ = self.busy.try_set(false);
        });
    }

    /// Somebody else was faster: takes what is saved now, and keeps what is chosen here.
    async fn catch_up(self, here: Here, conflict: ApiFailure, chosen: MemberAccess) {
        let Some(before) = self.page.try_get_untracked().flatten() else {
            return;
        };
        let _ = self.previewing.try_set(false);
        let now = load_member(here.slug.get_untracked(), before.member.id, None).await;
        if self.open.try_get_untracked() != Some(true) {
            return;
        }
        match now {
            // A conflict that no other version explains is told as it came.
            Ok(page) if page.version == before.version => self.failed.set(Some(conflict)),
            Ok(page) => {
                self.meanwhile.set(Some(in_words(&page)));
                self.seed.set(Some(chosen));
                self.page.set(Some(page));
                here.live.access_changed();
            }
            Err(failure) => self.failed.set(Some(failure)),
        }
    }
}

/// The same access always the same way: groups in order, no end where nothing is given directly.
fn normal(access: &MemberAccess) -> MemberAccess {
    let mut access = access.clone();
    access.groups.sort_by_key(|held| held.group);
    access.direct.permissions.sort_unstable();
    if access.direct.permissions.is_empty() {
        access.direct.expires_at = None;
    }
    access
}

/// "role Developer, groups QA and Billing, 3 direct permissions".
fn in_words(page: &MemberPage) -> String {
    let role = page.roles.iter().find(|role| role.id == page.access.role);
    let role = role.map_or("none", |role| &role.name);
    let groups: Vec<&str> = page
        .groups
        .iter()
        .filter(|group| page.access.groups.iter().any(|held| held.group == group.id))
        .map(|group| group.name.as_str())
        .collect();
    let groups = if groups.is_empty() {
        "no groups".to_owned()
    } else {
        format!("groups {}", groups.join(", "))
    };
    let direct = count(
        page.access.direct.permissions.len(),
        "direct permission",
        "direct permissions",
    );
    format!("role {role}, {groups}, {direct}")
}

impl Shown {
    /// Opens the dialog, with a change already chosen if one is named.
    pub fn edit(self, change: Option<(Remedy, Bit)>) {
        let page = self.asked.with_value(|asked| asked.page.clone());
        let mut seed = page.access.clone();
        if let Some((remedy, bit)) = change {
            apply(&page, &mut seed, remedy, bit);
        }
        self.form.get_value().start(page, seed);
    }
}

fn apply(page: &MemberPage, access: &mut MemberAccess, remedy: Remedy, bit: Bit) {
    match remedy {
        Remedy::AddToGroup(group) => {
            access.groups.retain(|held| held.group != group);
            access.groups.push(GroupMembership {
                group,
                expires_at: None,
            });
        }
        Remedy::GiveRole(role) => access.role = role,
        Remedy::GiveDirectly => {
            let catalogue = &page.catalogue;
            let over = access.direct.expires_at.is_some_and(|end| end <= page.at);
            if over {
                access.direct.expires_at = None;
                access.direct.permissions.clear();
            }
            let needed = catalogue.closed(PermissionSet::EMPTY.with(bit));
            let set = catalogue.stored(&access.direct.permissions).union(needed);
            access.direct.permissions = catalogue.names(set);
        }
        Remedy::RaiseOverride | Remedy::RemoveOverride => {}
    }
}

/// The dialog.
#[component]
pub fn EditDialog(form: EditForm) -> impl IntoView {
    let title = Signal::derive(move || {
        let name = form
            .page
            .with(|page| page.as_ref().map(|page| page.member.name.clone()));
        format!("Access of {}", name.unwrap_or_default())
    });
    view! {
        <Modal
            id="edit-access"
            size="lg"
            open=form.open
            title=title
            ask=Callback::new(move |()| form.ask_to_close())
        >
            {move || form.page.get().map(|page| content(form, page))}
        </Modal>
    }
    .into_any()
}

/// Fields for one saved state; another one makes new fields, which show what was chosen.
fn content(form: EditForm, page: MemberPage) -> AnyView {
    let seed = form
        .seed
        .get_untracked()
        .unwrap_or_else(|| page.access.clone());
    let fields = Fields::new(&page, &seed);
    form.fields.set(Some(fields));
    let page = StoredValue::new(page);
    view! {
        {move || if form.previewing.get() {
            preview(form, fields)
        } else {
            view! {
                <section>
                    {move || form.meanwhile.get().map(meanwhile)}
                    {move || form.failed.get().map(|failure| alert(&failure.0))}
                    {page.with_value(|page| draw(fields, page))}
                </section>
                {foot(form)}
            }
            .into_any()
        }}
    }
    .into_any()
}

fn meanwhile(saved: String) -> AnyView {
    view! {
        <div class="alert" data-variant="warning" role="alert">
            {icon(Glyph::Triangle)}
            <strong>"Somebody else changed this access meanwhile"</strong>
            <p>{format!("Saved now: {saved}. What you chose is kept below; look at it again, then save.")}</p>
        </div>
    }
    .into_any()
}

fn foot(form: EditForm) -> AnyView {
    view! {
        <footer>
            <Show
                when=move || form.discard.get()
                fallback=move || view! {
                    <button
                        type="button" class="btn" data-variant="outline"
                        on:click=move |_| form.ask_to_close()
                    >
                        "Cancel"
                    </button>
                    <ActionButton
                        label="Preview" glyph=Glyph::Eye
                        blocked=Signal::derive(move || form.blocked())
                        action=move || form.previewing.set(true)
                    />
                }
            >
                <p class="grow" role="alert">"Discard what you chose?"</p>
                <button
                    type="button" class="btn" data-variant="outline"
                    on:click=move |_| form.discard.set(false)
                >
                    "Keep editing"
                </button>
                <button
                    type="button" class="btn" data-variant="destructive"
                    on:click=move |_| form.open.set(false)
                >
                    "Discard"
                </button>
            </Show>
        </footer>
    }
    .into_any()
}

fn preview(form: EditForm, fields: Fields) -> AnyView {
    let toasts = Toasts::of_page();
    view! {
        <section>
            {form.change().map(|change| view! {
                <ChangePreview change catalogue=fields.catalogue blocked=form.refused/>
            })}
        </section>
        <footer>
            <button type="button" class="btn" data-variant="outline" on:click=move |_| form.previewing.set(false)>
                "Back"
            </button>
            <ActionButton
                label="Save access"
                busy=form.busy
                blocked=form.refused
                action=move || form.save(toasts)
            />
        </footer>
    }
    .into_any()
}
