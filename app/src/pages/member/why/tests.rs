//! Sentences for one member with a role, a group and an override.

use rolecall_shared::{
    access::{
        GrantView, GroupMembership, GroupView, MemberAccess, OverrideView, ProjectPlace, RoleView,
    },
    catalogue::{Catalogue, Level, Row},
    member::{MemberRow, MemberStatus, Named},
    membership::Acts,
    permission::Scope,
};

use super::*;

fn id<T: std::str::FromStr>(n: u8) -> T {
    let text = format!("0192f0c0-0000-7000-8000-0000000000{n:02x}");
    text.parse().ok().unwrap()
}

fn page() -> MemberPage {
    let row = |key: &str, title: &str, scope| Row {
        key: key.into(),
        title: title.into(),
        category: "Test".into(),
        scope,
        cells: [true; 3].map(|there| there.then(|| "Does it".into())),
    };
    let catalogue = Catalogue::new(vec![
        row("databases", "Databases", Scope::Project),
        row("tokens", "API Tokens", Scope::Workspace),
    ])
    .unwrap();
    let role = RoleView {
        id: id(1),
        name: "Developer".into(),
        description: String::new(),
        permissions: vec!["databases:view".into()],
        own_projects_only: false,
        lacking: Vec::new(),
    };
    let group = |n, name: &str, permission: &str| GroupView {
        id: id(n),
        name: name.into(),
        description: String::new(),
        permissions: vec![permission.into()],
        lacking: Vec::new(),
    };
    MemberPage {
        member: MemberRow {
            id: id(2),
            name: "Ben".into(),
            email: "ben@example.org".into(),
            role: Named {
                id: id(1),
                name: "Developer".into(),
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
        },
        version: 1,
        at: Timestamp(1_000),
        catalogue,
        access: MemberAccess {
            role: id(1),
            groups: vec![GroupMembership {
                group: id(3),
                expires_at: None,
            }],
            direct: GrantView::default(),
        },
        overrides: vec![OverrideView {
            project: Named {
                id: id(5),
                name: "Staging".into(),
            },
            grant: GrantView::default(),
            set_by: "Ana".into(),
            set_at: Timestamp(0),
            version: 1,
        }],
        projects: vec![ProjectPlace {
            project: Named {
                id: id(5),
                name: "Staging".into(),
            },
            theirs: false,
        }],
        roles: vec![role],
        groups: vec![
            group(3, "Operators", "databases:delete"),
            group(4, "Finance", "tokens:manage"),
        ],
        grantable: vec!["tokens:manage".into(), "tokens:view".into()],
        blocked: None,
        suspension: None,
        tokens: None,
        acts: Acts::default(),
    }
}

fn ask(page: MemberPage, project: Option<ProjectId>, name: &str) -> Answer {
    let bit = page.catalogue.parse(name).unwrap();
    Asked::new(page).answer(project, bit)
}

#[test]
fn a_held_cell_names_every_source() {
    let answer = ask(page(), None, "databases:delete");
    assert_eq!(
        answer.plain(),
        "Can delete databases because of the group Operators."
    );
    assert_eq!(answer.step, Some(Step::Group(id(3))));
    let answer = ask(page(), None, "databases:view");
    assert_eq!(
        answer.plain(),
        "Can view databases because of the role Developer and the group Operators."
    );
    assert_eq!(answer.more, 1);
}

#[test]
fn a_cell_that_is_not_held_says_what_would_give_it() {
    let answer = ask(page(), None, "tokens:manage");
    assert_eq!(
        answer.plain(),
        "Cannot manage API tokens. The role Developer does not include it, and neither does the \
         group Operators. To allow it: add to Finance, or give it directly."
    );
    assert_eq!(answer.step, Some(Step::Give(Remedy::AddToGroup(id(4)))));
}

#[test]
fn who_can_not_change_it_is_offered_no_button_and_who_lacks_it_no_gift() {
    let mut locked = page();
    locked.blocked = Some("You need team:manage.".into());
    let answer = ask(locked, None, "databases:manage");
    assert!(answer.plain().ends_with("To allow it: give it directly."));
    assert_eq!(answer.step, None);
    let answer = ask(page(), None, "databases:manage");
    assert!(
        !answer.plain().contains("To allow it"),
        "the asker may not give it"
    );
}

#[test]
fn an_override_that_leaves_a_cell_out_is_the_answer_in_its_project() {
    let answer = ask(page(), Some(id(5)), "databases:delete");
    assert!(answer.plain().starts_with(
        "Cannot delete databases. The override in Staging leaves it out; without it they could."
    ));
    assert_eq!(answer.step, Some(Step::Override(id(5))));
}

#[test]
fn in_a_project_of_their_own_the_answer_is_what_they_would_have_there() {
    let mut maker = page();
    maker.access.groups.clear();
    maker.roles[0].own_projects_only = true;
    maker.projects[0].theirs = true;
    let answer = ask(maker.clone(), Some(id(5)), "databases:view");
    let withheld = "Cannot view databases. The override in Staging leaves it out";
    assert!(
        answer
            .plain()
            .starts_with(&format!("{withheld}; without it they could."))
    );
    maker.projects[0].theirs = false;
    let answer = ask(maker, Some(id(5)), "databases:view");
    assert!(answer.plain().starts_with(&format!("{withheld}.")));
}

#[test]
fn what_ended_is_told_as_ended() {
    let mut ended = page();
    ended.access.groups[0].expires_at = Some(Timestamp(1_000));
    let answer = ask(ended, None, "databases:delete");
    assert!(
        answer
            .plain()
            .contains("The group Operators gave it until 1 Jan 1970.")
    );
}

#[test]
fn an_owner_has_everything() {
    let mut owner = page();
    owner.member.is_owner = true;
    let answer = ask(owner, Some(id(5)), "databases:delete");
    assert_eq!(
        answer.plain(),
        "Can delete databases: owners have every permission."
    );
}
