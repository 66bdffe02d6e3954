//! Another role or other groups for a waiting invitation.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    GroupId, RoleId,
    invitation::{InvitationChange, InvitationRow, InviteOptions},
};

use super::actions::{Doing, change, what_next};
use crate::{
    api::invitations::invite_options,
    components::{button::ActionButton, modal::Modal, problem::alert, toast::Toasts},
    error::ApiFailure,
    here::Here,
    pages::invite::{group_boxes, role_cards},
};

/// The dialog.
#[component]
pub fn RoleDialog(doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let chosen = RwSignal::new(None::<RoleId>);
    let groups = RwSignal::new(Vec::<GroupId>::new());
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    let failed = RwSignal::new(None::<ApiFailure>);
    let busy = RwSignal::new(false);
    let open = doing.role;
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
            options.set(None);
            let (role, now) = present(doing.row.get_untracked().as_ref());
            chosen.set(role);
            groups.set(now);
            spawn_local(async move {
                let answer = invite_options(here.slug.get_untracked()).await;
                let _ = options.try_set(Some(answer));
            });
        }
    });
    let unchanged = Signal::derive(move || {
        let (role, now) = doing.row.with(|row| present(row.as_ref()));
        let needed = options.with(|o| matches!(o, Some(Ok(o)) if o.group_required));
        let same = chosen.get() == role && groups.with(|groups| same_groups(groups, &now));
        if same {
            Some("Choose another role or other groups first.".to_owned())
        } else if needed && groups.with(Vec::is_empty) {
            Some("Choose a group first: in this workspace access comes from groups.".to_owned())
        } else {
            None
        }
    });
    let save = move || {
        let (Some(row), Some(role)) = (doing.row.get_untracked(), chosen.get_untracked()) else {
            return;
        };
        let mail = options.with_untracked(|o| matches!(o, Some(Ok(o)) if o.mail));
        busy.set(true);
        spawn_local(async move {
            let order = InvitationChange {
                role,
                groups: Some(groups.get_untracked()),
                // What it gives in single projects stays.
                overrides: None,
            };
            match change(here, row.id, row.version, order).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done(format!(
                        "The invitation of {} is changed. {}",
                        row.email,
                        what_next(mail)
                    ));
                }
                Err(failure) => failed.set(Some(failure)),
            }
            busy.set(false);
        });
    };
    view! {
        <Modal
            id="invitation-role"
            open=open
            title=Signal::derive(move || format!("Change the role and groups of {}", doing.email()))
            lead=Signal::stored(Some("Links given out so far stop working.".to_owned()))
        >
            <section>
                {move || failed.get().map(|failure| alert(&failure.0))}
                {move || match options.get() {
                    None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                    Some(Err(failure)) => alert(&failure.0),
                    Some(Ok(options)) => view! {
                        <fieldset>
                            <legend>"Role"</legend>
                            {role_cards("new-role", &options.roles, chosen)}
                        </fieldset>
                        {group_boxes(&options, groups)}
                    }
                    .into_any(),
                }}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <ActionButton label="Change role and groups" busy=busy blocked=unchanged action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}

/// What the invitation gives now.
fn present(row: Option<&InvitationRow>) -> (Option<RoleId>, Vec<GroupId>) {
    let groups = row.map(|row| row.groups.iter().map(|group| group.id).collect());
    (row.map(|row| row.role.id), groups.unwrap_or_default())
}

fn same_groups(one: &[GroupId], other: &[GroupId]) -> bool {
    one.len() == other.len() && one.iter().all(|group| other.contains(group))
}
