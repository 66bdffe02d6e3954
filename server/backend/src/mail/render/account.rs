//! The words of mails about somebody's own account. None of them can be switched off.

use rolecall_shared::Timestamp;

use super::{Block, NAME_MAX, Rendered, document, guarded};

/// What all mails about an account know.
#[derive(Clone, Copy, Debug)]
pub struct AccountMail<'a> {
    /// The address of the account.
    pub email: &'a str,
    /// When it happened.
    pub at: Timestamp,
    /// Where this installation lives.
    pub public_url: &'a str,
}

/// A change of the address of an account.
#[derive(Clone, Copy, Debug)]
pub struct EmailMail<'a> {
    /// The account, with its address of before.
    pub account: AccountMail<'a>,
    /// The name of the person.
    pub name: &'a str,
    /// The other address.
    pub new_email: &'a str,
}

/// Signing in from somewhere new.
#[derive(Clone, Copy, Debug)]
pub struct SignInMail<'a> {
    /// The account.
    pub account: AccountMail<'a>,
    /// The browser in words.
    pub browser: &'a str,
    /// The address it came from.
    pub address: &'a str,
}

/// The link for a new password (rule 15).
pub fn password_reset(mail: &AccountMail<'_>, link: &str, expires_at: Timestamp) -> Rendered {
    let blocks = [
        Block::Paragraph(format!(
            "Somebody said that they forgot the password of {}. If it was you, choose a new one here.",
            mail.email
        )),
        Block::Link("Choose a new password", link.to_owned()),
        Block::Paragraph(format!(
            "The link works once and until {}. Opening it changes nothing. When the new password is \
             set, you are signed out everywhere and sign in with it.",
            expires_at.absolute()
        )),
        Block::Paragraph(
            "If it was not you, ignore this mail: your password stays as it is. Please do not \
             forward it; whoever has the link can choose your password."
                .to_owned(),
        ),
    ];
    let reason = format!(
        "because somebody asked for a new password for {}",
        mail.email
    );
    document(
        "Choose a new password".to_owned(),
        &blocks,
        mail.public_url,
        &reason,
    )
}

/// Says that the password is another one now.
pub fn password_changed(mail: &AccountMail<'_>) -> Rendered {
    let blocks = [
        Block::Paragraph(format!(
            "The password of {} was changed on {}. All other browsers were signed out.",
            mail.email,
            mail.at.absolute()
        )),
        Block::Paragraph("If it was you, there is nothing to do.".to_owned()),
        Block::Paragraph(
            "If it was not you, take your account back now: choose a new password through this \
             page, then look at your account for anything that you did not change."
                .to_owned(),
        ),
        Block::Link("Choose a new password", forgot(mail)),
    ];
    security("Your password was changed", &blocks, mail)
}

/// The link that confirms another address; it goes to that address (rule 16).
pub fn email_confirmation(mail: &EmailMail<'_>, link: &str, expires_at: Timestamp) -> Rendered {
    let name = guarded(mail.name, NAME_MAX);
    let EmailMail {
        account, new_email, ..
    } = mail;
    let blocks = [
        Block::Paragraph(format!(
            "{name} ({}) wants to sign in with the address {new_email} from now on. If that is you, \
             confirm it.",
            account.email
        )),
        Block::Link("Look at the change and confirm it", link.to_owned()),
        Block::Paragraph(format!(
            "The link works once and until {}. Opening it changes nothing.",
            expires_at.absolute()
        )),
        Block::Paragraph(
            "If this is not you, ignore this mail: nothing happens without you.".to_owned(),
        ),
    ];
    let reason = format!("because {} asked to use {new_email}", account.email);
    let subject = "Confirm your new e-mail address".to_owned();
    document(subject, &blocks, account.public_url, &reason)
}

/// Tells the present address that another one was asked for.
pub fn email_asked(mail: &EmailMail<'_>) -> Rendered {
    let EmailMail {
        account, new_email, ..
    } = mail;
    let blocks = [
        Block::Paragraph(format!(
            "On {} somebody who is signed in to your account asked to change its address from {} to \
             {new_email}. Nothing is changed before that is confirmed in the new mailbox.",
            account.at.absolute(),
            account.email
        )),
        Block::Paragraph("If it was you, there is nothing to do here.".to_owned()),
        Block::Paragraph(
            "If it was not you, somebody has your password. Choose a new one now: that ends the \
             change and signs everybody out."
                .to_owned(),
        ),
        Block::Link("Choose a new password", forgot(account)),
    ];
    security(
        "Somebody asked to change your e-mail address",
        &blocks,
        account,
    )
}

/// Tells the address of before that it is not the one any more.
pub fn email_changed(mail: &EmailMail<'_>) -> Rendered {
    let EmailMail {
        account, new_email, ..
    } = mail;
    let blocks = [
        Block::Paragraph(format!(
            "Since {} the account of {} signs in with {new_email}. This address does not sign in any \
             more, and invitations that waited for it have ended.",
            account.at.absolute(),
            account.email
        )),
        Block::Paragraph("If it was you, there is nothing to do.".to_owned()),
        Block::Paragraph(
            "If it was not you, tell an owner of your workspace and whoever runs this installation \
             at once: they can see what happened and take the access away."
                .to_owned(),
        ),
    ];
    security("Your e-mail address was changed", &blocks, account)
}

/// Tells of signing in with a browser or from a network that were not seen before.
pub fn new_sign_in(mail: &SignInMail<'_>) -> Rendered {
    let account = &mail.account;
    let blocks = [
        Block::Paragraph(format!(
            "Somebody signed in to the account of {} from a place that it was not used from before.",
            account.email
        )),
        Block::Facts(vec![
            ("When", account.at.absolute()),
            ("Browser", mail.browser.to_owned()),
            ("Network address", mail.address.to_owned()),
        ]),
        Block::Paragraph("If it was you, there is nothing to do.".to_owned()),
        Block::Paragraph(
            "If it was not you, somebody has your password. Choose a new one now: that signs \
             everybody out."
                .to_owned(),
        ),
        Block::Link("Choose a new password", forgot(account)),
    ];
    security("New sign-in to your account", &blocks, account)
}

fn forgot(mail: &AccountMail<'_>) -> String {
    format!("{}/forgot", mail.public_url)
}

fn security(subject: &str, blocks: &[Block], mail: &AccountMail<'_>) -> Rendered {
    let reason = format!(
        "because it is about the security of the account of {}; such mail can not be switched off",
        mail.email
    );
    document(subject.to_owned(), blocks, mail.public_url, &reason)
}
