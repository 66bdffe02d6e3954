//! What the log holds: every request with its id, and nothing secret. A program of its own, because
//! who listens to the log is decided per process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can not go on has failed"
)]

#[expect(
    dead_code,
    reason = "shared with the tests in http/, which use all of it"
)]
#[path = "http/browser.rs"]
mod browser;
#[expect(
    dead_code,
    reason = "shared with the tests in http/, which use all of it"
)]
#[path = "http/world.rs"]
mod world;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use rolecall_server::{
    config::{LogFormat, LogSettings},
    telemetry,
};
use tracing::instrument::WithSubscriber as _;

use crate::world::{PASSWORD, World};

/// A place for log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn story() -> Vec<String> {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger().join(&sent, "Ben").await;
    ben.get("/w/acme/members?search=topsecret").await;
    world
        .stranger()
        .get(&format!("{}x?code=topsecret", sent.path()))
        .await;
    let session = ana.cookie("__Host-rolecall").unwrap();
    let form = ben.cookie("__Host-rolecall-form").unwrap();
    vec![
        sent.token,
        session,
        form,
        PASSWORD.to_owned(),
        "topsecret".to_owned(),
    ]
}

#[tokio::test]
async fn each_line_of_a_request_has_its_id_and_no_secret() {
    for format in [LogFormat::Json, LogFormat::Text] {
        let lines = Lines::default();
        let writer = lines.clone();
        let settings = LogSettings {
            filter: "trace".to_owned(),
            format,
        };
        let subscriber = telemetry::subscriber(&settings, move || writer.clone(), false);
        let secrets = story().with_subscriber(subscriber).await;
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        for secret in secrets {
            let line = text.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "a secret is in the log");
        }
        let answered: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("answered"))
            .collect();
        assert!(answered.len() >= 8, "{text}");
        assert!(answered.iter().any(|line| line.contains("/invite/{token}")));
        for line in answered {
            assert!(line.contains("\"id\":\"") || line.contains("id="), "{line}");
        }
    }
}
