//! What decisions are made from: always what there is now, whoever changes it and how (rules 30 and 31, F14).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rolecall_backend::{
    Rolecall,
    service::{
        Failure,
        decisions::{self, Question, Semantic},
    },
};
use rolecall_shared::{
    MemberId, ProjectId,
    access::{GrantView, GroupMembership, MemberAccess},
    permission::Scope,
    policy::{self, Subject},
};

use crate::support::{
    World,
    actors::{Owner, Person},
    answers::Refusal as _,
    both,
    grants::{group_draft, platform, role_draft},
    tokens::token_draft,
};

const GUS: &str = "gus@example.org";

/// Everything that can be asked about a member: each cell, in the workspace and in each project.
fn questions(
    owner_page: &rolecall_shared::access::MemberPage,
    projects: &[ProjectId],
) -> Vec<(Question, policy::Place, rolecall_shared::catalogue::Bit)> {
    let mut all = Vec::new();
    for (row, action, bit) in owner_page.catalogue.cells() {
        let question = Question {
            subject_type: "user".into(),
            subject: owner_page.member.id.to_string(),
            action: action.name().into(),
            resource_type: row.key.clone(),
            resource: "anything".into(),
            project: None,
        };
        if row.scope == Scope::Workspace {
            all.push((question, policy::Place::Workspace, bit));
            continue;
        }
        for project in projects {
            let mut question = question.clone();
            if row.key == "projects" {
                question.resource = project.to_string();
            } else {
                question.project = Some(project.to_string());
            }
            all.push((question, owner_page.place(Some(*project)), bit));
        }
    }
    all
}

/// Holds that a program is answered what the console enforces and explains, about everybody.
async fn agrees(owner: &Owner, program: &Person, projects: &[ProjectId], after: &str) {
    let members = owner.all_members().await.unwrap().rows;
    for member in members {
        let page = owner.page_of(member.id).await.unwrap();
        let held = page.holdings();
        let asked = questions(&page, projects);
        let only: Vec<Question> = asked
            .iter()
            .map(|(question, ..)| question.clone())
            .collect();
        let (app, caller) = (&program.world.app, &program.caller);
        let answers = decisions::decide(app, caller, &program.slug, &only, Semantic::ExecuteAll);
        for (answer, (question, place, bit)) in answers.await.unwrap().iter().zip(&asked) {
            let subject = Subject::member(&held);
            let allowed = page.suspension.is_none()
                && policy::allowed(&page.catalogue, subject, *place, *bit, page.at);
            assert_eq!(answer.decision, allowed, "after {after}: {question:?}");
        }
    }
}

/// What Gus may do, in one word.
fn manages(subject: &str) -> Question {
    Question {
        subject_type: "user".into(),
        subject: subject.into(),
        action: "manage".into(),
        resource_type: "team".into(),
        resource: "x".into(),
        project: None,
    }
}

async fn may(program: &Person, question: &Question) -> Result<bool, Failure> {
    may_at(&program.world.app, program, question).await
}

async fn may_at(app: &Rolecall, program: &Person, question: &Question) -> Result<bool, Failure> {
    let asked = std::slice::from_ref(question);
    let caller = &program.caller;
    let answers =
        decisions::decide(app, caller, &program.slug, asked, Semantic::ExecuteAll).await?;
    Ok(answers[0].decision)
}

async fn id_of(owner: &Owner, email: &str) -> MemberId {
    owner.member(email).await.unwrap().id
}

both! {
    async fn whatever_changes_the_next_answer_is_what_the_console_enforces(world: World) {
        let owner = platform(&world).await;
        let secret = owner.token(&token_draft("Gateway", None)).await.secret;
        let program = world.program(&secret).await.unwrap();
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:view", "logs:view"]).await;
        let pia = owner.enrol("Pia Ra", "pia@example.org", "Developer").await;
        let (shop, barn) = (owner.project("Shop").await, owner.project("Barn").await);
        let (gus_id, pia_id) = (gus.me().await, pia.me().await);
        let projects = [shop, barn];
        let check = async |after: &str| agrees(&owner, &program, &projects, after).await;
        check("the beginning").await;
        owner.makes_owner(&pia).await;
        check("a second owner").await;

        let role = owner.role_card("Role of Gus Ek").await;
        let more = role_draft("Role of Gus Ek", &["team:view", "team:manage", "domains:manage"]);
        owner.update_role(role.id, role.version, &more).await.unwrap();
        check("a role that gives more").await;
        let group = owner.create_group(&group_draft("QA", &["resources:manage"])).await.unwrap();
        owner.add_to_group(group, &[gus_id, pia_id], Some(world.in_hours(2))).await.unwrap();
        check("a group for two hours").await;
        let card = owner.group_card("QA").await;
        owner.update_group(group, card.version, &group_draft("QA", &["resources:delete"])).await.unwrap();
        check("a group that gives something else").await;
        world.advance(TimeDelta::hours(2));
        check("the end of the two hours").await;

        let version = owner.page_of(gus_id).await.unwrap().version;
        let order = MemberAccess {
            role: role.id,
            groups: vec![GroupMembership { group, expires_at: None }],
            direct: GrantView { permissions: vec!["billing:view".into()], expires_at: Some(world.in_hours(1)) },
        };
        owner.gives(gus_id, version, &order).await.unwrap();
        check("direct permissions for an hour").await;
        world.advance(TimeDelta::hours(1));
        check("the end of the hour").await;

        let version = owner.override_with(shop, GUS, &[]).await;
        check("an override that takes everything").await;
        owner.removes_override(shop, gus_id, version).await.unwrap();
        check("no override").await;
        owner.override_with(barn, GUS, &["domains:delete"]).await;
        owner.deletes(barn, owner.project_page(barn).await.unwrap().version).await.unwrap();
        agrees(&owner, &program, &[shop], "a deleted project").await;

        owner.suspends(gus_id).await.unwrap();
        agrees(&owner, &program, &[shop], "a suspension").await;
        owner.reactivates(gus_id).await.unwrap();
        agrees(&owner, &program, &[shop], "a reactivation").await;
        owner.removes(gus_id).await.unwrap();
        assert!(!may(&program, &manages(GUS)).await.unwrap());
        owner.reinstates(gus_id, None).await.unwrap();
        agrees(&owner, &program, &[shop], "a return").await;
        let version = owner.page_of(gus_id).await.unwrap().version;
        owner.ends(gus_id, version, Some(world.in_hours(24))).await.unwrap();
        world.advance(TimeDelta::hours(24));
        assert!(!may(&program, &manages(GUS)).await.unwrap());
    }

    async fn a_token_that_was_used_is_judged_anew_each_time(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["tokens:manage", "team:manage"]).await;
        let made = gus.token(&token_draft("Bot", None)).await;
        for _ in 0..3 {
            assert!(may(&world.program(&made.secret).await.unwrap(), &manages(GUS)).await.unwrap());
        }
        let role = owner.role_card("Role of Gus Ek").await;
        let less = role_draft("Role of Gus Ek", &["tokens:manage"]);
        owner.update_role(role.id, role.version, &less).await.unwrap();
        let program = world.program(&made.secret).await.unwrap();
        assert_eq!(may(&program, &manages(GUS)).await.denied(), "team:view");
        let id = gus.me().await;
        owner.suspends(id).await.unwrap();
        world.turned_away(&made.secret).await;
        owner.reactivates(id).await.unwrap();
        world.program(&made.secret).await.unwrap();
        gus.revokes_token(made.id).await.unwrap();
        world.turned_away(&made.secret).await;
        let month = gus.token(&token_draft("Month", None)).await;
        world.program(&month.secret).await.unwrap();
        world.program(&month.secret).await.unwrap();
        world.advance(TimeDelta::days(30));
        world.turned_away(&month.secret).await;
    }

    async fn another_instance_decides_anew_within_a_second(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:manage"]).await;
        let secret = owner.token(&token_draft("Gateway", None)).await.secret;
        let second = world.another_instance().await;
        let program = second.program(&secret).await.unwrap();
        assert!(may(&program, &manages(GUS)).await.unwrap());
        // This one changes it; nobody tells the other.
        owner.suspends(gus.me().await).await.unwrap();
        world.advance(TimeDelta::milliseconds(1_001));
        assert!(!may(&program, &manages(GUS)).await.unwrap());
        owner.reactivates(id_of(&owner, GUS).await).await.unwrap();
        world.advance(TimeDelta::milliseconds(1_001));
        assert!(may(&program, &manages(GUS)).await.unwrap());
        second.app.store().close().await;
    }

    async fn without_the_database_nothing_is_decided_after_a_second(world: World) {
        let owner = platform(&world).await;
        let secret = owner.token(&token_draft("Gateway", None)).await.secret;
        let second = world.another_instance().await;
        let program = second.program(&secret).await.unwrap();
        let me = owner.me().await.to_string();
        assert!(may(&program, &manages(&me)).await.unwrap());
        second.app.store().close().await;
        world.advance(TimeDelta::milliseconds(1_000));
        assert!(may(&program, &manages(&me)).await.unwrap());
        world.advance(TimeDelta::milliseconds(1));
        let refused = may(&program, &manages(&me)).await;
        assert!(matches!(refused, Err(Failure::Store(_))), "{refused:?}");
        // Also a clock that was set back.
        world.advance(TimeDelta::hours(-1));
        assert!(may(&program, &manages(&me)).await.is_err());
    }

    async fn news_of_other_instances_count_at_once_and_lost_ones_within_a_second(world: World) {
        if !world.app.store().is_shared() {
            return;
        }
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:manage"]).await;
        let id = gus.me().await;
        let secret = owner.token(&token_draft("Gateway", None)).await.secret;
        let second = world.another_instance().await;
        let store = second.app.store().clone();
        let relay = tokio::spawn(async move { store.relay_news().await });
        let program = second.program(&secret).await.unwrap();
        let question = manages(GUS);
        let mut took = Vec::new();
        for round in 0..50 {
            if round == 25 {
                // From here on the connection that listens is cut before each change.
                took.sort_unstable();
                println!("told: p50 {:?}, max {:?}", took[took.len() / 2], took[took.len() - 1]);
                took.clear();
            }
            if round >= 25 {
                world.database.change(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND query LIKE 'LISTEN%'", &[],
                ).await;
            }
            assert!(may(&program, &question).await.unwrap(), "round {round}");
            owner.suspends(id).await.unwrap();
            let since = Instant::now();
            // The clock of these tests stands: what is seen here is seen by news, or by listening anew.
            while may(&program, &question).await.unwrap() {
                assert!(since.elapsed() < Duration::from_secs(10), "round {round}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            took.push(since.elapsed());
            owner.reactivates(id).await.unwrap();
            while !may(&program, &question).await.unwrap() {
                assert!(since.elapsed() < Duration::from_secs(20), "round {round}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        took.sort_unstable();
        println!("listening cut: p50 {:?}, max {:?}", took[took.len() / 2], took[took.len() - 1]);
        relay.abort();
        second.app.store().close().await;
    }
}
