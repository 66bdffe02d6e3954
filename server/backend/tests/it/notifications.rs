//! Who is told of what by mail, and what of it people switch off (R-91).

use chrono::TimeDelta;
use rolecall_backend::{
    service::{Failure, account},
    sweeper,
};
use rolecall_shared::notification::{NotificationChoice, NotificationKind as Kind};

use crate::support::{
    World,
    actors::Person,
    answers::Refusal as _,
    both,
    grants::{group_draft, platform},
    life::because,
};

const ANA: &str = "Ana.Ruiz@example.org";
const MIRA: &str = "mira@example.org";
const GUS: &str = "gus@example.org";
const SETTING: &str = "https://access.example.org/account#notifications";

impl Person {
    async fn switches(&self, kind: Kind, on: bool) -> Result<(), Failure> {
        account::set_notification(&self.world.app, &self.caller, kind, on).await
    }

    async fn choices(&self) -> Vec<NotificationChoice> {
        account::load(&self.world.app, &self.caller)
            .await
            .unwrap()
            .notifications
    }

    async fn gets(&self, kind: Kind) -> bool {
        let choices = self.choices().await;
        choices
            .iter()
            .find(|choice| choice.kind == kind)
            .unwrap()
            .on
    }
}

/// Sorted subjects of the mails to an address after the first `seen`, after delivering what waits: they
/// go out side by side, so their order is no promise.
async fn news(world: &World, email: &str, seen: usize) -> Vec<String> {
    world.deliver().await;
    let mails = world.smtp.taken_for(email).into_iter();
    let mut subjects: Vec<String> = mails
        .skip(seen)
        .map(|mail| mail.header("Subject"))
        .collect();
    subjects.sort();
    subjects
}

both! {
    async fn a_choice_is_kept_for_its_person_and_stands_in_the_trail(world: World) {
        let owner = world.owner().await;
        let gus = owner.enrol("Gus Ek", GUS, "Viewer").await;
        assert_eq!(owner.choices().await.len(), Kind::ALL.len());
        assert!(owner.gets(Kind::Access).await && !owner.gets(Kind::OthersInvitations).await);
        owner.switches(Kind::Access, false).await.unwrap();
        owner.switches(Kind::OthersInvitations, true).await.unwrap();
        assert!(!owner.gets(Kind::Access).await && owner.gets(Kind::OthersInvitations).await);
        assert!(gus.gets(Kind::Access).await && !gus.gets(Kind::OthersInvitations).await);
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!(row.action, "account.notifications_changed");
        assert_eq!(row.detail, r#"{"after":"on","before":"off","mails":"Invitations of others"}"#);
        // The same again writes nothing, not even for who never chose.
        let before = world.database.dump().await;
        owner.switches(Kind::Access, false).await.unwrap();
        gus.switches(Kind::Guests, true).await.unwrap();
        assert_eq!(world.database.dump().await, before);
        owner.switches(Kind::Access, true).await.unwrap();
        assert!(owner.gets(Kind::Access).await);
    }

    async fn what_is_about_safety_can_not_be_switched_off(world: World) {
        let owner = world.owner().await;
        let before = world.database.dump().await;
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.mutable()) {
            for on in [false, true] {
                let (field, message) = owner.switches(kind, on).await.wrong_field();
                assert_eq!(field, "kind");
                assert!(message.contains(kind.title()), "{message}");
            }
        }
        assert_eq!(world.database.dump().await, before);
        // Nor by a row that nobody could write.
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let sql = "INSERT INTO notification_choices (user_id, kind, is_on) VALUES ($1, $2, FALSE)";
        for kind in [Kind::Membership, Kind::Ownership] {
            world.database.change(sql, &[mira.caller.session.user.into(), kind.name().into()]).await;
        }
        let id = mira.me().await;
        owner.proposes(id, false).await.unwrap();
        owner.suspends(id).await.unwrap();
        owner.removes_as(id, &because("")).await.unwrap();
        assert_eq!(news(&world, MIRA, 0).await, [
            "You are asked to own Northwind",
            "You were removed from Northwind",
            "You were suspended in Northwind",
        ]);
        let mail = world.mail_for(MIRA, "You were removed").await;
        assert!(mail.text().contains("always sent") && !mail.text().contains(SETTING));
    }

    async fn the_inviter_is_told_how_an_invitation_ended_unless_they_switched_it_off(world: World) {
        let owner = world.owner().await;
        owner.invite("ben@example.org", "Viewer").await;
        world.invited("ben@example.org").await.joins("Ben Okafor").await.unwrap();
        let told = world.mail_for(ANA, "Ben Okafor joined Northwind").await;
        assert!(told.text().contains("accepted your invitation"), "{}", told.text());
        assert!(told.text().contains("“Your invitations”") && told.text().contains(SETTING));
        owner.invite("cleo@example.org", "Viewer").await;
        world.invited("cleo@example.org").await.declines().await.unwrap();
        world.mail_for(ANA, "cleo@example.org declined").await;
        owner.switches(Kind::OwnInvitations, false).await.unwrap();
        let seen = news(&world, ANA, 0).await.len();
        for (email, name) in [("dan@example.org", Some("Dan")), ("eve@example.org", None)] {
            owner.invite(email, "Viewer").await;
            let holder = world.invited(email).await;
            match name {
                Some(name) => drop(holder.joins(name).await.unwrap()),
                None => drop(holder.declines().await.unwrap()),
            }
        }
        owner.invite("finn@example.org", "Viewer").await;
        world.advance(TimeDelta::hours(80));
        sweeper::sweep(&world.app).await.unwrap();
        assert!(news(&world, ANA, seen).await.is_empty());
    }

    async fn expired_invitations_are_told_in_one_mail_to_each_who_sent_some(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let gus = owner.enrol("Gus Ek", GUS, "Admin").await;
        gus.switches(Kind::OthersInvitations, true).await.unwrap();
        for n in 0..3 {
            owner.invite(&format!("p{n}@example.org"), "Viewer").await;
        }
        mira.invite("one@example.org", "Viewer").await;
        gus.invite("own@example.org", "Viewer").await;
        world.advance(TimeDelta::hours(73));
        sweeper::sweep(&world.app).await.unwrap();
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(news(&world, ANA, 0).await, ["3 invitations to Northwind expired"]);
        assert_eq!(news(&world, MIRA, 0).await, ["The invitation of one@example.org to Northwind expired"]);
        let told = news(&world, GUS, 0).await;
        assert_eq!(told, [
            "4 invitations to Northwind expired",
            "The invitation of own@example.org to Northwind expired",
        ]);
        let mail = world.mail_for(GUS, "4 invitations").await;
        assert!(mail.text().contains("p2@example.org") && !mail.text().contains("own@example.org"), "{}", mail.text());
        // Whoever sends another order in the gap before the sweeper has it written down and told, too.
        mira.invite("two@example.org", "Viewer").await;
        world.advance(TimeDelta::hours(73));
        owner.invite("late@example.org", "Viewer").await;
        world.mail_for(MIRA, "The invitation of two@example.org").await;
    }

    async fn who_is_gone_or_suspended_is_not_told_who_joined(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        mira.switches(Kind::OthersInvitations, true).await.unwrap();
        mira.invite("ben@example.org", "Viewer").await;
        owner.invite("cleo@example.org", "Viewer").await;
        owner.suspends(mira.me().await).await.unwrap();
        let seen = news(&world, MIRA, 0).await.len();
        world.invited("cleo@example.org").await.joins("Cleo").await.unwrap();
        world.invited("ben@example.org").await.declines().await.unwrap();
        assert!(news(&world, MIRA, seen).await.is_empty());
    }

    async fn invitations_of_others_are_told_to_who_asked_for_it_and_manages_the_team(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let gus = owner.enrol("Gus Ek", GUS, "Viewer").await;
        let nora = owner.enrol("Nora Lind", "nora@example.org", "Admin").await;
        let kim = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        for person in [&*owner, &*mira, &*gus, &*kim] {
            person.switches(Kind::OthersInvitations, true).await.unwrap();
        }
        nora.invite("ben@example.org", "Viewer").await;
        world.invited("ben@example.org").await.joins("Ben Okafor").await.unwrap();
        let told = world.mail_for(MIRA, "Ben Okafor joined Northwind").await;
        assert!(told.text().contains("accepted the invitation of Nora Lind"), "{}", told.text());
        assert!(told.text().contains("“Invitations of others”") && told.text().contains(SETTING));
        world.mail_for(ANA, "Ben Okafor joined Northwind").await;
        assert_eq!(news(&world, "nora@example.org", 0).await, ["Ben Okafor joined Northwind"]);
        for silent in [GUS, "kim@example.org"] {
            assert!(news(&world, silent, 0).await.is_empty(), "{silent}");
        }
        // Whoever stops managing the team stops hearing of it, whatever they chose.
        owner.gives_role(&[mira.me().await], owner.role("Viewer").await).await.unwrap();
        let seen = news(&world, MIRA, 0).await.len();
        nora.invite("cleo@example.org", "Viewer").await;
        world.invited("cleo@example.org").await.declines().await.unwrap();
        assert!(news(&world, MIRA, seen).await.is_empty());
        world.mail_for(ANA, "cleo@example.org declined").await;
    }

    async fn at_most_fifty_people_are_told_of_one_invitation_of_others(world: World) {
        let owner = world.owner().await;
        let sql = "INSERT INTO notification_choices (user_id, kind, is_on) VALUES ($1, $2, TRUE)";
        for n in 0..55 {
            let admin = owner.enrol(&format!("Admin {n}"), &format!("admin{n}@example.org"), "Admin").await;
            let args = [admin.caller.session.user.into(), Kind::OthersInvitations.name().into()];
            world.database.change(sql, &args).await;
        }
        owner.invite("ben@example.org", "Viewer").await;
        world.invited("ben@example.org").await.joins("Ben Okafor").await.unwrap();
        world.deliver().await;
        let mails = world.smtp.taken().into_iter();
        let told = mails.filter(|mail| mail.header("Subject").starts_with("Ben Okafor joined")).count();
        assert_eq!(told, 50 + 1, "the inviter is told besides");
    }

    async fn a_member_is_told_of_role_groups_and_projects_unless_they_switched_it_off(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol("Gus Ek", GUS, "Developer").await;
        let id = gus.me().await;
        let group = owner.create_group(&group_draft("QA", &["logs:view"])).await.unwrap();
        let end = world.in_hours(30 * 24);
        assert_eq!(owner.add_to_group(group, &[id], None).await.unwrap(), 1);
        let mail = world.mail_for(GUS, "You are in the group QA of Northwind").await;
        assert!(mail.text().contains("by Ana Ruiz") && mail.text().contains("without an end"), "{}", mail.text());
        assert!(mail.text().contains("“What you may do”") && mail.html().contains(SETTING));
        owner.add_to_group(group, &[id], Some(end)).await.unwrap();
        owner.remove_from_group(group, id).await.unwrap();
        assert_eq!(news(&world, GUS, 1).await, [
            "You are in the group QA of Northwind",
            "You are not in the group QA of Northwind any more",
        ]);
        gus.switches(Kind::Access, false).await.unwrap();
        owner.add_to_group(group, &[id], None).await.unwrap();
        owner.gives_role(&[id], owner.role("Account Admin").await).await.unwrap();
        assert!(news(&world, GUS, 3).await.is_empty());
        // Other kinds still come, and nobody is told of what they did themselves.
        let version = owner.page_of(id).await.unwrap().version;
        owner.ends(id, version, Some(end)).await.unwrap();
        assert_eq!(news(&world, GUS, 3).await.len(), 1);
        owner.add_to_group(group, &[owner.me().await], None).await.unwrap();
        assert!(news(&world, ANA, 0).await.is_empty());
    }

    async fn an_owner_whose_ownership_is_taken_is_told_by_whom(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        owner.makes_owner(&mira).await;
        owner.takes_ownership(mira.me().await, owner.role("Viewer").await).await.unwrap();
        let mail = world.mail_for(MIRA, "You are not an owner of Northwind any more").await;
        assert!(mail.text().contains("Ana Ruiz took your ownership"), "{}", mail.text());
        assert!(mail.text().contains("the role Viewer"), "{}", mail.text());
    }

    async fn without_a_mail_server_a_choice_is_kept_all_the_same(world: World) {
        let owner = world.owner().await;
        let silent = world.without_mail();
        let ana = owner.on(&silent);
        ana.switches(Kind::Guests, false).await.unwrap();
        assert!(!owner.gets(Kind::Guests).await);
        assert_eq!(world.count("outbox").await, 0);
    }
}
