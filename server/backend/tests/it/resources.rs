//! Resources: what permissions protect, per row, action and project (`product.md` §4.9).

use std::fmt::Debug;

use rolecall_backend::service::Failure;
use rolecall_shared::{
    ProjectId, ResourceId,
    page::PAGE_SIZE,
    project::{ATTRIBUTES_MAX, EXTERNAL_ID_MAX, ResourceDraft, ResourceQuery},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, answers::Refusal as _, both, work::thing};

const UMA: &str = "uma@example.org";

/// The name of the missing permission on a service.
fn missing<T: Debug>(answer: Result<T, Failure>) -> String {
    match answer.failure() {
        Failure::DeniedOn { name, .. } => name,
        other => panic!("not a missing permission: {other:?}"),
    }
}

fn of(service: &str) -> ResourceQuery {
    ResourceQuery {
        service: Some(service.into()),
        ..ResourceQuery::default()
    }
}

both! {
    async fn each_action_needs_its_permission_on_the_row(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let id = owner.makes(project, &thing("databases", "orders")).await.unwrap();
        let draft = thing("databases", "orders 2");

        assert_eq!(uma.resource_names(project).await, ["orders"]);
        assert_eq!(uma.resource(project, id).await.unwrap().name, "orders");
        assert_eq!(missing(uma.makes(project, &draft).await), "databases:manage");
        assert_eq!(missing(uma.changes(project, id, 1, &draft).await), "databases:manage");
        assert_eq!(missing(uma.destroys(project, id, 1).await), "databases:delete");
        let version = owner.override_with(project, UMA, &["projects:view", "databases:manage"]).await;
        assert_eq!(uma.changes(project, id, 1, &draft).await.unwrap(), 2);
        assert_eq!(missing(uma.destroys(project, id, 2).await), "databases:delete");

        // Without View the resource does not exist, whatever its id.
        let uma_id = owner.member_id(UMA).await;
        owner.removes_override(project, uma_id, version).await.unwrap();
        owner.override_with(project, UMA, &["projects:view", "instances:delete"]).await;
        assert!(uma.resource_names(project).await.is_empty());
        assert_eq!(missing(uma.resources(project, &of("databases")).await), "databases:view");
        assert_eq!(uma.resource(project, id).await.not_found(), "resource");
        assert_eq!(uma.changes(project, id, 2, &draft).await.not_found(), "resource");
        assert_eq!(uma.destroys(project, id, 2).await.not_found(), "resource");
        owner.destroys(project, id, 2).await.unwrap();
        assert!(owner.resource_names(project).await.is_empty());
    }

    async fn each_change_is_in_the_trail_under_the_acting_person(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let project = owner.project("Production").await;
        let draft = ResourceDraft {
            service: "databases".into(),
            name: " orders ".into(),
            external_id: "db-1".into(),
            attributes: vec![("region".into(), "eu".into()), ("engine".into(), String::new())],
        };
        let id = uma.makes(project, &draft).await.unwrap();
        let (action, target, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), target.as_str()), ("resource.created", "orders"));
        assert_eq!(
            detail["after"],
            json!({ "name": "orders", "external_id": "db-1", "attributes": { "engine": "", "region": "eu" } })
        );
        assert_eq!((&detail["project"], &detail["service"], &detail["before"]), (&json!("Production"), &json!("databases"), &json!(null)));
        world.advance(chrono::TimeDelta::hours(1));
        uma.changes(project, id, 1, &thing("databases", "invoices")).await.unwrap();
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "resource.updated");
        assert_eq!((&detail["before"]["name"], &detail["after"]["name"]), (&json!("orders"), &json!("invoices")));
        assert_eq!(detail["after"]["external_id"], json!(null));
        let row = owner.resources(project, &ResourceQuery::default()).await.unwrap().rows.remove(0);
        assert_eq!((row.created_by.as_str(), row.version), ("Uma Weber", 2));
        assert!(row.updated_at > row.created_at);
        owner.destroys(project, id, 2).await.unwrap();
        let (action, target, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), target.as_str()), ("resource.deleted", "invoices"));
        assert_eq!(detail["after"], json!(null));
        let rows = world.trail(Some(owner.workspace().await)).await;
        let actors: Vec<_> = rows
            .iter()
            .filter(|row| row.action.starts_with("resource."))
            .map(|row| row.actor_label.as_str())
            .collect();
        let (uma, ana) = ("Uma Weber <uma@example.org>", "Ana Ruiz <Ana.Ruiz@example.org>");
        assert_eq!(actors, [uma, uma, ana]);
    }

    async fn a_resource_is_of_a_service_that_keeps_some(world: World) {
        let owner = world.owner().await;
        let project = owner.project("Production").await;
        let before = world.database.dump().await;
        for service in ["planets", "projects", "team", "billing", "tokens", ""] {
            let (field, told) = owner.makes(project, &thing(service, "x")).await.wrong_field();
            assert_eq!(field, "service");
            assert!(told.contains(&format!("“{service}”")), "{told}");
            assert_eq!(owner.resources(project, &of(service)).await.not_found(), "service");
        }
        assert_eq!(world.database.dump().await, before);
        let id = owner.makes(project, &thing("databases", "orders")).await.unwrap();
        let (field, _) = owner.changes(project, id, 1, &thing("instances", "orders")).await.wrong_field();
        assert_eq!(field, "service");
    }

    async fn where_a_row_has_no_delete_its_manager_deletes(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let project = owner.project("Production").await;
        let id = uma.makes(project, &thing("monitoring", "Latency")).await.unwrap();
        let viewer = owner.enrol("Vera Ewing", "vera@example.org", "Viewer").await;
        assert_eq!(missing(viewer.destroys(project, id, 1).await), "monitoring:manage");
        uma.destroys(project, id, 1).await.unwrap();
    }

    async fn an_external_id_stands_for_one_resource_of_a_service(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let (production, staging) = (owner.project("Production").await, owner.project("Staging").await);
        let known = |service: &str, name: &str, external_id: &str| ResourceDraft {
            external_id: external_id.into(),
            ..thing(service, name)
        };
        let orders = known("databases", "orders", "db-1");
        let id = owner.makes(production, &orders).await.unwrap();
        let copy = known("databases", "copy", " db-1 ");
        let (field, told) = uma.makes(staging, &copy).await.wrong_field();
        assert_eq!(field, "external_id");
        assert!(told.contains("“orders” in the project “Production”"), "{told}");
        let version = owner.override_with(production, UMA, &["projects:view", "instances:view"]).await;
        let (_, told) = uma.makes(staging, &copy).await.wrong_field();
        assert!(!told.contains("orders") && !told.contains("Production"), "{told}");
        let member = owner.member_id(UMA).await;
        owner.removes_override(production, member, version).await.unwrap();

        // Its own is no other one; another service has names of its own; without one there is no limit.
        owner.changes(production, id, 1, &orders).await.unwrap();
        owner.makes(staging, &known("instances", "copy", "db-1")).await.unwrap();
        owner.makes(staging, &thing("databases", "copy")).await.unwrap();
        owner.makes(staging, &thing("databases", "copy")).await.unwrap();
        // Another workspace does not matter.
        let other = world.another_owner("ola@example.org", "Harbor", "cloud-account").await;
        let quay = other.project("Quay").await;
        other.makes(quay, &orders).await.unwrap();
    }

    async fn what_is_written_about_a_resource_has_limits(world: World) {
        let owner = world.owner().await;
        let project = owner.project("Production").await;
        let before = world.database.dump().await;
        let with = |attributes: Vec<(String, String)>| ResourceDraft {
            attributes,
            ..thing("databases", "orders")
        };
        let named = |name: &str| (name.to_owned(), "x".to_owned());
        let many = (0..=ATTRIBUTES_MAX).map(|n| named(&n.to_string())).collect();
        for (attributes, tells) in [
            (many, "at most 32"),
            (vec![named("region"), named(" region")], "region"),
            (vec![named(" ")], "name"),
            (vec![named(&"n".repeat(81))], "80"),
            (vec![("region".into(), "x".repeat(501))], "region"),
        ] {
            let (field, told) = owner.makes(project, &with(attributes)).await.wrong_field();
            assert_eq!(field, "attributes");
            assert!(told.contains(tells), "{told}");
        }
        let draft = ResourceDraft {
            external_id: "x".repeat(EXTERNAL_ID_MAX + 1),
            ..thing("databases", "\u{202e}")
        };
        assert_eq!(owner.makes(project, &draft).await.wrong_fields(), ["external_id", "name"]);
        assert_eq!(world.database.dump().await, before);
        let full = (0..ATTRIBUTES_MAX).map(|n| named(&n.to_string())).collect();
        owner.makes(project, &with(full)).await.unwrap();
    }

    async fn a_resource_is_changed_on_the_version_it_was_seen_in(world: World) {
        let owner = world.owner().await;
        let project = owner.project("Production").await;
        let id = owner.makes(project, &thing("databases", "orders")).await.unwrap();
        owner.changes(project, id, 1, &thing("databases", "invoices")).await.unwrap();
        let before = world.database.dump().await;
        let stale = owner.changes(project, id, 1, &thing("databases", "bills")).await.conflict();
        assert!(stale.contains("a moment ago"), "{stale}");
        owner.destroys(project, id, 1).await.conflict();
        assert_eq!(world.database.dump().await, before);
    }

    async fn resources_stay_when_their_maker_goes(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let project = uma.project("Production").await;
        uma.makes(project, &thing("databases", "orders")).await.unwrap();
        owner.remove(UMA).await;
        let row = owner.resources(project, &ResourceQuery::default()).await.unwrap().rows.remove(0);
        assert_eq!((row.name.as_str(), row.created_by.as_str()), ("orders", "Uma Weber"));
        assert_eq!(owner.project_page(project).await.unwrap().created_by, "Uma Weber");
    }

    async fn resources_come_in_pages_and_are_found_by_name_and_external_id(world: World) {
        let owner = world.owner().await;
        let project = owner.project("Production").await;
        for n in 0..PAGE_SIZE + 3 {
            let draft = ResourceDraft {
                external_id: format!("DB_{n}"),
                ..thing(["databases", "instances"][n % 2], ["b", "A", "ü"][n % 3])
            };
            owner.makes(project, &draft).await.unwrap();
        }
        let first = owner.resources(project, &ResourceQuery::default()).await.unwrap();
        let next = ResourceQuery { cursor: first.next.clone(), ..ResourceQuery::default() };
        let second = owner.resources(project, &next).await.unwrap();
        assert_eq!((first.rows.len(), second.rows.len()), (PAGE_SIZE, 3));
        let back = ResourceQuery { cursor: second.previous, ..ResourceQuery::default() };
        assert_eq!(owner.resources(project, &back).await.unwrap().rows, first.rows);
        let found = ResourceQuery { search: "db_12".into(), ..ResourceQuery::default() };
        let found = owner.resources(project, &found).await.unwrap().rows;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].external_id, "DB_12");
        let instances = owner.resources(project, &of("instances")).await.unwrap().rows;
        assert_eq!(instances.len(), usize::midpoint(PAGE_SIZE, 3) );
    }

    async fn resources_of_other_projects_and_workspaces_are_unknown(world: World) {
        let owner = world.owner().await;
        let (production, staging) = (owner.project("Production").await, owner.project("Staging").await);
        let own = owner.makes(production, &thing("databases", "orders")).await.unwrap();
        let other = world.another_owner("ola@example.org", "Harbor", "cloud-account").await;
        let quay = other.project("Quay").await;
        let theirs = other.makes(quay, &thing("databases", "ships")).await.unwrap();
        let before = world.database.dump().await;
        let draft = thing("databases", "mine");
        for id in [theirs, ResourceId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(owner.resource(production, id).await.not_found(), "resource");
            assert_eq!(owner.changes(production, id, 1, &draft).await.not_found(), "resource");
            assert_eq!(owner.destroys(production, id, 1).await.not_found(), "resource");
        }
        assert_eq!(owner.resource(staging, own).await.not_found(), "resource");
        assert_eq!(owner.destroys(staging, own, 1).await.not_found(), "resource");
        for project in [quay, ProjectId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(owner.resources(project, &ResourceQuery::default()).await.not_found(), "project");
            assert_eq!(owner.resource(project, theirs).await.not_found(), "project");
            assert_eq!(owner.makes(project, &draft).await.not_found(), "project");
            assert_eq!(owner.destroys(project, theirs, 1).await.not_found(), "project");
        }
        assert_eq!(world.database.dump().await, before);
    }
}
