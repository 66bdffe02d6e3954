//! The words of every mail, once as text and once as HTML, both from the same blocks.
//!
//! # Text that people typed
//!
//! Names, notes and role texts go through [`guarded`] and [`guarded_lines`]: capped, without
//! control or direction-changing characters, and not clickable (R-26, rule 26). Mail programs make
//! links out of anything that looks like an address, so a workspace called `evil.example` would
//! turn our mail into bait. A zero-width space behind every `.`, `:`, `/`, `@` and `\` inside a word
//! stops them and keeps `Node.js team` readable, which brackets or blanks would not; unlike the
//! zero-width joiners it is allowed in no domain name. It stays in the text when somebody copies
//! it, which is welcome here. Only addresses that we have checked ourselves and links that we have
//! made ourselves are left as they are. All text is escaped for HTML where HTML is made (rule 57).

mod account;
mod expired;
mod membership;

use std::fmt::Write as _;

use rolecall_shared::{
    Timestamp,
    notification::NotificationKind,
    text::{NOTE_MAX, tidy},
};

pub use account::{
    AccountMail, EmailMail, SignInMail, email_asked, email_changed, email_confirmation,
    new_sign_in, password_changed, password_reset,
};
pub use expired::{ExpiredMail, expired};
pub use membership::{MembershipMail, News, membership};

/// Longest name of a person, workspace, role or group in a mail, in characters.
const NAME_MAX: usize = 60;
/// Longest description of a role in a mail, in characters.
const SENTENCE_MAX: usize = 240;
/// Most lines of a note in a mail.
const NOTE_LINES: usize = 20;

/// A mail as words: build it into a message with [`super::build`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without control characters.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part: a whole document.
    pub html: String,
    /// The page where mails of its kind are switched off; `None`: they can not be.
    pub unsubscribe: Option<String>,
}

/// What an invitation says.
#[derive(Clone, Copy, Debug)]
pub struct InvitationMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
    /// Name of the person who invites.
    pub inviter_name: &'a str,
    /// Address of the person who invites.
    pub inviter_email: &'a str,
    /// The invited address.
    pub email: &'a str,
    /// Name of the role.
    pub role: &'a str,
    /// What the role is, in a sentence; may be empty.
    pub role_sentence: &'a str,
    /// Names of the groups.
    pub groups: &'a [String],
    /// A note from the one who invites.
    pub note: Option<&'a str>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// The link, in full.
    pub link: &'a str,
    /// Where this installation lives, such as `https://access.example.org`.
    pub public_url: &'a str,
    /// Whether earlier mails of this invitation carry links that no longer work.
    pub replaces_earlier: bool,
}

/// What the mail with a code says: the proof of the mailbox for a copied link.
#[derive(Clone, Copy, Debug)]
pub struct VerificationMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
    /// The address that is being proven.
    pub email: &'a str,
    /// The code to type.
    pub code: &'a str,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// Where this installation lives.
    pub public_url: &'a str,
}

/// How an invitation ended, for the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The person joined.
    Accepted {
        /// Their name.
        name: &'a str,
        /// Name of their role.
        role: &'a str,
    },
    /// The person declined.
    Declined,
}

/// What the inviter is told when an invitation is accepted or declined, and who else wants to know.
#[derive(Clone, Copy, Debug)]
pub struct JoinedMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
    /// The name of the inviter, for others than them.
    pub sender: Option<&'a str>,
    /// The invited address.
    pub email: &'a str,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// When.
    pub at: Timestamp,
    /// The page to look at: members or invitations of the workspace.
    pub link: &'a str,
    /// Where this installation lives.
    pub public_url: &'a str,
}

/// The invitation itself.
pub fn invitation(mail: &InvitationMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let inviter = guarded(mail.inviter_name, NAME_MAX);
    let role = guarded(mail.role, NAME_MAX);
    let sentence = guarded(mail.role_sentence, SENTENCE_MAX);
    let expiry = mail.expires_at.absolute();

    let mut facts = vec![
        ("Workspace", workspace.clone()),
        (
            "Role",
            if sentence.is_empty() {
                role
            } else {
                format!("{role}. {sentence}")
            },
        ),
    ];
    if !mail.groups.is_empty() {
        let groups: Vec<_> = mail
            .groups
            .iter()
            .map(|group| guarded(group, NAME_MAX))
            .collect();
        facts.push(("Groups", groups.join(", ")));
    }
    facts.push(("Invited by", format!("{inviter}, {}", mail.inviter_email)));
    facts.push(("For", mail.email.to_owned()));
    facts.push(("Expires", expiry.clone()));

    let mut blocks = vec![Block::Paragraph(format!(
        "{inviter} ({}) invited you to join the workspace {workspace}.",
        mail.inviter_email
    ))];
    if let Some(note) = mail
        .note
        .map(guarded_lines)
        .filter(|lines| !lines.is_empty())
    {
        blocks.push(Block::Quote(format!("A note from {inviter}:"), note));
    }
    blocks.push(Block::Facts(facts));
    blocks.push(Block::Link("Open the invitation", mail.link.to_owned()));
    blocks.push(Block::Paragraph(
        "What happens next: the link opens a page that shows this invitation again; opening it \
         changes nothing. There you join with a name and a password of your own, or by signing in \
         if you already have an account. You can also decline."
            .to_owned(),
    ));
    if mail.replaces_earlier {
        blocks.push(Block::Paragraph(
            "This mail replaces an earlier one. The link in the earlier mail no longer works."
                .to_owned(),
        ));
    }
    blocks.push(Block::Paragraph(format!(
        "If you did not expect this, ignore this mail: you join only if you accept, and the link \
         stops working on {expiry}. Please do not forward it; it is meant for {} only.",
        mail.email
    )));
    let reason = format!("because {} invited {}", mail.inviter_email, mail.email);
    document(
        format!("{inviter} invited you to join {workspace}"),
        &blocks,
        mail.public_url,
        &reason,
    )
}

/// The code that proves a mailbox.
pub fn verification_code(mail: &VerificationMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let blocks = [
        Block::Paragraph(format!(
            "Type this code on the page where you accept the invitation to {workspace}. It shows \
             that {} is your address.",
            mail.email
        )),
        Block::Code(mail.code.to_owned()),
        Block::Paragraph(format!(
            "The code works until {}. Give it to nobody: no person will ask you for it.",
            mail.expires_at.absolute()
        )),
        Block::Paragraph(
            "If you did not ask for a code, ignore this mail. Without the code nobody can join \
             with your address."
                .to_owned(),
        ),
    ];
    let reason = format!("because somebody asked for a code for {}", mail.email);
    document(
        format!("Your code to join {workspace}"),
        &blocks,
        mail.public_url,
        &reason,
    )
}

/// Tells the inviter, or somebody else who manages the team, how an invitation ended.
pub fn joined(mail: &JoinedMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let at = mail.at.absolute();
    let email = mail.email;
    let whose = match mail.sender {
        Some(sender) => format!("the invitation of {}", guarded(sender, NAME_MAX)),
        None => "your invitation".to_owned(),
    };
    let (subject, told, label) = match mail.outcome {
        Outcome::Accepted { name, role } => {
            let (name, role) = (guarded(name, NAME_MAX), guarded(role, NAME_MAX));
            (
                format!("{name} joined {workspace}"),
                format!(
                    "{name} ({email}) accepted {whose} on {at} and is now a member of \
                     {workspace} with the role {role}."
                ),
                "See the members",
            )
        }
        Outcome::Declined => (
            format!("{email} declined to join {workspace}"),
            format!(
                "{email} declined {whose} to {workspace} on {at}. They did not become a \
                 member. If this was a mistake, you can invite them again."
            ),
            "See the invitations",
        ),
    };
    let blocks = [
        Block::Paragraph(told),
        Block::Link(label, mail.link.to_owned()),
    ];
    notification(
        subject,
        &blocks,
        mail.public_url,
        invitations_foot(mail.sender.is_none()),
    )
}

/// Why somebody is told of an invitation, and of which kind the mail is.
fn invitations_foot(own: bool) -> (&'static str, NotificationKind) {
    if own {
        (
            "because you sent this invitation",
            NotificationKind::OwnInvitations,
        )
    } else {
        (
            "because you manage the team and asked to hear of invitations that others sent",
            NotificationKind::OthersInvitations,
        )
    }
}

/// A piece of a mail; each knows its text and its HTML form.
enum Block {
    Paragraph(String),
    Facts(Vec<(&'static str, String)>),
    /// A heading, and lines that somebody else wrote.
    Quote(String, Vec<String>),
    /// What the link does, and the link, which is always shown in full as well (rule 81).
    Link(&'static str, String),
    Code(String),
}

impl Block {
    fn text(&self) -> String {
        match self {
            Self::Paragraph(text) => format!("{text}\n"),
            Self::Facts(facts) => facts.iter().fold(String::new(), |mut out, (label, value)| {
                // Writing to a string can not fail.
                let _ = writeln!(out, "{label}: {value}");
                out
            }),
            Self::Quote(heading, lines) => lines
                .iter()
                .fold(format!("{heading}\n"), |out, line| out + "> " + line + "\n"),
            Self::Link(label, url) => format!("{label}:\n{url}\n"),
            Self::Code(code) => format!("    {code}\n"),
        }
    }

    fn html(&self) -> String {
        match self {
            Self::Paragraph(text) => format!("<p style=\"margin:0 0 16px\">{}</p>", escape(text)),
            Self::Facts(facts) => {
                let rows = facts.iter().fold(String::new(), |mut out, (label, value)| {
                    let _ = write!(
                        out,
                        "<p style=\"margin:0 0 8px\"><span class=\"soft\" \
                         style=\"color:#52525b\">{label}</span><br>{}</p>",
                        escape(value)
                    );
                    out
                });
                format!(
                    "<div class=\"card\" style=\"margin:0 0 20px;padding:16px 20px 8px;border:1px \
                     solid #e4e4e7;border-radius:8px\">{rows}</div>"
                )
            }
            Self::Quote(heading, lines) => {
                let lines: Vec<_> = lines.iter().map(|line| escape(line)).collect();
                format!(
                    "<p style=\"margin:0 0 8px\">{}</p><blockquote class=\"card\" \
                     style=\"margin:0 0 20px;padding:0 0 0 16px;border-left:3px solid \
                     #e4e4e7\">{}</blockquote>",
                    escape(heading),
                    lines.join("<br>")
                )
            }
            Self::Link(label, url) => {
                let url = escape(url);
                format!(
                    "<p style=\"margin:0 0 12px\"><a class=\"button\" href=\"{url}\" \
                     style=\"display:inline-block;padding:12px 20px;border-radius:8px;\
                     background:#18181b;color:#fafafa;text-decoration:none;font-weight:600\">\
                     {label}</a></p><p class=\"soft\" style=\"margin:0 0 20px;color:#52525b;\
                     font-size:14px\">Or copy this address into your browser:<br><a class=\"soft\" \
                     href=\"{url}\" style=\"color:#52525b;word-break:break-all\">{url}</a></p>"
                )
            }
            Self::Code(code) => format!(
                "<p style=\"margin:0 0 20px;font:600 28px/1.4 ui-monospace,Menlo,Consolas,monospace;\
                 letter-spacing:4px\">{}</p>",
                escape(code)
            ),
        }
    }
}

/// Puts blocks together; mail programs need styles inline, and only dark colours stand in a `style` element.
fn document(subject: String, blocks: &[Block], public_url: &str, reason: &str) -> Rendered {
    put_together(subject, blocks, &sent_by(public_url, reason), None)
}

fn sent_by(public_url: &str, reason: &str) -> String {
    format!("Sent by Rolecall at {public_url}, {reason}.")
}

/// As [`document`], for a mail of a kind: its foot says how to switch the kind off, or why nobody can.
fn notification(
    subject: String,
    blocks: &[Block],
    public_url: &str,
    (reason, kind): (&str, NotificationKind),
) -> Rendered {
    let sent = sent_by(public_url, reason);
    if let Some(why) = kind.always() {
        let footer = format!("{sent} Mails about this are always sent. {why}");
        return put_together(subject, blocks, &footer, None);
    }
    let footer = format!(
        "{sent} To get no more mails of the kind “{}”:",
        kind.title()
    );
    let setting = format!("{public_url}/account#notifications");
    put_together(subject, blocks, &footer, Some(&setting))
}

fn put_together(
    subject: String,
    blocks: &[Block],
    footer: &str,
    setting: Option<&str>,
) -> Rendered {
    let mut text: String = blocks.iter().map(|block| block.text() + "\n").collect();
    // "-- " and a line break begin a signature (RFC 3676 §4.3).
    let _ = writeln!(text, "-- \n{footer}");
    let mut foot = escape(footer);
    if let Some(setting) = setting {
        let _ = writeln!(text, "{setting}");
        let url = escape(setting);
        let _ = write!(
            foot,
            "<br><a class=\"soft\" href=\"{url}\" style=\"color:#52525b\">{url}</a>"
        );
    }
    let body: String = blocks.iter().map(Block::html).collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\">\n\
         <title>{title}</title>\n<style>\n:root {{ color-scheme: light dark }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         .page {{ background: #18181b !important; color: #fafafa !important }}\n\
         .soft {{ color: #a1a1aa !important }}\n\
         .card {{ border-color: #3f3f46 !important }}\n\
         .button {{ background: #fafafa !important; color: #18181b !important }}\n\
         }}\n</style>\n</head>\n\
         <body class=\"page\" style=\"margin:0;padding:24px 16px;background:#ffffff;color:#18181b;\
         font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">\n\
         <div style=\"max-width:560px;margin:0 auto\">\n{body}\n\
         <p class=\"soft\" style=\"margin:24px 0 0;color:#52525b;font-size:14px\">{foot}</p>\n\
         </div>\n</body>\n</html>\n",
        title = escape(&subject),
    );
    Rendered {
        subject,
        text,
        html,
        unsubscribe: setting.map(str::to_owned),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text that somebody typed, on one line: capped with `…`, without characters that change the text
/// around it, and with nothing that a mail program turns into a link.
pub fn guarded(text: &str, max: usize) -> String {
    unlinked(&capped(&tidy(text), max))
}

/// A note that somebody typed: its lines, each as [`guarded`] makes them, blank ones left out.
pub fn guarded_lines(text: &str) -> Vec<String> {
    let mut left = NOTE_MAX;
    let mut lines = Vec::new();
    for line in text.lines().map(tidy).filter(|line| !line.is_empty()) {
        if left == 0 || lines.len() == NOTE_LINES {
            break;
        }
        let line = capped(&line, left);
        left -= line.chars().count();
        lines.push(unlinked(&line));
    }
    lines
}

fn capped(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let start: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// A zero-width space behind every character that addresses are made of, inside words. The full
/// stops of other scripts count: browsers read them as dots in a host name.
fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let joins = matches!(
            c,
            '.' | ':'
                | '/'
                | '\\'
                | '@'
                | '\u{3002}'
                | '\u{ff0e}'
                | '\u{ff61}'
                | '\u{ff20}'
                | '\u{ff1a}'
                | '\u{ff0f}'
        );
        if joins && chars.peek().is_some_and(|next| !next.is_whitespace()) {
            out.push('\u{200b}');
        }
    }
    out
}

#[cfg(test)]
mod tests;
