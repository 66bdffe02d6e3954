//! What the people of the demo work on: projects, their resources, and what single people may do there.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{GroupId, MemberId, ProjectId, RoleId};

use super::{Failure, names::full_name};
use crate::{
    Rolecall,
    random::Random,
    store::{
        NewProject, NewResource, OverrideRecord, ResourceText, RoleRecord, StoreError, WorkspaceTx,
    },
    templates::Template,
};

/// Who made something: the owner, or the n-th person.
#[derive(Clone, Copy)]
enum Maker {
    Owner,
    Person(usize),
}
use Maker::{Owner, Person};

struct Project {
    name: &'static str,
    description: &'static str,
    maker: Maker,
    /// Days since it was made.
    age: i64,
    resources: &'static [Resource],
}

/// Service, name, external id, attributes, maker.
type Resource = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    Maker,
);

const CLOUD: [Project; 5] = [
    Project {
        name: "Development",
        description: "Machines of the feature branches. Anything here may be rebuilt at night.",
        maker: Person(1),
        age: 412,
        resources: &[
            (
                "instances",
                "dev-runner-1",
                "i-0d1e7",
                &[("region", "eu-central"), ("size", "c4-large")],
                Person(1),
            ),
            (
                "instances",
                "dev-runner-2",
                "i-0d1f2",
                &[("region", "eu-central"), ("size", "c4-large")],
                Person(1),
            ),
            (
                "databases",
                "feature-db",
                "db-dev-3",
                &[("engine", "PostgreSQL 17")],
                Person(2),
            ),
            (
                "object-storage",
                "build-artefacts",
                "nw-dev-artefacts",
                &[("kept for", "14 days")],
                Person(1),
            ),
        ],
    },
    Project {
        name: "Staging",
        description: "A mirror of production for release tests; QA signs off here.",
        maker: Person(2),
        age: 398,
        resources: &[
            (
                "instances",
                "staging-web",
                "i-05a90",
                &[("region", "eu-central"), ("size", "c4-medium")],
                Person(2),
            ),
            (
                "load-balancers",
                "staging-edge",
                "lb-stg-1",
                &[("hosts", "staging.northwind.example")],
                Person(2),
            ),
            (
                "databases",
                "staging-db",
                "db-stg-1",
                &[("engine", "PostgreSQL 17")],
                Person(5),
            ),
            (
                "monitoring",
                "Release checks",
                "",
                &[("every", "5 minutes")],
                Person(8),
            ),
        ],
    },
    Project {
        name: "Production",
        description: "What customers use. Changes need a second pair of eyes.",
        maker: Owner,
        age: 395,
        resources: &[
            (
                "instances",
                "web-1",
                "i-02c11",
                &[("region", "eu-central"), ("size", "c8-large")],
                Owner,
            ),
            (
                "instances",
                "web-2",
                "i-02c12",
                &[("region", "eu-west"), ("size", "c8-large")],
                Owner,
            ),
            (
                "load-balancers",
                "edge",
                "lb-prod-1",
                &[("hosts", "www.northwind.example")],
                Owner,
            ),
            (
                "vpcs",
                "prod-net",
                "vpc-7f3",
                &[("range", "10.20.0.0/16")],
                Owner,
            ),
            (
                "security-groups",
                "Web tier",
                "sg-web",
                &[("open ports", "443")],
                Person(2),
            ),
            (
                "databases",
                "orders",
                "db-prod-1",
                &[
                    ("engine", "PostgreSQL 17"),
                    ("backups", "hourly, kept 35 days"),
                ],
                Person(0),
            ),
            (
                "object-storage",
                "invoices",
                "nw-invoices",
                &[("encryption", "customer key")],
                Person(0),
            ),
            ("static-ips", "edge-v4", "203.0.113.10", &[], Person(5)),
            (
                "autoscaling",
                "web tier",
                "asg-web",
                &[("from", "2"), ("to", "12")],
                Person(5),
            ),
            (
                "monitoring",
                "Checkout latency",
                "",
                &[("alarm above", "800 ms"), ("tells", "On call")],
                Person(8),
            ),
        ],
    },
    Project {
        name: "Data platform",
        description: "Nightly imports, the warehouse, and the reports that Finance reads.",
        maker: Person(5),
        age: 203,
        resources: &[
            (
                "databases",
                "warehouse",
                "db-dwh-1",
                &[("engine", "ClickHouse 25")],
                Person(5),
            ),
            (
                "object-storage",
                "raw-events",
                "nw-raw-events",
                &[("kept for", "400 days")],
                Person(5),
            ),
            (
                "user-scripts",
                "nightly-import",
                "",
                &[("starts at", "02:30 UTC")],
                Person(10),
            ),
        ],
    },
    Project {
        name: "Website relaunch",
        description: "",
        maker: Person(8),
        age: 17,
        resources: &[],
    },
];

const PORTAL: [Project; 2] = [
    Project {
        name: "Berth booking",
        description: "Lets skippers book a berth and pay for it.",
        maker: Owner,
        age: 61,
        resources: &[(
            "blueprints",
            "Booking form",
            "bp-booking",
            &[("version", "2.3")],
            Owner,
        )],
    },
    Project {
        name: "Harbour dashboard",
        description: "Tides, arrivals and free berths on the screen in the office.",
        maker: Owner,
        age: 24,
        resources: &[],
    },
];

/// A role of their own for some of the operators.
const ON_CALL: (&str, &str, &[&str]) = (
    "On-call engineer",
    "Answers alerts at night: restarts machines and silences alarms, and deletes nothing.",
    &[
        "instances:view",
        "instances:manage",
        "load-balancers:view",
        "databases:view",
        "monitoring:view",
        "monitoring:manage",
        "projects:view",
    ],
);

/// Person, project, permissions, set how many days ago, days until it ends.
type Over = (
    usize,
    &'static str,
    &'static [&'static str],
    i64,
    Option<i64>,
);

const OVERRIDES: [Over; 4] = [
    // An operator who only looks in production.
    (
        1,
        "Production",
        &[
            "instances:view",
            "load-balancers:view",
            "databases:view",
            "monitoring:view",
            "projects:view",
        ],
        40,
        None,
    ),
    // A viewer who builds in development.
    (
        3,
        "Development",
        &[
            "instances:manage",
            "databases:manage",
            "object-storage:manage",
            "projects:view",
        ],
        12,
        None,
    ),
    // A viewer who helps with a migration this week.
    (
        4,
        "Production",
        &["databases:manage", "monitoring:view", "projects:view"],
        1,
        Some(7),
    ),
    // One that is over.
    (
        6,
        "Staging",
        &["instances:manage", "monitoring:manage", "projects:view"],
        24,
        Some(-3),
    ),
];

/// Person, permission, days until it ends.
const DIRECT: (usize, &str, i64) = (9, "audit:view", 30);
/// Person, place of the group in its list, days until they leave it.
const LEAVING: [(usize, usize, i64); 2] = [(12, 0, 5), (10, 2, 21)];

/// The people that work is given to.
pub(super) struct Team<'a> {
    pub(super) app: &'a Rolecall,
    pub(super) now: DateTime<Utc>,
    pub(super) owner: MemberId,
    /// Everybody else, in order; an installation can have fewer than the work asks for.
    pub(super) people: &'a [MemberId],
}

impl Team<'_> {
    fn random(&self) -> &Random {
        self.app.random()
    }

    fn days_ago(&self, days: i64) -> DateTime<Utc> {
        self.now - TimeDelta::days(days) - TimeDelta::minutes(days * 7 % 600)
    }

    /// The maker, or the owner where there are too few people.
    fn maker(&self, maker: Maker) -> (MemberId, String) {
        let person = match maker {
            Person(index) => self.people.get(index).map(|id| (*id, full_name(index))),
            Owner => None,
        };
        person.unwrap_or_else(|| (self.owner, "Ana Ruiz".to_owned()))
    }

    async fn projects(
        &self,
        tx: &mut WorkspaceTx,
        projects: &[Project],
    ) -> Result<BTreeMap<&'static str, ProjectId>, Failure> {
        let mut made = BTreeMap::new();
        for project in projects {
            let (maker, name) = self.maker(project.maker);
            let at = self.days_ago(project.age);
            let new = NewProject {
                id: self.random().id(at),
                name: project.name,
                description: project.description,
                created_by: Some((maker, &name)),
            };
            tx.insert_project(at, &new).await?;
            for (nth, resource) in (1..).zip(project.resources) {
                let at = self.days_ago(project.age * 9 / (10 + nth));
                self.resource(tx, new.id, at, resource).await?;
            }
            made.insert(project.name, new.id);
        }
        Ok(made)
    }

    async fn resource(
        &self,
        tx: &mut WorkspaceTx,
        project: ProjectId,
        at: DateTime<Utc>,
        (service, name, external_id, attributes, maker): &Resource,
    ) -> Result<(), StoreError> {
        let text = ResourceText {
            name: (*name).to_owned(),
            external_id: (!external_id.is_empty()).then(|| (*external_id).to_owned()),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        };
        let (maker, called) = self.maker(*maker);
        let new = NewResource {
            id: self.random().id(at),
            project,
            service,
            text: &text,
            created_by: (maker, &called),
        };
        tx.insert_resource(at, &new).await
    }

    /// Projects with resources, overrides, direct permissions and groups with an end.
    pub(super) async fn cloud(
        &self,
        tx: &mut WorkspaceTx,
        template: &Template,
        groups: &[GroupId],
    ) -> Result<(), Failure> {
        let projects = self.projects(tx, &CLOUD).await?;
        for (index, project, names, ago, ends) in OVERRIDES {
            let found = self.people.get(index).zip(projects.get(project));
            let Some((member, project)) = found else {
                continue;
            };
            let set = template.catalogue.override_set(names);
            let set = set.map_err(|_| StoreError::Corrupt("a permission of the demo"))?;
            let at = self.days_ago(ago);
            let new = OverrideRecord {
                member_id: *member,
                project_id: *project,
                permissions: template.catalogue.names(set).join(" "),
                expires_at: ends.map(|days| self.now + TimeDelta::days(days)),
                set_by: "Ana Ruiz".to_owned(),
                set_at: at,
                version: at.timestamp_micros(),
                given_by: None,
            };
            tx.insert_override(&new).await?;
        }
        let (index, permission, days) = DIRECT;
        if let Some(member) = self.people.get(index) {
            let end = self.now + TimeDelta::days(days);
            tx.set_direct(*member, permission, Some(end), self.now)
                .await?;
        }
        for (index, nth, days) in LEAVING {
            if let Some((member, group)) = self.people.get(index).zip(groups.get(nth)) {
                let end = self.now + TimeDelta::days(days);
                tx.set_membership_end(*member, *group, end, self.now)
                    .await?;
            }
        }
        Ok(())
    }

    /// What the owner builds in the second workspace.
    pub(super) async fn portal(&self, tx: &mut WorkspaceTx) -> Result<(), Failure> {
        self.projects(tx, &PORTAL).await.map(drop)
    }
}

/// The custom role of the demo.
pub(super) async fn on_call(
    app: &Rolecall,
    now: DateTime<Utc>,
    tx: &mut WorkspaceTx,
    template: &Template,
) -> Result<RoleId, Failure> {
    let (name, description, names) = ON_CALL;
    let set = template.catalogue.set(names);
    let set = set.map_err(|_| StoreError::Corrupt("a permission of the demo"))?;
    let role = RoleRecord {
        id: app.random().id(now),
        builtin_key: None,
        name: name.to_owned(),
        description: description.to_owned(),
        permissions: template.catalogue.names(set).join(" "),
        own_projects_only: false,
        cloned_from: None,
        version: 1,
    };
    tx.insert_role(&role).await?;
    Ok(role.id)
}
