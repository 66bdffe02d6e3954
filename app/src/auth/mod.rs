//! Documents without any script: sign-in, set-up, acceptance and how that can end.
//!
//! They are pure functions from a page to its HTML, so that a person with scripts switched off, a
//! mail scanner and a test all see the same thing. [`render`] is the only way in.

mod account;
mod chrome;
mod ended;
mod field;
mod invitation;
mod problem;
mod setup;
mod sign_in;
#[cfg(test)]
mod tests;

use rolecall_backend::service::{
    acceptance::{Ended, InvitationCard, Who},
    account::AddressChange,
};
use rolecall_shared::error::ApiError;

/// What every document needs from the server.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// Address of the style sheet; its name holds a hash.
    pub css_href: String,
    /// The token each form carries (rule 53).
    pub csrf: String,
    /// The class of the document, from [`crate::context::theme_of`]: the theme chosen in the console.
    pub theme: &'static str,
}

/// What was typed into the set-up form; the password is never kept.
#[derive(Clone, Debug, Default)]
pub struct SetupValues {
    /// The one-time code from the log.
    pub code: String,
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The workspace's name.
    pub workspace: String,
    /// The key of the chosen template; empty: the first one.
    pub template: String,
}

/// A template as the set-up form offers it.
#[derive(Clone, Debug)]
pub struct TemplateCard {
    /// What the form sends.
    pub key: String,
    /// What people read.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// The names of its built-in roles.
    pub roles: Vec<String>,
}

/// One document.
#[derive(Clone, Debug)]
pub enum AuthPage {
    /// Sign in; `next` is a path of ours that was checked before.
    SignIn {
        email: String,
        error: Option<ApiError>,
        next: String,
        notice: Option<String>,
    },
    /// The first start: the first person, workspace and owner.
    Setup {
        form: SetupValues,
        templates: Vec<TemplateCard>,
        error: Option<ApiError>,
    },
    /// Set-up was completed before.
    SetupDone,
    /// An invitation that can be accepted.
    Invitation {
        token: String,
        card: InvitationCard,
        who: Who,
        /// The name typed into the form for a new person.
        name: String,
        error: Option<ApiError>,
        notice: Option<String>,
    },
    /// A link that can not be used, and what to do instead.
    InvitationEnded { token: String, ended: Ended },
    /// The answer to declining.
    InvitationDeclined { workspace: String },
    /// Asking for a new password.
    Forgot {
        email: String,
        error: Option<ApiError>,
    },
    /// The one answer to that.
    ForgotSent { email: String },
    /// Choosing a new password.
    Reset {
        token: String,
        email: String,
        error: Option<ApiError>,
    },
    /// The answer to that.
    PasswordSet,
    /// Another address that can be confirmed.
    ConfirmEmail {
        token: String,
        change: AddressChange,
        error: Option<ApiError>,
    },
    /// The answer to that.
    EmailConfirmed { email: String },
    /// A link about an account that does not work (any more), and the address and words of what helps.
    DeadLink { next: String, label: String },
    /// Anything else that went wrong; `action` is an address and the words of its link.
    Problem {
        status: u16,
        title: String,
        message: String,
        request_id: String,
        action: Option<(String, String)>,
    },
}

/// The whole document.
pub fn render(page: &AuthPage, chrome: &Chrome) -> String {
    let document = match page {
        AuthPage::SignIn {
            email,
            error,
            next,
            notice,
        } => sign_in::page(chrome, email, error.as_ref(), next, notice.as_deref()),
        AuthPage::Setup {
            form,
            templates,
            error,
        } => setup::page(chrome, form, templates, error.as_ref()),
        AuthPage::SetupDone => setup::done(),
        AuthPage::Invitation {
            token,
            card,
            who,
            name,
            error,
            notice,
        } => {
            let view = invitation::Open {
                token,
                card,
                who,
                name,
                error: error.as_ref(),
            };
            invitation::page(chrome, &view, notice.as_deref())
        }
        AuthPage::InvitationEnded { token, ended } => ended::page(chrome, token, ended),
        AuthPage::InvitationDeclined { workspace } => ended::declined(workspace),
        AuthPage::Forgot { email, error } => account::forgot(chrome, email, error.as_ref()),
        AuthPage::ForgotSent { email } => account::forgot_sent(email),
        AuthPage::Reset {
            token,
            email,
            error,
        } => account::reset(chrome, token, email, error.as_ref()),
        AuthPage::PasswordSet => account::password_set(),
        AuthPage::ConfirmEmail {
            token,
            change,
            error,
        } => account::confirm_email(chrome, token, change, error.as_ref()),
        AuthPage::EmailConfirmed { email } => account::email_confirmed(email),
        AuthPage::DeadLink { next, label } => account::dead(next, label),
        AuthPage::Problem {
            status,
            title,
            message,
            request_id,
            action,
        } => problem::page(*status, title, message, request_id, action.as_ref()),
    };
    chrome::html(document, chrome)
}
