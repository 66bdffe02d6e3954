//! What is selected, what is about to be done to it, and how far that is.

use leptos::prelude::*;
use rolecall_shared::{
    GroupId, MemberId, RoleId,
    member::MemberRow,
    membership::{PersonVerdict, SentInvitations},
    text::count,
};

use crate::{
    components::{confirm::Confirm, date::EndDate},
    error::ApiFailure,
};

/// The selected people. They stay selected, by id, while the list is fetched again or shows another
/// page.
#[derive(Clone, Copy)]
pub struct Selection {
    /// As the list showed them last.
    pub people: RwSignal<Vec<MemberRow>>,
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
    /// What it does.
    pub order: RwSignal<Option<Order>>,
    /// Whether what was ticked before the page was taken over is taken in already.
    pub taken_in: StoredValue<bool>,
}

/// What can be done to several people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Role,
    Group,
    Suspend,
    Reactivate,
    Remove,
}

impl Selection {
    /// Nobody.
    pub fn new() -> Self {
        Self {
            people: RwSignal::new(Vec::new()),
            open: RwSignal::new(false),
            order: RwSignal::new(None),
            taken_in: StoredValue::new(false),
        }
    }

    /// Whether somebody is selected.
    pub fn has(self, id: MemberId) -> bool {
        self.people
            .with(|people| people.iter().any(|one| one.id == id))
    }

    /// Selects people, or not any more.
    pub fn choose(self, rows: &[MemberRow], on: bool) {
        self.people.update(|people| {
            people.retain(|one| !rows.iter().any(|row| row.id == one.id));
            if on {
                people.extend(rows.iter().cloned());
            }
        });
    }

    /// Takes over what the list knows now about those who are selected.
    pub fn refresh(self, rows: &[MemberRow]) {
        let fresh = |one: &MemberRow| rows.iter().find(|row| row.id == one.id && *row != one);
        if self
            .people
            .with_untracked(|people| people.iter().any(|one| fresh(one).is_some()))
        {
            self.people.update(|people| {
                for one in people.iter_mut() {
                    if let Some(row) = fresh(one) {
                        *one = row.clone();
                    }
                }
            });
        }
    }

    /// Whether the bar or the dialog is there.
    pub fn wanted(self) -> bool {
        self.open.get() || self.people.with(|people| !people.is_empty())
    }

    /// Opens the dialog.
    pub fn ask(self, order: Order) {
        self.order.set(Some(order));
        self.open.set(true);
    }
}

/// The steps of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What, and what it does.
    Choose,
    /// Batches are on their way.
    Working,
    /// A verdict for each person.
    Done,
}

/// One order for several people, while its dialog is open.
#[derive(Clone, Copy)]
pub struct Several {
    pub selection: Selection,
    /// Asks for a fresh proof, once for all batches.
    pub confirm: Confirm,
    /// Whom it is about: those who were selected when the dialog opened.
    pub people: RwSignal<Vec<MemberRow>>,
    pub step: RwSignal<Step>,
    /// The role they get.
    pub role: RwSignal<Option<RoleId>>,
    /// The group they get.
    pub group: RwSignal<Option<GroupId>>,
    /// Until when they are in it.
    pub end: EndDate,
    /// Why they are suspended or removed.
    pub reason: RwSignal<String>,
    /// What becomes of the invitations that the removed ones sent.
    pub invitations: RwSignal<SentInvitations>,
    /// Why the preview says no.
    pub refused: RwSignal<Option<String>>,
    /// What became of the first of them, in their order.
    pub verdicts: RwSignal<Vec<PersonVerdict>>,
    /// Whether to stop after the present batch.
    pub stop: RwSignal<bool>,
    /// Why it stopped.
    pub failed: RwSignal<Option<ApiFailure>>,
}

impl Several {
    /// About nobody yet.
    pub fn new(selection: Selection) -> Self {
        Self {
            selection,
            confirm: Confirm::of_page(),
            people: RwSignal::new(Vec::new()),
            step: RwSignal::new(Step::Choose),
            role: RwSignal::new(None),
            group: RwSignal::new(None),
            end: EndDate::new(None),
            reason: RwSignal::new(String::new()),
            invitations: RwSignal::new(SentInvitations::default()),
            refused: RwSignal::new(None),
            verdicts: RwSignal::new(Vec::new()),
            stop: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// Begins anew with those who are selected now.
    pub fn start(self) {
        self.people.set(self.selection.people.get_untracked());
        self.step.set(Step::Choose);
        self.role.set(None);
        self.group.set(None);
        self.end.set(None);
        self.reason.set(String::new());
        self.invitations.set(SentInvitations::default());
        self.refused.set(None);
        self.verdicts.set(Vec::new());
        self.stop.set(false);
        self.failed.set(None);
    }

    /// What is done to them.
    pub fn order(self) -> Order {
        self.selection.order.get_untracked().unwrap_or(Order::Role)
    }

    /// How many people it is about.
    pub fn total(self) -> usize {
        self.people.with_untracked(Vec::len)
    }

    /// Their ids.
    pub fn ids(self) -> Vec<MemberId> {
        self.people
            .with_untracked(|people| people.iter().map(|one| one.id).collect())
    }

    /// "3 people".
    pub fn counted(self) -> String {
        count(self.total(), "person", "people")
    }

    /// What the button says.
    pub fn label(self) -> String {
        let people = self.counted();
        match self.order() {
            Order::Role => format!("Change the role of {people}"),
            Order::Group => format!("Add {people}"),
            Order::Suspend => format!("Suspend {people}"),
            Order::Reactivate => format!("Reactivate {people}"),
            Order::Remove => format!("Remove {people}"),
        }
    }

    /// Why the button has to wait.
    pub fn blocked(self) -> Option<String> {
        match self.order() {
            Order::Role if self.role.get().is_none() => Some("Choose a role first.".to_owned()),
            Order::Group if self.group.get().is_none() => Some("Choose a group first.".to_owned()),
            Order::Group => self.end.problem.get().or_else(|| self.refused.get()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rolecall_shared::{
        Timestamp,
        catalogue::Level,
        member::{MemberStatus, Named},
    };

    use super::*;

    fn row(last: u8, name: &str) -> MemberRow {
        let id = |n: u8| format!("0192f0c0-0000-7000-8000-0000000000{n:02}");
        MemberRow {
            id: id(last).parse().unwrap(),
            name: name.into(),
            email: format!("{name}@example.org"),
            role: Named {
                id: id(1).parse().unwrap(),
                name: "Viewer".into(),
            },
            is_owner: false,
            groups: Vec::new(),
            level: Level::default(),
            status: MemberStatus::Active,
            invited_by: None,
            joined_at: Timestamp(0),
            ends_at: None,
            last_active_at: None,
            is_you: false,
        }
    }

    #[test]
    fn the_same_people_stay_selected_when_the_list_comes_again() {
        let owner = Owner::new();
        owner.set();
        let selection = Selection::new();
        selection.choose(&[row(1, "ana"), row(2, "ben")], true);
        selection.choose(&[row(1, "ana")], true);
        assert_eq!(selection.people.with_untracked(Vec::len), 2, "each once");
        selection.refresh(&[row(2, "Benjamin"), row(3, "cleo")]);
        let names = |s: Selection| -> Vec<String> {
            s.people
                .with_untracked(|people| people.iter().map(|one| one.name.clone()).collect())
        };
        assert_eq!(
            names(selection),
            ["ben", "ana"].map(|n| if n == "ben" { "Benjamin" } else { n })
        );
        selection.choose(&[row(1, "ana")], false);
        assert_eq!(names(selection), ["Benjamin"]);
    }
}
