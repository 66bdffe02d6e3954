//! What a workspace is to somebody in it: for programs, which begin with that.

use rolecall_shared::{MemberId, policy::Place};

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::{self, Standing},
    templates::Template,
};

/// A workspace, and what the caller is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWorkspace {
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The key and the title of its template.
    pub template: (String, String),
    /// The caller's own id there.
    pub member: MemberId,
    /// The name of their role.
    pub role: String,
    /// Names of what they may do for the workspace, and in a project that they make.
    pub permissions: Vec<String>,
}

/// The workspace as its members see it, whatever they hold.
///
/// # Errors
/// [`Failure::NotFound`] for whoever is no active member.
pub async fn own(app: &Rolecall, caller: &Caller, slug: &str) -> Result<OwnWorkspace, Failure> {
    let (standing, template) = look(app, caller, slug).await?;
    let effective = standing.effective(template, Place::NewProject);
    let workspace = standing.workspace_record();
    Ok(OwnWorkspace {
        slug: workspace.slug.clone(),
        name: workspace.name.clone(),
        template: (template.key.clone(), template.title.clone()),
        member: standing.member(),
        role: standing.role().to_owned(),
        permissions: template.catalogue.names(effective),
    })
}

/// What its workspace is made from. Every member may know: it says which permissions there are, and not
/// who holds them.
///
/// # Errors
/// [`Failure::NotFound`] for whoever is no active member.
pub async fn template(app: &Rolecall, caller: &Caller, slug: &str) -> Result<Template, Failure> {
    let (_, template) = look(app, caller, slug).await?;
    Ok(template.clone())
}

async fn look<'a>(
    app: &'a Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<(Standing, &'a Template), Failure> {
    let mut db = app.store().read().await?;
    let standing = authz::standing(app, &mut db, caller, slug).await?;
    let template = standing.template(app)?;
    Ok((standing, template))
}
