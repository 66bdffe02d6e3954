//! Who may do what: proofs that only the gate can make, and the boundary of giving.
//!
//! A store method that reads or changes tenant data takes `&Authorized<P>`. There is no other way
//! to make one than the gate, in the transaction at hand, for one workspace and one
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
mod glance;
mod proof;
mod remembered;
mod rights;
mod viewing;

pub use boundary::{Act, Refusal, in_person, lacking, lacking_in, permit};
pub use gate::{
    Denied, authorize, authorize_in, authorize_new_project, authorize_on, keeps_resources, standing,
};
pub use glance::{Glance, Sources};
pub use proof::{
    AuditView, Authorized, BillingManage, BillingView, InProject, OnService, Permission,
    ProjectsDelete, ProjectsManage, ProjectsView, SettingsManage, SettingsView, Standing,
    TeamManage, TeamView, TokensManage,
};
pub use remembered::authorize_remembered;
pub use rights::{group_permissions, holdings, token_scope};
pub use viewing::{ViewEnd, view_over};
