//! The words about invitations that nobody answered in time.

use super::{Block, NAME_MAX, Rendered, guarded, invitations_foot, notification};

/// Addresses that are named; of more, the number is told.
const NAMED: usize = 20;

/// Invitations that expired, for the person who sent them, or for somebody else who wants to know.
#[derive(Clone, Copy, Debug)]
pub struct ExpiredMail<'a> {
    /// Name of the workspace.
    pub workspace: &'a str,
    /// The invited addresses; at least one.
    pub emails: &'a [String],
    /// Whether the reader sent them.
    pub own: bool,
    /// The invitations of the workspace.
    pub link: &'a str,
    /// Where this installation lives.
    pub public_url: &'a str,
}

/// Tells of invitations that expired, however many, in one mail.
pub fn expired(mail: &ExpiredMail<'_>) -> Rendered {
    let workspace = guarded(mail.workspace, NAME_MAX);
    let (subject, told) = match mail.emails {
        [one] => {
            let whose = if mail.own {
                "Your invitation"
            } else {
                "The invitation"
            };
            (
                format!("The invitation of {one} to {workspace} expired"),
                format!(
                    "{whose} of {one} to the workspace {workspace} expired before anybody answered it."
                ),
            )
        }
        many => {
            let (n, whose) = (many.len(), if mail.own { " of yours" } else { "" });
            (
                format!("{n} invitations to {workspace} expired"),
                format!(
                    "{n} invitations{whose} to the workspace {workspace} expired before anybody answered them."
                ),
            )
        }
    };
    let mut blocks = vec![Block::Paragraph(told)];
    if mail.emails.len() > 1 {
        let mut named: Vec<String> = mail.emails.iter().take(NAMED).cloned().collect();
        let more = mail.emails.len().saturating_sub(NAMED);
        named.extend((more > 0).then(|| format!("and {more} more")));
        blocks.push(Block::Facts(vec![("Invited", named.join(", "))]));
    }
    blocks.push(Block::Paragraph(
        "Their links do not work any more. Send an invitation again if it is still wanted; otherwise \
         there is nothing to do."
            .to_owned(),
    ));
    blocks.push(Block::Link("See the invitations", mail.link.to_owned()));
    notification(
        subject,
        &blocks,
        mail.public_url,
        invitations_foot(mail.own),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(emails: &[String], own: bool) -> Rendered {
        expired(&ExpiredMail {
            workspace: "Acme evil.example",
            emails,
            own,
            link: "https://access.example.org/w/acme/members/invitations",
            public_url: "https://access.example.org",
        })
    }

    #[test]
    fn one_invitation_is_told_by_its_address_and_many_by_their_number() {
        let emails: Vec<String> = (0..25).map(|n| format!("p{n}@example.org")).collect();
        let one = told(&emails[..1], true);
        assert_eq!(
            one.subject,
            "The invitation of p0@example.org to Acme evil.\u{200b}example expired"
        );
        assert!(
            one.text.starts_with("Your invitation of p0@example.org"),
            "{}",
            one.text
        );
        let many = told(&emails, false);
        assert!(
            many.subject.starts_with("25 invitations to Acme"),
            "{}",
            many.subject
        );
        assert!(
            many.text.contains("p19@example.org, and 5 more\n"),
            "{}",
            many.text
        );
        assert!(!many.text.contains("p20@") && !many.html.contains("p20@"));
    }

    #[test]
    fn the_foot_leads_to_the_setting_that_switches_the_kind_off() {
        let emails = ["p@example.org".to_owned()];
        for (own, title) in [
            (true, "“Your invitations”"),
            (false, "“Invitations of others”"),
        ] {
            let mail = told(&emails, own);
            assert!(mail.text.contains(title), "{}", mail.text);
            assert!(
                mail.text
                    .ends_with("https://access.example.org/account#notifications\n")
            );
            assert!(
                mail.html
                    .contains("href=\"https://access.example.org/account#notifications\"")
            );
        }
    }
}
