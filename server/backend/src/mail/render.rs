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

use std::fmt::Write as _;

use rolecall_shared::{
    Timestamp,
    text::{NOTE_MAX, tidy},
};

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

/// What the inviter is told when an invitation is accepted or declined.
#[derive(Clone, Copy, Debug)]
pub struct JoinedMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
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

/// Tells the inviter how an invitation ended.
pub fn joined(mail: &JoinedMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let at = mail.at.absolute();
    let email = mail.email;
    let (subject, told, label) = match mail.outcome {
        Outcome::Accepted { name, role } => {
            let (name, role) = (guarded(name, NAME_MAX), guarded(role, NAME_MAX));
            (
                format!("{name} joined {workspace}"),
                format!(
                    "{name} ({email}) accepted your invitation on {at} and is now a member of \
                     {workspace} with the role {role}."
                ),
                "See the members",
            )
        }
        Outcome::Declined => (
            format!("{email} declined to join {workspace}"),
            format!(
                "{email} declined your invitation to {workspace} on {at}. They did not become a \
                 member. If this was a mistake, you can invite them again."
            ),
            "See the invitations",
        ),
    };
    let blocks = [
        Block::Paragraph(told),
        Block::Link(label, mail.link.to_owned()),
    ];
    document(
        subject,
        &blocks,
        mail.public_url,
        "because you sent this invitation",
    )
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
    let footer = format!("Sent by Rolecall at {public_url}, {reason}.");
    let mut text: String = blocks.iter().map(|block| block.text() + "\n").collect();
    // "-- " and a line break begin a signature (RFC 3676 §4.3).
    let _ = writeln!(text, "-- \n{footer}");
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
         <p class=\"soft\" style=\"margin:24px 0 0;color:#52525b;font-size:14px\">{footer}</p>\n\
         </div>\n</body>\n</html>\n",
        title = escape(&subject),
        footer = escape(&footer),
    );
    Rendered {
        subject,
        text,
        html,
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
mod tests {
    use super::*;

    const EXPIRES: Timestamp = Timestamp(1_795_379_295_000_000);
    const LINK: &str = "https://access.example.org/invite/abc_DEF-123?x=1&y=2";

    fn mail() -> InvitationMail<'static> {
        InvitationMail {
            workspace: "Acme Rockets",
            inviter_name: "Ana Ruiz",
            inviter_email: "ana@example.org",
            email: "Ben@example.org",
            role: "Operator",
            role_sentence: "Full operational control.",
            groups: &[],
            note: Some("Welcome\nSee you on Monday"),
            expires_at: EXPIRES,
            link: LINK,
            public_url: "https://access.example.org",
            replaces_earlier: false,
        }
    }

    /// Whether a mail program could make a link of it: our own links and addresses taken out first.
    fn linkable(text: &str) -> bool {
        let ours = [
            "https://access.example.org",
            "ana@example.org",
            "Ben@example.org",
        ];
        let mut rest = text.replace(LINK, "");
        for known in ours {
            rest = rest.replace(known, "");
        }
        let chars: Vec<char> = rest.chars().collect();
        chars
            .windows(3)
            .any(|w| w[0].is_alphanumeric() && matches!(w[1], '.' | '@') && w[2].is_alphanumeric())
            || rest.contains("://")
    }

    #[test]
    fn an_invitation_says_who_where_what_until_when_and_what_next_in_both_parts() {
        let groups = ["On call".to_owned()];
        let rendered = invitation(&InvitationMail {
            groups: &groups,
            ..mail()
        });
        assert_eq!(
            rendered.subject,
            "Ana Ruiz invited you to join Acme Rockets"
        );
        let html = rendered.html.replace("&amp;", "&");
        for part in [&rendered.text, &html] {
            for fact in [
                "Ana Ruiz (ana@example.org) invited you",
                "Acme Rockets",
                "Operator. Full operational control.",
                "On call",
                "See you on Monday",
                "22 Nov 2026, 20:28 UTC",
                "What happens next",
                "Ben@example.org",
                LINK,
            ] {
                assert!(part.contains(fact), "{fact}\n{part}");
            }
            assert!(!part.contains("replaces an earlier"), "{part}");
        }
        assert!(
            rendered.text.lines().any(|line| line == LINK),
            "the link stands alone on a line"
        );
        assert!(rendered.text.contains("> Welcome\n> See you on Monday\n"));
        assert!(
            rendered
                .html
                .contains("href=\"https://access.example.org/invite/abc_DEF-123?x=1&amp;y=2\"")
        );
        let again = invitation(&InvitationMail {
            replaces_earlier: true,
            ..mail()
        });
        assert!(
            again
                .text
                .contains("The link in the earlier mail no longer works.")
        );
    }

    #[test]
    fn text_that_people_typed_is_never_a_link() {
        let bait = "https://evil.example/login www.evil.example me@evil.example evil。example";
        let long = bait.repeat(20);
        let groups = [long.clone()];
        let rendered = invitation(&InvitationMail {
            workspace: "evil.example",
            inviter_name: "Go to evil.example",
            role: "http://evil.example",
            role_sentence: bait,
            groups: &groups,
            note: Some(&long),
            ..mail()
        });
        assert!(!linkable(&rendered.text), "{}", rendered.text);
        assert!(!linkable(&rendered.subject), "{}", rendered.subject);
        let body = rendered
            .html
            .split_once("<div")
            .unwrap()
            .1
            .replace("&amp;", "&");
        assert!(!linkable(&body), "{body}");
        assert_eq!(rendered.html.matches("<a ").count(), 2);
        assert!(rendered.text.contains("www.\u{200b}evil.\u{200b}example"));
    }

    #[test]
    fn ordinary_names_keep_their_look() {
        for name in ["Acme Inc.", "Team: Operations", "Ana / Ben", "R2 D2"] {
            assert_eq!(guarded(name, 60), name);
        }
        assert_eq!(guarded("Node.js", 60), "Node.\u{200b}js");
    }

    #[test]
    fn long_text_is_cut_and_control_characters_are_gone() {
        assert_eq!(guarded(&"x".repeat(100), 60).chars().count(), 60);
        assert_eq!(guarded("Ana\r\nBcc: x\u{202e}", 60), "Ana Bcc: x");
        let note = guarded_lines(&"a line\n".repeat(200));
        assert_eq!(note.len(), NOTE_LINES);
        let note = guarded_lines(&"long ".repeat(2_000));
        assert!(note.concat().chars().count() <= NOTE_MAX);
        assert!(guarded_lines(" \n\u{200b}\n").is_empty());
    }

    #[test]
    fn markup_is_shown_not_followed() {
        let rendered = invitation(&InvitationMail {
            workspace: "<script>alert(1)</script>",
            note: Some("<img src=x onerror='a'> & \"b\""),
            ..mail()
        });
        assert!(!rendered.html.contains("<script") && !rendered.html.contains("<img"));
        assert!(
            rendered
                .html
                .contains("&lt;img src=x onerror=&#39;a&#39;&gt; &amp; &quot;b&quot;")
        );
        assert!(
            rendered
                .html
                .contains("<title>Ana Ruiz invited you to join &lt;script&gt;")
        );
    }

    #[test]
    fn subjects_hold_no_control_characters() {
        let rendered = invitation(&InvitationMail {
            workspace: "A\r\nBcc: everybody@example.org",
            inviter_name: "B\u{0}\u{7}",
            ..mail()
        });
        assert!(
            !rendered.subject.chars().any(char::is_control),
            "{:?}",
            rendered.subject
        );
    }

    #[test]
    fn a_code_is_shown_with_its_end_and_a_warning() {
        let rendered = verification_code(&VerificationMail {
            workspace: "Acme",
            email: "ben@example.org",
            code: "482 913",
            expires_at: EXPIRES,
            public_url: "https://access.example.org",
        });
        assert!(
            !rendered.subject.contains("482"),
            "previews show subjects to bystanders"
        );
        for part in [&rendered.text, &rendered.html] {
            for fact in [
                "482 913",
                "22 Nov 2026, 20:28 UTC",
                "no person will ask",
                "ben@example.org",
            ] {
                assert!(part.contains(fact), "{fact}\n{part}");
            }
        }
    }

    #[test]
    fn the_inviter_is_told_how_it_ended() {
        let ended = |outcome| {
            joined(&JoinedMail {
                workspace: "Acme",
                email: "ben@example.org",
                outcome,
                at: EXPIRES,
                link: "https://access.example.org/w/acme/members",
                public_url: "https://access.example.org",
            })
        };
        let accepted = ended(Outcome::Accepted {
            name: "Ben",
            role: "Viewer",
        });
        assert_eq!(accepted.subject, "Ben joined Acme");
        assert!(accepted.text.contains("with the role Viewer"));
        let declined = ended(Outcome::Declined);
        assert_eq!(declined.subject, "ben@example.org declined to join Acme");
        assert!(declined.text.contains("you can invite them again"));
    }
}
