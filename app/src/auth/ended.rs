//! Links that lead nowhere any more: the same card, another sentence, one next step.

use leptos::prelude::*;
use rolecall_backend::service::acceptance::{Ended, Newer};
use rolecall_shared::Timestamp;

use super::{
    Chrome,
    chrome::{Document, button_link, said, state_icon},
    invitation::decline,
};

/// One end.
struct End {
    icon: &'static str,
    tone: &'static str,
    title: String,
    sentence: AnyView,
    next: Option<(String, String)>,
}

pub(super) fn page(chrome: &Chrome, token: &str, ended: &Ended) -> Document {
    let end = match ended {
        Ended::Unknown => End {
            icon: "link-2-off",
            tone: "neutral",
            title: "This link does not work".to_owned(),
            sentence: "It may be incomplete or out of date. Open the link in the newest mail, or ask \
                the person who invited you for a new one."
                .into_any(),
            next: Some(("/sign-in".to_owned(), "Go to sign-in".to_owned())),
        },
        Ended::WorkspaceGone { workspace } => End {
            icon: "ban",
            tone: "neutral",
            title: "This workspace is gone".to_owned(),
            sentence: view! {
                {said(workspace)} " was deleted, and its invitations with it. Nobody can join it any more."
            }
            .into_any(),
            next: Some(("/sign-in".to_owned(), "Go to sign-in".to_owned())),
        },
        Ended::Expired { workspace, inviter_name } => End {
            icon: "hourglass",
            tone: "neutral",
            title: "That link has expired".to_owned(),
            sentence: view! {
                "The invitation to " {said(workspace)} " was valid for a limited time. Ask "
                {said(inviter_name)} " for a new one."
            }
            .into_any(),
            next: None,
        },
        Ended::Revoked { workspace, inviter_name } => End {
            icon: "ban",
            tone: "danger",
            title: "This invitation was withdrawn".to_owned(),
            sentence: view! {
                "It can not be used to join " {said(workspace)} " any more. If you expected to join, ask "
                {said(inviter_name)} "."
            }
            .into_any(),
            next: None,
        },
        Ended::Declined { workspace, inviter_name } => End {
            icon: "circle-x",
            tone: "neutral",
            title: "This invitation was declined".to_owned(),
            sentence: view! {
                "Nobody joined " {said(workspace)} " with it. If you changed your mind, ask "
                {said(inviter_name)} " to invite you again."
            }
            .into_any(),
            next: None,
        },
        Ended::Accepted { workspace, workspace_slug, email } => End {
            icon: "circle-check",
            tone: "success",
            title: "This invitation was accepted".to_owned(),
            sentence: view! {
                {said(email)} " joined " {said(workspace)} ". Sign in with that address to work there."
            }
            .into_any(),
            next: Some((format!("/w/{workspace_slug}"), format!("Open {workspace}"))),
        },
        Ended::Replaced {
            workspace,
            inviter_name,
            newer_at,
            newer,
        } => replaced(workspace, inviter_name, *newer_at, *newer),
        Ended::NeedsApproval { workspace, inviter_name, .. } => End {
            icon: "user-round-search",
            tone: "warning",
            title: "This invitation needs approval".to_owned(),
            sentence: view! {
                "An admin of " {said(workspace)} " has to confirm it before it can be accepted. Ask "
                {said(inviter_name)} " to have it confirmed, then open this link again."
            }
            .into_any(),
            next: None,
        },
    };
    let no = match ended {
        Ended::NeedsApproval {
            may_decline: true, ..
        } => {
            let hint = "You need not wait if you do not want to join.".into_any();
            Some(decline(chrome, token, hint).into_any())
        }
        _ => None,
    };
    document(end, no)
}

/// A newer link took its place; who holds it decides where to go on.
fn replaced(workspace: &str, inviter_name: &str, newer_at: Timestamp, newer: Newer) -> End {
    let at = || view! { <time datetime=newer_at.rfc3339()>{newer_at.absolute()}</time> };
    let (icon, title, sentence) = match newer {
        Newer::Mailed => (
            "mail",
            "There is a newer mail",
            view! {
                "A newer mail about joining " {said(workspace)} " was sent on " {at()}
                ". Open the link in that one; this link does not work any more."
            }
            .into_any(),
        ),
        Newer::Copied => (
            "link-2-off",
            "There is a newer link",
            view! {
                "A newer link to join " {said(workspace)} " was made on " {at()}
                ", to be handed over by a person. Ask the one who gave you this link, or "
                {said(inviter_name)} ", for the newer one; this one does not work any more."
            }
            .into_any(),
        ),
        Newer::Unsent => (
            "link-2-off",
            "This link was replaced",
            view! {
                "The invitation to " {said(workspace)} " was changed on " {at()}
                ", and no mail with a new link is on its way. Ask " {said(inviter_name)}
                " for a new link; this one does not work any more."
            }
            .into_any(),
        ),
    };
    End {
        icon,
        tone: "warning",
        title: title.to_owned(),
        sentence,
        next: None,
    }
}

/// The answer to declining.
pub(super) fn declined(workspace: &str) -> Document {
    document(End {
        icon: "circle-check",
        tone: "neutral",
        title: "You declined the invitation".to_owned(),
        sentence: view! {
            "You will not join " {said(workspace)} ". The person who invited you is told. You can close \
            this page."
        }
        .into_any(),
        next: None,
    }, None)
}

fn document(end: End, foot: Option<AnyView>) -> Document {
    let End {
        icon,
        tone,
        title,
        sentence,
        next,
    } = end;
    let card = view! {
        <div class="rc-auth-head">
            {state_icon(icon, tone)}
            <h1>{title.clone()}</h1>
            <p>{sentence}</p>
        </div>
        {next
            .map(|(href, label)| {
                view! { <div class="rc-auth-body">{button_link(&href, &label)}</div> }
            })}
        {foot}
    };
    Document::new(title, card)
}
