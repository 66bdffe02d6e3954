//! Decisions for other services: may this member do this here, and why (AuthZEN Authorization API 1.0).
//!
//! Asked with a token that has `team:view`, about its own workspace only. The answer is the one that the
//! console enforces and explains with: [`policy::decide`]. What it is made from is in memory
//! ([`crate::memory`]), but for things that nobody asked about since they last changed.

mod explain;
mod search;
mod things;

pub use explain::{Cell, Explained, explain};
pub use search::{PAGE_MAX, Results, Wish, actions, resources, subjects};

use std::sync::Arc;

use rolecall_shared::{
    MemberId,
    email::EmailAddress,
    policy::{self, Reason, Subject},
};

use self::things::Things;
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamView},
    memory::{Found, Picture},
    service::Failure,
    store::StoreError,
    templates::Template,
};

/// The type of every subject that Rolecall decides about.
pub const USER: &str = "user";

/// May this subject do this to that?
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The type of the subject; only [`USER`] is known.
    pub subject_type: String,
    /// The id of a member, or their address.
    pub subject: String,
    /// What a row of the template calls view, manage or delete.
    pub action: String,
    /// What a row of the template is called.
    pub resource_type: String,
    /// The registry's id of a resource, or what another system calls it; of a row for the workspace, or
    /// for a thing that the registry does not know, anything.
    pub resource: String,
    /// The id of the project of a thing that the registry does not know.
    pub project: Option<String>,
}

/// When to stop asking (AuthZEN §7.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Semantic {
    /// Never: every question is answered.
    #[default]
    ExecuteAll,
    /// After the first no.
    DenyOnFirstDeny,
    /// After the first yes.
    PermitOnFirstPermit,
}

/// Why a question is answered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// By what the member holds, in the words of the evaluation.
    Held(Reason),
    /// The type of the subject is not [`USER`].
    UnknownSubjectType,
    /// There is no such member.
    UnknownSubject,
    /// The member is suspended.
    Suspended,
    /// No row of the template is called so.
    UnknownResourceType,
    /// There is no such resource, and no project says where it would be.
    UnknownResource,
    /// There is no such project.
    UnknownProject,
    /// The row has no action that is called so.
    UnknownAction,
}

impl Because {
    /// Whether something that the question names does not exist here.
    pub const fn is_unknown(self) -> bool {
        !matches!(self, Self::Held(_) | Self::Suspended)
    }
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether they may.
    pub decision: bool,
    /// Why, the strongest first; never empty.
    pub reasons: Vec<Because>,
}

impl Answer {
    fn no(because: Because) -> Self {
        Self {
            decision: false,
            reasons: vec![because],
        }
    }
}

/// Answers questions in their order, as far as `semantic` says. Needs `team:view`.
///
/// # Errors
/// [`Failure::Denied`] without the permission, [`Failure::NotFound`] in another workspace than the token's.
pub async fn decide(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    questions: &[Question],
    semantic: Semantic,
) -> Result<Vec<Answer>, Failure> {
    let mut asked = Asked::new(app, caller, slug).await?;
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let answer = asked.answer(question).await?;
        let last = match semantic {
            Semantic::ExecuteAll => false,
            Semantic::DenyOnFirstDeny => !answer.decision,
            Semantic::PermitOnFirstPermit => answer.decision,
        };
        answers.push(answer);
        if last {
            break;
        }
    }
    count(app, &answers);
    Ok(answers)
}

fn count(app: &Rolecall, answers: &[Answer]) {
    let yes = answers.iter().filter(|answer| answer.decision).count();
    let counters = app.counters();
    counters.permitted.add(yes as u64);
    counters.denied.add((answers.len() - yes) as u64);
}

/// What the questions of one request share.
struct Asked<'a> {
    proof: Authorized<TeamView>,
    template: &'a Template,
    picture: Picture,
    things: Things<'a>,
}

impl<'a> Asked<'a> {
    /// Of the workspace with this slug, as it is now.
    async fn new(app: &'a Rolecall, caller: &Caller, slug: &str) -> Result<Self, Failure> {
        let Some(token) = &caller.session.token else {
            return Self::of_person(app, caller, slug).await;
        };
        let picture = app.memory().picture(app, token.workspace).await?;
        let picture = picture.filter(|picture| picture.people.workspace.slug == slug);
        let picture = picture.ok_or(Failure::NotFound("workspace"))?;
        let proof = authz::authorize_remembered::<TeamView>(app, &picture.people, caller)?;
        Self::with(app, proof, picture)
    }

    /// The same for somebody who is signed in, whose rights nobody remembers.
    async fn of_person(app: &'a Rolecall, caller: &Caller, slug: &str) -> Result<Self, Failure> {
        let mut db = app.store().read().await?;
        let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
        drop(db);
        let picture = app.memory().picture(app, proof.workspace()).await?;
        Self::with(app, proof, picture.ok_or(Failure::NotFound("workspace"))?)
    }

    fn with(
        app: &'a Rolecall,
        proof: Authorized<TeamView>,
        picture: Picture,
    ) -> Result<Self, Failure> {
        Ok(Self {
            template: proof.template(app)?,
            things: Things::new(app.store(), Arc::clone(&picture.things)),
            picture,
            proof,
        })
    }

    /// The subject of a question.
    fn subject(&self, question: &Question) -> Found {
        if question.subject_type == USER {
            self.find(&question.subject)
        } else {
            Found::Nobody
        }
    }

    async fn answer(&mut self, question: &Question) -> Result<Answer, StoreError> {
        if question.subject_type != USER {
            return Ok(Answer::no(Because::UnknownSubjectType));
        }
        let held = match self.find(&question.subject) {
            Found::Active(held) => held,
            Found::Suspended => return Ok(Answer::no(Because::Suspended)),
            Found::Nobody => return Ok(Answer::no(Because::UnknownSubject)),
        };
        let Some((row, names)) = self.template.spoken(&question.resource_type) else {
            return Ok(Answer::no(Because::UnknownResourceType));
        };
        let workspace = self.proof.workspace();
        let place = match self.things.place(workspace, row, question).await? {
            Ok(place) => place,
            Err(unknown) => return Ok(Answer::no(unknown)),
        };
        let catalogue = &self.template.catalogue;
        let action = names.action(&question.action);
        let Some(bit) = action.and_then(|action| catalogue.bit(&row.key, action)) else {
            return Ok(Answer::no(Because::UnknownAction));
        };
        Ok(said(policy::decide(
            catalogue,
            Subject::member(&held),
            place,
            bit,
            self.proof.now(),
        )))
    }

    /// The member with an id or an address; a foreign id is as unknown as a made-up one.
    fn find(&self, subject: &str) -> Found {
        let (people, now) = (&self.picture.people, self.proof.now());
        if let Ok(id) = subject.parse::<MemberId>() {
            people.by_id(id, now)
        } else if let Ok(email) = EmailAddress::parse(subject) {
            people.by_email(email.normal(), now)
        } else {
            Found::Nobody
        }
    }
}

fn said(decision: policy::Decision<'_>) -> Answer {
    Answer {
        decision: decision.granted,
        reasons: decision.reasons().map(Because::Held).collect(),
    }
}
