//! News for open pages: with the commit, and to other instances (F14).

use std::time::Duration;

use rolecall_backend::events::{Event, Topic};
use rolecall_shared::invitation::InvitationPolicy;
use tokio::{sync::broadcast::Receiver, time::timeout};

use crate::support::{World, answers::Refusal as _, both};

/// All topics that are told until nothing comes for a moment.
async fn told(news: &mut Receiver<Event>) -> Vec<Topic> {
    let mut topics = Vec::new();
    while let Ok(Ok(event)) = timeout(Duration::from_millis(50), news.recv()).await {
        topics.push(event.topic);
    }
    topics
}

both! {
    async fn every_commit_tells_open_pages_what_to_look_at_again(world: World) {
        let owner = world.owner().await;
        let mut news = world.app.events().subscribe();
        let id = owner.invite("amara@example.org", "Viewer").await;
        let event = news.try_recv().unwrap();
        assert_eq!(
            event,
            Event {
                workspace: owner.workspace().await,
                topic: Topic::Invitations
            }
        );
        world.deliver().await;
        assert_eq!(
            told(&mut news).await,
            [Topic::Invitations],
            "the mail went out"
        );
        owner.resend(id, 1).await.unwrap();
        assert_eq!(told(&mut news).await, [Topic::Invitations]);
        world
            .invited("amara@example.org")
            .await
            .joins("Amara")
            .await
            .unwrap();
        assert_eq!(
            told(&mut news).await,
            [Topic::Invitations, Topic::Members, Topic::Invitations]
        );
        let policy = InvitationPolicy {
            copy_link: true,
            hours: 1,
            allowed_domains: Vec::new(),
        };
        owner.set_policy(policy).await.unwrap();
        assert_eq!(told(&mut news).await, [Topic::Settings]);
        // What was refused is no news.
        owner.revoke(id, 99).await.conflict();
        owner.all_members().await.unwrap();
        assert!(told(&mut news).await.is_empty());
    }

    async fn another_instance_on_the_same_database_hears_it(world: World) {
        let owner = world.owner().await;
        let second = world.another_instance().await;
        let store = second.app.store().clone();
        let relay = tokio::spawn(async move { store.relay_news().await });
        if !world.app.store().is_shared() {
            // SQLite is for one instance; there is nothing to pass on.
            timeout(Duration::from_secs(5), relay)
                .await
                .unwrap()
                .unwrap()
                .unwrap();
            second.app.store().close().await;
            return;
        }
        let mut news = second.app.events().subscribe();
        let mut event = None;
        // It may not listen yet: invite until something is heard.
        for n in 0..100 {
            owner
                .invite(&format!("person{n}@example.org"), "Viewer")
                .await;
            if let Ok(Ok(heard)) = timeout(Duration::from_millis(100), news.recv()).await {
                event = Some(heard);
                break;
            }
        }
        let expected = Event {
            workspace: owner.workspace().await,
            topic: Topic::Invitations,
        };
        assert_eq!(event, Some(expected));
        // A change that is rolled back is not heard.
        while !told(&mut news).await.is_empty() {}
        owner
            .revoke(owner.newest_row().await.id, 99)
            .await
            .conflict();
        assert!(told(&mut news).await.is_empty());
        second.app.store().close().await;
        timeout(Duration::from_secs(5), relay)
            .await
            .unwrap()
            .unwrap()
            .unwrap_err();
    }
}
