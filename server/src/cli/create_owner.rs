//! `rolecall create-owner`.

use rolecall_backend::{
    RequestMeta,
    service::{Failure, setup},
};

use super::{CreateOwner, open, password};
use crate::{config::Config, start::StartError};

/// Makes the owner and the workspace, and says where to sign in.
pub async fn run(config: &Config, order: CreateOwner) -> Result<(), StartError> {
    let rolecall = open(config).await?;
    let password = if order.password_stdin {
        password::from_stdin()
    } else {
        password::ask()
    }?;
    let template = order.template.clone();
    let owner = setup::CreateOwner {
        name: order.name,
        email: order.email,
        password,
        workspace: order.workspace,
        template,
    };
    let made = setup::create_owner(&rolecall, &RequestMeta::local("create-owner"), owner).await;
    let slug = made.map_err(|failure| StartError::Service(explain(&failure)))?;
    println!(
        "Made. Sign in at {}/w/{slug}/members",
        rolecall.public_url()
    );
    rolecall.store().close().await;
    Ok(())
}

/// One line per field, named as the option is.
pub(super) fn explain(failure: &Failure) -> String {
    let error = failure.to_api("create-owner");
    if error.fields.is_empty() {
        return error.message;
    }
    let lines: Vec<String> = error
        .fields
        .iter()
        .map(|f| format!("--{}: {}", f.field, f.message))
        .collect();
    lines.join("\n")
}
