//! Several members at once: what is selected in the list, the bar below it, and its dialog.

mod bar;
mod dialog;
mod group;
mod removal;
mod role;
mod sending;
mod state;
mod verdicts;

pub use bar::Bar;
pub use dialog::SeveralDialog;
pub use state::Selection;
