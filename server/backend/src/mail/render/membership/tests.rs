//! Tests of what mails about a membership say.

use super::*;

const AT: Timestamp = Timestamp(1_795_379_295_000_000);
const LINK: &str = "https://access.example.org/w/acme";

fn told(news: News<'_>) -> Rendered {
    membership(&MembershipMail {
        workspace: "Acme evil.example",
        by: "Ana https://evil.example",
        news,
        at: AT,
        link: LINK,
        public_url: "https://access.example.org",
    })
}

#[test]
fn every_mail_says_what_happened_and_makes_no_link_of_what_people_typed() {
    let hostile = "Ben <ben@evil.example>\nhttps://evil.example";
    for news in [
        News::Removed { reason: hostile },
        News::Suspended { reason: hostile },
        News::Reactivated,
        News::Reinstated,
        News::RoleChanged {
            before: hostile,
            after: hostile,
        },
        News::AccessChanged,
        News::GroupJoined {
            group: hostile,
            ends_at: Some(AT),
        },
        News::GroupJoined {
            group: hostile,
            ends_at: None,
        },
        News::GroupLeft { group: hostile },
        News::OwnershipTaken { role: hostile },
        News::OverrideChanged { project: hostile },
        News::EndChanged { ends_at: Some(AT) },
        News::EndChanged { ends_at: None },
        News::EndsSoon {
            what: hostile,
            ends_at: AT,
        },
        News::GivenEndsSoon {
            whose: hostile,
            what: hostile,
            ends_at: AT,
        },
        News::TokenEndsSoon {
            token: hostile,
            ends_at: AT,
        },
        News::TokenRevoked { token: hostile },
        News::GuestGone {
            who: hostile,
            left: true,
        },
        News::GuestGone {
            who: hostile,
            left: false,
        },
        News::OwnershipProposed {
            hand_over: true,
            expires_at: AT,
        },
        News::OwnershipProposed {
            hand_over: false,
            expires_at: AT,
        },
        News::OwnershipCancelled,
        News::OwnershipAnswered {
            who: hostile,
            accepted: true,
        },
        News::OwnershipAnswered {
            who: hostile,
            accepted: false,
        },
        News::Viewed {
            reason: hostile,
            until: AT,
        },
        News::OwnersChanged {
            what: "Ben stepped down as an owner, by Ben.",
        },
    ] {
        let Rendered {
            subject,
            text,
            html,
            unsubscribe: _,
        } = told(news);
        assert!(
            !subject.is_empty() && !subject.chars().any(char::is_control),
            "{news:?}"
        );
        assert!(
            text.lines().next().is_some_and(|line| line.len() > 20),
            "{news:?}"
        );
        for part in [&subject, &text, &html] {
            assert!(!part.contains("evil.example"), "{news:?}: {part}");
            assert!(!part.contains("https://evil"), "{news:?}: {part}");
        }
        assert!(
            html.contains("<!doctype html>") && !html.contains("<ben"),
            "{news:?}"
        );
    }
}

#[test]
fn the_foot_says_how_to_switch_it_off_or_why_that_can_not_be() {
    let setting = "https://access.example.org/account#notifications";
    let mail = told(News::AccessChanged);
    assert!(mail.text.contains("To get no more mails of the kind “What you may do”:\nhttps://access.example.org/account#notifications\n"), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{setting}\"")));
    assert_eq!(mail.unsubscribe.as_deref(), Some(setting));
    for news in [News::Removed { reason: "" }, News::OwnershipCancelled] {
        let mail = told(news);
        assert!(
            mail.text.contains("Mails about this are always sent."),
            "{}",
            mail.text
        );
        assert!(!mail.text.contains(setting) && !mail.html.contains(setting));
        assert_eq!(mail.unsubscribe, None);
    }
}

#[test]
fn a_reason_is_quoted_line_by_line_and_an_empty_one_is_left_out() {
    let mail = told(News::Removed {
        reason: "The contract ended.\nThank you",
    });
    assert!(
        mail.text
            .contains("The reason given:\n> The contract ended.\n> Thank you\n")
    );
    assert!(
        !mail.text.contains(LINK),
        "there is nothing for them to open"
    );
    let mail = told(News::Suspended { reason: "" });
    assert!(!mail.text.contains("reason given"));
}
