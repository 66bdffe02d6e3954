//! What two or more pages share.

pub mod avatar;
pub mod button;
pub mod copy;
pub mod filter;
pub mod icon;
pub mod menu;
pub mod meter;
pub mod modal;
pub mod pager;
pub mod problem;
pub mod search;
pub mod sort;
pub mod time;
pub mod toast;
