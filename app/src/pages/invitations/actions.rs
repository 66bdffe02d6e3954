//! What is being done with which invitation, and the ways that need no dialog.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    InvitationId,
    invitation::{Delivery, InvitationChange, InvitationRow, InvitationStatus},
    permission::CorePermission,
    shell::WorkspaceView,
};

use crate::{
    api::invitations::{change_invitation, copy_invitation_link, resend_invitation},
    browser,
    components::toast::Toasts,
    error::ApiFailure,
    here::{Here, blocked},
};

/// A link that was made to be handed over.
#[derive(Clone)]
pub struct HandedLink {
    /// Whom it invites.
    pub email: String,
    /// The link.
    pub url: String,
    /// Whether it is on the clipboard already.
    pub copied: bool,
    /// Whether there is a mail with a link of its own, which goes on working.
    pub mailed: bool,
}

/// The dialogs of the page: which is open, about which invitation.
#[derive(Clone, Copy)]
pub struct Doing {
    /// The invitation that the open dialog is about.
    pub row: RwSignal<Option<InvitationRow>>,
    /// "Did not get the mail?"
    pub help: RwSignal<bool>,
    /// Change role and groups.
    pub role: RwSignal<bool>,
    /// Revoke.
    pub revoke: RwSignal<bool>,
    /// A link to hand over.
    pub link: RwSignal<bool>,
    /// That link.
    pub made: RwSignal<Option<HandedLink>>,
}

impl Doing {
    /// Nothing is open.
    pub fn new() -> Self {
        let closed = || RwSignal::new(false);
        Self {
            row: RwSignal::new(None),
            help: closed(),
            role: closed(),
            revoke: closed(),
            link: closed(),
            made: RwSignal::new(None),
        }
    }

    /// Opens one of the dialogs for an invitation.
    pub fn open(self, dialog: RwSignal<bool>, row: &InvitationRow) {
        self.row.set(Some(row.clone()));
        dialog.set(true);
    }

    /// Whether one of them is open.
    pub fn is_open(self) -> bool {
        [self.help, self.role, self.revoke, self.link]
            .iter()
            .any(|open| open.get())
    }

    /// The address of the invitation at hand.
    pub fn email(self) -> String {
        self.row.with(|row| {
            row.as_ref()
                .map(|row| row.email.clone())
                .unwrap_or_default()
        })
    }
}

/// Why each thing can not be done with an invitation now; nothing where it can.
pub struct Blocked {
    /// Send again.
    pub resend: Option<String>,
    /// Change role and groups, or revoke: what only a waiting invitation can have done.
    pub change: Option<String>,
    /// Copy link.
    pub link: Option<String>,
}

impl Blocked {
    /// By status first, then by permission, then by what workspace and installation allow.
    pub fn of(row: &InvitationRow, workspace: &WorkspaceView, mail: bool) -> Self {
        let permission = blocked(workspace, CorePermission::TeamManage);
        let over = (row.status != InvitationStatus::Pending)
            .then(|| format!("It is {} already.", row.status.title().to_lowercase()));
        // Time ended it, so sending it again or handing over a new link makes it wait again.
        let gone = over
            .clone()
            .filter(|_| row.status != InvitationStatus::Expired);
        let no_mail =
            (!mail).then(|| "No mail server is set up. Copy the link instead.".to_owned());
        let no_links = (!workspace.copy_link)
            .then(|| "Copying links is switched off in the invitation settings.".to_owned());
        Self {
            resend: gone.clone().or_else(|| permission.clone()).or(no_mail),
            link: gone.or_else(|| permission.clone()).or(no_links),
            change: over.or(permission),
        }
    }
}

/// Sends a new mail.
pub fn resend(here: Here, toasts: Toasts, row: &InvitationRow) {
    let (id, version, email) = (row.id, row.version, row.email.clone());
    spawn_local(async move {
        match resend_invitation(here.slug.get_untracked(), id, version).await {
            Ok(()) => {
                toasts.done(format!(
                    "A new mail to {email} is on its way. The older link no longer works."
                ));
            }
            Err(failure) => toasts.failed(&failure),
        }
        here.live.invitations_changed();
    });
}

/// Makes a link, puts it on the clipboard where there is one, and shows it.
pub fn hand_over(here: Here, toasts: Toasts, doing: Doing, row: &InvitationRow) {
    let (id, email) = (row.id, row.email.clone());
    let mailed = row.status == InvitationStatus::Pending
        && matches!(
            row.delivery,
            Delivery::Queued | Delivery::Retrying { .. } | Delivery::Sent { .. }
        );
    doing.help.set(false);
    spawn_local(async move {
        match copy_invitation_link(here.slug.get_untracked(), id).await {
            Ok(url) => {
                let copied = browser::copy(&url).await;
                doing.made.set(Some(HandedLink {
                    email,
                    url,
                    copied,
                    mailed,
                }));
                doing.link.set(true);
            }
            Err(failure) => toasts.failed(&failure),
        }
        here.live.invitations_changed();
    });
}

/// How the person learns of a new link.
pub const fn what_next(mail: bool) -> &'static str {
    if mail {
        "A new mail with a new link is on its way."
    } else {
        "Copy the new link and hand it over."
    }
}

/// Makes a waiting invitation give something else; also the way out of a verdict "gives something else".
pub async fn change(
    here: Here,
    id: InvitationId,
    version: i64,
    change: InvitationChange,
) -> Result<(), ApiFailure> {
    let answer = change_invitation(here.slug.get_untracked(), id, version, change).await;
    here.live.invitations_changed();
    answer
}
