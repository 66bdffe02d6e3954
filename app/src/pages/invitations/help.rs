//! "Did not get the mail?": what was sent where, and what can be done.

use leptos::prelude::*;
use rolecall_shared::{
    Timestamp,
    invitation::{DeliveryRow, InvitationRow, MailKind},
    shell::WorkspaceView,
    text::count,
};

use super::{
    actions::{Blocked, Doing, hand_over, resend},
    delivery::{delivery, remedy},
};
use crate::{
    api::invitations::invitation_deliveries,
    components::{
        button::ActionButton,
        icon::Glyph,
        modal::Modal,
        problem::alert,
        time::{until, when_exactly},
        toast::Toasts,
    },
    here::Here,
};

/// The dialog; it follows the news while it is open.
#[component]
pub fn HelpDialog(doing: Doing) -> impl IntoView {
    view! {
        <Modal
            id="invitation-help"
            open=doing.help
            title=Signal::derive(move || format!("Link and mails for {}", doing.email()))
            lead=Signal::stored(Some("What was sent, and what to try when nothing arrived.".to_owned()))
        >
            {move || doing.row.get().map(|row| view! { <Content row doing/> })}
        </Modal>
    }
    .into_any()
}

#[component]
fn Content(row: InvitationRow, doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let id = row.id;
    let mails = LocalResource::new(move || {
        here.live.invitations.track();
        invitation_deliveries(here.slug.get(), id)
    });
    let advice = remedy(&row.delivery);
    let address = row.email.clone();
    let expires = row.expires_at;
    let buttons = StoredValue::new(row);
    view! {
        <section>
            <dl class="rc-facts">
                <dt>"Address used"</dt>
                <dd><b>{address}</b>". If it is mistyped, revoke the invitation and invite the right one."</dd>
                <dt>"Valid"</dt>
                <dd>{expiry(expires)}</dd>
                <dt>"What to try"</dt>
                <dd>{advice}</dd>
            </dl>
            <div>
                <h3>"Mails"</h3>
                <Transition fallback=|| view! { <span class="skeleton" data-line="long"></span> }>
                    {move || Suspend::new(async move {
                        match mails.await {
                            Ok(mails) => list(mails),
                            Err(failure) => alert(&failure.0),
                        }
                    })}
                </Transition>
            </div>
        </section>
        <footer>
            <Transition>
                {move || Suspend::new(async move {
                    let shell = here.shell.await.ok()?;
                    let workspace = shell.workspace?;
                    Some(buttons.with_value(|row| actions(row, &workspace, shell.mail, doing)))
                })}
            </Transition>
        </footer>
    }
    .into_any()
}

fn expiry(at: Timestamp) -> AnyView {
    view! { "The link ends "{until(at)}", on "{at.absolute()}"." }.into_any()
}

fn list(mails: Vec<DeliveryRow>) -> AnyView {
    if mails.is_empty() {
        return view! { <p class="rc-help">"No mail was written for this invitation."</p> }
            .into_any();
    }
    let items = mails
        .into_iter()
        .map(|mail| {
            let tries = (mail.attempts > 1).then(|| {
                let n = usize::try_from(mail.attempts).unwrap_or_default();
                format!(" · {}", count(n, "try", "tries"))
            });
            let code = (mail.what == MailKind::Code).then_some("Code for a copied link: ");
            view! {
                <li>
                    <span>{code}{delivery(&mail.delivery)}{tries}</span>
                    <span class="rc-sub">"to "{mail.to}", written "{when_exactly(mail.created_at)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rc-mails">{items}</ul> }.into_any()
}

fn actions(row: &InvitationRow, workspace: &WorkspaceView, mail: bool, doing: Doing) -> AnyView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let Blocked {
        resend: no_resend,
        link: no_link,
        ..
    } = Blocked::of(row, workspace, mail);
    let again = row.clone();
    let hand = row.clone();
    view! {
        <ActionButton
            label="Copy link" glyph=Glyph::Copy variant="outline" blocked=Signal::stored(no_link)
            action=move || hand_over(here, toasts, doing, &hand)
        />
        <ActionButton
            label="Send again" glyph=Glyph::Send blocked=Signal::stored(no_resend)
            action=move || {
                doing.help.set(false);
                resend(here, toasts, &again);
            }
        />
    }
    .into_any()
}
