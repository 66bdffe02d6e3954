//! The audit trail.

use leptos::prelude::*;
use rolecall_shared::audit::{AuditFilters, AuditPage, AuditQuery};

#[cfg(feature = "ssr")]
use rolecall_backend::service::audit;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of the trail, newest first.
#[server(prefix = "/api", endpoint = "list_audit", input = Json, output = Json, client = Reading)]
pub async fn list_audit(slug: String, query: AuditQuery) -> Result<AuditPage, ApiFailure> {
    super::read(&slug, "list_audit", async |app, caller| {
        audit::page(app, caller, &slug, &query).await
    })
    .await
}

/// What the filters of the trail offer.
#[server(name = LoadAuditFilters, prefix = "/api", endpoint = "audit_filters", input = Json, output = Json, client = Reading)]
pub async fn audit_filters(slug: String) -> Result<AuditFilters, ApiFailure> {
    super::read(&slug, "audit_filters", async |app, caller| {
        audit::filters(app, caller, &slug).await
    })
    .await
}

/// How many entries came after a number, up to a hundred.
#[server(name = CountNewerEntries, prefix = "/api", endpoint = "audit_newer", input = Json, output = Json, client = Reading)]
pub async fn audit_newer(slug: String, query: AuditQuery, seq: i64) -> Result<usize, ApiFailure> {
    super::read(&slug, "audit_newer", async |app, caller| {
        audit::newer(app, caller, &slug, &query, seq).await
    })
    .await
}
