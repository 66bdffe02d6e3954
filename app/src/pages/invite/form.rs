//! What is typed into the invite dialog, and where its sending is.

use leptos::prelude::*;
use rolecall_shared::{
    GroupId, ProjectId, RoleId,
    catalogue::PermissionSet,
    email::{EmailAddress, EmailProblem, MAX_ADDRESSES, parse_list},
    invitation::{AddressVerdict, DEFAULT_HOURS, InviteOptions, InviteOverride, InviteRequest},
};

use crate::error::ApiFailure;

/// The steps of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Addresses, role and the rest.
    Write,
    /// Batches are on their way.
    Sending,
    /// A verdict for each address.
    Done,
}

/// One entry of the address field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Tells tokens apart while they come and go.
    pub id: u32,
    /// As it was found.
    pub text: String,
    /// The address, or why it is none.
    pub address: Result<EmailAddress, EmailProblem>,
}

/// A project in which they get something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub project: ProjectId,
    /// What they get there.
    pub set: ArcRwSignal<PermissionSet>,
}

/// The dialog's state.
#[derive(Clone, Copy)]
pub struct InviteForm {
    /// Whether the dialog is open.
    pub shown: RwSignal<bool>,
    /// Where it is.
    pub step: RwSignal<Step>,
    /// What can be chosen.
    pub options: RwSignal<Option<Result<InviteOptions, ApiFailure>>>,
    /// The addresses so far.
    pub tokens: RwSignal<Vec<Token>>,
    /// What is typed and is no token yet.
    pub typed: RwSignal<String>,
    /// How many entries of the last input were there already.
    pub merged: RwSignal<usize>,
    /// The role they get.
    pub role: RwSignal<Option<RoleId>>,
    /// The groups they get.
    pub groups: RwSignal<Vec<GroupId>>,
    /// What they get in single projects instead, in the order in which it was chosen.
    pub projects: RwSignal<Vec<Chosen>>,
    /// A personal line.
    pub note: RwSignal<String>,
    /// Validity in hours.
    pub hours: RwSignal<u32>,
    /// Whether "Discard what you typed?" is asked.
    pub discard: RwSignal<bool>,
    /// Why sending stopped.
    pub failure: RwSignal<Option<ApiFailure>>,
    /// What became of the addresses sent so far.
    pub verdicts: RwSignal<Vec<AddressVerdict>>,
    /// Whether the person asked to stop after the present batch.
    pub stop: RwSignal<bool>,
    /// What is still to be sent, with the keys that make a repeat harmless.
    pub queue: RwSignal<Vec<InviteRequest>>,
    next_id: StoredValue<u32>,
}

impl InviteForm {
    /// Closed and empty.
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(false),
            step: RwSignal::new(Step::Write),
            options: RwSignal::new(None),
            tokens: RwSignal::new(Vec::new()),
            typed: RwSignal::new(String::new()),
            merged: RwSignal::new(0),
            role: RwSignal::new(None),
            groups: RwSignal::new(Vec::new()),
            projects: RwSignal::new(Vec::new()),
            note: RwSignal::new(String::new()),
            hours: RwSignal::new(DEFAULT_HOURS),
            discard: RwSignal::new(false),
            failure: RwSignal::new(None),
            verdicts: RwSignal::new(Vec::new()),
            stop: RwSignal::new(false),
            queue: RwSignal::new(Vec::new()),
            next_id: StoredValue::new(0),
        }
    }

    /// Opens the dialog; what was typed before is still there.
    pub fn open(self) {
        self.shown.set(true);
    }

    /// Takes in what can be chosen, and chooses what nobody chose yet.
    pub fn offer(self, answer: Result<InviteOptions, ApiFailure>) {
        if let Ok(options) = &answer
            && self.role.try_get_untracked().flatten().is_none()
        {
            let may = |id: &RoleId| {
                options
                    .roles
                    .iter()
                    .any(|role| role.id == *id && role.lacking.is_empty())
            };
            let first = options.roles.iter().find(|role| role.lacking.is_empty());
            let role = Some(options.default_role)
                .filter(may)
                .or(first.map(|role| role.id));
            let _ = self.role.try_set(role);
            let _ = self.hours.try_set(options.hours);
        }
        // The same answer again must not draw the form again: somebody may be typing already.
        let known = self
            .options
            .try_with_untracked(|known| known.as_ref() == Some(&answer));
        if known == Some(false) {
            self.options.set(Some(answer));
        }
    }

    /// Makes tokens of what is typed.
    pub fn commit(self) {
        let text = self.typed.get_untracked();
        if text.trim().is_empty() {
            self.typed.set(String::new());
            return;
        }
        let mut merged = 0;
        self.tokens.update(|tokens| {
            for line in text.lines() {
                let entries = parse_list(line);
                let ats = |text: &str| text.matches('@').count();
                merged += ats(line).saturating_sub(entries.iter().map(|e| ats(&e.text)).sum());
                for entry in entries {
                    if tokens
                        .iter()
                        .any(|token| same(token, &entry.text, &entry.address))
                    {
                        merged += 1;
                        continue;
                    }
                    let id = self.next_id.get_value();
                    self.next_id.set_value(id.wrapping_add(1));
                    tokens.push(Token {
                        id,
                        text: entry.text,
                        address: entry.address,
                    });
                }
            }
        });
        self.merged.set(merged);
        self.typed.set(String::new());
    }

    /// Takes a token out.
    pub fn remove(self, id: u32) {
        self.tokens
            .update(|tokens| tokens.retain(|token| token.id != id));
    }

    /// Puts a token back into the text field.
    pub fn edit(self, id: u32) {
        self.commit();
        let text = self.tokens.with_untracked(|tokens| {
            tokens
                .iter()
                .find(|token| token.id == id)
                .map(|token| token.text.clone())
        });
        if let Some(text) = text {
            self.remove(id);
            self.typed.set(text);
        }
    }

    /// What they get in single projects instead, as an order says it.
    pub fn overrides(self) -> Vec<InviteOverride> {
        let order = |options: &InviteOptions, chosen: &Chosen| InviteOverride {
            project: chosen.project,
            permissions: options.catalogue.names(chosen.set.get_untracked()),
        };
        self.options.with_untracked(|options| match options {
            Some(Ok(options)) => self
                .projects
                .with_untracked(|all| all.iter().map(|one| order(options, one)).collect()),
            _ => Vec::new(),
        })
    }

    /// How many invitations the button would send.
    pub fn count(self) -> usize {
        let tokens = self.tokens.get();
        let typed = self.typed.with(|text| parse_list(text));
        let fresh = typed.iter().filter(|entry| {
            entry.address.is_ok()
                && !tokens
                    .iter()
                    .any(|token| same(token, &entry.text, &entry.address))
        });
        tokens.iter().filter(|token| token.address.is_ok()).count() + fresh.count()
    }

    /// How many of the addresses to send have no verdict yet.
    pub fn left(self) -> usize {
        self.queue
            .with(|queue| queue.iter().map(|request| request.addresses.len()).sum())
    }

    /// Why the list is too long, if it is.
    pub fn too_many(self) -> Option<String> {
        let count = self.tokens.with(Vec::len);
        (count > MAX_ADDRESSES).then(|| {
            format!("Invite at most {MAX_ADDRESSES} people at once; these are {count}. Remove some and send them next.")
        })
    }

    /// Closes, but asks first when something would be lost.
    pub fn ask_to_close(self) {
        match self.step.get_untracked() {
            Step::Sending => self.stop.set(true),
            Step::Done => {
                self.throw_away();
            }
            Step::Write => {
                let typed = !self.typed.with_untracked(|text| text.trim().is_empty())
                    || !self.tokens.with_untracked(Vec::is_empty)
                    || !self.projects.with_untracked(Vec::is_empty)
                    || !self.note.with_untracked(|note| note.trim().is_empty());
                if typed {
                    self.discard.set(true);
                } else {
                    self.throw_away();
                }
            }
        }
    }

    /// Closes and forgets everything.
    pub fn throw_away(self) {
        self.shown.set(false);
        self.tokens.set(Vec::new());
        self.typed.set(String::new());
        self.note.set(String::new());
        self.groups.set(Vec::new());
        self.projects.set(Vec::new());
        self.role.set(None);
        self.forget_sending();
    }

    /// Back to the first step with these texts to correct; role and the rest stay.
    pub fn correct(self, texts: &[String]) {
        self.forget_sending();
        self.tokens.set(Vec::new());
        if let [text] = texts {
            self.typed.set(text.clone());
        } else {
            self.typed.set(texts.join("\n"));
            self.commit();
        }
    }

    fn forget_sending(self) {
        self.step.set(Step::Write);
        self.merged.set(0);
        self.discard.set(false);
        self.failure.set(None);
        self.verdicts.set(Vec::new());
        self.stop.set(false);
        self.queue.set(Vec::new());
    }
}

fn same(token: &Token, text: &str, address: &Result<EmailAddress, EmailProblem>) -> bool {
    match (&token.address, address) {
        (Ok(one), Ok(other)) => one.normal() == other.normal(),
        _ => token.text == text,
    }
}
