//! What a custom role was cloned from, and services that the template gained after it was made.

use rolecall_backend::service::{Failure, roles};
use rolecall_shared::role::Review;
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    actors::Person,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform, role_draft},
};

async fn review(person: &Person) -> Option<Review> {
    person.roles().await.unwrap().review
}

async fn mark(person: &Person, services: &[&str]) -> Result<(), Failure> {
    let services: Vec<String> = services.iter().map(|&key| key.to_owned()).collect();
    let (app, caller) = (&person.world.app, &person.caller);
    roles::mark_reviewed(app, caller, &person.slug, &services).await
}

/// As if these rows had come with an upgrade of the template.
async fn gained(person: &Person, rows: &[&str]) {
    let database = &person.world.database;
    let sql = "SELECT reviewed_rows FROM workspaces WHERE slug = $1";
    let kept = database.texts(sql, &[person.slug.clone().into()]).await;
    let kept = kept[0].split(' ').filter(|key| !rows.contains(key));
    let kept = kept.collect::<Vec<_>>().join(" ");
    let sql = "UPDATE workspaces SET reviewed_rows = $2 WHERE slug = $1";
    let args = [person.slug.clone().into(), kept.into()];
    database.change(sql, &args).await;
}

fn titles(review: &Review) -> (Vec<&str>, Vec<&str>, Vec<&str>) {
    (
        review.services.iter().map(|s| s.key.as_str()).collect(),
        review.roles.iter().map(|r| r.name.as_str()).collect(),
        review.groups.iter().map(|g| g.name.as_str()).collect(),
    )
}

both! {
    async fn a_clone_remembers_its_origin_while_there_is_that_role(world: World) {
        let owner = platform(&world).await;
        let (app, caller, slug) = (&world.app, &owner.caller, &owner.slug);
        let clone = async |name: &str, of| {
            let draft = role_draft(name, &["logs:view"]);
            roles::create(app, caller, slug, &draft, Some(of)).await
        };
        let developer = owner.role("Developer").await;
        let first = clone("First", developer).await.unwrap();
        let origin = owner.role_editor(Some(first), None).await.unwrap().origin.unwrap();
        assert_eq!((origin.id, origin.name.as_str()), (developer, "Developer"));
        let original = owner.role_editor(Some(developer), None).await.unwrap();
        assert_eq!(origin.permissions, original.draft.permissions);
        assert_eq!(original.origin, None, "a built-in one comes from nowhere");

        // It is told as it is now, under the name of now.
        let second = clone("Second", first).await.unwrap();
        owner.update_role(first, 1, &role_draft("Renamed", &["audit:view"])).await.unwrap();
        let origin = owner.role_editor(Some(second), None).await.unwrap().origin.unwrap();
        assert_eq!((origin.name.as_str(), origin.permissions), ("Renamed", vec!["audit:view".to_owned()]));
        owner.delete_role(first, 2, None).await.unwrap();
        let editor = owner.role_editor(Some(second), None).await.unwrap();
        assert_eq!(editor.origin, None);
        // Saving keeps where it comes from.
        let third = clone("Third", developer).await.unwrap();
        owner.update_role(third, 1, &role_draft("Third", &[])).await.unwrap();
        assert!(owner.role_editor(Some(third), None).await.unwrap().origin.is_some());

        let other = world.another_owner("ola@example.org", "Elsewhere", "delivery-platform").await;
        let before = world.database.dump().await;
        for unknown in [first, other.role("Developer").await, rolecall_shared::RoleId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(clone("Fourth", unknown).await.not_found(), "role");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_service_that_the_template_gained_is_to_be_looked_at_once(world: World) {
        let owner = platform(&world).await;
        assert_eq!(review(&owner).await, None);
        gained(&owner, &["logs"]).await;
        assert_eq!(review(&owner).await, None, "nothing here could give it");
        // Who makes the first role sees all rows, so there is nothing new to them.
        owner.create_role(&role_draft("Reader", &[])).await.unwrap();
        assert_eq!(review(&owner).await, None);
        owner.create_role(&role_draft("Builder", &[])).await.unwrap();
        owner.create_group(&group_draft("Night shift", &[])).await.unwrap();
        gained(&owner, &["logs", "domains"]).await;
        let seen = review(&owner).await.unwrap();
        assert_eq!(titles(&seen), (vec!["domains", "logs"], vec!["Builder", "Reader"], vec!["Night shift"]));
        assert_eq!(seen.blocked, None);

        let gus = owner.enrol_with("Gus Ek", "gus@example.org", &["team:view"]).await;
        let seen = review(&gus).await.unwrap();
        assert!(seen.blocked.unwrap().contains("team:manage"));
        let before = world.database.dump().await;
        assert_eq!(mark(&gus, &["logs"]).await.denied(), "team:manage");
        for unknown in ["rockets", "", "logs domains"] {
            assert_eq!(mark(&owner, &["logs", unknown]).await.not_found(), "service");
        }
        assert_eq!(world.database.dump().await, before);

        let mira = owner.enrol_with("Mira Holm", "mira@example.org", &MANAGER).await;
        mark(&mira, &["logs"]).await.unwrap();
        assert_eq!(titles(&review(&owner).await.unwrap()).0, ["domains"]);
        let (action, detail) = owner.newest_entry().await;
        assert_eq!((action.as_str(), detail), ("services.reviewed", json!({ "services": ["logs"] })));
        mark(&owner, &["domains", "logs"]).await.unwrap();
        assert_eq!(review(&owner).await, None);
        let before = world.database.dump().await;
        mark(&owner, &["domains", "logs"]).await.unwrap();
        mark(&owner, &[]).await.unwrap();
        assert_eq!(world.database.dump().await, before, "looking again is nothing new");
    }

    async fn a_workspace_from_before_starts_with_the_rows_of_now(world: World) {
        let owner = platform(&world).await;
        owner.create_role(&role_draft("Reader", &[])).await.unwrap();
        let kept = world.database.texts("SELECT reviewed_rows FROM workspaces", &[]).await;
        world.database.change("UPDATE workspaces SET reviewed_rows = NULL", &[]).await;
        assert_eq!(review(&owner).await, None, "nobody knows yet");
        mark(&owner, &["logs"]).await.unwrap();
        roles::begin_reviews(&world.app).await.unwrap();
        let now = world.database.texts("SELECT reviewed_rows FROM workspaces", &[]).await;
        assert_eq!(now, kept);
        // What was looked at since stays as it is at the next start.
        gained(&owner, &["logs"]).await;
        roles::begin_reviews(&world.app).await.unwrap();
        assert_eq!(titles(&review(&owner).await.unwrap()).0, ["logs"]);
    }

    /// A template can lack a row for a while, such as while an older version runs.
    async fn names_that_the_template_lacks_survive_a_save(world: World) {
        let owner = platform(&world).await;
        let role = owner.create_role(&role_draft("Reader", &["logs:view"])).await.unwrap();
        let group = owner.create_group(&group_draft("Readers", &["logs:view"])).await.unwrap();
        for table in ["roles", "acl_groups"] {
            let sql = format!("UPDATE {table} SET permissions = 'rockets:view logs:view rockets:fly' WHERE id = $1");
            let id = if table == "roles" { role.into() } else { group.into() };
            world.database.change(&sql, &[id]).await;
        }
        owner.update_role(role, 1, &role_draft("Reader", &["audit:view"])).await.unwrap();
        owner.update_group(group, 1, &group_draft("Readers", &[])).await.unwrap();
        let kept = async |table: &str, id: rolecall_shared::RoleId| {
            let sql = format!("SELECT permissions FROM {table} WHERE id = $1");
            world.database.texts(&sql, &[id.into()]).await.remove(0)
        };
        assert_eq!(kept("roles", role).await, "audit:view rockets:view rockets:fly");
        assert_eq!(kept("acl_groups", rolecall_shared::RoleId(group.0)).await, "rockets:view rockets:fly");
        let editor = owner.role_editor(Some(role), None).await.unwrap();
        assert_eq!(editor.draft.permissions, ["audit:view"], "and give nothing");
    }
}
