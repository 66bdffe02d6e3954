//! The grant boundary: nobody gives what they do not hold.

use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    policy,
};

use super::{Authorized, Permission};

/// Names of the permissions in `grant` that the caller lacks and so may not give; empty for owners.
pub fn lacking<P: Permission>(
    proof: &Authorized<P>,
    catalogue: &Catalogue,
    grant: PermissionSet,
) -> Vec<String> {
    match policy::may_grant(proof.is_owner(), proof.effective(), grant) {
        Ok(()) => Vec::new(),
        Err(lacking) => catalogue.names(lacking),
    }
}

/// Refuses a grant beyond the caller's own rights, with the names of what they lack. Every way of
/// giving power goes through here.
pub fn may_give<P: Permission>(
    proof: &Authorized<P>,
    catalogue: &Catalogue,
    grant: PermissionSet,
) -> Result<(), Vec<String>> {
    let lacking = lacking(proof, catalogue, grant);
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(lacking)
    }
}
