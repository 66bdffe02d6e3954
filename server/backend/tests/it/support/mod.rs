//! What every test stands on: a world of its own, actors with verbs, and the two databases.

pub mod actors;
pub mod answers;
pub mod database;
pub mod mail;
pub mod smtp;
pub mod world;

use database::{Database, Kind};
pub use world::World;

/// Runs a story in a world of its own and tidies up, also after a failure.
pub async fn run<F>(kind: Kind, story: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (database, leftovers) = Database::create(kind).await;
    let world = World::open(database).await;
    let told = tokio::spawn(story(world.clone())).await;
    world.app.store().close().await;
    world.database.close().await;
    leftovers.remove().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed.into_panic());
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
