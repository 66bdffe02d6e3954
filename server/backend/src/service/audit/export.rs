//! Taking the trail out as CSV or JSON, in pieces: constant memory, however long it is.

mod csv;
mod json;

use std::collections::HashMap;

use chrono::TimeDelta;
use rolecall_shared::audit::{AuditQuery, ExportFormat};
use serde_json::json as detail;

use super::question::filter;
use crate::{
    Caller, Rolecall,
    authz::{self, AuditView},
    clock::timestamp,
    service::{
        Failure,
        limits::{self, Budget},
        sudo,
    },
    store::{Actor, AuditEdge, AuditFilter, AuditRow, Entry, Target},
};

/// Entries in one piece.
const PIECE: usize = 500;
/// How often one person may export from one workspace.
const BUDGET: Budget = Budget {
    name: "exports of the audit trail in an hour",
    most: 20,
    window: TimeDelta::hours(1),
};

/// An export that has begun.
pub struct Export {
    app: Rolecall,
    caller: Caller,
    slug: String,
    filter: AuditFilter,
    format: ExportFormat,
    /// What a file of it is called.
    pub file_name: String,
    /// The last entry that it holds: the one before the export's own.
    last: i64,
    after: Option<i64>,
    written: u64,
}

/// An entry with the link of the one before it.
struct Chained {
    row: AuditRow,
    before: Option<Vec<u8>>,
}

/// Begins an export of what a question asks for, oldest first, and writes down that it was made
/// (rule 67). It holds the entries of this moment. Needs `audit:view`.
///
/// # Errors
/// [`Failure::Invalid`] on `from`, `to` or `family`, [`Failure::ConfirmFirst`] without a fresh proof,
/// [`Failure::TooMany`] past the limit.
pub async fn export(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &AuditQuery,
    format: ExportFormat,
) -> Result<Export, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<AuditView>(app, &mut tx, caller, slug).await?;
    let filter = filter(query)?;
    sudo::need(app, caller)?;
    let key = limits::key(
        app,
        "audit-export",
        &format!("{slug}\0{}", caller.session.user),
    );
    BUDGET.take(&mut tx, &key, 1, now).await?;
    let last = tx.audit_newest(&proof).await?;
    let workspace = tx.workspace();
    let target = Target::new("workspace", workspace.id.0, workspace.name.clone());
    let asked = detail!({
        "format": format.name(),
        "up_to_entry": last,
        "filters": {
            "actor": query.actor,
            "target": query.target,
            "project": query.project,
            "kind_of_action": query.family,
            "from": query.from,
            "to": query.to,
        },
    });
    let entry = Entry::new("audit.exported", target, asked);
    tx.commit(now, &Actor::caller(caller), entry.into(), &[])
        .await?;
    Ok(Export {
        app: app.clone(),
        caller: caller.clone(),
        slug: slug.to_owned(),
        filter,
        format,
        file_name: format!("audit-{slug}-{}.{}", timestamp(now).day(), format.name()),
        last,
        after: Some(0),
        written: 0,
    })
}

impl Export {
    /// The type of the file.
    pub fn content_type(&self) -> &'static str {
        match self.format {
            ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat::Json => "application/json",
        }
    }

    /// The next piece of the file; `None` after the last. That the caller still may read the trail is
    /// asked again for each piece.
    ///
    /// # Errors
    /// When the permission is gone or the database does not answer: the file is not whole then.
    pub async fn next(&mut self) -> Result<Option<String>, Failure> {
        let Some(after) = self.after else {
            return Ok(None);
        };
        let mut piece = String::new();
        if after == 0 {
            self.begin(&mut piece);
        }
        let found = self.look(after).await?;
        self.after = found.1;
        for chained in found.0 {
            match self.format {
                ExportFormat::Csv => csv::row(&mut piece, &chained),
                ExportFormat::Json => json::row(&mut piece, &chained, self.written == 0),
            }
            self.written += 1;
        }
        if self.after.is_none() && self.format == ExportFormat::Json {
            piece.push_str(json::END);
        }
        Ok(Some(piece))
    }

    fn begin(&self, piece: &mut String) {
        match self.format {
            ExportFormat::Csv => csv::head(piece),
            ExportFormat::Json => piece.push_str(json::START),
        }
    }

    /// Entries after a number, and the number to go on after; `None`: these were the last.
    async fn look(&self, after: i64) -> Result<(Vec<Chained>, Option<i64>), Failure> {
        let mut db = self.app.store().read().await?;
        let proof =
            authz::authorize::<AuditView>(&self.app, &mut db, &self.caller, &self.slug).await?;
        let edge = AuditEdge::After(after);
        let looked = db.audit_look(&proof, &self.filter, edge, PIECE).await?;
        let rows = looked.rows.into_iter().filter(|row| row.seq <= self.last);
        let rows: Vec<AuditRow> = rows.collect();
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let links = db.links_before(&proof, &seqs).await?;
        let mut links: HashMap<i64, Option<Vec<u8>>> = links.into_iter().collect();
        let chained = rows.into_iter().map(|row| Chained {
            before: links.remove(&row.seq).flatten(),
            row,
        });
        let beyond = looked.beyond.filter(|beyond| *beyond < self.last);
        Ok((chained.collect(), beyond))
    }
}
