//! The people of a workspace.

use leptos::prelude::*;
use rolecall_shared::{
    member::{MemberQuery, MemberRow, TeamCounts, TeamFilters},
    page::Page,
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::members;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of the members list.
#[server(prefix = "/api", endpoint = "list_members", input = Json, output = Json, client = Reading)]
pub async fn list_members(slug: String, query: MemberQuery) -> Result<Page<MemberRow>, ApiFailure> {
    super::look(&slug, "list_members", async |app, caller, glance| {
        members::list(app, caller, glance, &slug, &query).await
    })
    .await
}

/// The numbers above the lists.
#[server(name = LoadTeamCounts, prefix = "/api", endpoint = "team_counts", input = Json, output = Json, client = Reading)]
pub async fn team_counts(slug: String) -> Result<TeamCounts, ApiFailure> {
    super::look(&slug, "team_counts", async |app, caller, glance| {
        members::counts(app, caller, glance, &slug).await
    })
    .await
}

/// What the filters of the lists offer.
#[server(name = LoadTeamFilters, prefix = "/api", endpoint = "team_filters", input = Json, output = Json, client = Reading)]
pub async fn team_filters(slug: String) -> Result<TeamFilters, ApiFailure> {
    super::look(&slug, "team_filters", async |app, caller, glance| {
        members::filters(app, caller, glance, &slug).await
    })
    .await
}
