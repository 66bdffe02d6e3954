//! Reading the trail: filters and pages agree with a naive evaluation, an export with the pages, and
//! reading is written down.

use chrono::TimeDelta;
use rolecall_backend::{
    service::{Failure, audit, denial},
    store::AuditRow,
};
use rolecall_shared::{
    MemberId, UserId,
    audit::{AuditEntry, AuditPage, AuditQuery, ExportFormat, TargetPage},
    group::GroupDraft,
    permission::CorePermission,
};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{
    World,
    actors::{Owner, Person},
    answers::Refusal as _,
    both,
};

impl Person {
    async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, Failure> {
        audit::page(&self.world.app, &self.caller, &self.slug, query).await
    }

    /// All entries that a question finds, walked forward and back.
    async fn walk(&self, query: &AuditQuery) -> Vec<AuditEntry> {
        let at = |cursor: Option<String>| AuditQuery {
            cursor,
            ..query.clone()
        };
        let mut page = self.audit(query).await.unwrap().page;
        assert!(page.previous.is_none());
        let mut found = page.rows.clone();
        let mut pages = vec![page.rows];
        let mut back = None;
        while let Some(next) = page.next {
            page = self.audit(&at(Some(next))).await.unwrap().page;
            found.extend(page.rows.clone());
            pages.push(page.rows);
            back = page.previous;
        }
        pages.pop();
        while let Some(previous) = back {
            let page = self.audit(&at(Some(previous))).await.unwrap().page;
            assert_eq!(Some(page.rows), pages.pop(), "the way back is the same");
            assert!(page.next.is_some());
            back = page.previous;
        }
        assert!(pages.is_empty());
        found
    }

    async fn exported(&self, query: &AuditQuery, format: ExportFormat) -> String {
        let (app, caller) = (&self.world.app, &self.caller);
        let mut export = audit::export(app, caller, &self.slug, query, format)
            .await
            .unwrap();
        let mut text = String::new();
        while let Some(piece) = export.next().await.unwrap() {
            text.push_str(&piece);
        }
        text
    }
}

/// A workspace in which several people did several things on several days.
async fn busy(world: &World) -> (Owner, Person, MemberId, Uuid) {
    let owner = world.owner().await;
    let ben = owner
        .enrol("Ben Okafor", "ben@example.org", "Admin")
        .await
        .0;
    let project = owner.project("Storefront").await;
    let member = owner.member_id("ben@example.org").await;
    for n in 0..70 {
        if n % 10 == 0 {
            world.advance(TimeDelta::hours(7));
        }
        let person = if n % 3 == 0 { &ben } else { &owner.0 };
        match n % 7 {
            0 => {
                person
                    .makes(
                        project,
                        &crate::support::work::thing("instances", &format!("web-{n}")),
                    )
                    .await
                    .unwrap();
            }
            1 => {
                person.project(&format!("Project {n}")).await;
            }
            _ => {
                // The limits on invitations are not what this is about.
                world
                    .database
                    .change("DELETE FROM throttles WHERE key NOT LIKE 'audit%'", &[])
                    .await;
                person
                    .invite(&format!("guest{n}@example.org"), "Viewer")
                    .await;
            }
        }
    }
    (owner, ben, member, project.0)
}

/// What a question finds, by looking at every row.
fn naive(
    rows: &[AuditRow],
    query: &AuditQuery,
    concerns: impl Fn(&AuditRow, Uuid) -> bool,
) -> Vec<i64> {
    let day = |row: &AuditRow| row.at.format("%Y-%m-%d").to_string();
    let found = rows.iter().filter(|row| {
        let detail: Value = serde_json::from_str(&row.detail).unwrap();
        let project = detail["project_id"].as_str().and_then(|id| id.parse().ok());
        let project = project.or(row.target_id.filter(|_| row.target_kind == "project"));
        query
            .actor
            .is_none_or(|actor| row.actor_id == Some(actor.0))
            && query.target.is_none_or(|target| concerns(row, target))
            && query.project.is_none_or(|wanted| project == Some(wanted.0))
            && query
                .family
                .as_ref()
                .is_none_or(|family| row.action.starts_with(&format!("{family}.")))
            && query.from.as_ref().is_none_or(|from| day(row) >= *from)
            && query.to.as_ref().is_none_or(|to| day(row) <= *to)
    });
    found.map(|row| row.seq).rev().collect()
}

both! {
    async fn filters_and_pages_agree_with_a_look_at_every_row(world: World) {
        let (owner, ben, _, project) = busy(&world).await;
        // The reading itself is the last entry.
        owner.audit(&AuditQuery::default()).await.unwrap();
        let rows = world.trail(Some(owner.workspace().await)).await;
        let (first, last) = (rows[0].at, rows[rows.len() - 1].at);
        let days: Vec<Option<String>> = [None, Some(first), Some(first + (last - first) / 2), Some(last)]
            .map(|at| at.map(|at| at.format("%Y-%m-%d").to_string()))
            .into();
        let target = rows.iter().find(|r| r.action == "invitation.created").unwrap().target_id;
        let mut asked = 0;
        for actor in [None, Some(ben.caller.session.user), Some(UserId(Uuid::nil()))] {
            for family in [None, Some("invitation"), Some("resource"), Some("nothing")] {
                for in_project in [None, Some(project)] {
                    for (from, to) in [(0, 0), (1, 2), (2, 3), (3, 0), (0, 1)] {
                        let query = AuditQuery {
                            actor,
                            family: family.map(str::to_owned),
                            project: in_project.map(Into::into),
                            from: days[from].clone(),
                            to: days[to].clone(),
                            ..AuditQuery::default()
                        };
                        let found = owner.walk(&query).await;
                        let seqs: Vec<i64> = found.iter().map(|entry| entry.seq).collect();
                        assert_eq!(seqs, naive(&rows, &query, |_, _| true), "{query:?}");
                        asked += 1;
                    }
                }
            }
        }
        assert_eq!(asked, 120);
        let query = AuditQuery { target, ..AuditQuery::default() };
        let found = owner.walk(&query).await;
        let concerns = |row: &AuditRow, id| row.target_id == Some(id);
        assert_eq!(found.len(), naive(&rows, &query, concerns).len());
        assert!(found.iter().all(|entry| entry.target.id == target));
    }

    async fn several_filters_together_look_through_a_part_at_a_time_and_miss_nothing(world: World) {
        let owner = world.owner().await;
        let workspace = owner.workspace().await;
        // Far more rows of one person than are looked through at once; few of them of one family.
        let actor = owner.caller.session.user;
        let terms = "INSERT INTO audit_terms (workspace_id, term, seq) VALUES ($1, $2, $3)";
        let row = "INSERT INTO audit_events (workspace_id, seq, at, actor_kind, actor_id, actor_label, action,
               target_kind, target_label, detail, address, user_agent, request_id)
             SELECT workspace_id, $2, at, actor_kind, actor_id, actor_label, $3, target_kind, target_label, '{}',
               address, user_agent, request_id FROM audit_events WHERE workspace_id = $1 AND seq = 1";
        for seq in 2..2_600_i64 {
            let rare = seq % 1_000 == 7;
            let action = if rare { "role.created" } else { "group.created" };
            world.database.change(row, &[workspace.into(), seq.into(), action.into()]).await;
            let family = if rare { "frole" } else { "fgroup" };
            for term in [format!("a{}", actor.0.simple()), family.to_owned()] {
                world.database.change(terms, &[workspace.into(), term.into(), seq.into()]).await;
            }
        }
        world.database.change("UPDATE workspaces SET audit_seq = 2599 WHERE id = $1", &[workspace.into()]).await;
        let query = AuditQuery { actor: Some(actor), family: Some("role".into()), ..AuditQuery::default() };
        let first = owner.audit(&query).await.unwrap();
        assert!(first.looked_to.is_some() && first.page.next.is_some(), "{first:?}");
        let mut seqs: Vec<i64> = first.page.rows.iter().map(|entry| entry.seq).collect();
        let mut next = first.page.next;
        while let Some(cursor) = next {
            let at = AuditQuery { cursor: Some(cursor), ..query.clone() };
            let page = owner.audit(&at).await.unwrap().page;
            seqs.extend(page.rows.iter().map(|entry| entry.seq));
            next = page.next;
        }
        assert_eq!(seqs, [2_007, 1_007, 7]);
        let exported = owner.exported(&query, ExportFormat::Json).await;
        let exported: Vec<Value> = serde_json::from_str(&exported).unwrap();
        let exported: Vec<i64> = exported.iter().filter_map(|entry| entry["seq"].as_i64()).collect();
        assert_eq!(exported, [7, 1_007, 2_007]);
    }

    async fn the_history_of_a_member_has_what_was_done_to_them_and_what_they_did(world: World) {
        let owner = world.owner().await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Admin").await.0;
        let member = owner.member_id("ben@example.org").await;
        let draft = GroupDraft {
            name: "Night shift".into(),
            description: String::new(),
            permissions: vec!["instances:view".into()],
        };
        let group = owner.create_group(&draft).await.unwrap();
        owner.add_to_group(group, &[member], None).await.unwrap();
        let project = ben.project("Storefront").await;
        owner.override_with(project, "ben@example.org", &["instances:view"]).await;
        let about = AuditQuery { target: Some(member.0), ..AuditQuery::default() };
        let page = owner.audit(&about).await.unwrap();
        let actions: Vec<&str> = page.page.rows.iter().map(|e| e.action.as_str()).collect();
        assert_eq!(actions, ["override.set", "group.members_added"]);
        let subject = page.subject.unwrap();
        assert_eq!((subject.member, subject.user), (member, ben.caller.session.user));
        assert_eq!(page.page.rows[0].target.page, Some(TargetPage::Member));
        assert_eq!(page.page.rows[1].target.page, Some(TargetPage::Group));
        assert!(page.page.rows[1].changes.iter().any(|change| change.what == "New in the group"));
        let by = AuditQuery { actor: Some(subject.user), ..AuditQuery::default() };
        let page = owner.audit(&by).await.unwrap();
        assert_eq!(page.page.rows[0].action, "project.created");
        assert_eq!(page.subject.unwrap().member, member);
    }

    async fn reading_is_one_entry_per_session_and_hour(world: World) {
        let owner = world.owner().await;
        let reads = async || {
            let actions = owner.actions().await;
            actions.into_iter().filter(|action| action == "audit.read").count()
        };
        for _ in 0..3 {
            owner.audit(&AuditQuery::default()).await.unwrap();
        }
        assert_eq!(reads().await, 1);
        let again = Person::new(&world, owner.slug.clone(), world.session_of(crate::support::world::OWNER).await);
        again.audit(&AuditQuery::default()).await.unwrap();
        assert_eq!(reads().await, 2, "another session");
        world.advance(TimeDelta::minutes(61));
        owner.audit(&AuditQuery::default()).await.unwrap();
        assert_eq!(reads().await, 3, "another hour");
        assert!(audit::verify(&world.app, &[]).await.unwrap().is_whole());
    }

    async fn who_may_not_read_it_is_refused_and_that_is_written_down(world: World) {
        let owner = world.owner().await;
        let eve = owner.enrol("Eve", "eve@example.org", "Viewer").await.0;
        let app = &world.app;
        let query = AuditQuery::default();
        let refusals = [
            audit::page(app, &eve.caller, &eve.slug, &query).await.map(drop),
            audit::newer(app, &eve.caller, &eve.slug, &query, 0).await.map(drop),
            audit::filters(app, &eve.caller, &eve.slug).await.map(drop),
            audit::export(app, &eve.caller, &eve.slug, &query, ExportFormat::Csv).await.map(drop),
        ];
        for refused in refusals {
            let failure = refused.unwrap_err();
            assert!(matches!(failure, Failure::Denied(CorePermission::AuditView)), "{failure:?}");
            denial::record(app, &eve.caller, &eve.slug, "list_audit", &failure).await;
        }
        let denied = owner.actions().await.into_iter().filter(|a| a == "access.denied").count();
        assert_eq!(denied, 4);
    }

    async fn another_workspace_is_not_there_and_its_ids_find_nothing(world: World) {
        let (owner, _, member, project) = busy(&world).await;
        let other = world.another_owner("ola@example.org", "Harbour", "cloud-account").await;
        let refused = audit::page(&world.app, &other.caller, &owner.slug, &AuditQuery::default()).await;
        refused.map(drop).not_found();
        for query in [
            AuditQuery { target: Some(member.0), ..AuditQuery::default() },
            AuditQuery { project: Some(project.into()), ..AuditQuery::default() },
            AuditQuery { actor: Some(owner.caller.session.user), ..AuditQuery::default() },
        ] {
            let page = other.audit(&query).await.unwrap();
            assert_eq!((page.page.rows.len(), page.subject, page.target), (0, None, None));
        }
    }

    async fn an_export_holds_what_the_pages_show_and_is_written_down(world: World) {
        let (owner, ben, ..) = busy(&world).await;
        for query in [
            AuditQuery::default(),
            AuditQuery { actor: Some(ben.caller.session.user), family: Some("invitation".into()), ..AuditQuery::default() },
        ] {
            let json = owner.confirmed().exported(&query, ExportFormat::Json).await;
            let entries: Vec<Value> = serde_json::from_str(&json).unwrap();
            let mut shown: Vec<AuditEntry> = owner.walk(&query).await;
            shown.reverse();
            // What came after the export is not in it.
            shown.truncate(entries.len());
            assert!(entries.len() > 10);
            for (entry, shown) in entries.iter().zip(&shown) {
                assert_eq!(entry["seq"], shown.seq);
                assert_eq!(entry["action"], shown.action.as_str());
                assert_eq!(entry["hash"].as_str(), shown.hash.as_deref());
                assert_eq!(entry["address"], shown.address.as_str());
            }
            let csv = owner.confirmed().exported(&query, ExportFormat::Csv).await;
            let lines: Vec<&str> = csv.trim_end().split("\r\n").collect();
            assert!(lines.len() > entries.len() && lines[0].starts_with("seq,time,"));
            for (line, entry) in lines[1..].iter().zip(&entries) {
                assert!(line.starts_with(&format!("\"{}\",", entry["seq"])), "{line}");
                assert!(line.contains(entry["hash"].as_str().unwrap()));
            }
        }
        let json = owner.confirmed().exported(&AuditQuery::default(), ExportFormat::Json).await;
        let entries: Vec<Value> = serde_json::from_str(&json).unwrap();
        for pair in entries.windows(2) {
            assert_eq!(pair[1]["prev_hash"], pair[0]["hash"], "each names the one before");
        }
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), detail["format"].as_str()), ("audit.exported", Some("json")));
        assert_eq!(detail["up_to_entry"], entries.last().unwrap()["seq"]);
    }

    async fn an_export_ends_when_the_permission_does_and_there_is_a_limit(world: World) {
        let owner = world.owner().await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Admin").await.0;
        let query = AuditQuery::default();
        let begin = async || audit::export(&world.app, &ben.caller, &ben.slug, &query, ExportFormat::Csv).await;
        let mut export = begin().await.unwrap();
        let change = "UPDATE members SET status = 'suspended' WHERE email_key = 'ben@example.org'";
        world.database.change(change, &[]).await;
        assert!(export.next().await.is_err(), "the file is not finished");
        let change = "UPDATE members SET status = 'active'";
        world.database.change(change, &[]).await;
        for _ in 0..19 {
            begin().await.unwrap();
        }
        let Err(Failure::TooMany { message, .. }) = begin().await.map(drop) else {
            panic!("there is no limit");
        };
        assert!(message.contains("20 exports of the audit trail in an hour"), "{message}");
    }

    async fn checkpoints_find_an_end_that_was_cut_off_with_all_that_tells_of_it(world: World) {
        let owner = world.owner().await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("checkpoints.jsonl");
        owner.invite("amara@example.org", "Viewer").await;
        world.session_of(crate::support::world::OWNER).await;
        let written = audit::write_all(&world.app, Some(&file)).await.unwrap();
        assert_eq!(written, 2, "of the workspace and of the installation");
        assert_eq!(audit::write_all(&world.app, Some(&file)).await.unwrap(), 0, "nothing is new");
        let cut = owner.actions().await.len();
        for n in 0..5 {
            owner.invite(&format!("guest{n}@example.org"), "Viewer").await;
        }
        assert_eq!(audit::write_all(&world.app, Some(&file)).await.unwrap(), 1);
        let lines = std::fs::read_to_string(&file).unwrap();
        let kept: Vec<_> = lines.lines().map(|line| audit::Checkpoint::parse(line).unwrap()).collect();
        assert_eq!(kept.len(), 3);
        let report = audit::verify(&world.app, &kept).await.unwrap();
        assert!(report.is_whole(), "{report:?}");

        // Everything after the first checkpoint is taken away, the counter and the table too.
        let workspace = owner.workspace().await;
        let cut = i64::try_from(cut).unwrap();
        world.without_guards().await;
        let args = [workspace.into(), cut.into()];
        for sql in [
            "DELETE FROM audit_events WHERE workspace_id = $1 AND seq > $2",
            "DELETE FROM audit_checkpoints WHERE workspace_id = $1 AND seq > $2",
            "UPDATE workspaces SET audit_seq = $2, audit_head = (SELECT hash FROM audit_events
               WHERE workspace_id = $1 AND seq = $2) WHERE id = $1",
        ] {
            world.database.change(sql, &args).await;
        }
        assert!(audit::verify(&world.app, &[]).await.unwrap().is_whole(), "by itself it looks whole");
        let report = audit::verify(&world.app, &kept).await.unwrap();
        let found = &report.trails[1].findings;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].from, found[0].to), (cut + 1, cut + 5));
        assert_eq!(found[0].damage, audit::Damage::Truncated);

        // A line that somebody made up is no checkpoint.
        let mut forged = kept[2].clone();
        forged.seq = 1_000;
        assert!(!audit::verify(&world.app, &[forged]).await.unwrap().strangers.is_empty());
    }
}
