//! The REST interface, asked by programs.

mod audit;
mod document;
mod foundation;
mod groups;
mod invitations;
mod members;
mod membership;
mod overrides;
mod people;
mod previews;
mod projects;
mod resources;
mod roles;
mod tokens;
mod workspaces;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, Method, Request, header},
};
use rolecall_server::middleware::client_address::Peer;
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Member},
    program::Program,
    world::{ORIGIN, World},
};

/// Where the workspace of these tests is.
pub const ACME: &str = "/api/v1/workspaces/acme";

/// A program that uses the REST interface; paths are those below the workspace.
pub struct Api(pub Program);

/// What a request brings beside method, path and token.
#[derive(Default)]
pub struct With {
    headers: HeaderMap,
    body: Option<String>,
}

impl With {
    pub fn body(body: &Value) -> Self {
        Self::text(&body.to_string()).header("content-type", "application/json")
    }

    pub fn text(body: &str) -> Self {
        Self {
            body: Some(body.to_owned()),
            ..Self::default()
        }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.append(name, value.parse().unwrap());
        self
    }

    pub fn version(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
}

impl Api {
    /// With a token of Ana's, who owns the workspace, limited to these permissions.
    pub async fn of(world: &World, ana: &Member, permissions: Value) -> Self {
        Self(Program::of(world, ana, permissions).await)
    }

    pub async fn send(&self, method: Method, path: &str, with: With) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.0.token))
            .extension(Peer(self.0.wire.address));
        for (name, value) in &with.headers {
            request = request.header(name, value);
        }
        let body = with.body.map_or_else(Body::empty, Body::from);
        self.0.wire.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, below: &str) -> Answer {
        self.send(Method::GET, &format!("{ACME}{below}"), With::default())
            .await
    }

    pub async fn post(&self, below: &str, with: With) -> Answer {
        self.send(Method::POST, &format!("{ACME}{below}"), with)
            .await
    }

    pub async fn put(&self, below: &str, with: With) -> Answer {
        self.send(Method::PUT, &format!("{ACME}{below}"), with)
            .await
    }

    pub async fn delete(&self, below: &str, with: With) -> Answer {
        self.send(Method::DELETE, &format!("{ACME}{below}"), with)
            .await
    }

    /// Makes something; gives its path below the workspace.
    #[track_caller]
    pub fn made(answer: &Answer) -> String {
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
        let place = answer.location().strip_prefix(ORIGIN).unwrap();
        let id = answer.json::<Value>()["id"].as_str().unwrap().to_owned();
        assert!(place.ends_with(&format!("/{id}")), "{place}");
        place.strip_prefix(ACME).unwrap().to_owned()
    }
}

/// What the trail tells, the newest first.
pub async fn actions(ana: &Member) -> Vec<String> {
    let query = json!({
        "actor": null, "target": null, "family": null, "project": null, "from": null, "to": null, "cursor": null,
    });
    let order = json!({ "slug": "acme", "query": query });
    let page: Value = ana.call("list_audit", order).await.expect(200).json();
    let rows = page["page"]["rows"].as_array().unwrap().iter();
    rows.map(|row| row["action"].as_str().unwrap().to_owned())
        .collect()
}
