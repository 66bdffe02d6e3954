//! The overview: its numbers are those of the lists they lead to, and it shows no more than one may see.

use chrono::TimeDelta;
use rolecall_backend::service::{Failure, overview};
use rolecall_shared::{
    GroupId, MemberId,
    member::{Activity, MemberQuery},
    overview::{EndingKind, Overview},
};

use crate::support::{
    World,
    actors::Person,
    answers::Refusal as _,
    both,
    grants::{platform, role_draft},
    world::OWNER,
};

impl Person {
    async fn overview(&self) -> Result<Overview, Failure> {
        overview::load(&self.world.app, &self.caller, &self.slug).await
    }

    /// Names of who can manage the team, as far as they are listed.
    async fn managers(&self) -> Vec<String> {
        let managers = self.overview().await.unwrap().managers;
        managers.first.into_iter().map(|m| m.member.name).collect()
    }

    async fn joins_until(&self, member: MemberId, group: GroupId, hours: i64) {
        let end = self.world.clock.now() + TimeDelta::hours(hours);
        let sql = "INSERT INTO member_groups (member_id, group_id, expires_at) VALUES ($1, $2, $3)";
        let args = [member.into(), group.into(), end.into()];
        self.world.database.change(sql, &args).await;
    }
}

both! {
    async fn its_numbers_are_those_of_the_lists(world: World) {
        let owner = world.owner().await;
        owner.enrol("Gus Ek", "gus@example.org", "Viewer").await;
        owner.enrol("Mira Holm", "mira@example.org", "Viewer").await;
        owner.invite("amara@example.org", "Viewer").await;
        let mut order = owner.order(&["late@example.org"], "Viewer").await;
        order.hours = 1;
        owner.send(order).await.unwrap();
        // Over, and not written down yet.
        world.advance(TimeDelta::hours(2));
        let seen = owner.overview().await.unwrap();
        assert_eq!((seen.members, seen.pending, seen.expired, seen.dormant), (3, 1, 1, 0));
        let shares: Vec<_> = seen.roles.iter().map(|s| (s.role.name.as_str(), s.members)).collect();
        assert_eq!(shares[..2], [("Viewer", 2), ("Admin", 1)]);
        assert_eq!(shares.last().unwrap().1, 0, "roles that nobody has come last");

        world.advance(TimeDelta::days(91));
        let query = MemberQuery { activity: Some(Activity::Dormant), ..MemberQuery::default() };
        let dormant = owner.members(&query).await.unwrap().rows.len();
        assert_eq!(owner.overview().await.unwrap().dormant, i64::try_from(dormant).unwrap());
    }

    async fn who_can_manage_the_team_is_counted_whatever_gives_it(world: World) {
        let owner = platform(&world).await;
        assert_eq!(owner.managers().await, ["Ana Ruiz"]);
        owner.create_role(&role_draft("Lead", &["team:view", "team:manage"])).await.unwrap();
        owner.enrol("Lea Lead", "lea@example.org", "Lead").await;
        owner.enrol("Gil Group", "gil@example.org", "Developer").await;
        owner.enrol("Dan Direct", "dan@example.org", "Developer").await;
        owner.enrol("Sue Suspended", "sue@example.org", "Lead").await;
        owner.enrol("Ned Nothing", "ned@example.org", "Developer").await;
        owner.suspend("sue@example.org").await;
        let group = owner.add_group("Leads", "team:view team:manage").await;
        owner.joins_until(owner.member_id("gil@example.org").await, group, 24).await;
        let sql = "UPDATE members SET direct_permissions = 'logs:view team:manage team:view' WHERE id = $1";
        let dan = owner.member_id("dan@example.org").await;
        world.database.change(sql, &[dan.into()]).await;

        assert_eq!(owner.managers().await, ["Ana Ruiz", "Dan Direct", "Gil Group", "Lea Lead"]);
        let managers = owner.overview().await.unwrap().managers;
        assert_eq!((managers.count, managers.owners), (4, 1));
        assert!(managers.first[0].is_owner && !managers.first[1].is_owner);

        // What has ended gives nothing, and who never proved an address can not sign in.
        world.advance(TimeDelta::hours(25));
        let sql = "UPDATE users SET email_verified_at = NULL WHERE email = 'lea@example.org'";
        world.database.change(sql, &[]).await;
        assert_eq!(owner.managers().await, ["Ana Ruiz", "Dan Direct"]);
        // Nobody of another workspace is among them.
        let other = world.another_owner("ola@example.org", "Harbor", "delivery-platform").await;
        assert_eq!(other.managers().await, ["Ola Berg"]);
    }

    async fn what_ends_soon_is_listed_by_when_it_ends(world: World) {
        let owner = platform(&world).await;
        owner.enrol("Gil Group", "gil@example.org", "Developer").await;
        let gil = owner.member_id("gil@example.org").await;
        let group = owner.add_group("Leads", "logs:view").await;
        let later = owner.add_group("Later", "logs:view").await;
        owner.joins_until(gil, group, 48).await;
        owner.joins_until(gil, later, 24 * 15).await;
        let soon = world.clock.now() + TimeDelta::hours(3);
        let sql = "UPDATE members SET direct_permissions = 'logs:view', direct_expires_at = $2 WHERE id = $1";
        world.database.change(sql, &[gil.into(), soon.into()]).await;

        let ending = owner.overview().await.unwrap().ending;
        assert_eq!(ending.len(), 2);
        assert_eq!(ending[0].what, EndingKind::Direct);
        assert_eq!(ending[0].at, world.in_hours(3));
        assert!(matches!(&ending[1].what, EndingKind::Group(named) if named.name == "Leads"));
        assert_eq!(ending[1].member.name, "Gil Group");
        world.advance(TimeDelta::hours(4));
        assert_eq!(owner.overview().await.unwrap().ending.len(), 1);
    }

    async fn it_shows_no_more_than_one_may_see(world: World) {
        let owner = platform(&world).await;
        owner.create_role(&role_draft("Lister", &["team:view"])).await.unwrap();
        let lister = owner.enrol("Lia List", "lia@example.org", "Lister").await;
        let blind = owner.enrol("Bo Li", "bo@example.org", "Developer").await;
        assert_eq!(blind.overview().await.denied(), "team:view");
        assert_eq!(lister.overview().await.unwrap().changes, None);

        let project = owner.project("Shop").await;
        let end = world.clock.now() + TimeDelta::days(2);
        let sql = "INSERT INTO overrides (member_id, project_id, permissions, expires_at, set_by, set_at, version)
             VALUES ($1, $2, '', $3, 'Ana Ruiz', $3, 1)";
        let args = [owner.member_id("bo@example.org").await.into(), project.0.into(), end.into()];
        world.database.change(sql, &args).await;
        assert_eq!(owner.overview().await.unwrap().ending.len(), 1);
        assert!(lister.overview().await.unwrap().ending.is_empty());

        let other = world.another_owner("ola@example.org", "Harbor", "portal").await;
        assert_eq!(other.at(&owner.slug).overview().await.not_found(), "workspace");
        assert!(other.overview().await.unwrap().ending.is_empty());
    }

    async fn the_last_changes_are_told_in_words(world: World) {
        let owner = world.owner().await;
        for n in 0..12 {
            owner.invite(&format!("p{n}@example.org"), "Viewer").await;
        }
        let changes = owner.overview().await.unwrap().changes.unwrap();
        assert_eq!(changes.len(), 10);
        assert_eq!(changes[0].what, "Invited somebody");
        assert_eq!(changes[0].target, "p11@example.org");
        assert_eq!(changes[0].actor, format!("Ana Ruiz <{OWNER}>"));
        assert_eq!(changes[0].at, world.now());
        assert!(changes.is_sorted_by(|one, next| one.seq > next.seq));
    }
}
