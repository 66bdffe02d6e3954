//! An installation for one test.

use std::{fs, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use rolecall_backend::{
    Options, RequestMeta, Rolecall, clock::Clock, keys::Keys, mail::MailFrom, random::Random,
    service::setup, store::Store, templates::Templates,
};
use rolecall_server::{config::Config, metrics, router, serve};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::browser::{Anonymous, Member};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse battery staple";
/// How browsers reach the installation.
pub const ORIGIN: &str = "http://127.0.0.1:3000";
/// The set-up code.
pub const CODE: &str = "open-sesame-1234";

/// A running installation without a network.
#[derive(Clone)]
pub struct World(Arc<Parts>);

struct Parts {
    rolecall: Rolecall,
    router: Router,
    numbers: Router,
    routes: Vec<String>,
    clock: Clock,
    stop: watch::Sender<bool>,
    folder: TempDir,
}

/// What an installation differs in.
#[derive(Clone, Copy, Default)]
pub struct Wishes {
    /// Whether there is a mail server; its mails stay queued.
    pub mail: bool,
    /// Another public address than [`ORIGIN`].
    pub public_url: Option<&'static str>,
}

impl World {
    /// An installation that nobody has set up.
    pub async fn empty() -> Self {
        Self::with(Wishes::default()).await
    }

    /// An installation that nobody has set up, with wishes.
    pub async fn with(wishes: Wishes) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, wishes);
        let store = Store::connect(&config.database.url()).await.unwrap();
        store.migrate().await.unwrap();
        let start: DateTime<Utc> = "2026-11-22T20:00:00Z".parse().unwrap();
        let clock = Clock::fixed(start);
        let public_url = config.public_url_at(config.addr).unwrap();
        let rolecall = Rolecall::new(Options {
            store,
            templates: Templates::load(None).unwrap(),
            keys: Keys::new(&[42; 32]),
            clock: clock.clone(),
            random: Random::system(),
            public_url: public_url.origin().to_owned(),
            mail: wishes
                .mail
                .then(|| MailFrom::parse("Rolecall <rolecall@example.org>").unwrap()),
        });
        let (stop, stopping) = watch::channel(false);
        let state = serve::state(&config, rolecall.clone(), public_url, stopping);
        let built = router::build(&state).unwrap();
        Self(Arc::new(Parts {
            rolecall,
            router: built.router,
            numbers: metrics::router(&state),
            routes: built.routes,
            clock,
            stop,
            folder,
        }))
    }

    /// An installation with the workspace Acme and its owner Ana.
    pub async fn with_owner() -> (Self, Member) {
        Self::owned(Wishes::default()).await
    }

    /// The same with wishes.
    pub async fn owned(wishes: Wishes) -> (Self, Member) {
        let world = Self::with(wishes).await;
        let slug = world
            .add_workspace("Ana Ruiz", "ana@example.org", "Acme")
            .await;
        assert_eq!(slug, "acme");
        let ana = world.stranger().sign_in("ana@example.org").await;
        (world, ana)
    }

    /// A further workspace with its own owner; gives its slug.
    pub async fn add_workspace(&self, name: &str, email: &str, workspace: &str) -> String {
        let owner = setup::CreateOwner {
            name: name.to_owned(),
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            workspace: workspace.to_owned(),
            template: None,
        };
        setup::create_owner(self.rolecall(), &RequestMeta::local("test"), owner)
            .await
            .unwrap()
    }

    /// Somebody with a fresh browser.
    pub fn stranger(&self) -> Anonymous {
        Anonymous::new(self.clone())
    }

    pub fn rolecall(&self) -> &Rolecall {
        &self.0.rolecall
    }

    pub fn routes(&self) -> &[String] {
        &self.0.routes
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        self.0.clock.advance(time);
    }

    /// Asks the server to stop.
    pub fn stop(&self) {
        self.0.stop.send(true).unwrap();
    }

    /// The folder with stylesheets and icons.
    pub fn site(&self) -> std::path::PathBuf {
        self.0.folder.path().join("site")
    }

    /// What the port for numbers answers.
    pub async fn numbers(&self, path: &str) -> Response<Body> {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.0.numbers.clone().oneshot(request).await.unwrap()
    }

    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        self.0.router.clone().oneshot(request).await.unwrap()
    }
}

fn config(folder: &TempDir, wishes: Wishes) -> Config {
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    fs::write(
        folder.path().join("hash.txt"),
        "js: aaaa\nwasm: bbbb\ncss: cccc\n",
    )
    .unwrap();
    let env = vec![
        ("ROLECALL_DATA_DIR", path("data")),
        ("DATABASE_URL", format!("sqlite://{}", path("test.db"))),
        ("ROLECALL_SITE_DIR", path("site")),
        ("ROLECALL_HASH_FILE", path("hash.txt")),
        (
            "ROLECALL_PUBLIC_URL",
            wishes.public_url.unwrap_or(ORIGIN).to_owned(),
        ),
        ("ROLECALL_ALLOWED_HOSTS", "internal.example".to_owned()),
        ("ROLECALL_METRICS_ADDR", "127.0.0.1:0".to_owned()),
    ];
    let env = env
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Config::from_parts(None, &env).unwrap()
}
