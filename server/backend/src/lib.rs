//! The native library of Rolecall: authorization, store, services and mail.
//!
//! `authz` (who asks, what is proven) ← `store` (transactions, one file per table family) ←
//! `service` (one file per domain, one function per verb). Only `store` speaks SQL.
#![warn(missing_docs)]

pub mod authz;
pub mod clock;
pub mod counters;
pub mod events;
pub mod hex;
pub mod keys;
pub mod mail;
pub mod memory;
pub mod names;
pub mod outbox;
pub mod passwords;
pub mod random;
pub mod request;
pub mod service;
pub mod store;
pub mod sweeper;
pub mod templates;

use std::sync::Arc;

pub use request::{Caller, OrderKey, RequestMeta, Session, TokenUse};

use crate::{
    clock::Clock, counters::Counters, events::Events, keys::Keys, mail::MailFrom, memory::Memory,
    passwords::Passwords, random::Random, store::Store, templates::Templates,
};

/// What a running Rolecall is made of.
pub struct Options {
    /// The database.
    pub store: Store,
    /// The templates that workspaces are made from.
    pub templates: Templates,
    /// Keys derived from the installation's secret.
    pub keys: Keys,
    /// Where time comes from.
    pub clock: Clock,
    /// Where randomness comes from.
    pub random: Random,
    /// Scheme and host for links, without a slash at the end: `https://access.example.org`.
    pub public_url: String,
    /// The sender of mail; `None` when no mail server is set.
    pub mail: Option<MailFrom>,
}

struct Inner {
    options: Options,
    passwords: Passwords,
    events: Events,
    memory: Memory,
    counters: Counters,
}

/// Everything a service needs, cheap to clone.
#[derive(Clone)]
pub struct Rolecall(Arc<Inner>);

impl Rolecall {
    /// Puts the parts together. Must be called inside a tokio runtime.
    pub fn new(mut options: Options) -> Self {
        options.store = options.store.chained(options.keys.chain());
        let events = Events::new(&options.store);
        Self(Arc::new(Inner {
            passwords: Passwords::for_this_machine(),
            events,
            memory: Memory::default(),
            counters: Counters::default(),
            options,
        }))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.options.store
    }

    /// The templates that workspaces are made from.
    pub fn templates(&self) -> &Templates {
        &self.0.options.templates
    }

    /// Keys derived from the installation's secret.
    pub fn keys(&self) -> &Keys {
        &self.0.options.keys
    }

    /// Where time comes from.
    pub fn clock(&self) -> &Clock {
        &self.0.options.clock
    }

    /// Where randomness comes from.
    pub fn random(&self) -> &Random {
        &self.0.options.random
    }

    /// Hashing and checking of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// News of changes, for live pages.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// What decisions are made from.
    pub fn memory(&self) -> &Memory {
        &self.0.memory
    }

    /// What happened since the start, as numbers.
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Scheme and host for links, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.0.options.public_url
    }

    /// Whether mail can be sent.
    pub fn mail(&self) -> bool {
        self.mail_from().is_some()
    }

    /// The sender of mail.
    pub fn mail_from(&self) -> Option<&MailFrom> {
        self.0.options.mail.as_ref()
    }
}
