//! The sentences of the product pages that Rolecall began with, each as a test of the built-in
//! templates. Sentences about pages, mails and removing people stand with the tests of those.

use rolecall_backend::templates::{Template, Templates};
use rolecall_shared::{
    MemberId, ProjectId, RoleId, Timestamp,
    catalogue::PermissionSet,
    permission::{Action, Scope},
    policy::{
        Grant, GroupGrant, Holdings, Override, Place, RoleGrant, Subject, TokenScope, allowed,
        boundary::{Untouchable, may_touch},
        effective,
    },
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1);
const DEVELOPMENT: ProjectId = ProjectId(Uuid::from_u128(11));
const PRODUCTION: ProjectId = ProjectId(Uuid::from_u128(12));

/// One template and its people.
struct Seed(Template);

impl Seed {
    fn of(key: &str) -> Self {
        Self(Templates::load(None).unwrap().get(key).unwrap().clone())
    }

    fn member(&self, role: &str) -> Holdings {
        let role = self.0.role(role).unwrap();
        let grant = RoleGrant {
            id: RoleId(Uuid::from_u128(1)),
            permissions: role.set(&self.0.catalogue),
            own_projects_only: role.own_projects_only,
        };
        Holdings::new(MemberId(Uuid::from_u128(2)), grant)
    }

    fn may_in(&self, member: &Holdings, place: Place, permission: &str) -> bool {
        let bit = self.0.catalogue.parse(permission).unwrap();
        allowed(&self.0.catalogue, Subject::member(member), place, bit, NOW)
    }

    /// Whether a role has each of these in the workspace.
    fn may(&self, role: &str, permissions: &[&str]) -> bool {
        let member = self.member(role);
        let may = |p: &&str| self.may_in(&member, Place::Workspace, p);
        permissions.iter().all(may)
    }

    /// Whether a role has none of these, wherever it is asked.
    fn never(&self, role: &str, permissions: &[&str]) -> bool {
        let member = self.member(role);
        let never = |p: &&str| {
            [Place::Workspace, Place::NewProject, project(DEVELOPMENT)]
                .into_iter()
                .all(|place| !self.may_in(&member, place, p))
        };
        permissions.iter().all(never)
    }

    /// All cells of one column.
    fn column(&self, action: Action) -> Vec<String> {
        let cells = self.0.catalogue.cells();
        cells
            .filter(|(_, a, _)| *a == action)
            .map(|(row, a, _)| format!("{}:{a}", row.key))
            .collect()
    }

    fn roles_with(&self, permission: &str) -> Vec<&str> {
        let roles = self.0.roles.iter().map(|role| role.key.as_str());
        roles.filter(|role| self.may(role, &[permission])).collect()
    }

    fn set(&self, names: &[&str]) -> PermissionSet {
        self.0.catalogue.set(names).unwrap()
    }
}

fn project(id: ProjectId) -> Place {
    Place::Project {
        id,
        created_by: None,
    }
}

mod cloud_account {
    use super::*;

    fn seed() -> Seed {
        Seed::of("cloud-account")
    }

    #[test]
    fn viewer_can_view_all_resources_metrics_configurations_and_billing_information() {
        let seed = seed();
        let hidden = ["team:view", "audit:view"];
        let shown = seed.column(Action::View);
        let shown: Vec<&str> = shown
            .iter()
            .map(String::as_str)
            .filter(|p| !hidden.contains(p))
            .collect();
        assert!(seed.may("viewer", &shown));
        assert!(shown.contains(&"billing:view") && shown.contains(&"monitoring:view"));
    }

    #[test]
    fn viewer_cannot_create_modify_or_delete_anything() {
        let seed = seed();
        for action in [Action::Manage, Action::Delete] {
            for permission in seed.column(action) {
                assert!(seed.never("viewer", &[&permission]), "{permission}");
            }
        }
    }

    #[test]
    fn viewer_does_not_have_access_to_team_management_or_api_tokens() {
        assert!(seed().never("viewer", &["team:view", "team:manage", "tokens:manage"]));
    }

    #[test]
    fn operator_can_create_instances_configure_load_balancers_manage_security_groups_set_up_monitoring_alerts()
     {
        assert!(seed().may(
            "operator",
            &[
                "instances:manage",
                "load-balancers:manage",
                "security-groups:manage",
                "monitoring:manage",
            ]
        ));
    }

    #[test]
    fn operator_has_view_and_manage_for_all_day_to_day_tasks() {
        let seed = seed();
        let rows = seed.0.catalogue.rows().iter();
        for row in rows.filter(|row| row.scope == Scope::Project) {
            let names = [format!("{}:view", row.key), format!("{}:manage", row.key)];
            assert!(seed.may("operator", &names.each_ref().map(String::as_str)));
        }
    }

    #[test]
    fn operator_cannot_delete_any_resources() {
        let seed = seed();
        for permission in seed.column(Action::Delete) {
            assert!(seed.never("operator", &[&permission]), "{permission}");
        }
    }

    #[test]
    fn operator_cannot_manage_billing_team_members_or_api_tokens() {
        assert!(seed().never(
            "operator",
            &["billing:manage", "team:manage", "tokens:manage"]
        ));
    }

    #[test]
    fn admin_has_complete_control_over_the_account() {
        let seed = seed();
        for action in Action::ALL {
            for permission in seed.column(action) {
                assert!(seed.may("admin", &[&permission]), "{permission}");
            }
        }
    }

    #[test]
    fn the_only_restriction_is_that_admins_cannot_remove_the_account_owner() {
        let seed = seed();
        let admin = seed.member("admin");
        let mut owner = seed.member("admin");
        owner.member = MemberId(Uuid::from_u128(3));
        let other = owner.clone();
        owner.is_owner = true;
        let catalogue = &seed.0.catalogue;
        assert_eq!(
            may_touch(catalogue, &admin, &owner, NOW),
            Err(Untouchable::Owner)
        );
        assert_eq!(may_touch(catalogue, &admin, &other, NOW), Ok(()));
    }

    #[test]
    fn custom_roles_have_any_combination_of_view_manage_and_delete_permissions() {
        let seed = seed();
        assert!(seed.0.custom_roles);
        for (row, action, bit) in seed.0.catalogue.cells() {
            let set = seed.set(&[&format!("{}:{action}", row.key)]);
            assert!(set.contains(bit));
            assert!(set.len() <= 2, "itself and its View");
        }
    }

    #[test]
    fn a_developer_might_have_operator_access_on_development_but_viewer_only_on_production() {
        let seed = seed();
        let projects = seed.0.catalogue.scoped(Scope::Project);
        let of = |role| {
            Grant::lasting(
                effective(&seed.0.catalogue, &seed.member(role), Place::Workspace, NOW)
                    .intersection(projects),
            )
        };
        let mut developer = seed.member("operator");
        developer.role.permissions = seed.set(&["instances:view", "databases:view"]);
        developer.overrides = vec![
            Override {
                project: DEVELOPMENT,
                grant: of("operator"),
            },
            Override {
                project: PRODUCTION,
                grant: of("viewer"),
            },
        ];
        assert!(seed.may_in(&developer, project(DEVELOPMENT), "databases:manage"));
        assert!(!seed.may_in(&developer, project(DEVELOPMENT), "databases:delete"));
        assert!(seed.may_in(&developer, project(PRODUCTION), "vpcs:view"));
        assert!(!seed.may_in(&developer, project(PRODUCTION), "databases:manage"));
        assert!(!seed.may_in(&developer, Place::Workspace, "databases:manage"));
    }

    #[test]
    fn removing_the_override_reverts_to_the_members_role_based_permissions() {
        let seed = seed();
        let mut member = seed.member("operator");
        let before = effective(&seed.0.catalogue, &member, project(PRODUCTION), NOW);
        member.overrides.push(Override {
            project: PRODUCTION,
            grant: Grant::lasting(PermissionSet::EMPTY),
        });
        assert!(!seed.may_in(&member, project(PRODUCTION), "instances:view"));
        member.overrides.clear();
        assert_eq!(
            effective(&seed.0.catalogue, &member, project(PRODUCTION), NOW),
            before
        );
    }

    #[test]
    fn a_viewers_api_token_can_only_perform_read_operations() {
        let seed = seed();
        let viewer = seed.member("viewer");
        let subject = Subject {
            token: Some(TokenScope {
                permissions: seed.0.catalogue.all(),
                project: None,
            }),
            ..Subject::member(&viewer)
        };
        for (row, action, bit) in seed.0.catalogue.cells() {
            let may = allowed(&seed.0.catalogue, subject, Place::Workspace, bit, NOW);
            assert!(!may || action == Action::View, "{}:{action}", row.key);
        }
    }
}

mod delivery_platform {
    use super::*;

    fn seed() -> Seed {
        Seed::of("delivery-platform")
    }

    #[test]
    fn account_admins_read_billing_information() {
        assert!(seed().may("account-admin", &["billing:view"]));
        assert!(seed().never("account-admin", &["billing:manage"]));
    }

    #[test]
    fn account_admins_manage_resources_and_account_access() {
        assert!(seed().may(
            "account-admin",
            &["resources:manage", "resources:delete", "team:manage"]
        ));
    }

    #[test]
    fn account_admins_view_deployments_configure_infrastructure_manage_domains_and_redirects() {
        assert!(seed().may(
            "account-admin",
            &[
                "deployments:view",
                "infrastructure:manage",
                "domains:manage",
                "domains:delete"
            ]
        ));
    }

    #[test]
    fn account_admins_access_logs_and_settings() {
        assert!(seed().may(
            "account-admin",
            &["logs:view", "settings:view", "settings:manage"]
        ));
    }

    #[test]
    fn developers_manage_resources_and_deploy_services() {
        assert!(seed().may("developer", &["resources:manage", "deployments:manage"]));
    }

    #[test]
    fn developers_view_logs_and_deployments_and_access_application_configuration() {
        assert!(seed().may(
            "developer",
            &["logs:view", "deployments:view", "environment:view"]
        ));
    }

    #[test]
    fn developers_cannot_manage_billing_modify_account_ownership_or_change_workspace_access() {
        let denied = ["billing:manage", "team:manage", "settings:manage"];
        assert!(seed().never("developer", &denied));
        // Ownership is no permission: only owners give it, and a developer is none.
        assert!(!seed().member("developer").is_owner);
    }

    #[test]
    fn admins_configure_granular_access_for_resources_deployments_environment_domains_infrastructure()
     {
        let seed = seed();
        assert!(seed.0.custom_roles);
        for key in [
            "resources",
            "deployments",
            "environment",
            "domains",
            "infrastructure",
        ] {
            assert!(seed.0.catalogue.row(key).is_some(), "{key}");
        }
    }
}

mod engineering_workspace {
    use super::*;

    fn seed() -> Seed {
        Seed::of("engineering-workspace")
    }

    #[test]
    fn roles_are_fixed_capability_sets() {
        assert!(!seed().0.custom_roles);
    }

    #[test]
    fn workspace_admin_has_full_workspace_administration() {
        let seed = seed();
        let admin = seed.member("workspace-admin");
        let held = effective(&seed.0.catalogue, &admin, Place::Workspace, NOW);
        assert_eq!(held, seed.0.catalogue.all());
    }

    #[test]
    fn only_workspace_admins_can_invite_members_and_change_roles() {
        assert_eq!(seed().roles_with("team:manage"), ["workspace-admin"]);
    }

    #[test]
    fn maintainer_tracks_repositories_and_runs_day_to_day_operations() {
        assert!(seed().may(
            "maintainer",
            &["repositories:manage", "activity:manage", "projects:manage"]
        ));
    }

    #[test]
    fn maintainer_has_no_access_to_the_most_sensitive_administrative_settings() {
        let denied = [
            "credentials:view",
            "tokens:manage",
            "settings:manage",
            "team:manage",
            "billing:view",
        ];
        assert!(seed().never("maintainer", &denied));
    }

    #[test]
    fn member_reads_and_participates_in_permitted_activity_including_viewing_the_member_list() {
        assert!(seed().may(
            "member",
            &["repositories:view", "activity:manage", "team:view"]
        ));
        assert!(seed().never("member", &["repositories:manage", "projects:manage"]));
    }

    #[test]
    fn billing_manager_manages_billing() {
        assert!(seed().may("billing-manager", &["billing:view", "billing:manage"]));
        assert!(seed().never("billing-manager", &["repositories:view", "team:manage"]));
    }

    #[test]
    fn any_role_can_open_the_members_and_view_the_list() {
        assert_eq!(seed().roles_with("team:view").len(), seed().0.roles.len());
    }

    #[test]
    fn view_as_shows_the_workspace_with_the_members_visibility_and_nothing_else() {
        let seed = seed();
        let (admin, member) = (seed.member("workspace-admin"), seed.member("member"));
        let viewing = Subject {
            viewing: Some(&member),
            ..Subject::member(&admin)
        };
        for (_, action, bit) in seed.0.catalogue.cells() {
            let theirs = allowed(
                &seed.0.catalogue,
                Subject::member(&member),
                Place::Workspace,
                bit,
                NOW,
            );
            let shown = allowed(&seed.0.catalogue, viewing, Place::Workspace, bit, NOW);
            assert_eq!(shown, theirs && action == Action::View);
        }
    }
}

mod portal {
    use super::*;

    fn seed() -> Seed {
        Seed::of("portal")
    }

    fn projects(user: &Holdings) -> (Place, Place) {
        let own = Place::Project {
            id: DEVELOPMENT,
            created_by: Some(user.member),
        };
        let foreign = Place::Project {
            id: PRODUCTION,
            created_by: Some(MemberId(Uuid::from_u128(77))),
        };
        (own, foreign)
    }

    #[test]
    fn portal_admins_have_full_access_to_the_admin_section() {
        assert!(seed().may(
            "portal-admin",
            &[
                "blueprints:manage",
                "access-control:manage",
                "publish-requests:manage",
                "team:manage",
                "settings:manage"
            ]
        ));
    }

    /// A workspace of the portal is a project here.
    #[test]
    fn portal_admins_monitor_and_manage_all_workspaces() {
        let seed = seed();
        let admin = seed.member("portal-admin");
        let (own, foreign) = projects(&admin);
        for place in [own, foreign, Place::NewProject, Place::Workspace] {
            for permission in ["projects:view", "projects:manage", "projects:delete"] {
                assert!(
                    seed.may_in(&admin, place, permission),
                    "{permission} {place:?}"
                );
            }
        }
        assert!(
            seed.may("portal-admin", &["audit:view"]),
            "and see what was done in them"
        );
    }

    #[test]
    fn portal_admins_can_also_create_and_use_their_own_workspaces() {
        let seed = seed();
        let admin = seed.member("portal-admin");
        assert!(seed.may_in(&admin, Place::NewProject, "projects:manage"));
    }

    #[test]
    fn portal_users_browse_the_catalog_create_workspaces_and_submit_publish_requests() {
        let seed = seed();
        let user = seed.member("portal-user");
        let (own, _) = projects(&user);
        assert!(seed.may_in(&user, Place::NewProject, "projects:manage"));
        for permission in [
            "blueprints:view",
            "publish-requests:view",
            "projects:delete",
        ] {
            assert!(seed.may_in(&user, own, permission), "{permission}");
        }
    }

    #[test]
    fn portal_users_cannot_access_the_admin_section() {
        let denied = [
            "access-control:view",
            "team:view",
            "settings:view",
            "audit:view",
            "blueprints:manage",
            "publish-requests:manage",
        ];
        assert!(seed().never("portal-user", &denied));
    }

    #[test]
    fn portal_users_cannot_see_other_users_workspaces() {
        let seed = seed();
        let user = seed.member("portal-user");
        let (_, foreign) = projects(&user);
        let held = effective(&seed.0.catalogue, &user, foreign, NOW);
        assert!(held.is_empty());
    }

    #[test]
    fn invited_people_are_portal_users_unless_somebody_says_otherwise() {
        assert_eq!(seed().0.default_role, "portal-user");
    }
}

mod acl_groups {
    use super::*;

    fn seed() -> Seed {
        Seed::of("acl-groups")
    }

    fn in_group(seed: &Seed, name: &str) -> Holdings {
        let starter = seed.0.group_starters.iter().find(|s| s.name == name);
        let mut member = seed.member("member");
        member.groups.push(GroupGrant {
            id: Uuid::from_u128(5).into(),
            grant: Grant::lasting(starter.unwrap().permissions),
        });
        member
    }

    #[test]
    fn an_invitation_needs_an_acl_group() {
        assert!(seed().0.group_required);
    }

    #[test]
    fn a_member_inherits_the_permissions_defined_by_the_selected_acl_group() {
        let seed = seed();
        let alone = seed.member("member");
        assert!(effective(&seed.0.catalogue, &alone, Place::Workspace, NOW).is_empty());
        for starter in &seed.0.group_starters {
            let held = effective(
                &seed.0.catalogue,
                &in_group(&seed, &starter.name),
                Place::Workspace,
                NOW,
            );
            assert_eq!(held, starter.permissions, "{}", starter.name);
        }
    }

    #[test]
    fn operators_view_and_edit_projects_but_do_not_delete_them() {
        let seed = seed();
        let operator = in_group(&seed, "Operator");
        assert!(seed.may_in(&operator, Place::Workspace, "projects:view"));
        assert!(seed.may_in(&operator, Place::Workspace, "projects:manage"));
        assert!(!seed.may_in(&operator, Place::Workspace, "projects:delete"));
    }

    #[test]
    fn view_only_is_for_people_who_only_need_access_to_reports_without_modifying_data() {
        let seed = seed();
        let viewer = in_group(&seed, "View-Only");
        assert!(seed.may_in(&viewer, Place::Workspace, "reports:view"));
        let held = effective(&seed.0.catalogue, &viewer, Place::Workspace, NOW);
        assert!(seed.0.catalogue.views().includes(held));
    }
}
