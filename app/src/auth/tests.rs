//! Every document is written, safe and complete; with `ROLECALL_PREVIEW` set they are kept as files to look at.

mod account;

use std::{env, fs, path::Path};

use rolecall_backend::service::acceptance::{CodeStep, Ended, InvitationCard, Newer, Who};
use rolecall_shared::{
    Timestamp,
    error::{ApiError, ErrorCode, FieldError},
};

use super::{AuthPage, Chrome, SetupValues, TemplateCard, render};

/// Text as somebody with bad intent would type it, in every place that takes text.
const EVIL: &str = "\"><script>alert(1)</script><b style=\"x\"";

/// Made by `scripts/icons`.
const SPRITE: &str = include_str!("../../../public/icons.svg");

fn chrome() -> Chrome {
    Chrome {
        css_href: "/pkg/rolecall.css".to_owned(),
        csrf: "csrf-token-1".to_owned(),
        theme: "",
    }
}

/// A set of texts, kind or evil.
#[derive(Clone, Copy)]
struct Texts {
    workspace: &'static str,
    inviter: &'static str,
    inviter_email: &'static str,
    email: &'static str,
    role: &'static str,
    note: Option<&'static str>,
}

const KIND: Texts = Texts {
    workspace: "Acme",
    inviter: "Ana Ruiz",
    inviter_email: "ana@example.org",
    email: "ben@example.org",
    role: "Operator",
    note: Some("Welcome, Ben.\nThe staging servers are yours from Monday."),
};
const HOSTILE: Texts = Texts {
    workspace: EVIL,
    inviter: EVIL,
    inviter_email: EVIL,
    email: EVIL,
    role: EVIL,
    note: Some(EVIL),
};

fn card(texts: Texts) -> InvitationCard {
    InvitationCard {
        workspace: texts.workspace.to_owned(),
        workspace_slug: "acme".to_owned(),
        inviter_name: texts.inviter.to_owned(),
        inviter_email: texts.inviter_email.to_owned(),
        email: texts.email.to_owned(),
        role: texts.role.to_owned(),
        role_sentence: "Can view and change everything, and delete nothing.".to_owned(),
        note: texts.note.map(str::to_owned),
        expires_at: Timestamp(1_795_379_295_000_000),
    }
}

fn wrong(fields: &[(&str, &str)]) -> Option<ApiError> {
    let fields = fields.iter().map(|(field, message)| FieldError {
        field: (*field).to_owned(),
        message: (*message).to_owned(),
    });
    ApiError::fields(fields.collect())
}

fn templates(texts: Texts) -> Vec<TemplateCard> {
    let card = |key: &str, title: &str, description: &str, roles: &[&str]| TemplateCard {
        key: key.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
    };
    vec![
        card(
            "cloud",
            "Cloud account",
            "Sixteen services of a cloud account, from instances to billing.",
            &["Admin", "Operator", "Viewer"],
        ),
        card(
            "delivery",
            "Delivery platform",
            "Resources, deployments and the environments they run in.",
            &["Account Admin", "Developer"],
        ),
        card(
            "other",
            texts.workspace,
            texts.note.unwrap_or_default(),
            &[texts.role],
        ),
    ]
}

/// Every kind of document, by a name for its file.
fn pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let mut all = sign_in_pages(texts);
    all.extend(setup_pages(texts));
    all.extend(invitation_pages(texts));
    all.extend(ended_pages(texts));
    all.extend(account::pages(texts));
    all
}

fn sign_in(email: &str, next: &str, error: Option<ApiError>) -> AuthPage {
    AuthPage::SignIn {
        email: email.to_owned(),
        error,
        next: next.to_owned(),
        notice: None,
    }
}

fn sign_in_pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let wrong = wrong(&[(
        "password",
        "That e-mail address and password do not belong together.",
    )]);
    let too_many = "Too many tries. Wait 40 seconds, then try again.";
    let too_many = Some(ApiError::new(ErrorCode::TooMany, too_many));
    let notice = AuthPage::SignIn {
        email: String::new(),
        error: None,
        next: String::new(),
        notice: Some(texts.note.unwrap_or_default().to_owned()),
    };
    vec![
        ("sign-in", sign_in("", "/w/acme/members", None)),
        (
            "sign-in-wrong",
            sign_in(texts.email, texts.workspace, wrong),
        ),
        ("sign-in-too-many", sign_in(texts.email, "", too_many)),
        ("sign-in-notice", notice),
    ]
}

fn setup_pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let typed = SetupValues {
        code: texts.role.to_owned(),
        name: texts.inviter.to_owned(),
        email: texts.inviter_email.to_owned(),
        workspace: texts.workspace.to_owned(),
        template: "delivery".to_owned(),
    };
    let error = wrong(&[
        ("code", "That is not the code in the log. Copy it again."),
        ("password", "Use at least 15 characters; this has 9."),
    ]);
    let page = |form, error| AuthPage::Setup {
        form,
        templates: templates(texts),
        error,
    };
    vec![
        ("setup", page(SetupValues::default(), None)),
        ("setup-wrong", page(typed, error)),
        ("setup-done", AuthPage::SetupDone),
    ]
}

fn invitation_pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let page = |who, name: &str, error, notice: Option<&str>| AuthPage::Invitation {
        token: "token-1".to_owned(),
        card: card(texts),
        who,
        name: name.to_owned(),
        error,
        notice: notice.map(str::to_owned),
    };
    let (none, sent) = (CodeStep::NotNeeded, CodeStep::Needed { sent: true });
    let not_sent = CodeStep::Needed { sent: false };
    let listed = wrong(&[(
        "password",
        "This is one of the passwords that are tried first.",
    )]);
    let failed = wrong(&[(
        "password",
        "That e-mail address and password do not belong together.",
    )]);
    let mailed = Some("We mailed a code to the invited address.");
    let name = texts.inviter.to_owned();
    let signed_in_as = texts.email.to_owned();
    vec![
        ("invite-new", page(Who::New { code: none }, "", None, None)),
        (
            "invite-new-wrong",
            page(Who::New { code: none }, texts.inviter, listed, None),
        ),
        (
            "invite-code",
            page(Who::New { code: not_sent }, "", None, None),
        ),
        (
            "invite-code-sent",
            page(Who::New { code: sent }, "", None, mailed),
        ),
        ("invite-known", page(Who::Known, "", None, None)),
        (
            "invite-either",
            page(Who::Either { code: sent }, "", None, None),
        ),
        (
            "invite-either-code",
            page(Who::Either { code: not_sent }, "", None, None),
        ),
        (
            "invite-either-plain",
            page(Who::Either { code: none }, "", None, None),
        ),
        (
            "invite-either-wrong",
            page(Who::Either { code: sent }, "", failed, None),
        ),
        (
            "invite-signed-in",
            page(Who::SignedIn { name }, "", None, None),
        ),
        (
            "invite-other",
            page(Who::Other { signed_in_as }, "", None, None),
        ),
    ]
}

fn ended_pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let ended = |ended| AuthPage::InvitationEnded {
        token: "token-1".to_owned(),
        ended,
    };
    let workspace = || texts.workspace.to_owned();
    let inviter_name = || texts.inviter.to_owned();
    let (workspace_slug, email) = ("acme".to_owned(), texts.email.to_owned());
    let accepted = Ended::Accepted {
        workspace: workspace(),
        workspace_slug,
        email,
    };
    let newer_at = Timestamp(1_795_379_295_000_000);
    let problem = AuthPage::Problem {
        status: 503,
        title: "Rolecall is busy".to_owned(),
        message: format!(
            "{} can not be shown now. Try again in a minute.",
            texts.workspace
        ),
        request_id: "01J9ZK3M7Q".to_owned(),
        action: Some(("/sign-in".to_owned(), "Try again".to_owned())),
    };
    let expired = Ended::Expired {
        workspace: workspace(),
        inviter_name: inviter_name(),
    };
    let revoked = Ended::Revoked {
        workspace: workspace(),
        inviter_name: inviter_name(),
    };
    let declined = Ended::Declined {
        workspace: workspace(),
        inviter_name: inviter_name(),
    };
    let approval = Ended::NeedsApproval {
        workspace: workspace(),
        inviter_name: inviter_name(),
        may_decline: true,
    };
    vec![
        ("ended-unknown", ended(Ended::Unknown)),
        ("ended-expired", ended(expired)),
        ("ended-revoked", ended(revoked)),
        ("ended-declined", ended(declined)),
        ("ended-accepted", ended(accepted)),
        (
            "ended-replaced",
            ended(Ended::Replaced {
                workspace: workspace(),
                inviter_name: inviter_name(),
                newer_at,
                newer: Newer::Mailed,
            }),
        ),
        (
            "ended-replaced-copied",
            ended(Ended::Replaced {
                workspace: workspace(),
                inviter_name: inviter_name(),
                newer_at,
                newer: Newer::Copied,
            }),
        ),
        (
            "ended-replaced-unsent",
            ended(Ended::Replaced {
                workspace: workspace(),
                inviter_name: inviter_name(),
                newer_at,
                newer: Newer::Unsent,
            }),
        ),
        ("ended-approval", ended(approval)),
        (
            "ended-workspace-gone",
            ended(Ended::WorkspaceGone {
                workspace: workspace(),
            }),
        ),
        (
            "declined",
            AuthPage::InvitationDeclined {
                workspace: workspace(),
            },
        ),
        ("problem", problem),
    ]
}

fn html(texts: Texts, name: &str) -> String {
    let (_, page) = pages(texts).into_iter().find(|(n, _)| *n == name).unwrap();
    render(&page, &chrome())
}

#[test]
fn every_document_is_whole_and_without_script_or_inline_style() {
    for (name, page) in pages(KIND) {
        let html = render(&page, &chrome());
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en\""),
            "{name}"
        );
        assert!(html.ends_with("</html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(
            html.contains("<title>") && html.contains("· Rolecall</title>"),
            "{name}"
        );
        assert!(html.contains("href=\"/pkg/rolecall.css\""), "{name}");
        for never in [
            "<script",
            "<style",
            "style=",
            " onclick=",
            " onload=",
            "javascript:",
            "<!>",
        ] {
            assert!(!html.contains(never), "{name} holds {never}");
        }
        assert!(html.matches(" autofocus").count() <= 1, "{name}");
        for icon in html.split("/icons.svg#").skip(1) {
            let icon = icon.split('"').next().unwrap();
            assert!(
                SPRITE.contains(&format!("id=\"{icon}\"")),
                "{name}: no icon {icon}"
            );
        }
        for form in html.split("<form").skip(1) {
            assert!(form.contains("method=\"post\""), "{name}");
            let form = &form[..form.find("</form>").unwrap()];
            assert!(
                form.contains("name=\"csrf\" value=\"csrf-token-1\""),
                "{name}"
            );
        }
        keep(name, &html);
    }
}

#[test]
fn text_of_people_is_text_everywhere() {
    for (name, page) in pages(HOSTILE) {
        let html = render(&page, &chrome());
        assert!(!html.contains("<script"), "{name}");
        assert!(!html.contains("<b style"), "{name}");
        // Inside an attribute the quotation mark is escaped too, so that it can not end the value.
        for value in html.split("value=\"").skip(1) {
            assert!(!value.starts_with("\"&gt;"), "{name}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
    }
    assert!(html(HOSTILE, "ended-expired").contains("&lt;script&gt;"));
    assert!(html(HOSTILE, "invite-new").contains("<title>Join \"&gt;&lt;script&gt;"));
}

#[test]
fn forms_go_where_the_server_listens() {
    let actions = |name: &str| {
        let html = html(KIND, name);
        let parts = html
            .split("action=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap());
        parts.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(actions("sign-in"), ["/sign-in"]);
    assert_eq!(actions("setup"), ["/setup"]);
    assert_eq!(
        actions("invite-new"),
        ["/invitation/join", "/invitation/decline"]
    );
    assert_eq!(actions("invite-code"), ["/invitation/code"]);
    assert_eq!(
        actions("invite-code-sent"),
        ["/invitation/join", "/invitation/code"]
    );
    assert_eq!(
        actions("invite-known"),
        ["/invitation/sign-in", "/invitation/decline"]
    );
    assert_eq!(
        actions("invite-either"),
        [
            "/invitation/join",
            "/invitation/code",
            "/invitation/sign-in"
        ]
    );
    assert_eq!(
        actions("invite-either-code"),
        ["/invitation/code", "/invitation/sign-in"]
    );
    assert_eq!(
        actions("invite-signed-in"),
        ["/invitation/confirm", "/invitation/decline"]
    );
    assert_eq!(actions("invite-other"), ["/invitation/switch"]);
    assert_eq!(actions("ended-approval"), ["/invitation/decline"]);
    assert_eq!(actions("forgot"), ["/forgot"]);
    assert_eq!(actions("reset"), ["/reset"]);
    assert_eq!(actions("email-confirm"), ["/confirm-email"]);
    for name in [
        "setup-done",
        "ended-unknown",
        "ended-expired",
        "declined",
        "problem",
    ] {
        assert_eq!(actions(name), [""; 0], "{name}");
    }
}

#[test]
fn the_names_of_the_fields_are_those_the_server_reads() {
    let names = |page: &str| {
        let html = html(KIND, page);
        let parts = html.split("<input").skip(1).filter_map(|rest| {
            let tag = &rest[..rest.find('>')?];
            Some(tag.split("name=\"").nth(1)?.split('"').next()?.to_owned())
        });
        parts.collect::<Vec<_>>()
    };
    assert_eq!(names("sign-in"), ["csrf", "next", "email", "password"]);
    assert_eq!(
        names("setup"),
        [
            "csrf",
            "code",
            "name",
            "email",
            "password",
            "workspace",
            "template",
            "template",
            "template"
        ]
    );
    assert_eq!(
        names("invite-new"),
        ["csrf", "token", "name", "password", "csrf", "token"]
    );
    assert_eq!(
        names("invite-code-sent"),
        ["csrf", "token", "code", "name", "password"]
    );
    assert_eq!(
        names("invite-known"),
        ["csrf", "token", "password", "csrf", "token"]
    );
}

#[test]
fn a_wrong_field_says_so_beside_itself_and_takes_the_focus() {
    let html = html(KIND, "setup-wrong");
    assert!(html.contains("<title>Error: Set up"));
    assert!(html.contains("aria-describedby=\"form-code-error form-code-help\""));
    assert!(html.contains("id=\"form-password-error\""));
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2);
    assert_eq!(html.matches(" autofocus").count(), 1);
    assert!(html.contains("value=\"Ana Ruiz\""), "typed values stay");
    let password = html
        .split("<input")
        .find(|tag| tag.contains("name=\"password\""))
        .unwrap();
    assert!(
        !password[..password.find('>').unwrap()].contains("value="),
        "passwords never"
    );
}

#[test]
fn an_error_without_a_field_stands_above_the_form() {
    let html = html(KIND, "sign-in-too-many");
    assert!(html.contains("role=\"alert\""));
    assert!(html.contains("Wait 40 seconds"));
}

#[test]
fn the_card_says_who_invites_whom_as_what_and_until_when() {
    let html = html(KIND, "invite-new");
    let text = text_of(&html);
    assert!(text.contains("Ana Ruiz (ana@example.org) invites ben@example.org as Operator."));
    assert!(text.contains("valid until 22 Nov 2026, 20:28 UTC."));
    assert!(html.contains("datetime=\"2026-11-22T20:28:15Z\""));
    assert!(html.contains("autocomplete=\"new-password\""));
    assert!(html.contains("minlength=\"15\""));
}

#[test]
fn somebody_signed_in_with_another_address_reads_both() {
    let page = AuthPage::Invitation {
        token: "token-1".to_owned(),
        card: card(KIND),
        who: Who::Other {
            signed_in_as: "carla@example.org".to_owned(),
        },
        name: String::new(),
        error: None,
        notice: None,
    };
    let text = text_of(&render(&page, &chrome()));
    assert!(text.contains("You are signed in as carla@example.org."));
    assert!(text.contains("The invitation is for ben@example.org."));
    assert!(text.contains("Ask Ana Ruiz (ana@example.org) to invite the address you use."));
}

#[test]
fn a_failed_sign_in_opens_its_own_form_and_leaves_the_other_alone() {
    let html = html(KIND, "invite-either-wrong");
    assert!(html.contains("<details open class=\"rc-details\""));
    assert!(html.contains("id=\"known-password-error\""));
    assert!(!html.contains("id=\"join-password-error\""));
}

#[test]
fn a_replaced_link_says_when_the_newer_mail_was_sent() {
    let text = text_of(&html(KIND, "ended-replaced"));
    assert!(text.contains("was sent on 22 Nov 2026, 20:28 UTC."));
}

/// The text of a document, as read.
fn text_of(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars().skip_while(|c| *c != '>').skip(1) {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&amp;", "&")
}

/// Keeps a document to look at, when asked to.
fn keep(name: &str, html: &str) {
    if let Ok(folder) = env::var("ROLECALL_PREVIEW") {
        let folder = Path::new(&folder);
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
}
