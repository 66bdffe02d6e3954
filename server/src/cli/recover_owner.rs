//! `rolecall recover-owner`.

use rolecall_backend::service::membership;

use super::{RecoverOwner, create_owner::explain, open, password};
use crate::{config::Config, start::StartError};

/// Makes the person an owner, and says where to sign in.
pub async fn run(config: &Config, order: RecoverOwner) -> Result<(), StartError> {
    let rolecall = open(config).await?;
    let new = match order.name {
        Some(name) => Some((name, password::from_stdin()?)),
        None => None,
    };
    let (workspace, email) = (order.workspace.clone(), order.email.clone());
    let recover = membership::RecoverOwner {
        workspace: order.workspace,
        email: order.email,
        new,
    };
    let done = membership::recover_owner(&rolecall, recover).await;
    let made = done.map_err(|failure| StartError::Service(explain(&failure)))?;
    let account = if made {
        "The account was made."
    } else {
        "The account and its password are as they were."
    };
    println!("{email} is an active owner of {workspace} now. {account}");
    println!("Sign in at {}/w/{workspace}/members", rolecall.public_url());
    println!("The other owners are told by mail, and the audit trail has a row.");
    rolecall.store().close().await;
    Ok(())
}
