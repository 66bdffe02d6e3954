//! People who view as a member: a session of theirs with its cookie, and its verbs.

use std::ops::Deref;

use rolecall_backend::{
    authz::ViewEnd,
    service::{
        Failure, sessions, sign_in,
        view_as::{self, Back},
    },
};
use rolecall_shared::{MemberId, view_as::ViewPolicy};

use super::{
    actors::Person,
    world::{PASSPHRASE, World, meta},
};

/// A person with the cookie of the session that they are in.
#[derive(Clone)]
pub struct Browser {
    pub person: Person,
    pub cookie: String,
}

impl Deref for Browser {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Browser {
    /// Who has this cookie now; `None`: nobody.
    pub async fn of(world: &World, slug: &str, cookie: &str) -> Option<Self> {
        let session = sessions::resolve(&world.app, cookie).await.unwrap()?;
        Some(Self {
            person: Person::new(world, slug.to_owned(), session),
            cookie: cookie.to_owned(),
        })
    }

    /// The same person with the secret of now; `None` when it is worth nothing.
    pub async fn again(&self) -> Option<Self> {
        Self::of(&self.world, &self.slug, &self.cookie).await
    }

    /// Begins to view as a member.
    pub async fn views(&self, member: MemberId, reason: &str) -> Result<Self, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        let secret = view_as::start(app, caller, &self.slug, member, reason).await?;
        let viewing = Self::of(&self.world, &self.slug, secret.expose()).await;
        Ok(viewing.expect("the new secret is worth something"))
    }

    /// The same where it has to work.
    pub async fn viewing(&self, email: &str) -> Self {
        let member = self.member_id(email).await;
        self.views(member, "Ticket 4711").await.unwrap()
    }

    pub async fn exits(&self) -> Option<Back> {
        view_as::exit(&self.world.app, &self.caller).await.unwrap()
    }

    /// What loading a page does first.
    pub async fn loads_a_page(&self) -> Option<Back> {
        view_as::settle(&self.world.app, &self.caller)
            .await
            .unwrap()
    }

    pub async fn signs_out(&self) {
        let session = &self.caller.session;
        sessions::end(&self.world.app, &meta("sign-out"), session)
            .await
            .unwrap();
    }

    /// Who goes on after a view, in the same browser.
    pub async fn after(&self, back: Back) -> Self {
        let secret = back.secret.expect("nobody else was quicker");
        let own = Self::of(&self.world, &self.slug, secret.expose()).await;
        own.expect("the new secret is worth something")
    }

    /// How often views ended in the trail, and how.
    pub async fn ends(&self) -> Vec<String> {
        let rows = self.world.trail(Some(self.workspace().await)).await;
        let rows = rows.into_iter().filter(|row| row.action == "view_as.ended");
        rows.map(|row| {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
            detail["how"].as_str().unwrap().to_owned()
        })
        .collect()
    }

    /// Why the view is over, as reading says it.
    pub async fn over(&self) -> ViewEnd {
        match self.all_members().await.unwrap_err() {
            Failure::ViewOver(end) => end,
            other => panic!("the view is not over: {other:?}"),
        }
    }
}

impl Person {
    /// Signs in, in a browser of their own.
    pub async fn browser(&self) -> Browser {
        let email = &self.caller.session.email;
        let signed_in =
            sign_in::with_password(&self.world.app, &meta("sign-in"), email, PASSPHRASE)
                .await
                .unwrap();
        Browser {
            person: Person::new(&self.world, self.slug.clone(), signed_in.session),
            cookie: signed_in.cookie.expose().to_owned(),
        }
    }

    pub async fn set_view_policy(
        &self,
        before: ViewPolicy,
        after: ViewPolicy,
    ) -> Result<(), Failure> {
        view_as::set_policy(&self.world.app, &self.caller, &self.slug, before, after).await
    }

    /// Switches viewing as somebody off.
    pub async fn switches_viewing_off(&self) {
        let (before, after) = (policy(true, true), policy(false, true));
        self.set_view_policy(before, after).await.unwrap();
    }
}

pub fn policy(enabled: bool, notice: bool) -> ViewPolicy {
    ViewPolicy { enabled, notice }
}
