//! Who may, what may be reached, and what may be done: the three searches of AuthZEN §8.
//!
//! Each looks through all that could be an answer and asks the one evaluation, so that a search never
//! finds what a decision denies. Pages are cut after an id; what changes meanwhile is seen as it is.

use rolecall_shared::{
    MemberId, ProjectId, ResourceId,
    catalogue::{Bit, Row},
    permission::{Action, CorePermission, Scope},
    policy::{self, Holdings, Place, Subject},
};
use uuid::Uuid;

use super::{Asked, Question, USER, things::Things};
use crate::{
    Caller, Rolecall,
    authz::{Authorized, TeamView},
    memory::Found,
    service::Failure,
    store::{Db, StoreError},
    templates::{RowNames, Template},
};

/// Most results of one page, and how many without a wish.
pub const PAGE_MAX: usize = 1_000;
/// Things that are read in one go.
const READ: i64 = 1_000;
/// Things that are looked through for one page: a page can end early, and the next goes on there.
const LOOKED_THROUGH: usize = 20_000;

/// Which part of the results is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only after this id: the token of the page before.
    pub after: Option<Uuid>,
    /// At most so many; [`PAGE_MAX`] without a wish.
    pub limit: Option<usize>,
}

impl Wish {
    fn limit(self) -> usize {
        self.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX)
    }
}

/// A page of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Ids of members or of things, or names of actions.
    pub results: Vec<String>,
    /// After which id the next page begins; `None`: there is none.
    pub next: Option<Uuid>,
}

impl Results {
    const NONE: Self = Self {
        results: Vec::new(),
        next: None,
    };
}

/// The row and the bit that a question is about.
fn cell<'a>(template: &'a Template, question: &Question) -> Option<(&'a Row, &'a RowNames, Bit)> {
    let (row, names) = template.spoken(&question.resource_type)?;
    let bit = template
        .catalogue
        .bit(&row.key, names.action(&question.action)?)?;
    Some((row, names, bit))
}

fn may(
    proof: &Authorized<TeamView>,
    template: &Template,
    held: &Holdings,
    place: Place,
    bit: Bit,
) -> bool {
    let subject = Subject::member(held);
    policy::allowed(&template.catalogue, subject, place, bit, proof.now())
}

/// The members who may do something to a thing, by id. What the question says of a subject beside its type
/// does not count. Needs `team:view`.
///
/// # Errors
/// [`Failure::Denied`] without the permission.
pub async fn subjects(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    question: &Question,
    wish: Wish,
) -> Result<Results, Failure> {
    let mut asked = Asked::new(app, caller, slug).await?;
    let Some((row, _, bit)) =
        cell(asked.template, question).filter(|_| question.subject_type == USER)
    else {
        return Ok(Results::NONE);
    };
    let workspace = asked.proof.workspace();
    let Ok(place) = asked.things.place(workspace, row, question).await? else {
        return Ok(Results::NONE);
    };
    let everybody = asked.picture.people.active(asked.proof.now());
    let found = everybody
        .filter(|held| wish.after.is_none_or(|after| held.member.0 > after))
        .filter(|held| may(&asked.proof, asked.template, held, place, bit))
        .map(|held| held.member);
    // One more than is wanted, to know whether there is one.
    let mut found: Vec<MemberId> = found.take(wish.limit() + 1).collect();
    let more = found.len() > wish.limit();
    found.truncate(wish.limit());
    Ok(Results {
        next: found.last().filter(|_| more).map(|id| id.0),
        results: found.iter().map(ToString::to_string).collect(),
    })
}

/// The things of a type to which a member may do something, by id: resources of the registry, projects, or
/// for a row of the workspace the workspace itself. Needs `team:view`.
///
/// # Errors
/// [`Failure::Denied`] without the permission.
pub async fn resources(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    question: &Question,
    wish: Wish,
) -> Result<Results, Failure> {
    let mut asked = Asked::new(app, caller, slug).await?;
    let template = asked.template;
    let Some((row, _, bit)) = cell(template, question) else {
        return Ok(Results::NONE);
    };
    let Found::Active(held) = asked.subject(question) else {
        return Ok(Results::NONE);
    };
    if row.scope == Scope::Workspace {
        let whole = may(&asked.proof, template, &held, Place::Workspace, bit);
        let id = asked.proof.workspace().to_string();
        return Ok(Results {
            results: if whole { vec![id] } else { Vec::new() },
            next: None,
        });
    }
    let search = Search {
        proof: &asked.proof,
        template,
        held: &held,
        row,
        bit,
    };
    Ok(search.things(&mut asked.things, wish).await?)
}

/// What a member may do to a thing, in the order view, manage, delete. Needs `team:view`.
///
/// # Errors
/// [`Failure::Denied`] without the permission.
pub async fn actions(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    question: &Question,
) -> Result<Results, Failure> {
    let mut asked = Asked::new(app, caller, slug).await?;
    let template = asked.template;
    let Some((row, names)) = template.spoken(&question.resource_type) else {
        return Ok(Results::NONE);
    };
    let Found::Active(held) = asked.subject(question) else {
        return Ok(Results::NONE);
    };
    let workspace = asked.proof.workspace();
    let Ok(place) = asked.things.place(workspace, row, question).await? else {
        return Ok(Results::NONE);
    };
    let held_here = Action::ALL.into_iter().filter(|action| {
        let bit = template.catalogue.bit(&row.key, *action);
        bit.is_some_and(|bit| may(&asked.proof, template, &held, place, bit))
    });
    Ok(Results {
        results: held_here
            .map(|action| names.actions[action as usize].clone())
            .collect(),
        next: None,
    })
}

/// A search among the things of a row.
struct Search<'a> {
    proof: &'a Authorized<TeamView>,
    template: &'a Template,
    held: &'a Holdings,
    row: &'a Row,
    bit: Bit,
}

impl Search<'_> {
    async fn things(&self, places: &mut Things<'_>, wish: Wish) -> Result<Results, StoreError> {
        let (mut results, mut after) = (Vec::new(), wish.after);
        for _ in 0..LOOKED_THROUGH / usize::try_from(READ).unwrap_or(1) {
            let batch = self.batch(places.db().await?, after).await?;
            let last = i64::try_from(batch.len()).unwrap_or(READ) < READ;
            for (id, project) in batch {
                if results.len() == wish.limit() {
                    return Ok(Results {
                        results,
                        next: after,
                    });
                }
                after = Some(id);
                let place = places.project(self.proof.workspace(), project).await?;
                if place.is_ok_and(|place| self.may(place)) {
                    results.push(id.to_string());
                }
            }
            if last {
                return Ok(Results {
                    results,
                    next: None,
                });
            }
        }
        Ok(Results {
            results,
            next: after,
        })
    }

    fn may(&self, place: Place) -> bool {
        may(self.proof, self.template, self.held, place, self.bit)
    }

    /// Things after an id, each with its project.
    async fn batch(
        &self,
        db: &mut Db,
        after: Option<Uuid>,
    ) -> Result<Vec<(Uuid, ProjectId)>, StoreError> {
        let after = after.unwrap_or_default();
        if self.row.key == CorePermission::ProjectsView.group() {
            let found = db
                .projects_after(self.proof, ProjectId(after), READ)
                .await?;
            return Ok(found.into_iter().map(|id| (id.0, id)).collect());
        }
        let found = db
            .resources_after(self.proof, &self.row.key, ResourceId(after), READ)
            .await?;
        Ok(found
            .into_iter()
            .map(|(id, project)| (id.0, project))
            .collect())
    }
}
