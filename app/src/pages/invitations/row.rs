//! One invitation.

use leptos::prelude::*;
use rolecall_shared::{
    invitation::{Delivery, InvitationRow, InvitationStatus},
    shell::WorkspaceView,
};

use super::{
    actions::{Blocked, Doing, hand_over, resend},
    delivery::delivery,
};
use crate::{
    components::{
        icon::{Glyph, icon},
        menu::{MenuItem, RowMenu},
        time::{until, when},
        toast::Toasts,
    },
    here::Here,
    pages::members::groups,
};

/// A row of the table.
pub fn row(row: InvitationRow, workspace: &WorkspaceView, mail: bool, doing: Doing) -> AnyView {
    let menu = menu(&row, workspace, mail, doing);
    let pending = row.status == InvitationStatus::Pending;
    let help = pending.then(|| {
        let row = row.clone();
        let unmailed = row.delivery == Delivery::None;
        view! {
            <button
                type="button"
                class="rc-link w-fit text-start text-xs"
                on:click=move |_| doing.open(doing.help, &row)
            >
                {if unmailed { "How do they get the link?" } else { "Did not get the mail?" }}
                <span class="sr-only">{format!(" ({})", row.email)}</span>
            </button>
        }
    });
    let tags = (!row.groups.is_empty()).then(|| groups(&row.groups));
    let ended = row.ended_at.filter(|_| !pending).map(|at| {
        view! { <span class="rc-delivery">{when(at)}</span> }
    });
    let expires = match row.status {
        InvitationStatus::Pending | InvitationStatus::Expired => until(row.expires_at),
        _ => view! { <span aria-hidden="true">"–"</span><span class="sr-only">"No longer"</span> }
            .into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person-text">
                    <span class="rc-person-name">{row.email.clone()}</span>
                    <span class="rc-person-mail md:hidden">{row.role.name.clone()}</span>
                </span>
            </th>
            <td data-col="meta">
                <span class="grid gap-0.5">
                    <span class="inline-flex flex-wrap items-center gap-x-2">
                        {status(row.status)}
                        {row.needs_approval.then(needs_approval)}
                        {pending.then(|| delivery(&row.delivery))}
                        {ended}
                    </span>
                    {help}
                </span>
            </td>
            <td><span class="inline-flex flex-wrap items-center gap-2">{row.role.name}{tags}</span></td>
            <td>
                <span class="rc-person-text">
                    {when(row.sent_at)}
                    <span class="rc-person-mail">"by "{row.inviter}</span>
                </span>
            </td>
            <td>{expires}</td>
            <td data-col="end">{menu}</td>
        </tr>
    }
    .into_any()
}

/// The pill of a status: icon and word.
pub fn status(status: InvitationStatus) -> AnyView {
    let glyph = match status {
        InvitationStatus::Pending => Glyph::Clock,
        InvitationStatus::Accepted => Glyph::Check,
        InvitationStatus::Expired => Glyph::Hourglass,
        InvitationStatus::Revoked => Glyph::Ban,
        InvitationStatus::Declined => Glyph::UserX,
    };
    view! {
        <span class="rc-status" data-status=status.name()>{icon(glyph)}{status.title()}</span>
    }
    .into_any()
}

fn needs_approval() -> AnyView {
    let why = "Who sent it may no longer give this role. Send it again, copy a new link, or change what it gives, to approve it.";
    view! {
        <span class="rc-status" data-status="warning" title=why>
            {icon(Glyph::Shield)}
            "Needs approval"
            <span class="sr-only">{format!(". {why}")}</span>
        </span>
    }
    .into_any()
}

fn menu(row: &InvitationRow, workspace: &WorkspaceView, mail: bool, doing: Doing) -> AnyView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let id = format!("invitation-{}", row.id);
    let Blocked {
        resend: no_resend,
        change: no_change,
        link: no_link,
    } = Blocked::of(row, workspace, mail);
    let with = |act: fn(Here, Toasts, Doing, &InvitationRow)| {
        let row = row.clone();
        Callback::new(move |()| act(here, toasts, doing, &row))
    };
    let send = with(|here, toasts, _, row| resend(here, toasts, row));
    let role = with(|_, _, doing, row| doing.open(doing.role, row));
    let link = with(hand_over);
    let help = with(|_, _, doing, row| doing.open(doing.help, row));
    let revoke = with(|_, _, doing, row| doing.open(doing.revoke, row));
    view! {
        <RowMenu id=id.clone() label=format!("Actions for the invitation of {}", row.email)>
            <MenuItem
                menu=id.clone() glyph=Glyph::Send label="Send again" blocked=no_resend
                action=send
            />
            <MenuItem
                menu=id.clone() glyph=Glyph::Shield label="Change role and groups" blocked=no_change.clone()
                action=role
            />
            <MenuItem
                menu=id.clone() glyph=Glyph::Copy label="Copy link" blocked=no_link
                action=link
            />
            <MenuItem
                menu=id.clone() glyph=Glyph::Help label="Mails and help"
                action=help
            />
            <hr/>
            <MenuItem
                menu=id.clone() glyph=Glyph::Ban label="Revoke" blocked=no_change danger=true
                action=revoke
            />
        </RowMenu>
    }
    .into_any()
}
