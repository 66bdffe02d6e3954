//! Tests of what mails say.

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
            sender: None,
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

#[test]
fn mails_about_an_account_say_what_happened_and_what_to_do_if_it_was_not_you() {
    let public_url = "https://access.example.org";
    let account = AccountMail {
        email: "ana@example.org",
        at: EXPIRES,
        public_url,
    };
    let change = EmailMail {
        account,
        name: "evil.example",
        new_email: "Ben@example.org",
    };
    let sign_in = SignInMail {
        account,
        browser: "Firefox on Linux",
        address: "2001:db8::1",
    };
    let link = "https://access.example.org/reset/abc";
    for (mail, subject, facts) in [
        (
            password_reset(&account, link, EXPIRES),
            "Choose a new password",
            ["works once and until", link],
        ),
        (
            password_changed(&account),
            "Your password was changed",
            [
                "browsers were signed out",
                "https://access.example.org/forgot",
            ],
        ),
        (
            email_confirmation(&change, link, EXPIRES),
            "Confirm your new e-mail address",
            ["Ben@example.org from now on", link],
        ),
        (
            email_asked(&change),
            "Somebody asked to change your e-mail address",
            ["to Ben@example.org", "https://access.example.org/forgot"],
        ),
        (
            email_changed(&change),
            "Your e-mail address was changed",
            ["signs in with Ben@example.org", "tell an owner"],
        ),
        (
            new_sign_in(&sign_in),
            "New sign-in to your account",
            ["Firefox on Linux", "2001:db8::1"],
        ),
    ] {
        assert_eq!(mail.subject, subject);
        for part in [&mail.text, &mail.html] {
            for fact in facts {
                assert!(part.contains(fact), "{subject}: {fact} is not in\n{part}");
            }
            assert!(
                part.contains("If it was not you") || part.contains("If this is not you"),
                "{subject}"
            );
            assert!(
                !part.contains("evil.example"),
                "{subject}: a name is a link"
            );
        }
    }
}
