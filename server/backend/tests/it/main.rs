//! Tests of the store and the services, each on SQLite and on PostgreSQL.
//!
//! One binary, so that it is linked once. Names of tests are sentences; helpers go through public
//! functions, and raw SQL stands only in `support`, for what has no public function yet.

// `cfg(test)` on each: a failed test may panic, and clippy looks for it there.
#[cfg(test)]
mod copied_link;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod invite_and_join;
#[cfg(test)]
mod known_people;
#[cfg(test)]
mod races;
#[cfg(test)]
mod resend;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
#[cfg(test)]
mod without_mail;
#[cfg(test)]
mod workspaces;
