//! Projects: who sees which, making, renaming, deleting.

use rolecall_shared::{
    page::PAGE_SIZE,
    project::{ProjectDraft, ProjectQuery},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    work::{called, thing},
};

const UMA: &str = "uma@example.org";

both! {
    async fn a_role_for_own_projects_sees_what_they_created_and_what_they_were_given(world: World) {
        let owner = world.owner_of("portal").await;
        let uma = owner.enrol("Uma Weber", UMA, "Portal User").await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Portal User").await;
        let theirs = owner.project("Admin desk").await;
        let mine = uma.project("Booking").await;
        let other = ben.project("Dashboard").await;

        assert_eq!(owner.project_names().await, ["Admin desk", "Booking", "Dashboard"]);
        assert_eq!(uma.project_names().await, ["Booking"]);
        assert_eq!(ben.project_names().await, ["Dashboard"]);
        for hidden in [theirs, other] {
            assert_eq!(uma.project_page(hidden).await.not_found(), "project");
            assert_eq!(uma.renames(hidden, 1, &called("Mine now")).await.not_found(), "project");
            assert_eq!(uma.deletes(hidden, 1).await.not_found(), "project");
        }
        let row = uma.project_rows(&ProjectQuery::default()).await.unwrap().rows.remove(0);
        assert!(row.yours);
        assert_eq!(row.created_by, "Uma Weber");
        assert_eq!(row.level.held, [3, 1, 1], "own projects, blueprints and publish requests");
        assert_eq!(row.level.of, [4, 4, 2], "workspace-scoped rows do not count");

        // An override shows a single one, and another hides one of their own.
        owner.override_with(other, UMA, &["projects:view"]).await;
        assert_eq!(uma.project_names().await, ["Booking", "Dashboard"]);
        let page = uma.project_page(other).await.unwrap();
        assert_eq!(page.permissions, ["projects:view"]);
        assert_eq!(uma.renames(other, 1, &called("Mine now")).await.denied(), "projects:manage");
        assert_eq!(uma.deletes(other, 1).await.denied(), "projects:delete");
        owner.override_with(mine, UMA, &[]).await;
        assert_eq!(uma.project_names().await, ["Dashboard"]);
        assert_eq!(uma.project_page(mine).await.not_found(), "project");
        assert_eq!(ben.project_names().await, ["Dashboard"], "others see what they saw");
    }

    async fn whoever_may_see_no_project_gets_an_empty_page(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let project = owner.project("Crane").await;
        assert!(guest.project_names().await.is_empty());
        assert_eq!(guest.project_page(project).await.not_found(), "project");
        assert_eq!(guest.creates(&called("Mine")).await.denied(), "projects:manage");
        owner.override_with(project, "gus@example.org", &["projects:view"]).await;
        assert_eq!(guest.project_names().await, ["Crane"]);
    }

    async fn naming_projects_has_a_limit_for_each_person_and_idle_changes_cost_nothing(world: World) {
        let owner = world.owner_of("portal").await;
        let uma = owner.enrol("Uma Weber", UMA, "Portal User").await;
        let mine = uma.project("Booking").await;
        let before = world.database.dump().await;
        for _ in 0..3 {
            assert_eq!(uma.renames(mine, 1, &called("Booking")).await.unwrap(), 1);
        }
        assert_eq!(world.database.dump().await, before, "nothing changed, nothing is written");
        let mut refused = None;
        for n in 0..120 {
            if let Err(failure) = uma.creates(&called(&format!("Area {n} {}", "x".repeat(n % 7 + 1)))).await {
                refused = Some((n, failure));
                break;
            }
        }
        let (made, failure) = refused.unwrap();
        assert_eq!(made, 119, "and one before");
        assert!(Err::<(), _>(failure).too_many().1.contains("120 new and changed projects"));
        owner.project("Still here").await;
        world.advance(chrono::TimeDelta::hours(1));
        uma.project("And again").await;
    }

    async fn names_of_projects_are_told_apart_by_everybody(world: World) {
        let owner = world.owner_of("portal").await;
        let uma = owner.enrol("Uma Weber", UMA, "Portal User").await;
        let first = owner.project("Production").await;
        let second = owner.project("Staging").await;
        let before = world.database.dump().await;
        for name in ["Production", " PRODUCTION ", "Pr\u{43e}duction", "Producti0n"] {
            let (field, told) = owner.creates(&called(name)).await.wrong_field();
            assert_eq!(field, "name");
            assert!(told.contains("“Production”"), "{told}");
            let (field, told) = uma.creates(&called(name)).await.wrong_field();
            assert_eq!(field, "name");
            assert!(!told.contains("Production"), "a hidden project is not named: {told}");
            assert_eq!(owner.renames(second, 1, &called(name)).await.wrong_field().0, "name");
        }
        let draft = ProjectDraft {
            name: " ".into(),
            description: "x".repeat(501),
        };
        assert_eq!(owner.creates(&draft).await.wrong_fields(), ["description", "name"]);
        assert_eq!(world.database.dump().await, before);
        // A project keeps its own name in other letters.
        assert_eq!(owner.renames(first, 1, &called("PRODUCTION")).await.unwrap(), 2);
    }

    async fn a_project_is_made_and_renamed_with_a_trail(world: World) {
        let owner = world.owner().await;
        let draft = ProjectDraft {
            name: "Crane".into(),
            description: "Lifts things.".into(),
        };
        let id = owner.creates(&draft).await.unwrap();
        let (action, target, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), target.as_str()), ("project.created", "Crane"));
        assert_eq!(detail, json!({ "name": "Crane", "description": "Lifts things." }));

        let page = owner.project_page(id).await.unwrap();
        assert_eq!((page.draft, page.version, page.created_by.as_str()), (draft, 1, "Ana Ruiz"));
        assert!(!page.services.iter().any(|key| ["projects", "team", "billing"].contains(&key.as_str())));
        assert_eq!(owner.renames(id, 1, &called("Hoist")).await.unwrap(), 2);
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "project.updated");
        assert_eq!(detail["before"]["name"], "Crane");
        assert_eq!(detail["after"]["name"], "Hoist");

        let before = world.database.dump().await;
        assert!(owner.renames(id, 1, &called("Lift")).await.conflict().contains("a moment ago"));
        assert!(owner.deletes(id, 1).await.conflict().contains("a moment ago"));
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_project_goes_only_when_it_is_empty_and_takes_its_overrides_along(world: World) {
        let owner = world.owner().await;
        owner.enrol("Uma Weber", UMA, "Operator").await;
        let id = owner.project("Crane").await;
        let things = [
            owner.makes(id, &thing("instances", "web-1")).await.unwrap(),
            owner.makes(id, &thing("databases", "orders")).await.unwrap(),
        ];
        owner.override_with(id, UMA, &["projects:view"]).await;
        let invited = owner.invite("amara@example.org", "Viewer").await;
        let sql = "INSERT INTO invitation_overrides (invitation_id, project_id, permissions) VALUES ($1, $2, '')";
        world.database.change(sql, &[invited.into(), id.0.into()]).await;
        let page = owner.project_page(id).await.unwrap();
        assert_eq!((page.resources, page.overrides, page.invitations), (2, 1, 1));

        let told = owner.deletes(id, 1).await.conflict();
        assert_eq!(told, "Delete its 2 resources first.");
        for thing in things {
            owner.destroys(id, thing, 1).await.unwrap();
        }
        let operator = owner.enrol("Ola Berg", "ola@example.org", "Operator").await;
        assert_eq!(operator.deletes(id, 1).await.denied(), "projects:delete");
        owner.deletes(id, 1).await.unwrap();
        assert!(owner.project_names().await.is_empty());
        assert_eq!(world.count("overrides").await, 0);
        assert_eq!(world.count("invitation_overrides").await, 0);
        assert_eq!(owner.row(invited).await.version, 2, "the invitation gives something else now");
        let (action, target, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), target.as_str()), ("project.deleted", "Crane"));
        assert_eq!(detail["overrides"][0]["member"], "Uma Weber <uma@example.org>");
        assert_eq!(detail["overrides"][0]["permissions"], json!(["projects:view"]));
        assert_eq!(detail["invitations"], json!(["amara@example.org"]));
    }

    async fn projects_come_in_pages_and_are_found_by_part_of_their_name(world: World) {
        let owner = world.owner().await;
        for n in 0..PAGE_SIZE + 5 {
            owner.project(&format!("Site {}", ["north", "South", "Øst"][n % 3].to_owned() + &n.to_string())).await;
        }
        let first = owner.project_rows(&ProjectQuery::default()).await.unwrap();
        assert_eq!(first.rows.len(), PAGE_SIZE);
        let next = ProjectQuery { cursor: first.next.clone(), ..ProjectQuery::default() };
        let second = owner.project_rows(&next).await.unwrap();
        assert_eq!((second.rows.len(), second.next.is_none()), (5, true));
        let back = ProjectQuery { cursor: second.previous, ..ProjectQuery::default() };
        assert_eq!(owner.project_rows(&back).await.unwrap().rows, first.rows);
        let mut names: Vec<_> = first.rows.iter().chain(&second.rows).map(|r| r.name.to_lowercase()).collect();
        names.dedup();
        assert_eq!(names.len(), PAGE_SIZE + 5);
        assert!(names.is_sorted());
        let found = ProjectQuery { search: "SOUTH1".into(), cursor: None };
        let found = owner.project_rows(&found).await.unwrap().rows;
        assert!(!found.is_empty() && found.iter().all(|row| row.name.starts_with("Site South1")));
        let wrong = ProjectQuery { cursor: Some("%%%".into()), ..ProjectQuery::default() };
        assert_eq!(owner.project_rows(&wrong).await.wrong_field().0, "cursor");
    }

    async fn projects_of_another_workspace_are_as_unknown_as_made_up_ones(world: World) {
        let owner = world.owner().await;
        let other = world.another_owner("ola@example.org", "Harbor", "portal").await;
        let theirs = other.project("Quay").await;
        let before = world.database.dump().await;
        for id in [theirs, Uuid::from_bytes([9; 16]).into()] {
            assert_eq!(owner.project_page(id).await.not_found(), "project");
            assert_eq!(owner.renames(id, 1, &called("Mine")).await.not_found(), "project");
            assert_eq!(owner.deletes(id, 1).await.not_found(), "project");
        }
        assert!(owner.project_names().await.is_empty());
        let stranger = other.at(&owner.slug);
        assert_eq!(stranger.project_rows(&ProjectQuery::default()).await.not_found(), "workspace");
        assert_eq!(stranger.creates(&called("Mine")).await.not_found(), "workspace");
        assert_eq!(world.database.dump().await, before);
    }
}
