//! Whoever holds the link of an invitation, signed in or not.

use rolecall_backend::service::acceptance::{self, AcceptFailure, Invited, Joined, NewPerson};

use super::{
    actors::Person,
    world::{PASSPHRASE, World, meta},
};

/// Somebody with a link, signed in or not.
#[derive(Clone)]
pub struct Holder {
    world: World,
    pub token: String,
}

impl Holder {
    pub fn new(world: &World, token: String) -> Self {
        Self {
            world: world.clone(),
            token,
        }
    }

    pub async fn opens(&self) -> Invited {
        acceptance::open(&self.world.app, None, &self.token)
            .await
            .unwrap()
    }

    pub async fn opens_as(&self, person: &Person) -> Invited {
        acceptance::open(&self.world.app, Some(&person.caller.session), &self.token)
            .await
            .unwrap()
    }

    pub async fn joins(&self, name: &str) -> Result<Joined, AcceptFailure> {
        self.joins_with_code(name, "").await
    }

    pub async fn joins_with_code(&self, name: &str, code: &str) -> Result<Joined, AcceptFailure> {
        let person = NewPerson {
            name: name.into(),
            password: PASSPHRASE.into(),
            code: code.into(),
        };
        acceptance::join_new(&self.world.app, &meta("join"), &self.token, person).await
    }

    pub async fn joins_with_password(&self, password: &str) -> Result<Joined, AcceptFailure> {
        acceptance::join_known(&self.world.app, &meta("join"), &self.token, password).await
    }

    pub async fn joins_as(&self, person: &Person) -> Result<Joined, AcceptFailure> {
        acceptance::join_signed_in(&self.world.app, &person.caller, &self.token).await
    }

    pub async fn declines(&self) -> Result<String, AcceptFailure> {
        acceptance::decline(&self.world.app, &meta("decline"), None, &self.token).await
    }

    pub async fn declines_as(&self, person: &Person) -> Result<String, AcceptFailure> {
        let session = Some(&person.caller.session);
        acceptance::decline(&self.world.app, &meta("decline"), session, &self.token).await
    }

    pub async fn asks_for_a_code(&self) -> Result<(), AcceptFailure> {
        acceptance::send_code(&self.world.app, &meta("code"), &self.token).await
    }
}
