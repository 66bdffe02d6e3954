//! One entry: what was done in words, to what, how it was before and after, and all the rest on demand.

use leptos::prelude::*;
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId,
    audit::{AuditChange, AuditEntry, AuditQuery, AuditTarget, TargetPage},
};

use crate::{
    components::{markup::Markup, time::when_exactly},
    paths,
};

/// Changes that stand in the row; further ones are among the details.
const SHOWN: usize = 3;

/// A row of the table.
pub fn row(slug: &str, query: &AuditQuery, entry: AuditEntry) -> AnyView {
    let what = what(slug, query, &entry).into_html();
    let who = Markup::new()
        .tags(r#"<span class="rc-audit-who">"#)
        .text(&entry.actor);
    let who = match &entry.viewing_as {
        Some(viewed) => who.tags(", viewing as ").text(viewed),
        None => who,
    };
    let who = who.tags("</span>").into_html();
    view! {
        <tr id=format!("entry-{}", entry.seq)>
            <th scope="row" data-col="main" inner_html=what></th>
            <td data-col="meta" inner_html=who></td>
            <td data-col="when">{when_exactly(entry.at)}</td>
        </tr>
    }
    .into_any()
}

fn what(slug: &str, query: &AuditQuery, entry: &AuditEntry) -> Markup {
    let start = Markup::new()
        .tags(r#"<p class="rc-audit-what">"#)
        .text(&entry.what)
        .tags(r#"</p><p class="rc-audit-target">"#)
        .text(&entry.target.kind)
        .tags(" ");
    let mut html = named(start, slug, &entry.target).tags("</p>");
    let (shown, rest) = entry.changes.split_at(entry.changes.len().min(SHOWN));
    html = changes(html, shown);
    details(html, slug, query, entry, rest)
}

fn named(into: Markup, slug: &str, target: &AuditTarget) -> Markup {
    let page = target.page.zip(target.id).map(|(page, id)| match page {
        TargetPage::Member => paths::member(slug, MemberId(id)),
        TargetPage::Role => paths::role(slug, RoleId(id)),
        TargetPage::Group => paths::group(slug, GroupId(id)),
        TargetPage::Project => paths::project_base(slug, ProjectId(id)),
    });
    match page {
        Some(page) => into
            .tags(r#"<a class="rc-link" href=""#)
            .text(&page)
            .tags(r#"">"#)
            .text(&target.name)
            .tags("</a>"),
        None => into.tags("<b>").text(&target.name).tags("</b>"),
    }
}

fn changes(into: Markup, changes: &[AuditChange]) -> Markup {
    if changes.is_empty() {
        return into;
    }
    let start = into.tags(r#"<dl class="rc-audit-changes">"#);
    let all = changes.iter().fold(start, |html, change| {
        let html = html
            .tags("<div><dt>")
            .text(&change.what)
            .tags("</dt><dd>");
        let html = match (&change.before, &change.after) {
            (Some(before), Some(after)) => html
                .tags(r#"<span class="sr-only">before: </span><del>"#)
                .text(before)
                .tags(r#"</del> <span aria-hidden="true">→</span> <span class="sr-only">after: </span><ins>"#)
                .text(after)
                .tags("</ins>"),
            (Some(before), None) => html
                .tags(r#"<span class="sr-only">before: </span><del>"#)
                .text(before)
                .tags("</del>"),
            (None, after) => html
                .tags("<ins>")
                .text(after.as_deref().unwrap_or("–"))
                .tags("</ins>"),
        };
        html.tags("</dd></div>")
    });
    all.tags("</dl>")
}

/// What is rarely asked for: it opens without script.
fn details(
    into: Markup,
    slug: &str,
    query: &AuditQuery,
    entry: &AuditEntry,
    rest: &[AuditChange],
) -> Markup {
    let number = entry.seq.to_string();
    let start = into
        .tags(
            r#"<details class="rc-audit-details"><summary>Details<span class="sr-only"> of entry "#,
        )
        .text(&number)
        .tags("</span></summary>");
    let session = entry.session.map(|id| id.to_string());
    let facts = [
        ("Entry", Some(number.as_str())),
        ("Action", Some(entry.action.as_str())),
        ("Address", Some(entry.address.as_str())),
        ("Browser", Some(entry.user_agent.as_str())),
        ("Session", session.as_deref()),
        ("Request", Some(entry.request_id.as_str())),
        (
            "Link in the chain",
            entry
                .hash
                .as_deref()
                .or(Some("none: from before there was a chain")),
        ),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    let list = facts.fold(
        changes(start, rest).tags(r#"<dl class="rc-audit-facts">"#),
        |html, (name, value)| {
            html.tags("<div><dt>")
                .tags(name)
                .tags("</dt><dd>")
                .text(value)
                .tags("</dd></div>")
        },
    );
    only(list.tags("</dl>"), slug, query, entry).tags("</details>")
}

/// Ways to a list of what the same person did, and of what was done to the same thing.
fn only(into: Markup, slug: &str, query: &AuditQuery, entry: &AuditEntry) -> Markup {
    let start = query.from_start();
    let by = entry
        .actor_id
        .filter(|_| query.actor.is_none())
        .map(|actor| {
            let actor = Some(actor);
            paths::audit(
                slug,
                &AuditQuery {
                    actor,
                    ..start.clone()
                },
            )
        });
    let about = entry
        .target
        .id
        .filter(|_| query.target.is_none())
        .map(|target| {
            let target = Some(target);
            paths::audit(
                slug,
                &AuditQuery {
                    target,
                    ..start.clone()
                },
            )
        });
    let link = |html: Markup, page: Option<String>, words: &'static str, name: &str| match page {
        Some(page) => html
            .tags(r#"<a class="rc-link" href=""#)
            .text(&page)
            .tags(r#"">"#)
            .tags(words)
            .text(name)
            .tags("</a>"),
        None => html,
    };
    let html = into.tags(r#"<p class="rc-audit-only">"#);
    let html = link(html, by, "Only by ", &entry.actor);
    link(html, about, "Only about ", &entry.target.name).tags("</p>")
}
