//! The first run: the one-time code, the form, and owners made at the command line.

use rolecall_backend::{
    authz::Glance,
    service::{
        Failure,
        setup::{self, CreateOwner, SetupForm},
        shell, sign_in,
    },
};
use tokio::task::JoinSet;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, WORKSPACE, meta, setup_form},
};

async fn complete(world: &World, form: SetupForm) -> Result<String, Failure> {
    let signed_in = setup::complete(&world.app, &meta("set-up"), form).await?;
    Ok(signed_in.workspace.unwrap())
}

async fn code(world: &World) -> String {
    setup::issue_code(&world.app, None).await.unwrap().unwrap()
}

both! {
    async fn the_code_from_the_log_opens_the_set_up_once(world: World) {
        assert!(setup::needed(&world.app).await.unwrap());
        let wrong = SetupForm {
            code: "aaaa-bbbb-cccc".into(),
            ..setup_form()
        };
        // Before a code was issued, and with another one.
        assert_eq!(
            complete(&world, wrong.clone()).await.wrong_field().0,
            "code"
        );
        let code = code(&world).await;
        assert_eq!(code.len(), 14);
        assert_eq!(complete(&world, wrong).await.wrong_field().0, "code");
        assert_eq!(world.count("users").await, 0);
        assert!(setup::needed(&world.app).await.unwrap());

        let form = SetupForm {
            code: format!(" {code}\n"),
            ..setup_form()
        };
        assert_eq!(complete(&world, form.clone()).await.unwrap(), "northwind");
        assert!(!setup::needed(&world.app).await.unwrap());
        assert!(setup::issue_code(&world.app, None).await.unwrap().is_none());

        let other = SetupForm {
            email: "eve@example.org".into(),
            ..form
        };
        assert!(
            complete(&world, other)
                .await
                .conflict()
                .contains("Sign in instead")
        );
        assert_eq!(world.count("users").await, 1);
        assert_eq!(world.count("workspaces").await, 1);
        let hashes = world.database.dump().await.remove("setup").unwrap();
        assert!(!hashes.concat().contains(&code));
    }

    async fn a_restart_makes_the_earlier_code_worthless(world: World) {
        let first = code(&world).await;
        let second = code(&world).await;
        assert_ne!(first, second);
        let form = |code| SetupForm {
            code,
            ..setup_form()
        };
        assert_eq!(complete(&world, form(first)).await.wrong_field().0, "code");
        complete(&world, form(second)).await.unwrap();
    }

    async fn the_operator_can_choose_the_code(world: World) {
        let code = setup::issue_code(&world.app, Some("our own code"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(code, "our own code");
        complete(
            &world,
            SetupForm {
                code,
                ..setup_form()
            },
        )
        .await
        .unwrap();
    }

    async fn every_wrong_field_is_told_at_once(world: World) {
        let form = SetupForm {
            code: code(&world).await,
            name: " \u{200b} ".into(),
            email: "ana@localhost".into(),
            password: "too short".into(),
            workspace: "x".repeat(81),
            template: "none".into(),
        };
        let wrong = complete(&world, form).await.wrong_fields();
        assert_eq!(
            wrong,
            ["email", "name", "password", "template", "workspace"]
        );
        assert_eq!(world.count("users").await, 0);
        assert_eq!(world.count("workspaces").await, 0);
    }

    async fn guessing_the_code_gets_slow(world: World) {
        let right = code(&world).await;
        let wrong = SetupForm {
            code: "wrong".into(),
            ..setup_form()
        };
        for _ in 0..11 {
            assert_eq!(
                complete(&world, wrong.clone()).await.wrong_field().0,
                "code"
            );
        }
        let (wait, message) = complete(&world, wrong).await.too_many();
        assert!(
            wait <= 3 && message.contains("Too many tries"),
            "{wait} {message}"
        );
        // The right code waits its turn too, and works then.
        let form = SetupForm {
            code: right,
            ..setup_form()
        };
        complete(&world, form.clone()).await.too_many();
        world.advance(chrono::TimeDelta::seconds(wait.into()));
        complete(&world, form).await.unwrap();
    }

    async fn of_racing_completions_one_makes_the_owner(world: World) {
        let code = code(&world).await;
        let mut racers = JoinSet::new();
        for n in 0..4 {
            let world = world.clone();
            let form = SetupForm {
                code: code.clone(),
                email: format!("owner{n}@example.org"),
                ..setup_form()
            };
            racers.spawn(async move { complete(&world, form).await });
        }
        let (winners, losers): (Vec<_>, Vec<_>) =
            racers.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((winners.len(), losers.len()), (1, 3));
        for loser in losers {
            loser.conflict();
        }
        for table in ["users", "workspaces", "members", "sessions"] {
            assert_eq!(world.count(table).await, 1, "{table}");
        }
    }

    async fn an_owner_made_at_the_command_line_ends_the_first_run(world: World) {
        let code = code(&world).await;
        world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        assert!(!setup::needed(&world.app).await.unwrap());
        complete(
            &world,
            SetupForm {
                code,
                ..setup_form()
            },
        )
        .await
        .conflict();
    }

    async fn a_person_who_has_an_account_keeps_it_and_gains_a_workspace(world: World) {
        let owner = world.owner().await;
        let order = CreateOwner {
            name: "Somebody Else".into(),
            email: OWNER.to_uppercase(),
            password: "copper meadow saddle drizzle".into(),
            workspace: WORKSPACE.into(),
            template: None,
        };
        let slug = setup::create_owner(&world.app, &meta("cli"), order.clone())
            .await
            .unwrap();
        // The name of the workspace is taken, so its address gets a number.
        assert!(slug.starts_with("northwind-"), "{slug}");
        assert_eq!(world.count("users").await, 1);

        let seen = shell::load(&world.app, &owner.caller, &Glance::default(), Some(&slug))
            .await
            .unwrap();
        assert_eq!((seen.name.as_str(), seen.workspaces.len()), ("Ana Ruiz", 2));
        let view = seen.workspace.unwrap();
        assert!(view.is_owner);
        assert_eq!(view.template, "Cloud account");

        let with = |password: String| {
            let world = world.clone();
            async move { sign_in::with_password(&world.app, &meta("x"), OWNER, &password).await }
        };
        with(PASSPHRASE.into()).await.unwrap();
        with(order.password).await.wrong_field();
    }

    async fn a_workspace_is_not_given_to_an_account_that_nobody_proved(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let id = owner.invite("victim@example.org", "Viewer").await;
        owner.hands_over(id).await.joins("Somebody").await.unwrap();
        let order = CreateOwner {
            name: "Victoria".into(),
            email: "victim@example.org".into(),
            password: "copper meadow saddle drizzle".into(),
            workspace: "Harbor".into(),
            template: None,
        };
        let refused = setup::create_owner(&world.app, &meta("cli"), order).await;
        assert_eq!(refused.wrong_field().0, "email");
        assert_eq!(world.count("workspaces").await, 1);
    }

    async fn the_trail_begins_with_the_set_up(world: World) {
        let owner = world.owner().await;
        assert_eq!(owner.actions().await, ["workspace.created"]);
        let row = world.trail(Some(owner.workspace().await)).await.remove(0);
        assert_eq!(row.actor_label, format!("Ana Ruiz <{OWNER}>"));
        assert_eq!(
            (row.target_label.as_str(), row.request_id.as_str()),
            (WORKSPACE, "set-up")
        );
        assert!(row.detail.contains("cloud-account"), "{}", row.detail);
    }

    async fn guessing_the_code_is_in_the_trail_and_a_flood_is_sampled(world: World) {
        code(&world).await;
        let wrong = SetupForm {
            code: "guess-guess-guess".into(),
            ..setup_form()
        };
        for _ in 0..25 {
            complete(&world, wrong.clone()).await.unwrap_err();
        }
        let rows = world.trail(None).await;
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.action.as_str(), row.actor_kind.as_str(), row.detail.as_str()))
            .collect();
        let row = |detail| ("setup.refused", "visitor", detail);
        assert_eq!(
            told,
            [
                row(r#"{"by":"code","tries_in_an_hour":1}"#),
                row(r#"{"by":"code","tries_in_an_hour":10}"#),
            ]
        );
        assert!(rows.iter().all(|row| !row.detail.contains("guess")));
    }
}
