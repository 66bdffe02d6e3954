//! Tests of the store and the services, each on SQLite and on PostgreSQL.
//!
//! One binary, so that it is linked once. Names of tests are sentences; helpers go through public
//! functions, and raw SQL stands only in `support`, for what has no public function yet.

// `cfg(test)` on each: a failed test may panic, and clippy looks for it there.
#[cfg(test)]
mod account;
#[cfg(test)]
mod audit_trail;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod boundary;
#[cfg(test)]
mod copied_link;
#[cfg(test)]
mod dangerous;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod deletion;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod foreign_ids;
#[cfg(test)]
mod glance;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod invite_and_join;
#[cfg(test)]
mod inviter;
#[cfg(test)]
mod joining_groups;
#[cfg(test)]
mod known_people;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod live;
#[cfg(test)]
mod member_access;
#[cfg(test)]
mod member_list;
#[cfg(test)]
mod membership_ends;
#[cfg(test)]
mod membership_races;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod new_address;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod outbox_workers;
#[cfg(test)]
mod overrides;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod password_reset;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod races;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod removal;
#[cfg(test)]
mod resend;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod role_deletion;
#[cfg(test)]
mod role_origin;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod search;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sign_in_places;
#[cfg(test)]
mod sudo;
#[cfg(test)]
mod support;
#[cfg(test)]
mod suspension;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod view_as;
#[cfg(test)]
mod view_as_ends;
#[cfg(test)]
mod without_mail;
#[cfg(test)]
mod workspaces;
