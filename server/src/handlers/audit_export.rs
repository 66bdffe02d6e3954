//! `/w/{slug}/audit/export`: the audit trail as a file, streamed in constant memory.
//!
//! A POST, because an export is written into the trail (rule 67).

use std::io;

use axum::{
    body::Body,
    extract::{Path, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rolecall_backend::service::{
    audit::{self, Export},
    denial,
};
use rolecall_shared::audit::{AuditQuery, ExportFormat};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    forms::{Posted, Visitor},
    problem::Problem,
};

/// Pieces that wait for a slow reader.
const WAITING: usize = 2;

/// What the form sends: the form of the file, and the question of the page.
#[derive(Deserialize)]
pub struct Fields {
    format: ExportFormat,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    project: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Fields {
    /// The question; `None` when an id is none: a file with more than was asked for would mislead.
    fn query(self) -> Option<AuditQuery> {
        Some(AuditQuery {
            actor: id(&self.actor).ok()?,
            target: id(&self.target).ok()?,
            project: id(&self.project).ok()?,
            family: some(self.family),
            from: some(self.from),
            to: some(self.to),
            cursor: None,
        })
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn id<T: std::str::FromStr>(text: &str) -> Result<Option<T>, T::Err> {
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some)
    }
}

/// Begins the export and streams it.
pub async fn submit(
    visitor: Visitor,
    slug: Result<Path<String>, PathRejection>,
    posted: Result<Posted<Fields>, Problem>,
) -> Response {
    let Some(caller) = visitor.caller() else {
        return Problem::not_signed_in().into_response();
    };
    let Ok(Path(slug)) = slug else {
        return Problem::not_found().into_response();
    };
    let posted = match posted {
        Ok(posted) => posted,
        Err(problem) => return problem.into_response(),
    };
    if let Err(error) = visitor.check(&posted) {
        return Problem::new(error.code, error.message).into_response();
    }
    let format = posted.fields.format;
    let Some(query) = posted.fields.query() else {
        return Problem::bare(StatusCode::BAD_REQUEST).into_response();
    };
    let (rolecall, request_id) = (visitor.rolecall(), caller.meta.request_id.clone());
    match audit::export(rolecall, &caller, &slug, &query, format).await {
        Ok(export) => stream(export, request_id),
        Err(failure) => {
            denial::record(rolecall, &caller, &slug, "export_audit", &failure).await;
            visitor.problem(&failure)
        }
    }
}

fn stream(mut export: Export, request_id: String) -> Response {
    let (kind, disposition) = (
        export.content_type(),
        format!("attachment; filename=\"{}\"", export.file_name),
    );
    let (sender, receiver) = mpsc::channel::<io::Result<String>>(WAITING);
    tokio::spawn(async move {
        loop {
            let piece = match export.next().await {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => return,
                Err(failure) => {
                    tracing::warn!(request_id, ?failure, "an export was broken off");
                    // Cuts the connection, so that nobody takes the part for the whole.
                    Err(io::Error::other("the export was broken off"))
                }
            };
            let is_last = piece.is_err();
            // The reader has gone away, or the file is cut here.
            if sender.send(piece).await.is_err() || is_last {
                return;
            }
        }
    });
    let mut response = Body::from_stream(ReceiverStream::new(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
