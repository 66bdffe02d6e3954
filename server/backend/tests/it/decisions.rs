//! Decisions for other services: the answers are those that the console enforces with (rule 31).

use chrono::TimeDelta;
use rolecall_backend::service::{
    Failure,
    decisions::{self, Answer, Because, Explained, Question, Semantic},
};
use rolecall_shared::{MemberId, ProjectId, ResourceId, policy::Reason, project::ResourceDraft};

use crate::support::{
    World,
    actors::Person,
    answers::Refusal as _,
    both,
    grants::platform,
    tokens::{project_draft, token_draft},
    work::replacing,
};

const GUS: &str = "gus@example.org";

fn may(subject: &str, action: &str, kind: &str, resource: &str) -> Question {
    Question {
        subject_type: "user".into(),
        subject: subject.into(),
        action: action.into(),
        resource_type: kind.into(),
        resource: resource.into(),
        project: None,
    }
}

fn there(question: Question, project: ProjectId) -> Question {
    Question {
        project: Some(project.to_string()),
        ..question
    }
}

impl Person {
    async fn registers(
        &self,
        project: ProjectId,
        service: &str,
        name: &str,
        external_id: &str,
    ) -> ResourceId {
        let draft = ResourceDraft {
            service: service.into(),
            name: name.into(),
            external_id: external_id.into(),
            ..ResourceDraft::default()
        };
        self.makes(project, &draft).await.unwrap()
    }

    async fn asks(
        &self,
        questions: &[Question],
        semantic: Semantic,
    ) -> Result<Vec<Answer>, Failure> {
        decisions::decide(
            &self.world.app,
            &self.caller,
            &self.slug,
            questions,
            semantic,
        )
        .await
    }

    async fn explains(
        &self,
        member: MemberId,
        project: Option<ProjectId>,
    ) -> Result<Explained, Failure> {
        decisions::explain(&self.world.app, &self.caller, &self.slug, member, project).await
    }

    async fn answer(&self, question: Question) -> Answer {
        self.asks(&[question], Semantic::ExecuteAll)
            .await
            .unwrap()
            .remove(0)
    }

    async fn why(&self, question: Question) -> (bool, Because) {
        let answer = self.answer(question).await;
        (answer.decision, answer.reasons[0])
    }
}

both! {
    async fn a_member_is_asked_about_by_id_and_by_address(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:view"]).await;
        let id = gus.me().await.to_string();
        let shop = owner.project("Shop").await;
        for who in [id.as_str(), GUS, " GUS@Example.org"] {
            let (decision, because) = owner.why(there(may(who, "view", "logs", "any"), shop)).await;
            assert!(decision && matches!(because, Because::Held(Reason::Role(_))), "{who}: {because:?}");
            let (decision, because) = owner.why(there(may(who, "view", "domains", "any"), shop)).await;
            assert!(!decision && because == Because::Held(Reason::NotGranted), "{who}: {because:?}");
        }
        assert_eq!(owner.why(may(&id, "manage", "team", "northwind")).await, (false, Because::Held(Reason::NotGranted)));
        let ana = owner.me().await.to_string();
        assert_eq!(owner.why(may(&ana, "manage", "team", "x")).await, (true, Because::Held(Reason::Owner)));
    }

    async fn a_resource_is_where_the_registry_says(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["projects:view", "resources:manage"]).await;
        let me = gus.me().await;
        let (shop, barn) = (owner.project("Shop").await, owner.project("Barn").await);
        owner.overrides(barn, me, &replacing(&["projects:view"], None, None)).await.unwrap();
        let api = owner.registers(shop, "resources", "API", "svc-1").await;
        let db = owner.registers(barn, "resources", "DB", "svc-2").await;
        for id in [api.to_string(), "svc-1".to_owned()] {
            assert!(owner.why(may(GUS, "manage", "resources", &id)).await.0, "{id}");
            assert!(owner.why(there(may(GUS, "manage", "resources", &id), shop)).await.0, "{id}");
            // Whoever says that it is elsewhere is told that there is no such thing.
            assert_eq!(owner.why(there(may(GUS, "view", "resources", &id), barn)).await, (false, Because::UnknownResource));
        }
        for id in [db.to_string(), "svc-2".to_owned()] {
            assert_eq!(owner.why(may(GUS, "manage", "resources", &id)).await, (false, Because::Held(Reason::Withheld(barn))));
        }
        // A project is a resource too.
        assert!(owner.why(may(GUS, "view", "projects", &shop.to_string())).await.0);
        assert!(!owner.why(may(GUS, "delete", "projects", &shop.to_string())).await.0);
    }

    async fn what_does_not_exist_is_a_no_that_says_so(world: World) {
        let owner = platform(&world).await;
        owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let shop = owner.project("Shop").await;
        let ola = world.another_owner("ola@example.org", "Southwind", "delivery-platform").await;
        let foreign = ola.project("Foreign").await;
        let theirs = ola.registers(foreign, "resources", "API", "svc-9").await;
        let them = ola.me().await.to_string();
        let nobody = "01890000-0000-7000-8000-000000000000";
        let service = Question { subject_type: "service".into(), ..may(GUS, "view", "team", "x") };
        let long = "x".repeat(5_000);
        for (question, because) in [
            (service, Because::UnknownSubjectType),
            (may(nobody, "view", "team", "x"), Because::UnknownSubject),
            (may(&them, "view", "team", "x"), Because::UnknownSubject),
            (may("ola@example.org", "view", "team", "x"), Because::UnknownSubject),
            (may("", "view", "team", "x"), Because::UnknownSubject),
            (may("a\0b", "view", "team", "x"), Because::UnknownSubject),
            (may(GUS, "view", "spaceships", "x"), Because::UnknownResourceType),
            (may(GUS, "fly", "team", "x"), Because::UnknownAction),
            // A cell that this row does not have.
            (may(GUS, "delete", "team", "x"), Because::UnknownAction),
            (may(GUS, "view", "resources", "svc-9"), Because::UnknownResource),
            (may(GUS, "view", "resources", &theirs.to_string()), Because::UnknownResource),
            (may(GUS, "view", "resources", "a\0b"), Because::UnknownResource),
            (may(GUS, "view", "resources", &long), Because::UnknownResource),
            (there(may(GUS, "view", "logs", "x"), foreign), Because::UnknownProject),
            (may(GUS, "view", "projects", "shop"), Because::UnknownProject),
            (Question { project: Some("shop".into()), ..may(GUS, "view", "logs", "x") }, Because::UnknownProject),
        ] {
            assert_eq!(owner.why(question.clone()).await, (false, because), "{question:?}");
        }
        assert!(owner.why(there(may(GUS, "view", "logs", "x"), shop)).await.0);
    }

    async fn a_change_counts_with_the_next_question(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:view"]).await;
        let shop = owner.project("Shop").await;
        let question = || there(may(GUS, "view", "logs", "x"), shop);
        let me = gus.me().await;
        assert!(owner.why(question()).await.0);
        owner.overrides(shop, me, &replacing(&["projects:view"], Some(world.in_hours(1)), None)).await.unwrap();
        assert_eq!(owner.why(question()).await, (false, Because::Held(Reason::Withheld(shop))));
        world.advance(TimeDelta::hours(1));
        assert!(owner.why(question()).await.0, "an override that has ended does not count");
        owner.suspends(me).await.unwrap();
        assert_eq!(owner.why(question()).await, (false, Because::Suspended));
        owner.removes(me).await.unwrap();
        assert_eq!(owner.why(question()).await, (false, Because::UnknownSubject));
    }

    async fn the_three_ways_of_asking_several_at_once(world: World) {
        let owner = platform(&world).await;
        owner.enrol_with("Gus Ek", GUS, &["team:view"]).await;
        let (yes, no) = (may(GUS, "view", "team", "x"), may(GUS, "manage", "team", "x"));
        let all = [yes.clone(), no.clone(), yes.clone()];
        let told = async |questions: &[Question], semantic| {
            let answers = owner.asks(questions, semantic).await.unwrap();
            answers.into_iter().map(|answer| answer.decision).collect::<Vec<_>>()
        };
        assert_eq!(told(&all, Semantic::ExecuteAll).await, [true, false, true]);
        assert_eq!(told(&all, Semantic::DenyOnFirstDeny).await, [true, false]);
        assert_eq!(told(&all, Semantic::PermitOnFirstPermit).await, [true]);
        assert_eq!(told(&[no.clone(), no], Semantic::PermitOnFirstPermit).await, [false, false]);
    }

    async fn only_who_sees_the_team_is_answered(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let question = [may(GUS, "view", "team", "x")];
        assert_eq!(gus.asks(&question, Semantic::ExecuteAll).await.denied(), "team:view");
        let narrow = owner.token(&token_draft("Narrow", Some(&["logs:view"]))).await;
        let program = world.program(&narrow.secret).await.unwrap();
        assert_eq!(program.asks(&question, Semantic::ExecuteAll).await.denied(), "team:view");
        let wide = owner.token(&token_draft("Wide", Some(&["team:view"]))).await;
        let program = world.program(&wide.secret).await.unwrap();
        assert!(!program.why(question[0].clone()).await.0);
        let ola = world.another_owner("ola@example.org", "Southwind", "delivery-platform").await;
        assert_eq!(program.at(&ola.slug).asks(&question, Semantic::ExecuteAll).await.not_found(), "workspace");
        // A token for one project is none for the team.
        let shop = owner.project("Shop").await;
        let made = owner.token(&project_draft("Shop", None, shop)).await;
        let program = world.program(&made.secret).await.unwrap();
        assert_eq!(program.asks(&question, Semantic::ExecuteAll).await.denied(), "team:view");
    }

    async fn a_template_can_call_things_as_other_services_do(world: World) {
        let owner = world.owner_of("workshop").await;
        let gus = owner.enrol("Gus Ek", GUS, "Guest").await;
        let shop = owner.project("Hall").await;
        let me = gus.me().await.to_string();
        assert!(owner.why(there(may(&me, "read", "machine", "lathe"), shop)).await.0);
        assert_eq!(owner.why(there(may(&me, "view", "machine", "lathe"), shop)).await, (false, Because::UnknownAction));
        assert_eq!(owner.why(there(may(&me, "read", "machines", "lathe"), shop)).await, (false, Because::UnknownResourceType));
    }

    async fn all_cells_are_explained_as_single_questions_are_answered(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:view", "projects:view", "resources:manage"]).await;
        let me = gus.me().await;
        let (shop, barn) = (owner.project("Shop").await, owner.project("Barn").await);
        owner.overrides(barn, me, &replacing(&["projects:view"], None, None)).await.unwrap();
        for place in [shop, barn] {
            let told = owner.explains(me, Some(place)).await.unwrap();
            assert_eq!((told.member, told.project, told.at), (me, Some(place), world.now()));
            for cell in &told.cells {
                let (row, action) = cell.permission.split_once(':').unwrap();
                let thing = if row == "projects" { place.to_string() } else { "any".to_owned() };
                let answer = owner.answer(there(may(GUS, action, row, &thing), place)).await;
                assert_eq!(cell.answer, answer, "{}", cell.permission);
            }
        }
        let held = |told: &decisions::Explained| {
            let held = told.cells.iter().filter(|cell| cell.answer.decision);
            held.map(|cell| cell.permission.clone()).collect::<Vec<_>>()
        };
        let everywhere = owner.explains(me, None).await.unwrap();
        assert_eq!(held(&everywhere), ["resources:view", "resources:manage", "projects:view", "team:view"]);
        assert_eq!(held(&owner.explains(me, Some(barn)).await.unwrap()), ["projects:view", "team:view"]);
        owner.suspends(me).await.unwrap();
        let told = owner.explains(me, None).await.unwrap();
        assert!(told.cells.iter().all(|cell| cell.answer.reasons == [Because::Suspended]));
    }

    async fn only_who_sees_the_team_is_explained_others(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let ola = world.another_owner("ola@example.org", "Southwind", "delivery-platform").await;
        let (ana, shop) = (owner.me().await, owner.project("Shop").await);
        assert_eq!(gus.explains(ana, None).await.denied(), "team:view");
        // Oneself always, but in no project that one may not see, nor in one of another workspace.
        gus.explains(gus.me().await, None).await.unwrap();
        assert_eq!(gus.explains(gus.me().await, Some(shop)).await.not_found(), "project");
        let foreign = ola.project("Foreign").await;
        assert_eq!(owner.explains(ana, Some(foreign)).await.not_found(), "project");
        assert_eq!(owner.explains(ola.me().await, None).await.not_found(), "member");
        assert_eq!(ola.at(&owner.slug).explains(ana, None).await.not_found(), "workspace");
    }
}
