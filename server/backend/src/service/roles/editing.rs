//! What changing a role and changing a group have in common: the lock and the proof, what people
//! type into the editor, and how people stand in the trail.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    FieldError,
    catalogue::{Catalogue, PermissionSet},
    text,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamManage},
    names,
    service::{Failure, members::template, once},
    store::WorkspaceTx,
    templates::Template,
};

/// People and addresses that one row of the trail names singly; beyond that it gives the number.
pub(in crate::service) const NAMED: i64 = 200;

/// A locked workspace and the proof that the caller manages its team.
pub(in crate::service) struct Opened<'a> {
    pub(in crate::service) tx: WorkspaceTx,
    pub(in crate::service) proof: Authorized<TeamManage>,
    pub(in crate::service) template: &'a Template,
    pub(in crate::service) now: DateTime<Utc>,
}

impl<'a> Opened<'a> {
    pub(in crate::service) async fn new(
        app: &'a Rolecall,
        caller: &Caller,
        slug: &str,
    ) -> Result<Self, Failure> {
        let now = app.clock().now();
        let mut tx = app
            .store()
            .lock_slug(slug)
            .await?
            .ok_or(Failure::NotFound("workspace"))?;
        let proof = authz::authorize::<TeamManage>(app, &mut tx, caller, slug).await?;
        let template = template(app, &proof)?;
        Ok(Self {
            tx,
            proof,
            template,
            now,
        })
    }

    /// What the order of the caller made before, if it came before (F13).
    pub(in crate::service) async fn made(
        &mut self,
        caller: &Caller,
    ) -> Result<Option<Uuid>, Failure> {
        once::made(&mut self.tx, caller, self.proof.member()).await
    }
}

/// Said when the thing a person acts on is not the thing that is there now.
pub(in crate::service) fn stale(what: &str) -> Failure {
    Failure::Stale(format!(
        "This {what} changed a moment ago. Look at what is different and repeat your change if you still want it."
    ))
}

/// A draft that can be stored, but for whether its name is free.
pub(in crate::service) struct Checked {
    pub(in crate::service) name: String,
    pub(in crate::service) description: String,
    /// Closed under R-38.
    pub(in crate::service) permissions: PermissionSet,
}

impl Checked {
    /// Checks the fields of a draft. `what` is what it is to be, such as "a role".
    ///
    /// # Errors
    /// [`Failure::Invalid`] on `name`, `description` and `permissions`, all that are wrong at once;
    /// a permission that the catalogue does not have is named (rule 40).
    pub(in crate::service) fn new(
        catalogue: &Catalogue,
        what: &str,
        name: &str,
        description: &str,
        permissions: &[String],
    ) -> Result<Self, Failure> {
        let mut wrong = Vec::new();
        let mut note = |field: &str, message: String| {
            wrong.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        let name = text::name(name, &format!("a name for {what}"));
        let name = name.map_err(|message| note("name", message));
        let description = text::note(description).map_err(|message| note("description", message));
        let permissions = set(catalogue, permissions).map_err(|m| note("permissions", m));
        match (name, description, permissions) {
            (Ok(name), Ok(description), Ok(permissions)) => Ok(Self {
                name,
                description: description.unwrap_or_default(),
                permissions,
            }),
            _ => Err(Failure::Invalid(wrong)),
        }
    }

    /// The stored form of the permissions, in place of `before`. Names in there that the template does
    /// not have at the moment stay: nobody saw them, so nobody took them away.
    pub(in crate::service) fn stored(&self, catalogue: &Catalogue, before: &str) -> String {
        let mut names = catalogue.names(self.permissions);
        let unknown = before.split_whitespace();
        let unknown = unknown.filter(|name| catalogue.parse(name).is_err());
        names.extend(unknown.map(str::to_owned));
        names.join(" ")
    }
}

fn set(catalogue: &Catalogue, names: &[String]) -> Result<PermissionSet, String> {
    catalogue.set(names).map_err(|mut unknown| {
        // It is said back to whoever sent it, and nobody wants to read a page of it.
        unknown.0 = text::tidy(&unknown.0)
            .chars()
            .take(text::NAME_MAX)
            .collect();
        unknown.to_string()
    })
}

/// Refuses a name that is taken or could be taken for another one's (R-41, rule 40).
pub(in crate::service) fn name_is_free<'a>(
    what: &str,
    name: &str,
    others: impl IntoIterator<Item = &'a str>,
) -> Result<(), Failure> {
    match names::first_alike(name, others) {
        None => Ok(()),
        Some(other) if other == name => Err(Failure::field(
            "name",
            format!("There is {what} named “{other}” already. Choose another name."),
        )),
        Some(other) => Err(Failure::field(
            "name",
            format!(
                "This name could be taken for “{other}”, {what} that is here already. Choose another name."
            ),
        )),
    }
}

/// People for the trail: how many, and the first [`NAMED`] by name and address.
pub(in crate::service) fn people(count: i64, named: Vec<(String, String)>) -> Value {
    let named = named.into_iter();
    let named: Vec<String> = named.map(|(n, email)| format!("{n} <{email}>")).collect();
    json!({ "count": count, "named": named })
}
