//! API tokens: made, narrowed, ended (R-58 to R-63, rules 43 to 48).

use chrono::TimeDelta;
use rolecall_backend::{
    authz::Refusal,
    service::{Failure, access, tokens::Refused},
    sweeper,
};
use rolecall_shared::{
    access::ChangeRequest,
    project::ProjectQuery,
    token::{TokenQuery, TokenStatus},
};
use serde_json::json;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{platform, role_draft},
    tokens::{project_draft, token_draft},
    work::replacing,
};

const GUS: &str = "gus@example.org";
/// Of somebody who makes tokens, manages the team and works in projects.
const MAKER: [&str; 6] = [
    "tokens:manage",
    "team:manage",
    "projects:manage",
    "projects:delete",
    "logs:view",
    "domains:manage",
];

both! {
    async fn a_token_is_told_once_kept_as_a_hash_and_acts_for_its_member(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let made = gus.token(&token_draft(" Deploy  bot ", Some(&["logs:view", "projects:view"]))).await;
        assert!(made.secret.starts_with("rcl_") && made.secret.len() == 42);
        assert_eq!(made.expires_at, world.in_hours(30 * 24));
        let dump = format!("{:?}", world.database.dump().await);
        assert!(!dump.contains(&made.secret) && !dump.contains(&made.secret[12..]), "the text of a token is kept");
        let (action, detail) = owner.newest_entry().await;
        assert_eq!((action.as_str(), &detail["name"], &detail["permissions"]), ("token.created", &json!("Deploy bot"), &json!(["logs:view", "projects:view"])));

        let program = world.program(&made.secret).await.unwrap();
        assert_eq!(program.slug, gus.slug);
        program.project_rows(&ProjectQuery::default()).await.unwrap();
        let row = gus.token_rows(false).await.remove(0);
        assert_eq!((row.name.as_str(), row.status, row.last_used_at), ("Deploy bot", TokenStatus::Active, Some(world.now())));
        assert_eq!((row.last_used_address.as_str(), row.hint.as_str()), ("203.0.113.7", &made.secret[..8]));
        assert_eq!(row.permissions, ["logs:view", "projects:view"]);
        // Use is written down at most once a minute.
        world.advance(TimeDelta::seconds(59));
        world.program(&made.secret).await.unwrap();
        assert_ne!(gus.token_rows(false).await[0].last_used_at, Some(world.now()));
        world.advance(TimeDelta::seconds(1));
        world.program(&made.secret).await.unwrap();
        assert_eq!(gus.token_rows(false).await[0].last_used_at, Some(world.now()));
    }

    async fn what_the_form_sends_is_checked_field_by_field(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let hidden = owner.project("Hidden").await;
        owner.overrides(hidden, gus.me().await, &replacing(&[], None, None)).await.unwrap();
        let shop = owner.project("Shop").await;
        let mut wrong = token_draft("", None);
        wrong.days = 366;
        assert_eq!(gus.makes_token(&wrong).await.wrong_fields(), ["days", "name"]);
        wrong = token_draft("Bot", None);
        wrong.days = 0;
        assert_eq!(gus.makes_token(&wrong).await.wrong_fields(), ["days"]);
        for names in [&[][..], &["logs:fly"], &["tokens:view"], &["logs:view", "no"]] {
            let draft = token_draft("Bot", Some(names));
            assert_eq!(gus.makes_token(&draft).await.wrong_fields(), ["permissions"], "{names:?}");
        }
        let workspace_row = project_draft("Bot", Some(&["team:view"]), shop);
        assert_eq!(gus.makes_token(&workspace_row).await.wrong_fields(), ["permissions"]);
        let unseen = project_draft("Bot", None, hidden);
        let (field, said) = gus.makes_token(&unseen).await.wrong_field();
        let unknown = project_draft("Bot", None, rolecall_shared::ProjectId(uuid::Uuid::nil()));
        assert_eq!(gus.makes_token(&unknown).await.wrong_field(), (field, said));
        assert!(gus.token_rows(false).await.is_empty());
    }

    async fn making_one_needs_the_permission_what_it_gives_and_a_fresh_proof(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let pia = owner.enrol_with("Pia", "pia@example.org", &["team:view"]).await;
        assert_eq!(pia.makes_token(&token_draft("Bot", None)).await.denied(), "tokens:manage");
        let beyond = token_draft("Bot", Some(&["logs:view", "billing:view"]));
        assert_eq!(gus.makes_token(&beyond).await.beyond_own(), ["billing:view"]);
        let shop = owner.project("Shop").await;
        owner.overrides(shop, gus.me().await, &replacing(&["projects:view", "logs:view"], None, None)).await.unwrap();
        let there = project_draft("Bot", Some(&["domains:view"]), shop);
        assert_eq!(gus.makes_token(&there).await.beyond_own(), ["domains:view"]);
        // A token for the whole workspace is lowered there with its member.
        let made = gus.token(&token_draft("Bot", Some(&["domains:view", "projects:view"]))).await;
        let program = world.program(&made.secret).await.unwrap();
        let page = program.project_page(shop).await.unwrap();
        assert_eq!(page.permissions, ["projects:view"]);

        world.advance(TimeDelta::minutes(16));
        let late = gus.makes_token(&token_draft("Late", None)).await;
        assert!(matches!(late, Err(Failure::ConfirmFirst)), "{late:?}");
    }

    async fn a_member_has_at_most_fifty_that_work(world: World) {
        let owner = platform(&world).await;
        for n in 0..50 {
            if n == 25 {
                world.advance(TimeDelta::hours(2));
            }
            owner.token(&token_draft(&format!("Bot {n}"), None)).await;
        }
        world.advance(TimeDelta::hours(2));
        let refused = owner.confirmed().makes_token(&token_draft("One more", None)).await.conflict();
        assert!(refused.contains("Revoke one"), "{refused}");
        let page = owner.tokens(&TokenQuery::default()).await.unwrap().tokens;
        assert_eq!((page.rows.len(), page.next), (50, None));
        owner.revokes_token(page.rows[0].id).await.unwrap();
        owner.token(&token_draft("One more", None)).await;
        let page = owner.tokens(&TokenQuery::default()).await.unwrap().tokens;
        let query = TokenQuery { cursor: page.next, ..TokenQuery::default() };
        let last = owner.tokens(&query).await.unwrap().tokens;
        assert!(last.rows.len() == 1 && last.next.is_none() && last.previous.is_some());
        assert!(page.rows.iter().all(|row| row.created_at >= last.rows[0].created_at && row.id != last.rows[0].id));
    }

    async fn a_demoted_member_s_token_is_narrowed_with_the_next_request(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let all = gus.token(&token_draft("All", None)).await;
        let some = gus.token(&token_draft("Some", Some(&["projects:manage", "team:view"]))).await;
        let (all, some) = (world.program(&all.secret).await.unwrap(), world.program(&some.secret).await.unwrap());
        all.project("By all").await;
        some.project("By some").await;
        let row = owner.token_row("All").await;
        assert!(row.unlimited && !row.owner_can_not_manage && row.permissions.contains(&"domains:manage".to_owned()));

        let card = owner.role_card("Role of Gus Ek").await;
        let less = role_draft("Role of Gus Ek", &["projects:view", "logs:view"]);
        owner.update_role(card.id, card.version, &less).await.unwrap();
        assert_eq!(all.creates(&crate::support::work::called("No")).await.denied(), "projects:manage");
        assert_eq!(some.creates(&crate::support::work::called("No")).await.denied(), "projects:manage");
        let row = owner.token_row("All").await;
        assert!(row.owner_can_not_manage);
        assert_eq!(row.permissions, ["logs:view", "projects:view"]);
        assert_eq!(owner.token_row("Some").await.permissions, ["projects:view"]);
        // They can still see and revoke their own (rule 44), and nothing else.
        assert_eq!(gus.token_rows(false).await.len(), 2);
        let theirs = TokenQuery { everybody: true, ..TokenQuery::default() };
        assert_eq!(gus.tokens(&theirs).await.denied(), "tokens:manage");
        assert!(gus.tokens(&TokenQuery::default()).await.unwrap().blocked.is_some());
        gus.revokes_token(row.id).await.unwrap();
    }

    async fn previews_count_the_tokens_that_do_less_or_more_then(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        gus.token(&token_draft("All", None)).await;
        gus.token(&token_draft("Some", Some(&["projects:manage", "team:view"]))).await;
        let ended = gus.token(&token_draft("Ended", None)).await;
        gus.revokes_token(ended.id).await.unwrap();
        let role = owner.role_card("Role of Gus Ek").await;
        let given: Vec<String> = MAKER.iter().map(|&name| name.to_owned()).collect();
        let counted = async |permissions: Vec<String>| {
            let change = ChangeRequest::EditRole { role: role.id, permissions, own_projects_only: false };
            let (app, caller, slug) = (&world.app, &owner.caller, &owner.slug);
            let seen = access::preview(app, caller, slug, &change).await.unwrap();
            (seen.narrowed_tokens, seen.widened_tokens)
        };
        let without = |gone: &str| -> Vec<String> {
            given.iter().filter(|name| *name != gone).cloned().collect()
        };
        assert_eq!(counted(given.clone()).await, (0, 0));
        assert_eq!(counted(without("domains:manage")).await, (1, 0));
        assert_eq!(counted(without("projects:manage")).await, (2, 0));
        let more = [given.clone(), vec!["environment:view".into()]].concat();
        assert_eq!(counted(more).await, (0, 1));
    }

    async fn the_page_of_a_member_names_their_tokens_to_them_and_to_who_manages_tokens(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        gus.token(&token_draft("Bot", None)).await;
        let id = owner.member_id(GUS).await;
        for who in [&*gus, &*owner] {
            let held = who.page_of(id).await.unwrap().tokens.unwrap();
            assert_eq!(held.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["Bot"]);
        }
        let reader = owner.enrol_with("Rea", "rea@example.org", &["team:view"]).await;
        assert_eq!(reader.page_of(id).await.unwrap().tokens, None);
    }

    async fn a_token_of_a_project_sees_nothing_else(world: World) {
        let owner = platform(&world).await;
        let (shop, barn) = (owner.project("Shop").await, owner.project("Barn").await);
        let made = owner.token(&project_draft("Shop bot", None, shop)).await;
        let program = world.program(&made.secret).await.unwrap();
        let seen = program.project_rows(&ProjectQuery::default()).await.unwrap().rows;
        assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), [shop]);
        assert_eq!(program.project_page(barn).await.not_found(), "project");
        assert_eq!(program.members(&rolecall_shared::member::MemberQuery::default()).await.denied(), "team:view");
        assert!(program.project_page(shop).await.unwrap().permissions.contains(&"logs:view".to_owned()));
        let row = owner.token_row("Shop bot").await;
        assert_eq!(row.project.unwrap().name, "Shop");
        assert!(row.permissions.iter().all(|name| !name.starts_with("team:")), "{:?}", row.permissions);
        // With the project it ends, also should one come back under that id.
        owner.deletes(shop, 1).await.unwrap();
        assert_eq!(owner.newest_entry().await.1["tokens"], json!(["Shop bot"]));
        assert_eq!(world.turned_away(&made.secret).await, Refused::Unknown);
    }

    async fn suspending_pauses_and_removing_ends_for_good(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let id = gus.me().await;
        let made = gus.token(&token_draft("Bot", None)).await;
        let program = world.program(&made.secret).await.unwrap();
        owner.suspends(id).await.unwrap();
        assert_eq!(world.turned_away(&made.secret).await, Refused::Paused);
        assert_eq!(program.project_rows(&ProjectQuery::default()).await.not_found(), "workspace");
        let row = owner.token_row("Bot").await;
        assert!(row.paused.unwrap().contains("Gus Ek is suspended") && row.permissions.is_empty());
        owner.reactivates(id).await.unwrap();
        world.program(&made.secret).await.unwrap();

        let preview = owner.removal_of(id).await.unwrap();
        assert_eq!(preview.tokens.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Bot"]);
        owner.removes(id).await.unwrap();
        assert_eq!(owner.newest_entry().await.1["tokens_revoked"], json!(["Bot"]));
        assert_eq!(world.turned_away(&made.secret).await, Refused::Unknown);
        let row = owner.token_row("Bot").await;
        assert_eq!((row.status, row.revoked.unwrap().because.as_str()), (TokenStatus::Revoked, "when its member was removed"));
        owner.reinstates(id, None).await.unwrap();
        assert!(gus.is_in().await);
        assert_eq!(world.turned_away(&made.secret).await, Refused::Unknown);
        assert_eq!(program.project_rows(&ProjectQuery::default()).await.not_found(), "workspace");
        assert_eq!(owner.token_row("Bot").await.status, TokenStatus::Revoked);
        // Whoever leaves takes theirs along too.
        let again = gus.token(&token_draft("Again", None)).await;
        gus.leaves().await.unwrap();
        assert_eq!(world.turned_away(&again.secret).await, Refused::Unknown);
        assert_eq!(owner.token_row("Again").await.revoked.unwrap().because, "when its member left");
    }

    async fn no_token_makes_tokens_confirms_or_touches_its_own_member(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let pia = owner.enrol_with("Pia", "pia@example.org", &["logs:view"]).await;
        let (me, her) = (gus.me().await, pia.me().await);
        let made = gus.token(&token_draft("Bot", None)).await;
        let program = world.program(&made.secret).await.unwrap();
        assert_eq!(program.makes_token(&token_draft("Child", None)).await.refused(), Refusal::ByToken);
        assert_eq!(program.confirmed().makes_token(&token_draft("Child", None)).await.refused(), Refusal::ByToken);
        let page = program.page_of(me).await.unwrap();
        let mut less = page.access.clone();
        less.role = owner.role("Developer").await;
        assert_eq!(program.gives(me, page.version, &less).await.refused(), Refusal::ByToken);
        assert_eq!(program.leaves().await.refused(), Refusal::ByToken);
        let card = owner.role_card("Role of Gus Ek").await;
        let nothing = role_draft("Role of Gus Ek", &[]);
        assert_eq!(program.update_role(card.id, card.version, &nothing).await.refused(), Refusal::ByToken);
        // What its member may do to others it may too, and the trail says by what.
        program.suspends(her).await.unwrap();
        let trail = world.trail(Some(owner.workspace().await)).await;
        let row = trail.last().unwrap();
        assert_eq!((row.action.as_str(), row.actor_kind.as_str(), row.actor_label.as_str()), ("member.suspended", "token", "Gus Ek <gus@example.org> by the token “Bot”"));
        assert_eq!(row.session_id, Some(made.id.0));

        let made = owner.token(&token_draft("Owner's", None)).await;
        let program = world.program(&made.secret).await.unwrap();
        assert_eq!(program.proposes(me, false).await.refused(), Refusal::NeedsOwner);
        assert_eq!(program.accepts().await.refused(), Refusal::ByToken);
    }

    async fn a_token_of_one_workspace_is_nothing_in_another(world: World) {
        let owner = platform(&world).await;
        let ola = world.another_owner("ola@example.org", "Southwind", "delivery-platform").await;
        // The same person in both.
        let order = ola.order(&[crate::support::world::OWNER], "Account Admin").await;
        ola.send(order).await.unwrap();
        let invited = world.invited(crate::support::world::OWNER).await;
        invited.joins_as(&owner).await.unwrap();
        let made = owner.token(&token_draft("Bot", None)).await;
        let program = world.program(&made.secret).await.unwrap();
        assert!(owner.at(&ola.slug).is_in().await);
        assert_eq!(program.at(&ola.slug).project_rows(&ProjectQuery::default()).await.not_found(), "workspace");
        // And its id is unknown there.
        assert_eq!(ola.revokes_token(made.id).await.not_found(), "token");
        assert!(ola.token_rows(true).await.is_empty());
    }

    async fn whoever_manages_tokens_revokes_those_of_people_they_may_touch(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let pia = owner.enrol_with("Pia", "pia@example.org", &["tokens:manage"]).await;
        let mine = owner.token(&token_draft("Owner's", None)).await;
        let theirs = gus.token(&token_draft("Bot", None)).await;
        assert_eq!(gus.revokes_token(mine.id).await.refused(), Refusal::TouchesOwner);
        assert!(matches!(pia.revokes_token(theirs.id).await.refused(), Refusal::TouchesStronger(_)));
        assert!(pia.token_row("Bot").await.blocked.is_some());
        let reader = owner.enrol_with("Rea", "rea@example.org", &["team:view"]).await;
        assert_eq!(reader.revokes_token(theirs.id).await.denied(), "tokens:manage");
        owner.revokes_token(theirs.id).await.unwrap();
        assert_eq!(owner.newest_entry().await.0, "token.revoked");
        assert_eq!(world.turned_away(&theirs.secret).await, Refused::Unknown);
        assert_eq!(owner.newest_entry().await.0, "token.refused");
        assert!(gus.revokes_token(theirs.id).await.conflict().contains("revoked already"));
        let revoked = owner.token_row("Bot").await.revoked.unwrap();
        assert_eq!((revoked.by.as_str(), revoked.because.as_str()), ("Ana Ruiz", "by hand"));
    }

    async fn tokens_are_told_of_before_they_end_and_forgotten_long_after(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let made = gus.token(&token_draft("Night job", None)).await;
        let status = async || owner.token_row("Night job").await.status;
        world.advance(TimeDelta::days(22));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(status().await, TokenStatus::Active);
        world.advance(TimeDelta::days(1));
        sweeper::sweep(&world.app).await.unwrap();
        let told = world.mail_for(GUS, "").await;
        assert!(told.text().contains("Your API token Night job for"), "{}", told.text());
        assert_eq!(status().await, TokenStatus::ExpiresSoon);
        world.advance(TimeDelta::days(6));
        sweeper::sweep(&world.app).await.unwrap();
        world.deliver().await;
        // One for each notice, and one for that of thirty days, which nobody got who knew already.
        assert_eq!(world.count("expiry_notices").await, 3);
        assert_eq!(world.subjects_for(GUS).await.len(), 2);
        world.advance(TimeDelta::days(1));
        assert_eq!(world.turned_away(&made.secret).await, Refused::Unknown);
        assert_eq!(status().await, TokenStatus::Expired);
        assert!(gus.revokes_token(made.id).await.conflict().contains("over already"));
        world.advance(TimeDelta::days(91));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.count("tokens").await, 0);
    }

    async fn a_token_for_long_is_told_of_thirty_days_before_its_end_as_well(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let mut quarter = token_draft("Night job", None);
        quarter.days = 90;
        gus.token(&quarter).await;
        let mut month = token_draft("Trial", None);
        month.days = 30;
        gus.token(&month).await;
        for (days, told) in [(0, 0), (59, 0), (1, 1), (1, 1), (22, 2), (6, 3)] {
            world.advance(TimeDelta::days(days));
            sweeper::sweep(&world.app).await.unwrap();
            let about = world.subjects_for(GUS).await;
            let about = about.iter().filter(|subject| subject.starts_with("Your API token"));
            assert_eq!(about.count(), told, "after {days} more days");
        }
    }

    async fn whose_token_somebody_else_revokes_hears_of_it(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &MAKER).await;
        let theirs = gus.token(&token_draft("Bot", None)).await;
        let own = gus.token(&token_draft("Toy", None)).await;
        gus.revokes_token(own.id).await.unwrap();
        owner.revokes_token(theirs.id).await.unwrap();
        let told = world.mail_for(GUS, "Your API token Bot was revoked").await;
        assert!(told.text().contains("Your API token Bot"), "{}", told.text());
        assert!(told.text().contains("by Ana Ruiz"), "{}", told.text());
        let about = world.subjects_for(GUS).await;
        assert!(!about.iter().any(|subject| subject.contains("Toy")), "nobody is told what they did");
    }

    async fn the_list_is_filtered_by_what_tokens_are_good_for(world: World) {
        let owner = platform(&world).await;
        let mut long = token_draft("Old", None);
        long.days = 365;
        let old = owner.token(&long).await;
        world.advance(TimeDelta::days(91));
        let mut short = token_draft("Short", None);
        short.days = 3;
        owner.token(&short).await;
        owner.token(&token_draft("Fresh", None)).await;
        let gone = owner.token(&token_draft("Gone", None)).await;
        owner.revokes_token(gone.id).await.unwrap();
        let names = async |status| {
            let query = TokenQuery { status: Some(status), ..TokenQuery::default() };
            let rows = owner.tokens(&query).await.unwrap().tokens.rows;
            assert!(rows.iter().all(|row| row.status == status));
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(names(TokenStatus::Dormant).await, ["Old"]);
        assert_eq!(names(TokenStatus::ExpiresSoon).await, ["Short"]);
        assert_eq!(names(TokenStatus::Active).await, ["Fresh"]);
        assert_eq!(names(TokenStatus::Revoked).await, ["Gone"]);
        world.program(&old.secret).await.unwrap();
        assert!(names(TokenStatus::Dormant).await.is_empty());
        world.advance(TimeDelta::days(4));
        assert_eq!(names(TokenStatus::Expired).await, ["Short"]);
        let options = owner.token_options().await.unwrap();
        assert!(options.grantable.contains(&"tokens:manage".to_owned()) && options.projects.is_empty());
    }

    async fn one_token_is_shown_to_its_member_and_to_who_manages_tokens(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["tokens:manage", "logs:view"]).await;
        let eve = owner.enrol_with("Eve Lo", "eve@example.org", &["team:view"]).await;
        let made = gus.token(&token_draft("Bot", Some(&["logs:view"]))).await;
        let row = gus.token_named(made.id).await.unwrap();
        assert_eq!(row, gus.token_row("Bot").await);
        assert_eq!(owner.token_named(made.id).await.unwrap().member.name, "Gus Ek");
        // Who may see neither is told the same whether it is there or not.
        let nothing = "01890000-0000-7000-8000-000000000000".parse().unwrap();
        for id in [made.id, nothing] {
            assert_eq!(eve.token_named(id).await.denied(), "tokens:manage");
        }
        assert_eq!(owner.token_named(nothing).await.not_found(), "token");
        let ola = world.another_owner("ola@example.org", "Southwind", "delivery-platform").await;
        assert_eq!(ola.token_named(made.id).await.not_found(), "token");
    }
}
