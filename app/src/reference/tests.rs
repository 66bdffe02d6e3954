//! Tests of the page about the interface for programs.

use super::*;

fn reference() -> Reference {
    Reference {
        title: "Rolecall API".into(),
        version: "1.0".into(),
        intro: vec!["Send `Authorization: Bearer`.".into()],
        sections: vec![Section {
            name: "API tokens".into(),
            description: "What <programs> act with.".into(),
            operations: vec![Operation {
                id: "revoke_token".into(),
                method: "DELETE".into(),
                path: "/api/v1/workspaces/{workspace}/tokens/{token}".into(),
                summary: "Revoke a token".into(),
                permission: Some("tokens:manage".into()),
                parameters: vec![Field {
                    name: "token".into(),
                    place: "path".into(),
                    kind: "text".into(),
                    required: true,
                    description: "Its id.".into(),
                }],
                answers: vec![Answer {
                    status: "204".into(),
                    description: "Revoked.".into(),
                    ..Answer::default()
                }],
                example: "curl -X DELETE …".into(),
                ..Operation::default()
            }],
        }],
    }
}

fn page() -> String {
    let chrome = Chrome {
        css_href: "/pkg/rolecall.css".into(),
        theme: "dark",
        document_href: "/api/v1/openapi.json",
    };
    render(&reference(), &chrome)
}

#[test]
fn every_operation_is_in_the_contents_and_leads_to_its_part() {
    let page = page();
    assert!(page.contains("href=\"#revoke_token\""));
    assert!(page.contains("<h3 id=\"revoke_token\">Revoke a token</h3>"));
    assert!(page.contains("<code>tokens:manage</code>"));
    assert!(page.contains("<code>/api/v1/workspaces/{workspace}/tokens/{token}</code>"));
}

#[test]
fn texts_stay_texts_and_backticks_become_code() {
    let page = page();
    assert!(page.contains("What &lt;programs&gt; act with."));
    assert!(page.contains("<p>Send <code>Authorization: Bearer</code>.</p>"));
    assert!(!page.contains("<script") && !page.contains("style="));
}

#[test]
fn names_become_parts_of_an_address() {
    assert_eq!(anchor("API tokens"), "api-tokens");
    assert_eq!(anchor("Groups & people"), "groups-people");
}
