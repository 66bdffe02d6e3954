//! Live updates: the server tells what changed, the page asks again.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::{browser, paths, presence};

/// A burst of changes, such as a hundred invitations, is asked for once.
const SETTLE: Duration = Duration::from_millis(150);
/// A menu of a row, or the answer to a cell.
const OPEN: &str = "#main :popover-open";

/// Counters that go up when the things they name may have changed; lists are keyed by them.
#[derive(Clone, Copy)]
pub struct Live {
    /// Who is in the workspace.
    pub members: RwSignal<u32>,
    /// Invitations and their mails.
    pub invitations: RwSignal<u32>,
    /// The workspace's settings.
    pub settings: RwSignal<u32>,
    /// What people hold: roles, groups, direct permissions, overrides.
    pub access: RwSignal<u32>,
    /// Projects and their resources.
    pub projects: RwSignal<u32>,
    /// Whether the connection is lost at the moment.
    pub paused: RwSignal<bool>,
    /// Whether nobody can see the page. Then it does not listen: over HTTP/1.1 a browser has six
    /// connections to the server, and each page that listens keeps one.
    hidden: RwSignal<bool>,
    /// Whether there may have been news that were not heard.
    missed: StoredValue<bool>,
    attempt: RwSignal<u32>,
}

impl Live {
    /// Counters at zero, not connected.
    pub fn new() -> Self {
        Self {
            members: RwSignal::new(0),
            invitations: RwSignal::new(0),
            settings: RwSignal::new(0),
            access: RwSignal::new(0),
            projects: RwSignal::new(0),
            paused: RwSignal::new(false),
            hidden: RwSignal::new(false),
            missed: StoredValue::new(false),
            attempt: RwSignal::new(0),
        }
    }

    /// After a change by the page itself: do not wait for the news of it.
    pub fn invitations_changed(self) {
        bump(self.invitations);
    }

    /// After changed settings, for the same reason.
    pub fn settings_changed(self) {
        bump(self.settings);
    }

    /// After a changed role, group, member or override, for the same reason.
    pub fn access_changed(self) {
        bump(self.access);
    }

    /// After a changed project or resource, for the same reason.
    pub fn projects_changed(self) {
        bump(self.projects);
    }

    /// After somebody was suspended, removed, brought back or made an owner, for the same reason.
    pub fn membership_changed(self) {
        for counter in [self.members, self.access, self.invitations] {
            bump(counter);
        }
    }

    /// Goes up with whatever changes in the workspace.
    pub fn any(self) -> u32 {
        let counters = [
            self.members,
            self.invitations,
            self.settings,
            self.access,
            self.projects,
        ];
        counters
            .into_iter()
            .fold(0, |sum, counter| sum.wrapping_add(counter.get()))
    }

    fn all_changed(self) {
        for counter in [
            self.members,
            self.invitations,
            self.settings,
            self.access,
            self.projects,
        ] {
            bump(counter);
        }
    }

    /// Follows the news of the workspace for as long as the frame is there. Only in the browser.
    pub fn follow(self, slug: RwSignal<Option<String>>) {
        // A stream can outlive a short loss of the network while what was asked meanwhile failed.
        let online = window_event_listener_untyped("online", move |_| {
            presence::nobody_asked();
            self.all_changed();
        });
        // The event of the document reaches the window.
        let seen = window_event_listener_untyped("visibilitychange", move |_| self.look());
        on_cleanup(move || {
            online.remove();
            seen.remove();
        });
        presence::notice();
        // It may have been opened behind another one.
        Effect::new(move |_| self.look());
        Effect::new(move |_| {
            self.attempt.track();
            if let Some(slug) = slug.get()
                && !self.hidden.get()
            {
                self.connect(&slug);
            }
        });
    }

    /// Stops listening when nobody can see the page, and begins again when somebody can.
    fn look(self) {
        let hidden = document().hidden();
        if hidden {
            self.missed.set_value(true);
        } else {
            presence::somebody_came();
        }
        if self.hidden.get_untracked() != hidden {
            self.hidden.set(hidden);
        }
    }

    fn connect(self, slug: &str) {
        let Ok(source) = EventSource::new(&paths::events(slug)) else {
            return;
        };
        let changed =
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().as_string().as_deref() {
                    Some("members") => later(self.members),
                    Some("invitations") => later(self.invitations),
                    Some("settings") => later(self.settings),
                    Some("access") => later(self.access),
                    Some("projects") => later(self.projects),
                    _ => {}
                }
            });
        let opened = Closure::<dyn Fn()>::new(move || {
            if self.paused.get_untracked() {
                self.paused.set(false);
            }
            // Not before: what changes from here on is heard.
            if self.missed.get_value() {
                self.missed.set_value(false);
                self.all_changed();
            }
        });
        let stream = source.clone();
        let lost = Closure::<dyn Fn()>::new(move || {
            presence::nobody_asked();
            self.missed.set_value(true);
            self.paused.set(true);
            // The browser itself tries again unless the server refused.
            if stream.ready_state() == EventSource::CLOSED {
                // Whoever may not listen any more is perhaps no member any more.
                later(self.access);
                let attempt = self.attempt;
                let wait = 5 * u64::from(attempt.get_untracked().min(11) + 1);
                set_timeout(
                    move || {
                        let _ = attempt.try_update(|n| *n = n.wrapping_add(1));
                    },
                    Duration::from_secs(wait),
                );
            }
        });
        let _ = source.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        let held = StoredValue::new_local((source, changed, opened, lost));
        on_cleanup(move || {
            held.try_with_value(|(source, ..)| {
                source.set_onopen(None);
                source.set_onerror(None);
                source.close();
            });
        });
    }
}

/// What the news name is asked again, and nobody but the page asks.
fn later(counter: RwSignal<u32>) {
    presence::nobody_asked();
    let pending = PENDING.with(|pending| {
        let mut pending = pending.borrow_mut();
        let known = pending.contains(&counter);
        if !known {
            pending.push(counter);
        }
        known
    });
    if !pending {
        settle(counter);
    }
}

/// Asks when the burst is over, and nobody has a menu of the page open: it would go with its row.
fn settle(counter: RwSignal<u32>) {
    set_timeout(
        move || {
            if browser::find(OPEN).is_some() {
                return settle(counter);
            }
            PENDING.with(|pending| pending.borrow_mut().retain(|c| *c != counter));
            bump(counter);
        },
        SETTLE,
    );
}

thread_local! {
    static PENDING: std::cell::RefCell<Vec<RwSignal<u32>>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn bump(counter: RwSignal<u32>) {
    // The page may be gone by the time the news arrives.
    let _ = counter.try_update(|n| *n = n.wrapping_add(1));
}
