//! One address with its verdict and the next step.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    InvitationId, MemberId, RoleId,
    invitation::{AddressVerdict, InvitationChange, Verdict},
    member::MemberQuery,
};

use super::{form::InviteForm, sending::afresh};
use crate::{
    api::{
        invitations::{copy_invitation_link, resend_invitation, send_invitations},
        membership::reinstate_member,
    },
    browser,
    components::{
        button::ActionButton,
        copy::CopyField,
        icon::{Glyph, icon},
    },
    error::ApiFailure,
    here::Here,
    pages::{
        invitations::{change, what_next},
        life::come_back,
    },
    paths,
};

/// What came of the next step: nothing yet, done, or why not.
type Outcome = RwSignal<Option<Result<String, ApiFailure>>>;

/// A line of the verdict list.
#[component]
pub fn VerdictRow(form: InviteForm, index: usize, verdict: AddressVerdict) -> impl IntoView {
    let outcome: Outcome = RwSignal::new(None);
    let AddressVerdict { address, verdict } = verdict;
    let (tone, glyph) = look(&verdict);
    let words = words(form, &verdict);
    let link = match &verdict {
        Verdict::Invited {
            link: Some(link), ..
        } => Some(view! {
            <CopyField
                id=format!("invited-link-{index}")
                label=format!("Invitation link for {address}")
                value=link.clone()
            />
        }),
        _ => None,
    };
    let can_act = matches!(
        verdict,
        Verdict::Pending { .. }
            | Verdict::OtherRole { .. }
            | Verdict::OtherGrant { .. }
            | Verdict::Former { .. }
    );
    let step = next_step(form, address.clone(), verdict, outcome);
    let said = move || match outcome.get() {
        None => words.clone(),
        Some(Ok(done)) => done,
        Some(Err(failure)) => failure.0.message,
    };
    view! {
        <li data-tone=tone>
            {icon(glyph)}
            <div class="min-w-0">
                <span class="break-all">{address}</span>
                <span class="rc-sub block" role=can_act.then_some("status")>{said}</span>
                {link}
            </div>
            <div>{step}</div>
        </li>
    }
    .into_any()
}

const fn look(verdict: &Verdict) -> (&'static str, Glyph) {
    match verdict {
        Verdict::Invited { .. } => ("success", Glyph::Check),
        Verdict::Member { .. } => ("neutral", Glyph::Users),
        Verdict::Suspended { .. } => ("warning", Glyph::Pause),
        Verdict::Former { .. } => ("warning", Glyph::UserX),
        Verdict::Pending { .. } | Verdict::OtherRole { .. } | Verdict::OtherGrant { .. } => {
            ("warning", Glyph::Clock)
        }
        Verdict::Invalid { .. } | Verdict::DomainNotAllowed | Verdict::Limited { .. } => {
            ("danger", Glyph::Triangle)
        }
    }
}

fn words(form: InviteForm, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Invited { link: None, .. } => "Invited.".to_owned(),
        Verdict::Invited { link: Some(_), .. } => {
            "Invited. No mail can be sent: hand over this link.".to_owned()
        }
        Verdict::Invalid { reason } | Verdict::Limited { reason } => reason.clone(),
        Verdict::Member { .. } => "Is a member already.".to_owned(),
        Verdict::Suspended { .. } => {
            "Is a suspended member. Reactivate them instead of inviting them again.".to_owned()
        }
        Verdict::Former { removed_at, .. } => format!(
            "Was a member until {}. Reinstate them with what they had, or start fresh with what you chose here.",
            removed_at.date()
        ),
        Verdict::Pending { .. } => "Is invited with this role already.".to_owned(),
        Verdict::OtherGrant { .. } => {
            "Is invited already, with other groups or projects.".to_owned()
        }
        Verdict::OtherRole { role, .. } => format!("Is invited already, as {role}."),
        Verdict::DomainNotAllowed => {
            let domains = form.options.with_untracked(|options| match options {
                Some(Ok(options)) => options.allowed_domains.join(", "),
                _ => String::new(),
            });
            format!("This workspace invites only addresses at {domains}.")
        }
    }
}

/// The control beside a verdict. It stays, off, when it has done its work, so that the focus does.
fn next_step(form: InviteForm, address: String, verdict: Verdict, outcome: Outcome) -> AnyView {
    let here = Here::of_page();
    let busy = RwSignal::new(false);
    let over = Signal::derive(move || {
        outcome.with(|o| matches!(o, Some(Ok(_))).then(|| "This is done.".to_owned()))
    });
    match verdict {
        Verdict::Invited { .. } | Verdict::DomainNotAllowed | Verdict::Limited { .. } => {
            ().into_any()
        }
        Verdict::Invalid { .. } => view! {
            <ActionButton
                label="Edit" size="sm" variant="outline" glyph=Glyph::Pencil
                action=move || form.correct(std::slice::from_ref(&address))
            />
        }
        .into_any(),
        Verdict::Member { .. } | Verdict::Suspended { .. } => {
            let query = MemberQuery {
                search: address,
                ..MemberQuery::default()
            };
            let href = paths::members(&here.slug.get_untracked(), &query);
            view! {
                <a
                    class="btn" data-size="sm" data-variant="outline" href=href
                    on:click=move |_| form.throw_away()
                >
                    "Show member"
                </a>
            }
            .into_any()
        }
        Verdict::Former { id, .. } => {
            let anew = address.clone();
            view! {
                <div class="rc-actions">
                    <ActionButton
                        label="Reinstate" size="sm" variant="outline" busy=busy blocked=over
                        action=move || back(here, busy, outcome, (address.clone(), id))
                    />
                    <ActionButton
                        label="Start fresh" size="sm" variant="outline" busy=busy blocked=over
                        action=move || fresh(form, here, busy, outcome, anew.clone())
                    />
                </div>
            }
            .into_any()
        }
        Verdict::Pending { id, .. } if !has_mail(form) => view! {
            <ActionButton
                label="Copy link" size="sm" variant="outline" busy=busy blocked=over
                action=move || copy(here, busy, outcome, id)
            />
        }
        .into_any(),
        Verdict::Pending { id, version } => view! {
            <ActionButton
                label="Send again" size="sm" variant="outline" busy=busy blocked=over
                action=move || again(here, busy, outcome, (id, version))
            />
        }
        .into_any(),
        Verdict::OtherRole { id, version, .. } | Verdict::OtherGrant { id, version } => {
            let same_role = matches!(verdict, Verdict::OtherGrant { .. });
            let Some(role) = form.role.get_untracked() else {
                return ().into_any();
            };
            let label = if same_role {
                "Change groups and projects".to_owned()
            } else {
                format!("Change to {}", role_name(form, role))
            };
            // Nothing that was chosen is dropped silently.
            let change = InvitationChange {
                role,
                groups: Some(form.groups.get_untracked()),
                overrides: Some(form.overrides()),
            };
            let mail = has_mail(form);
            view! {
                <ActionButton
                    label=label size="sm" variant="outline" busy=busy blocked=over
                    action=move || other(here, busy, outcome, (id, version), change.clone(), mail)
                />
            }
            .into_any()
        }
    }
}

fn has_mail(form: InviteForm) -> bool {
    form.options
        .with_untracked(|options| matches!(options, Some(Ok(options)) if options.mail))
}

fn role_name(form: InviteForm, role: RoleId) -> String {
    form.options
        .with_untracked(|options| match options {
            Some(Ok(options)) => options
                .roles
                .iter()
                .find(|r| r.id == role)
                .map(|r| r.name.clone()),
            _ => None,
        })
        .unwrap_or_else(|| "this role".to_owned())
}

fn again(here: Here, busy: RwSignal<bool>, outcome: Outcome, (id, version): (InvitationId, i64)) {
    busy.set(true);
    spawn_local(async move {
        let answer = resend_invitation(here.slug.get_untracked(), id, version).await;
        let said = answer.map(|()| "Sent again. The older link no longer works.".to_owned());
        finish(here, busy, outcome, said);
    });
}

fn back(here: Here, busy: RwSignal<bool>, outcome: Outcome, (who, id): (String, MemberId)) {
    busy.set(true);
    spawn_local(async move {
        let answer = reinstate_member(here.slug.get_untracked(), id, None).await;
        let said = answer.map(|back| come_back(&who, &back));
        finish(here, busy, outcome, said);
        here.live.membership_changed();
    });
}

/// Invites a former member as if they were new.
fn fresh(form: InviteForm, here: Here, busy: RwSignal<bool>, outcome: Outcome, address: String) {
    let Some(request) = afresh(form, address) else {
        return;
    };
    busy.set(true);
    spawn_local(async move {
        let answer = send_invitations(here.slug.get_untracked(), request).await;
        let said = answer.map(|verdicts| match verdicts.first().map(|v| &v.verdict) {
            Some(Verdict::Invited {
                link: Some(link), ..
            }) => format!("Invited as if new. No mail can be sent: hand over this link: {link}"),
            Some(Verdict::Invited { link: None, .. }) => "Invited as if new.".to_owned(),
            Some(verdict) => words(form, verdict),
            None => "Nothing was sent.".to_owned(),
        });
        finish(here, busy, outcome, said);
    });
}

fn copy(here: Here, busy: RwSignal<bool>, outcome: Outcome, id: InvitationId) {
    busy.set(true);
    spawn_local(async move {
        let said = match copy_invitation_link(here.slug.get_untracked(), id).await {
            Ok(link) if browser::copy(&link).await => {
                Ok("A new link is on the clipboard.".to_owned())
            }
            Ok(link) => Ok(format!("Copy this new link: {link}")),
            Err(failure) => Err(failure),
        };
        finish(here, busy, outcome, said);
    });
}

fn other(
    here: Here,
    busy: RwSignal<bool>,
    outcome: Outcome,
    (id, version): (InvitationId, i64),
    order: InvitationChange,
    mail: bool,
) {
    busy.set(true);
    spawn_local(async move {
        let answer = change(here, id, version, order).await;
        let said = answer.map(|()| format!("The invitation is changed. {}", what_next(mail)));
        finish(here, busy, outcome, said);
    });
}

/// The dialog may be closed by now.
fn finish(here: Here, busy: RwSignal<bool>, outcome: Outcome, said: Result<String, ApiFailure>) {
    let _ = outcome.try_set(Some(said));
    let _ = busy.try_set(false);
    here.live.invitations_changed();
}
