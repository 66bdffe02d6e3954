//! The operator's way back in (F21).

use rolecall_backend::service::membership::{RecoverOwner, recover_owner};

use crate::support::{World, answers::Refusal as _, both, world::PASSPHRASE};

const MIRA: &str = "mira@example.org";

fn order(email: &str, new: Option<&str>) -> RecoverOwner {
    RecoverOwner {
        workspace: "northwind".into(),
        email: email.into(),
        new: new.map(|name| (name.to_owned(), PASSPHRASE.to_owned())),
    }
}

both! {
    async fn the_operator_makes_a_suspended_member_an_owner_and_the_others_are_told(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        owner.suspends(mira.me().await).await.unwrap();
        let unproven = "UPDATE users SET email_verified_at = NULL WHERE email_norm = $1";
        world.database.change(unproven, &[MIRA.into()]).await;
        assert!(!recover_owner(&world.app, order("Mira@Example.org", None)).await.unwrap());
        let shell = mira.shell().await.workspace.unwrap();
        assert!(shell.is_owner && shell.role == "Viewer");
        let rows = world.trail(Some(owner.workspace().await)).await;
        let row = rows.last().unwrap();
        assert_eq!((row.action.as_str(), row.actor_kind.as_str(), row.actor_label.as_str()), ("owner.recovered", "cli", "recover-owner"));
        assert!(row.detail.contains("suspended member"), "{}", row.detail);
        let told = world.mail_for("Ana.Ruiz@example.org", "The owners of Northwind changed").await.text();
        assert!(told.contains("The operator of this installation made Mira Holm"), "{told}");
        let again = recover_owner(&world.app, order(MIRA, None)).await.conflict();
        assert!(again.contains("active owner of the workspace already"));
        // She counts as one who can sign in now.
        mira.removes(owner.me().await).await.unwrap();
    }

    async fn the_operator_makes_somebody_new_an_owner(world: World) {
        let owner = world.owner().await;
        let gone = owner.enrol("Gus Ek", "gus@example.org", "Viewer").await;
        owner.removes(gone.me().await).await.unwrap();
        let (field, told) = recover_owner(&world.app, order(MIRA, None)).await.wrong_field();
        assert!(field == "email" && told.contains("--password-stdin"), "{told}");
        assert!(recover_owner(&world.app, order(MIRA, Some("Mira Holm"))).await.unwrap());
        let session = world.session_of(MIRA).await;
        let mira = crate::support::actors::Person::new(&world, owner.slug.clone(), session);
        assert!(mira.shell().await.workspace.unwrap().is_owner);
        // A former member begins anew.
        assert!(!recover_owner(&world.app, order("gus@example.org", None)).await.unwrap());
        assert!(gone.shell().await.workspace.unwrap().is_owner);
        assert_eq!(world.count("former_members").await, 0);
        assert_eq!(owner.ownership().await.owners.len(), 3);

        let (field, _) = recover_owner(&world.app, order(MIRA, Some("Mira Holm"))).await.wrong_field();
        assert_eq!(field, "email");
        let weak = RecoverOwner { new: Some((String::new(), "short".into())), ..order("new@example.org", None) };
        assert_eq!(recover_owner(&world.app, weak).await.wrong_fields(), ["name", "password"]);
        let elsewhere = RecoverOwner { workspace: "nowhere".into(), ..order(MIRA, None) };
        assert_eq!(recover_owner(&world.app, elsewhere).await.wrong_fields(), ["workspace"]);
        assert_eq!(recover_owner(&world.app, order("mira", None)).await.wrong_fields(), ["email"]);
    }
}
