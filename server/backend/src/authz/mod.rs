//! Who may do what: proofs that only the gate can make, and the boundary of giving.
//!
//! A store method that reads or changes tenant data takes `&Authorized<P>`. There is no other way
//! to make one than [`gate::authorize`], in the transaction at hand, for one workspace and one
//! permission; the store takes the workspace id from it. So forgetting a check does not compile:
//!
//! ```compile_fail
//! use rolecall_backend::authz::{Authorized, TeamManage};
//! fn forge() -> Authorized<TeamManage> {
//!     Authorized { .. }
//! }
//! ```
//! ```compile_fail
//! use rolecall_backend::authz::{Authorized, TeamManage};
//! fn copy(proof: &Authorized<TeamManage>) -> Authorized<TeamManage> {
//!     proof.clone()
//! }
//! ```
//! ```compile_fail
//! use rolecall_backend::authz::{Authorized, TeamManage, TeamView};
//! fn exchange(proof: Authorized<TeamView>) -> Authorized<TeamManage> {
//!     proof
//! }
//! ```

mod boundary;
mod gate;
mod proof;
mod rights;

pub use boundary::{lacking, may_give};
pub use gate::{Denied, authorize};
pub use proof::{
    AuditView, Authorized, BillingManage, BillingView, Permission, ProjectsDelete, ProjectsManage,
    ProjectsView, SettingsManage, SettingsView, TeamManage, TeamView, TokensManage,
};
pub use rights::{group_permissions, holdings_of, role_permissions};
