//! Programs: they have a token and nothing of a browser.

use axum::{
    body::Body,
    http::{Request, header},
};
use rolecall_server::middleware::client_address::Peer;
use serde_json::{Value, json};

use crate::{
    browser::{Anonymous, Answer, Member},
    world::World,
};

/// One question.
pub const ONE: &str = "/access/v1/evaluation";
/// Several at once.
pub const SEVERAL: &str = "/access/v1/evaluations";

/// A program: a token, and nothing of a browser.
pub struct Program {
    pub wire: Anonymous,
    pub token: String,
}

impl Program {
    pub fn new(world: &World, token: &str) -> Self {
        Self {
            wire: world.stranger(),
            token: token.to_owned(),
        }
    }

    /// One with a token of Ana's with these permissions.
    pub async fn of(world: &World, ana: &Member, permissions: Value) -> Self {
        let (_, secret) = ana.token("Gateway", permissions).await;
        Self::new(world, &secret)
    }

    pub fn request(&self, path: &str) -> axum::http::request::Builder {
        Request::post(path)
            .header(header::HOST, "127.0.0.1:3000")
            .extension(Peer(self.wire.address))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
    }

    pub async fn send(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = self.request(path).body(body.into()).unwrap();
        self.wire.send(request).await
    }

    pub async fn ask(&self, path: &str, body: Value) -> Answer {
        self.send(path, body.to_string()).await
    }

    pub async fn may(&self, subject: &str, action: &str, kind: &str, resource: &str) -> Value {
        let answer = self
            .ask(ONE, question(subject, action, kind, resource))
            .await;
        answer.expect(200).json()
    }
}

pub fn question(subject: &str, action: &str, kind: &str, resource: &str) -> Value {
    json!({
        "subject": { "type": "user", "id": subject },
        "action": { "name": action },
        "resource": { "type": kind, "id": resource },
    })
}

/// A problem as RFC 9457 has it.
#[track_caller]
pub fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let told: Value = answer.json();
    assert_eq!(told["status"], status);
    assert!(told["detail"].as_str().unwrap().len() > 10, "{told}");
    told
}
