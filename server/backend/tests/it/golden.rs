//! What every role of every template may do in each kind of place, alone, with a token and viewed
//! as, and what its cells say: written down as text, so that a change of any of it is a change
//! somebody reads.
//!
//! After a wanted change: `UPDATE_GOLDEN=1 cargo nextest run -p rolecall-backend golden`.

use std::{fmt::Write as _, fs, path::PathBuf};

use rolecall_backend::templates::{Template, Templates};
use rolecall_shared::{
    MemberId, ProjectId, RoleId, Timestamp,
    catalogue::PermissionSet,
    permission::Action,
    policy::{
        Grant, GroupGrant, Holdings, Override, Place, RoleGrant, Subject, TokenScope, allowed,
    },
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1);
const LEGEND: &str = "\
Each column is a role, each row a permission, each letter a place or a way to ask:
  W  in the workspace            O  in a project that they created
  P  in a project of somebody    X  in a project with an empty override
  T  in the workspace, with a token that is limited to looking
  A  in the workspace, by an owner who views the console as them
- means no.
";

fn member(template: &Template, role: &str) -> Holdings {
    let id = |n| Uuid::from_u128(n);
    let role = template.role(role).unwrap();
    let mut member = Holdings::new(
        MemberId(id(1)),
        RoleGrant {
            id: RoleId(id(2)),
            permissions: role.set(&template.catalogue),
            own_projects_only: role.own_projects_only,
        },
    );
    member.overrides.push(Override {
        project: ProjectId(id(9)),
        grant: Grant::lasting(PermissionSet::EMPTY),
    });
    member
}

/// A line of letters for one permission.
fn letters(template: &Template, member: &Holdings, bit: rolecall_shared::catalogue::Bit) -> String {
    let catalogue = &template.catalogue;
    let project = |n, created_by| Place::Project {
        id: ProjectId(Uuid::from_u128(n)),
        created_by,
    };
    let plain = Subject::member(member);
    let token = Subject {
        token: Some(TokenScope {
            permissions: catalogue.views(),
            project: None,
        }),
        ..plain
    };
    let mut owner = member.clone();
    owner.is_owner = true;
    let viewing = Subject {
        holdings: &owner,
        token: None,
        viewing: Some(member),
    };
    let cases = [
        ('W', plain, Place::Workspace),
        ('O', plain, project(7, Some(member.member))),
        ('P', plain, project(8, None)),
        ('X', plain, project(9, None)),
        ('T', token, Place::Workspace),
        ('A', viewing, Place::Workspace),
    ];
    cases
        .into_iter()
        .map(|(letter, subject, place)| {
            if allowed(catalogue, subject, place, bit, NOW) {
                letter
            } else {
                '-'
            }
        })
        .collect()
}

#[test]
fn every_role_may_do_in_every_place_what_the_golden_table_says() {
    let mut text = LEGEND.to_owned();
    for template in Templates::load(None).unwrap().iter() {
        let mut columns: Vec<(String, Holdings)> = template
            .roles
            .iter()
            .map(|role| (role.key.clone(), member(template, &role.key)))
            .collect();
        for starter in &template.group_starters {
            let mut holdings = member(template, &template.default_role);
            holdings.groups.push(GroupGrant {
                id: Uuid::from_u128(3).into(),
                grant: Grant::lasting(starter.permissions),
            });
            columns.push((format!("group {}", starter.name), holdings));
        }
        write!(text, "\n{:<28}", template.key).unwrap();
        let names = columns.iter().map(|(name, _)| format!("{name:<17}"));
        writeln!(text, "{}", names.collect::<String>().trim_end()).unwrap();
        for (row, action, bit) in template.catalogue.cells() {
            let cells = columns
                .iter()
                .map(|(_, holdings)| format!("{:<17}", letters(template, holdings, bit)));
            let name = format!("{}:{action}", row.key);
            let line = format!("  {name:<26}{}", cells.collect::<String>());
            writeln!(text, "{}", line.trim_end()).unwrap();
        }
    }
    is_as_written("effective.txt", &text);
}

/// What people read beside each box of the matrix.
#[test]
fn every_cell_of_every_template_says_what_the_golden_text_says() {
    let mut text = String::new();
    for template in Templates::load(None).unwrap().iter() {
        writeln!(text, "{}: {}", template.key, template.title).unwrap();
        let mut category = "";
        for row in template.catalogue.rows() {
            if row.category != category {
                category = &row.category;
                writeln!(text, "  {category}").unwrap();
            }
            writeln!(text, "    {}: {}", row.key, row.title).unwrap();
            for action in Action::ALL {
                if let Some(cell) = &row.cells[action as usize] {
                    writeln!(text, "      {action:<7} {cell}").unwrap();
                }
            }
        }
    }
    is_as_written("cells.txt", &text);
}

/// Compares with the text in the repository, or writes it anew.
fn is_as_written(name: &str, text: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let path = folder.join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "see the head of this file"
    );
}
