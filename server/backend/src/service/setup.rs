//! The first run: a one-time code from the log makes the first person, workspace and owner (rule 14).

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{FieldError, RoleId, email::EmailAddress, invitation::DEFAULT_HOURS, text};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::{
    Failure, SignedIn,
    limits::{self, Guessing},
    roles::begin_anew,
    sessions,
};
use crate::{
    Rolecall,
    keys::sha256,
    passwords,
    request::RequestMeta,
    store::{
        Actor, Entries, Entry, NewMember, NewUser, NewWorkspace, RoleRecord, SetupState,
        StoreError, Target, Tx, UserRecord, WorkspaceTx,
    },
    templates::Template,
};

/// A code has 60 bits and is tried at most a few dozen times an hour.
const GUESSING: Guessing = Guessing {
    free: 10,
    longest: TimeDelta::minutes(5),
    in_a_row: false,
};
/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// What the set-up page sends.
#[derive(Clone, Debug, Default)]
pub struct SetupForm {
    /// The code from the log.
    pub code: String,
    /// The owner's name.
    pub name: String,
    /// The owner's address.
    pub email: String,
    /// The owner's password.
    pub password: String,
    /// The workspace's name.
    pub workspace: String,
    /// The key of its template.
    pub template: String,
}

/// An owner made at the command line.
#[derive(Clone, Debug)]
pub struct CreateOwner {
    /// The owner's name.
    pub name: String,
    /// The owner's address.
    pub email: String,
    /// The owner's password.
    pub password: String,
    /// The workspace's name.
    pub workspace: String,
    /// The key of its template; the first one when not given.
    pub template: Option<String>,
}

/// Whether the first run is still to come.
pub async fn needed(app: &Rolecall) -> Result<bool, Failure> {
    let mut db = app.store().read().await?;
    Ok(db.setup_state().await? != SetupState::Done && db.has_no_users().await?)
}

/// Sets the one-time code, the operator's or a random one, and gives it for the log. `None` once
/// somebody has an account. A restart before that makes a new random code; the old one is worth nothing then.
pub async fn issue_code(
    app: &Rolecall,
    configured: Option<&str>,
) -> Result<Option<String>, Failure> {
    if !needed(app).await? {
        return Ok(None);
    }
    let code = configured.map_or_else(|| random_code(app), str::to_owned);
    let mut tx = app.store().write().await?;
    tx.set_setup_code(&sha256(code.trim().as_bytes())).await?;
    tx.commit_housekeeping().await?;
    Ok(Some(code))
}

/// Three blocks of four characters: 60 random bits.
fn random_code(app: &Rolecall) -> String {
    let letters: Vec<char> = app
        .random()
        .bytes::<12>()
        .iter()
        .map(|b| char::from(ALPHABET[usize::from(b % 32)]))
        .collect();
    letters
        .chunks(4)
        .map(|block| block.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// Completes the first run and signs the owner in.
///
/// # Errors
/// [`Failure::Invalid`] with every wrong field at once; [`Failure::Conflict`] when it was completed
/// before; [`Failure::TooMany`] after too many wrong codes.
pub async fn complete(
    app: &Rolecall,
    meta: &RequestMeta,
    form: SetupForm,
) -> Result<SignedIn, Failure> {
    if !needed(app).await? {
        return Err(done_already());
    }
    check_code(app, meta, &form.code).await?;
    let checked = Checked::new(app, &form)?;
    let hash = app.passwords().hash(&form.password).await?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    if !tx.has_no_users().await? || !tx.complete_setup(now).await? {
        return Err(done_already());
    }
    let user = insert_owner(app, &mut tx, now, &checked, &hash).await?;
    let (slug, mut tx) = found(app, tx, now, &checked, &user, meta).await?;
    let mut signed_in = sessions::open(app, &mut tx, meta, now, &user).await?;
    signed_in.workspace = Some(slug);
    let actor = Actor::user(&signed_in.session, meta);
    tx.commit(now, &actor, founded(&checked, "set-up page"), &[])
        .await?;
    Ok(signed_in)
}

/// A template that workspaces are made from and that is not installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTemplate {
    /// Its key.
    pub key: String,
    /// The slugs of such workspaces, at most [`MOST_SLUGS`].
    pub slugs: Vec<String>,
}

/// Most workspaces that are named for one missing template.
pub const MOST_SLUGS: usize = 10;

/// Templates in use that are not installed: nobody's rights can be told in their workspaces.
pub async fn missing_templates(app: &Rolecall) -> Result<Vec<MissingTemplate>, Failure> {
    let mut db = app.store().read().await?;
    let mut missing = Vec::new();
    for key in db.templates_in_use().await? {
        if app.templates().get(&key).is_none() {
            let most = i64::try_from(MOST_SLUGS).unwrap_or(i64::MAX);
            let slugs = db.slugs_with_template(&key, most).await?;
            missing.push(MissingTemplate { key, slugs });
        }
    }
    Ok(missing)
}

/// Makes an owner and a workspace from the command line and gives the workspace's slug. A person
/// who has an account keeps it, password and all, and gains a workspace.
///
/// # Errors
/// [`Failure::Invalid`] with every wrong field at once, and on `email` when there is an account that
/// nobody proved to own: whoever made it through a copied link could be anybody (R-16, rule 21).
pub async fn create_owner(
    app: &Rolecall,
    meta: &RequestMeta,
    order: CreateOwner,
) -> Result<String, Failure> {
    let first = app
        .templates()
        .iter()
        .next()
        .map(|t| t.key.clone())
        .unwrap_or_default();
    let form = SetupForm {
        code: String::new(),
        name: order.name,
        email: order.email,
        password: order.password,
        workspace: order.workspace,
        template: order.template.unwrap_or(first),
    };
    let checked = Checked::new(app, &form)?;
    let hash = app.passwords().hash(&form.password).await?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    tx.complete_setup(now).await?;
    let user = match tx.user_by_email(checked.email.normal()).await? {
        Some(user) if user.email_verified_at.is_none() => return Err(unproven()),
        Some(user) => user,
        None => insert_owner(app, &mut tx, now, &checked, &hash).await?,
    };
    let (slug, tx) = found(app, tx, now, &checked, &user, meta).await?;
    tx.commit(
        now,
        &Actor::operator("create-owner"),
        founded(&checked, "command line"),
        &[],
    )
    .await?;
    Ok(slug)
}

fn unproven() -> Failure {
    Failure::field(
        "email",
        "There is an account with this address, and nobody has proven that the address is theirs. \
         Take another address, or have an invitation sent there by mail and accepted first.",
    )
}

fn founded(checked: &Checked<'_>, by: &str) -> Entries {
    Entry::new(
        "workspace.created",
        Target::new("workspace", None, checked.workspace.clone()),
        json!({ "template": checked.template.key, "owner": checked.email.normal(), "by": by }),
    )
    .into()
}

fn done_already() -> Failure {
    Failure::Conflict("Set-up was completed before. Sign in instead.".to_owned())
}

async fn check_code(app: &Rolecall, meta: &RequestMeta, code: &str) -> Result<(), Failure> {
    let now = app.clock().now();
    let key = limits::key(app, "setup", &limits::network(meta.address));
    let mut tx = app.store().write().await?;
    if let Err(retry_after) = GUESSING.attempt(&mut tx, &key, now).await? {
        record_refusal(app, meta, tx, "wait").await?;
        let message = format!("Too many tries. Wait {retry_after} seconds and try again.");
        return Err(Failure::TooMany {
            message,
            retry_after,
        });
    }
    match tx.setup_state().await? {
        SetupState::Open(hash)
            if bool::from(hash.as_slice().ct_eq(&sha256(code.trim().as_bytes()))) =>
        {
            tx.commit_housekeeping().await?;
            Ok(())
        }
        SetupState::Done => {
            tx.commit_housekeeping().await?;
            Err(done_already())
        }
        _ => {
            record_refusal(app, meta, tx, "code").await?;
            Err(Failure::field(
                "code",
                "This is not the set-up code. It stands in the log of the server that started last.",
            ))
        }
    }
}

/// Somebody who guesses the code shows in the trail, sampled per network; never what they typed.
async fn record_refusal(
    app: &Rolecall,
    meta: &RequestMeta,
    mut tx: Tx,
    by: &'static str,
) -> Result<(), StoreError> {
    let now = app.clock().now();
    let key = limits::key(app, "setup-refusals", &limits::network(meta.address));
    let Some(tries) = limits::sampled(&mut tx, &key, now).await? else {
        return tx.commit_housekeeping().await;
    };
    let entry = Entry::new(
        "setup.refused",
        Target::new("setup", None, "set-up page"),
        json!({ "by": by, "tries_in_an_hour": tries }),
    );
    let actor = Actor::visitor("somebody at the set-up page", meta);
    tx.commit(now, &actor, entry).await
}

/// A form whose every field was found good.
struct Checked<'a> {
    name: String,
    email: EmailAddress,
    workspace: String,
    template: &'a Template,
}

impl<'a> Checked<'a> {
    fn new(app: &'a Rolecall, form: &SetupForm) -> Result<Self, Failure> {
        let mut wrong = Vec::new();
        let mut note = |field: &str, message: String| {
            wrong.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        let name = text::name(&form.name, "your name")
            .map_err(|m| note("name", m))
            .ok();
        let email = EmailAddress::parse(&form.email)
            .map_err(|p| note("email", p.to_string()))
            .ok();
        let workspace = text::name(&form.workspace, "a name for the workspace")
            .map_err(|m| note("workspace", m))
            .ok();
        let words = [
            form.email.as_str(),
            form.name.as_str(),
            form.workspace.as_str(),
        ];
        if let Some(problem) = passwords::problem(&form.password, &words) {
            note("password", problem);
        }
        let template = app.templates().get(&form.template);
        if template.is_none() {
            note("template", "Choose one of the templates.".to_owned());
        }
        match (name, email, workspace, template) {
            (Some(name), Some(email), Some(workspace), Some(template)) if wrong.is_empty() => {
                Ok(Self {
                    name,
                    email,
                    workspace,
                    template,
                })
            }
            _ => Err(Failure::Invalid(wrong)),
        }
    }
}

/// Makes the person. The operator vouches for the address: there may be no mail server yet.
async fn insert_owner(
    app: &Rolecall,
    tx: &mut Tx,
    now: DateTime<Utc>,
    checked: &Checked<'_>,
    hash: &str,
) -> Result<UserRecord, Failure> {
    let id = app.random().id(now);
    let user = NewUser {
        id,
        email: &checked.email,
        verified: true,
        name: &checked.name,
        password_hash: hash,
    };
    tx.insert_user(now, &user).await?;
    let stored = tx.user_by_email(checked.email.normal()).await?;
    Ok(stored.ok_or(StoreError::Corrupt(
        "a person vanished while they were created",
    ))?)
}

/// Makes the workspace with the roles of its template, and the owner's membership.
async fn found(
    app: &Rolecall,
    mut tx: Tx,
    now: DateTime<Utc>,
    checked: &Checked<'_>,
    owner: &UserRecord,
    meta: &RequestMeta,
) -> Result<(String, WorkspaceTx), Failure> {
    let slug = free_slug(app, &mut tx, &checked.workspace).await?;
    tracing::info!(request_id = %meta.request_id, workspace = %slug, "a workspace is being created");
    let workspace = NewWorkspace {
        id: app.random().id(now),
        slug: &slug,
        name: &checked.workspace,
        template: &checked.template.key,
        invitation_hours: DEFAULT_HOURS,
    };
    let mut tx = tx.insert_workspace(now, &workspace, app.store()).await?;
    begin_anew(&mut tx, checked.template).await?;
    let roles = insert_built_in_roles(app, &mut tx, now, checked.template).await?;
    let member = NewMember {
        id: app.random().id(now),
        user: owner.id,
        name: &owner.name,
        email_norm: &owner.email_norm,
        role: roles
            .into_iter()
            .next()
            .ok_or(StoreError::Corrupt("a template without roles"))?,
        is_owner: true,
        invited_by: None,
    };
    tx.insert_member(now, &member).await?;
    Ok((slug, tx))
}

/// Adds the template's roles, in its order; the first is the strongest.
pub(crate) async fn insert_built_in_roles(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    template: &Template,
) -> Result<Vec<RoleId>, StoreError> {
    let mut ids = Vec::new();
    for (index, role) in template.roles.iter().enumerate() {
        // Ids order roles as the template does.
        let at = now + TimeDelta::milliseconds(i64::try_from(index).unwrap_or_default());
        let record = RoleRecord {
            id: app.random().id(at),
            builtin_key: Some(role.key.clone()),
            name: role.name.clone(),
            description: role.description.clone(),
            permissions: String::new(),
            own_projects_only: role.own_projects_only,
            cloned_from: None,
            version: 1,
        };
        tx.insert_role(&record).await?;
        ids.push(record.id);
    }
    Ok(ids)
}

/// The name as a part of the address, with a number when it is taken.
pub(crate) async fn free_slug(
    app: &Rolecall,
    tx: &mut Tx,
    name: &str,
) -> Result<String, StoreError> {
    let base = match text::slug(name) {
        slug if slug.is_empty() => "workspace".to_owned(),
        slug => slug,
    };
    if !tx.slug_is_taken(&base).await? {
        return Ok(base);
    }
    loop {
        let candidate = format!("{base}-{}", app.random().below(10_000));
        if !tx.slug_is_taken(&candidate).await? {
            return Ok(candidate);
        }
    }
}
