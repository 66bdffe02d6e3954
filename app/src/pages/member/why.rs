//! Why somebody may do a thing or not, in one sentence. Nothing of a browser here.

use rolecall_shared::{
    GroupId, ProjectId, RoleId, Timestamp,
    access::MemberPage,
    catalogue::{Bit, PermissionSet},
    permission::Action,
    policy::{
        GroupOffer, Holdings, Offers, Place, Reason, Remedy, RoleOffer, Subject, decide, effective,
        remedies,
    },
};

use crate::components::icon::Glyph;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Strong(String),
    Role(RoleId, String),
    Group(GroupId, String),
    Project(ProjectId, String),
}

impl Part {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn words(&self) -> &str {
        match self {
            Self::Text(words)
            | Self::Strong(words)
            | Self::Role(_, words)
            | Self::Group(_, words)
            | Self::Project(_, words) => words,
        }
    }
}

/// The one thing to do about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Look at the role.
    Role(RoleId),
    /// Look at the group.
    Group(GroupId),
    /// Look at the override, where it can be changed.
    Override(ProjectId),
    /// Change what they hold directly.
    Direct,
    /// Make the change that would give it.
    Give(Remedy),
}

/// An answer for one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub granted: bool,
    /// Where it comes from, as an icon and a word.
    pub mark: (Option<Glyph>, &'static str),
    /// How many further sources give it too.
    pub more: usize,
    /// The sentence.
    pub parts: Vec<Part>,
    pub step: Option<Step>,
}

impl Answer {
    /// The sentence without links.
    pub fn plain(&self) -> String {
        self.parts.iter().map(Part::words).collect()
    }
}

/// One member, ready to be asked about.
#[derive(Clone, Debug)]
pub struct Asked {
    pub page: MemberPage,
    pub holdings: Holdings,
    roles: Vec<RoleOffer>,
    groups: Vec<GroupOffer>,
    grantable: PermissionSet,
}

impl Asked {
    /// Takes a page. Somebody who can change it is offered only what they may give themselves.
    pub fn new(page: MemberPage) -> Self {
        let holdings = page.holdings();
        let catalogue = &page.catalogue;
        let editable = page.blocked.is_none();
        let offered = |lacking: &[String]| !editable || lacking.is_empty();
        let roles = page.roles.iter().filter(|role| offered(&role.lacking));
        let roles = roles.map(|role| role.grant(catalogue)).collect();
        let groups = page.groups.iter().filter(|group| offered(&group.lacking));
        let groups = groups.map(|group| GroupOffer {
            id: group.id,
            permissions: catalogue.stored(&group.permissions),
        });
        Self {
            roles,
            groups: groups.collect(),
            grantable: catalogue.stored(&page.grantable),
            holdings,
            page,
        }
    }

    fn you(&self) -> bool {
        self.page.member.is_you
    }

    /// Whether they hold it there, why, and what to do about it.
    pub fn answer(&self, project: Option<ProjectId>, bit: Bit) -> Answer {
        let place = self.page.place(project);
        let subject = Subject::member(&self.holdings);
        let decision = decide(&self.page.catalogue, subject, place, bit, self.page.at);
        let reasons: Vec<Reason> = decision.reasons().collect();
        if decision.granted {
            self.held(bit, &reasons)
        } else {
            self.lacked(place, bit, &reasons)
        }
    }

    fn deed(&self, bit: Bit) -> String {
        let cell = self.page.catalogue.cell(bit);
        cell.map_or_else(String::new, |(row, action)| deed(action, &row.title))
    }

    fn held(&self, bit: Bit, reasons: &[Reason]) -> Answer {
        let can = Part::Strong(format!("Can {}", self.deed(bit)));
        let first = reasons.first().copied().unwrap_or(Reason::NoSuchCell);
        let mut parts = vec![can];
        if first == Reason::Owner {
            parts.push(Part::text(": owners have every permission."));
        } else {
            for (index, reason) in reasons.iter().enumerate() {
                parts.push(Part::text(if index == 0 {
                    " because of "
                } else {
                    " and "
                }));
                parts.extend(self.source(*reason));
            }
            parts.push(Part::text("."));
        }
        Answer {
            granted: true,
            mark: mark(first),
            more: reasons.len().saturating_sub(1),
            parts,
            step: self.look(first),
        }
    }

    /// What gives it: "the group Operators".
    fn source(&self, reason: Reason) -> Vec<Part> {
        let access = &self.page.access;
        match reason {
            Reason::Role(id) => vec![Part::text("the role "), self.role(id)],
            Reason::OwnProject(id) => {
                let who = if self.you() { "you" } else { "they" };
                vec![
                    Part::text("the role "),
                    self.role(id),
                    Part::text(format!(", since {who} created this project")),
                ]
            }
            Reason::Group(id) => {
                let held = access.groups.iter().find(|held| held.group == id);
                let end = held.and_then(|held| held.expires_at);
                let mut parts = vec![Part::text("the group "), self.group(id)];
                parts.extend(end.map(until));
                parts
            }
            Reason::Direct => {
                let mut parts = vec![Part::text("a permission given directly")];
                parts.extend(access.direct.expires_at.map(until));
                parts
            }
            Reason::Override(id) => {
                let over = self
                    .page
                    .overrides
                    .iter()
                    .find(|over| over.project.id == id);
                let mut parts = vec![Part::text("the override in "), self.project(id)];
                parts.extend(over.map(|over| {
                    Part::text(format!(
                        ", set by {} on {}",
                        over.set_by,
                        over.set_at.date()
                    ))
                }));
                parts.extend(over.and_then(|over| over.grant.expires_at).map(until));
                parts
            }
            _ => Vec::new(),
        }
    }

    fn lacked(&self, place: Place, bit: Bit, reasons: &[Reason]) -> Answer {
        let first = reasons.first().copied().unwrap_or(Reason::NotGranted);
        let mut parts = vec![
            Part::Strong(format!("Cannot {}.", self.deed(bit))),
            Part::text(" "),
        ];
        parts.extend(self.obstacle(first, place, bit));
        let found = self.remedies(place, bit);
        for (index, remedy) in found.iter().enumerate() {
            parts.push(Part::text(if index == 0 {
                " To allow it: "
            } else {
                ", or "
            }));
            parts.extend(self.change(*remedy));
        }
        if !found.is_empty() {
            parts.push(Part::text("."));
        }
        let step = found.first().map(|remedy| match (remedy, place) {
            (Remedy::RaiseOverride | Remedy::RemoveOverride, Place::Project { id, .. }) => {
                Step::Override(id)
            }
            _ => Step::Give(*remedy),
        });
        let editable = self.page.blocked.is_none();
        Answer {
            granted: false,
            mark: mark(first),
            more: 0,
            parts,
            step: step.filter(|_| editable),
        }
    }

    fn obstacle(&self, reason: Reason, place: Place, bit: Bit) -> Vec<Part> {
        let who = if self.you() { "you" } else { "they" };
        match reason {
            Reason::Withheld(id) => {
                // The same place without the override: what they hold in a project of their own counts.
                let mut freed = self.holdings.clone();
                freed.overrides.retain(|over| over.project != id);
                let base = effective(&self.page.catalogue, &freed, place, self.page.at);
                let without = if base.contains(bit) {
                    format!(" leaves it out; without it {who} could.")
                } else {
                    " leaves it out.".to_owned()
                };
                vec![
                    Part::text("The override in "),
                    self.project(id),
                    Part::text(without),
                ]
            }
            Reason::OnlyOwnProjects(id) => vec![
                Part::text("The role "),
                self.role(id),
                Part::text(format!(" gives it only in projects that {who} created.")),
            ],
            _ => self.nobody_gives(bit),
        }
    }

    /// Neither role nor groups nor direct permissions; of those that ended, the one that gave it.
    fn nobody_gives(&self, bit: Bit) -> Vec<Part> {
        let at = self.page.at;
        let ended = self
            .holdings
            .groups
            .iter()
            .find(|held| !held.grant.holds(at) && held.grant.permissions.contains(bit));
        if let Some((held, end)) = ended.and_then(|held| Some((held, held.grant.expires_at?))) {
            return vec![
                Part::text("The group "),
                self.group(held.id),
                Part::text(format!(" gave it until {}.", end.date())),
            ];
        }
        let direct = self.holdings.direct;
        if let Some(end) = direct.expires_at
            && !direct.holds(at)
            && direct.permissions.contains(bit)
        {
            return vec![Part::text(format!(
                "It was given directly until {}.",
                end.date()
            ))];
        }
        let counting: Vec<_> = self
            .holdings
            .groups
            .iter()
            .filter(|held| held.grant.holds(at))
            .collect();
        let mut parts = vec![Part::text("The role "), self.role(self.holdings.role.id)];
        match counting.as_slice() {
            [] => parts.push(Part::text(" does not include it.")),
            [one] => parts.extend([
                Part::text(" does not include it, and neither does the group "),
                self.group(one.id),
                Part::text("."),
            ]),
            many => parts.push(Part::text(format!(
                " does not include it, and neither does any of the {} groups.",
                many.len()
            ))),
        }
        parts
    }

    /// At most two ways. Another role changes more than what was asked for, so it comes alone.
    fn remedies(&self, place: Place, bit: Bit) -> Vec<Remedy> {
        let catalogue = &self.page.catalogue;
        let offers = Offers {
            roles: &self.roles,
            groups: &self.groups,
        };
        let needed = catalogue.closed(PermissionSet::EMPTY.with(bit));
        let givable = self.page.blocked.is_some() || self.grantable.includes(needed);
        let mut found = remedies(catalogue, &self.holdings, place, bit, self.page.at, offers);
        found.retain(|remedy| {
            givable || !matches!(remedy, Remedy::GiveDirectly | Remedy::RaiseOverride)
        });
        if found
            .iter()
            .any(|remedy| !matches!(remedy, Remedy::GiveRole(_)))
        {
            found.retain(|remedy| !matches!(remedy, Remedy::GiveRole(_)));
        }
        found.truncate(2);
        found
    }

    fn change(&self, remedy: Remedy) -> Vec<Part> {
        match remedy {
            Remedy::AddToGroup(id) => vec![Part::text("add to "), self.group(id)],
            Remedy::GiveDirectly => vec![Part::text("give it directly")],
            Remedy::GiveRole(id) => vec![Part::text("give the role "), self.role(id)],
            Remedy::RaiseOverride => vec![Part::text("add it to the override")],
            Remedy::RemoveOverride => vec![Part::text("remove the override")],
        }
    }

    fn look(&self, reason: Reason) -> Option<Step> {
        match reason {
            Reason::Role(id) | Reason::OwnProject(id) => Some(Step::Role(id)),
            Reason::Group(id) => Some(Step::Group(id)),
            Reason::Override(id) => Some(Step::Override(id)),
            Reason::Direct => self.page.blocked.is_none().then_some(Step::Direct),
            _ => None,
        }
    }

    fn role(&self, id: RoleId) -> Part {
        let role = self.page.roles.iter().find(|role| role.id == id);
        let name = role.map_or(&self.page.member.role.name, |role| &role.name);
        Part::Role(id, name.clone())
    }

    fn group(&self, id: GroupId) -> Part {
        let group = self.page.groups.iter().find(|group| group.id == id);
        Part::Group(
            id,
            group.map(|group| group.name.clone()).unwrap_or_default(),
        )
    }

    fn project(&self, id: ProjectId) -> Part {
        let over = self.page.overrides.iter().map(|over| &over.project);
        let listed = self.page.projects.iter().map(|place| &place.project);
        let named = over.chain(listed).find(|project| project.id == id);
        Part::Project(
            id,
            named.map_or_else(|| "this project".to_owned(), |p| p.name.clone()),
        )
    }

    /// The words of a remedy's button.
    pub fn button(&self, remedy: Remedy) -> String {
        match remedy {
            Remedy::AddToGroup(id) => format!("Add to {}", self.group(id).words()),
            Remedy::GiveRole(id) => format!("Give the role {}", self.role(id).words()),
            Remedy::GiveDirectly => "Give it directly".to_owned(),
            Remedy::RaiseOverride | Remedy::RemoveOverride => "Open the override".to_owned(),
        }
    }
}

fn until(end: Timestamp) -> Part {
    Part::text(format!(" (until {})", end.date()))
}

/// Every mark there is, for the legend.
pub const MARKS: [(Option<Glyph>, &str); 7] = [
    (Some(Glyph::Crown), "Owner"),
    (Some(Glyph::Shield), "Role"),
    (Some(Glyph::Users), "Group"),
    (Some(Glyph::User), "Direct"),
    (Some(Glyph::Folder), "Override"),
    (Some(Glyph::Ban), "Left out by an override"),
    (None, "Not given"),
];

fn mark(reason: Reason) -> (Option<Glyph>, &'static str) {
    MARKS[match reason {
        Reason::Owner => 0,
        Reason::Role(_) | Reason::OwnProject(_) => 1,
        Reason::Group(_) => 2,
        Reason::Direct => 3,
        Reason::Override(_) => 4,
        Reason::Withheld(_) => 5,
        _ => 6,
    }]
}

/// What a cell lets somebody do: "delete databases".
fn deed(action: Action, title: &str) -> String {
    let small = |word: &str| {
        let mut letters = word.chars();
        // "VPCs" and "API" stay as they are.
        let plain =
            letters.next().is_some_and(char::is_uppercase) && !letters.any(char::is_uppercase);
        if plain {
            word.to_lowercase()
        } else {
            word.to_owned()
        }
    };
    let words: Vec<String> = title.split(' ').map(small).collect();
    format!("{action} {}", words.join(" "))
}

#[cfg(test)]
mod tests;
