//! Reading the settings.

use rolecall_shared::{
    permission::CorePermission,
    policy::Place,
    role::RoleOption,
    settings::{DefaultRole, SettingsPage},
    view_as,
};

use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, SettingsView},
    clock::timestamp,
    service::{Failure, members::template, roles::default_role},
    store::{Db, StoreError},
    templates::Template,
};

/// The settings of a workspace. Needs `settings:view`; who may not change them is told why, and roles
/// are named to those who may see them (`team:view`).
pub async fn page(app: &Rolecall, caller: &Caller, slug: &str) -> Result<SettingsPage, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<SettingsView>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let workspace = proof.workspace_record();
    let may = |permission| proof.may(template, Place::Workspace, permission);
    let manage = CorePermission::SettingsManage;
    let blocked = (!may(manage)).then(|| match proof.read_only() {
        Some(name) => view_as::read_only(&name),
        None => format!("You need the permission {manage} to change the settings."),
    });
    let deletion = if proof.is_owner() {
        Ok(db.workspace_size(&proof, now).await?)
    } else {
        Err("Only an owner can delete the workspace.".to_owned())
    };
    Ok(SettingsPage {
        name: workspace.name.clone(),
        slug: workspace.slug.clone(),
        address: format!("{}/w/{}", app.public_url(), workspace.slug),
        template: template.title.clone(),
        created_at: timestamp(db.workspace_created_at(&proof).await?),
        policy: workspace.invitation_policy(),
        default_role: if may(CorePermission::TeamView) {
            offered(&mut db, &proof, template).await?
        } else {
            None
        },
        blocked,
        deletion,
    })
}

/// The role that invitations choose first, and those that the asker could choose instead.
async fn offered(
    db: &mut Db,
    proof: &Authorized<SettingsView>,
    template: &Template,
) -> Result<Option<DefaultRole>, StoreError> {
    let roles = db.roles(proof.workspace()).await?;
    let Some(role) = default_role(proof.workspace_record(), template, &roles) else {
        return Ok(None);
    };
    let catalogue = &template.catalogue;
    let options = roles.into_iter().map(|role| {
        let set = role.permissions(template);
        RoleOption {
            id: role.id,
            name: role.name,
            description: role.description,
            level: catalogue.level(set),
            lacking: authz::lacking(proof, catalogue, set),
        }
    });
    Ok(Some(DefaultRole {
        role,
        options: options.collect(),
    }))
}
