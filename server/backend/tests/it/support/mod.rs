//! What every test stands on: a world of its own, actors with verbs, and the two databases.

pub mod actors;
pub mod answers;
pub mod database;
pub mod grants;
pub mod holder;
pub mod life;
pub mod mail;
mod raw;
pub mod settings;
pub mod smtp;
pub mod tokens;
pub mod views;
pub mod work;
pub mod world;

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    task::Poll,
};

use database::{Database, Kind};
pub use world::World;

/// Runs a story in a world of its own and tidies up, also after a failure.
pub async fn run<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(World) -> F) {
    let (database, leftovers) = Database::create(kind).await;
    let world = World::open(database).await;
    let mut story = pin!(story(world.clone()));
    let told =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| story.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(())) => Poll::Ready(Ok(())),
                Err(failed) => Poll::Ready(Err(failed)),
            },
        )
        .await;
    world.app.store().close().await;
    world.database.close().await;
    leftovers.remove().await;
    if let Err(failed) = told {
        resume_unwind(failed);
    }
}

/// Makes two tests of one body: on SQLite and on PostgreSQL.
macro_rules! both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($world:ident: World) $story:block)+) => {$(
        $(#[doc = $doc])*
        mod $name {
            use super::*;

            async fn story($world: World) $story

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                crate::support::run(crate::support::database::Kind::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                crate::support::run(crate::support::database::Kind::Postgres, story).await;
            }
        }
    )+};
}
pub(crate) use both;
