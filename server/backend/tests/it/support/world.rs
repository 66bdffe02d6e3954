//! One installation for one test: a database, a clock that stands still, a mail server.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_backend::{
    Options, RequestMeta, Rolecall, Session,
    clock::{Clock, timestamp},
    keys::Keys,
    mail::{MailFrom, SmtpMailer},
    outbox::Worker,
    random::Random,
    service::{
        setup::{self, CreateOwner, SetupForm},
        sign_in,
    },
    store::{AuditRow, Store},
    templates::Templates,
};
use rolecall_shared::{Timestamp, WorkspaceId};

use super::{
    actors::{Owner, Person},
    database::Database,
    holder::Holder,
    mail::Mail,
    smtp::Sink,
};

/// The passphrase of everybody, unless a test says otherwise.
pub const PASSPHRASE: &str = "lantern orbit velvet thimble";
/// The workspace of [`World::owner`].
pub const WORKSPACE: &str = "Northwind";
pub const OWNER: &str = "Ana.Ruiz@example.org";

/// Cheap to clone: every clone is the same installation.
#[derive(Clone)]
pub struct World {
    pub app: Rolecall,
    pub clock: Clock,
    pub smtp: Sink,
    pub database: Database,
    seeds: Arc<AtomicU64>,
}

impl World {
    pub async fn open(database: Database) -> Self {
        let store = Store::connect(&database.url).await.unwrap();
        store.migrate().await.unwrap();
        let start: DateTime<Utc> = "2026-11-22T20:28:15.000123Z".parse().unwrap();
        let clock = Clock::fixed(start);
        let seeds = Arc::new(AtomicU64::new(1));
        let app = assemble(store, &clock, &seeds, true);
        Self {
            app,
            clock,
            smtp: Sink::start(),
            database,
            seeds,
        }
    }

    /// The same installation with the same secret and clock, but without a mail server.
    pub fn without_mail(&self) -> Self {
        let app = assemble(self.app.store().clone(), &self.clock, &self.seeds, false);
        Self {
            app,
            ..self.clone()
        }
    }

    /// Another process on the same database.
    pub async fn another_instance(&self) -> Self {
        let store = Store::connect(&self.database.url).await.unwrap();
        Self {
            app: assemble(store, &self.clock, &self.seeds, true),
            ..self.clone()
        }
    }

    /// The first run: an owner and a workspace of this template, through the set-up form.
    pub async fn owner_of(&self, template: &str) -> Owner {
        let code = setup::issue_code(&self.app, None).await.unwrap().unwrap();
        let form = SetupForm {
            code,
            template: template.to_owned(),
            ..setup_form()
        };
        let signed_in = setup::complete(&self.app, &meta("set-up"), form)
            .await
            .unwrap();
        Owner(Person::new(
            self,
            signed_in.workspace.unwrap(),
            signed_in.session,
        ))
    }

    /// The first run with the first template.
    pub async fn owner(&self) -> Owner {
        self.owner_of("cloud-account").await
    }

    /// The owner of another workspace, made at the command line.
    pub async fn another_owner(&self, email: &str, workspace: &str, template: &str) -> Owner {
        let order = CreateOwner {
            name: "Ola Berg".into(),
            email: email.into(),
            password: PASSPHRASE.into(),
            workspace: workspace.into(),
            template: Some(template.into()),
        };
        let slug = setup::create_owner(&self.app, &meta("create-owner"), order)
            .await
            .unwrap();
        let session = self.session_of(email).await;
        Owner(Person::new(self, slug, session))
    }

    /// Signs in with the passphrase of everybody.
    pub async fn session_of(&self, email: &str) -> Session {
        let meta = meta("sign-in");
        sign_in::with_password(&self.app, &meta, email, PASSPHRASE)
            .await
            .unwrap()
            .session
    }

    /// Whoever holds a link.
    pub fn holder(&self, token: impl Into<String>) -> Holder {
        Holder::new(self, token.into())
    }

    /// The holder of the newest link that was mailed to this address.
    pub async fn invited(&self, email: &str) -> Holder {
        self.deliver().await;
        let mail = self
            .smtp
            .taken_for(email)
            .into_iter()
            .rev()
            .find(|mail| mail.text().contains(super::mail::LINK));
        self.holder(
            mail.unwrap_or_else(|| panic!("no invitation for {email}"))
                .token(),
        )
    }

    /// The newest mail to an address whose subject begins so, after delivering what waits.
    pub async fn mail_for(&self, email: &str, subject: &str) -> Mail {
        self.deliver().await;
        let mails = self.smtp.taken_for(email).into_iter().rev();
        let found = mails
            .into_iter()
            .find(|mail| mail.header("Subject").starts_with(subject));
        found.unwrap_or_else(|| panic!("no mail for {email}: {subject}"))
    }

    /// The subjects of all mails to an address, the oldest first.
    pub async fn subjects_for(&self, email: &str) -> Vec<String> {
        self.deliver().await;
        let mails = self.smtp.taken_for(email).into_iter();
        mails.map(|mail| mail.header("Subject")).collect()
    }

    /// The newest code that was mailed to an address.
    pub async fn code_for(&self, email: &str) -> String {
        self.mail_for(email, "Your code").await.code()
    }

    pub fn worker(&self) -> Worker {
        Worker::new(
            self.app.clone(),
            SmtpMailer::from_url(&self.smtp.url()).unwrap(),
        )
    }

    /// Carries all mail that is due.
    pub async fn deliver(&self) {
        let worker = self.worker();
        while worker.round().await.unwrap() > 0 {}
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> Timestamp {
        timestamp(self.clock.now())
    }

    /// The trail of a workspace; `None`: of the installation. Checks that no number is missing.
    pub async fn trail(&self, workspace: Option<WorkspaceId>) -> Vec<AuditRow> {
        let rows = self
            .app
            .store()
            .read()
            .await
            .unwrap()
            .audit_rows(workspace)
            .await
            .unwrap();
        for (row, seq) in rows.iter().zip(1..) {
            assert_eq!(row.seq, seq, "the trail has a gap before {}", row.action);
        }
        rows
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.database
            .number(&format!("SELECT count(*) FROM {table}"), &[])
            .await
    }
}

/// The form of [`World::owner`], without code and template.
pub fn setup_form() -> SetupForm {
    SetupForm {
        code: String::new(),
        name: "Ana Ruiz".into(),
        email: OWNER.into(),
        password: PASSPHRASE.into(),
        workspace: WORKSPACE.into(),
        template: "cloud-account".into(),
    }
}

pub fn meta(request_id: &str) -> RequestMeta {
    RequestMeta {
        address: [203, 0, 113, 7].into(),
        user_agent: "Mozilla/5.0 (test)".into(),
        request_id: request_id.into(),
        unattended: false,
        order: None,
    }
}

fn assemble(store: Store, clock: &Clock, seeds: &AtomicU64, mail: bool) -> Rolecall {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("workshop.toml"),
        include_str!("workshop.toml"),
    )
    .unwrap();
    Rolecall::new(Options {
        store,
        templates: Templates::load(Some(folder.path())).unwrap(),
        keys: Keys::new(&[7; 32]),
        clock: clock.clone(),
        // Each process draws other bytes.
        random: Random::seeded(seeds.fetch_add(1, Ordering::Relaxed)),
        public_url: "https://access.example.org".into(),
        mail: mail.then(|| MailFrom::parse("Rolecall <rolecall@example.org>").unwrap()),
    })
}
