//! What two or more pages share.

pub mod avatar;
pub mod button;
pub mod confirm;
pub mod copy;
pub mod date;
pub mod filter;
pub mod icon;
pub mod loaded;
pub mod markup;
pub mod matrix;
pub mod menu;
pub mod meter;
pub mod modal;
pub mod pager;
pub mod preview;
pub mod problem;
pub mod search;
pub mod sort;
pub mod time;
pub mod title;
pub mod toast;
pub mod unsaved;
