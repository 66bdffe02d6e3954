//! Everybody in a workspace with all that they hold, compact: less than 200 bytes a member.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp, WorkspaceId,
    catalogue::PermissionSet,
    policy::{Grant, GroupGrant, Holdings, Override, RoleGrant, TokenScope},
};

use crate::{
    authz::{group_permissions, token_scope},
    clock::{moment, timestamp},
    store::{BearerRecord, Db, Epochs, RememberedToken, StoreError, WorkspaceRecord},
    templates::{Template, Templates},
};

/// One of the few sets that many hold.
type Index = u32;

/// A member. Groups are a stretch of [`People::groups`], since most have few and none is changed here.
#[derive(Debug)]
struct Member {
    id: MemberId,
    role: Index,
    groups: (Index, u16),
    is_owner: bool,
    is_active: bool,
    has_more: bool,
    ends_at: Timestamp,
}

/// What few members have: direct permissions and overrides.
#[derive(Debug, Default)]
struct More {
    direct: Grant,
    overrides: Box<[Override]>,
}

/// Stands for no end.
const NEVER: Timestamp = Timestamp(i64::MAX);

fn or_never(end: Option<DateTime<Utc>>) -> Timestamp {
    end.map_or(NEVER, timestamp)
}

fn ends(end: Timestamp) -> Option<Timestamp> {
    (end != NEVER).then_some(end)
}

/// A token that works, as long as its time is not over and its member is active.
#[derive(Debug)]
pub struct RememberedBearer {
    /// Whom it acts for.
    pub record: BearerRecord,
    /// What it is limited to.
    pub scope: TokenScope,
    /// Who created its project.
    pub project_created_by: Option<MemberId>,
    seen: AtomicI64,
}

impl RememberedBearer {
    fn new(template: &Template, token: RememberedToken) -> Self {
        let project = token.project_id.map(ProjectId);
        let seen = token
            .bearer
            .last_used_at
            .map_or(i64::MIN, |at| timestamp(at).0);
        Self {
            scope: token_scope(template, token.permissions.as_deref(), project),
            project_created_by: token.project_created_by.map(MemberId),
            seen: AtomicI64::new(seen),
            record: token.bearer,
        }
    }

    /// When its use was last written down.
    pub fn seen_at(&self) -> Option<DateTime<Utc>> {
        let at = self.seen.load(Ordering::Relaxed);
        (at != i64::MIN).then(|| moment(Timestamp(at)))
    }

    /// Notes that its use is written down now.
    pub fn see(&self, now: DateTime<Utc>) {
        self.seen.store(timestamp(now).0, Ordering::Relaxed);
    }
}

/// A member as a subject.
#[derive(Clone, Debug)]
pub enum Found {
    /// Who can act, and all that they hold.
    Active(Holdings),
    /// Who is suspended, or whose time is over.
    Suspended,
    /// Nobody of this workspace.
    Nobody,
}

/// Everybody in a workspace as they were at one moment.
#[derive(Debug)]
pub struct People {
    /// The workspace.
    pub workspace: WorkspaceRecord,
    /// What had changed until then.
    pub epochs: Epochs,
    roles: Vec<(RoleGrant, String)>,
    members: Vec<Member>,
    by_email: HashMap<Box<str>, Index>,
    groups: Vec<(Index, Timestamp)>,
    group_sets: Vec<(GroupId, PermissionSet)>,
    more: HashMap<Index, More>,
    tokens: HashMap<[u8; 32], RememberedBearer>,
}

impl People {
    /// Reads them; `None`: there is no such workspace. `db` is to show one moment: see
    /// [`crate::store::Store::one_moment`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer, or the template is not installed.
    pub async fn load(
        db: &mut Db,
        templates: &Templates,
        id: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, StoreError> {
        let (Some(epochs), Some(workspace)) = (db.epochs(id).await?, db.workspace(id).await?)
        else {
            return Ok(None);
        };
        let template = templates
            .get(&workspace.template)
            .ok_or(StoreError::Corrupt(
                "the workspace's template is not installed",
            ))?;
        let mut made = Self {
            workspace,
            epochs,
            roles: Vec::new(),
            members: Vec::new(),
            by_email: HashMap::new(),
            groups: Vec::new(),
            group_sets: Vec::new(),
            more: HashMap::new(),
            tokens: HashMap::new(),
        };
        made.take_members(db, template).await?;
        made.take_groups(db, template).await?;
        made.take_overrides(db, template).await?;
        for token in db.remembered_tokens(id, now).await? {
            let hash = token.secret_hash.as_slice().try_into();
            let hash = hash.map_err(|_| StoreError::Corrupt("the hash of a token"))?;
            made.tokens
                .insert(hash, RememberedBearer::new(template, token));
        }
        Ok(Some(made))
    }

    async fn take_members(&mut self, db: &mut Db, template: &Template) -> Result<(), StoreError> {
        let workspace = self.workspace.id;
        let roles = db.roles(workspace).await?.into_iter();
        self.roles = roles
            .map(|role| (role.grant(template), role.name))
            .collect();
        let places: HashMap<RoleId, Index> = (0..)
            .zip(&self.roles)
            .map(|(at, (grant, _))| (grant.id, at))
            .collect();
        let records = db.remembered(workspace).await?;
        self.members.reserve_exact(records.len());
        self.by_email.reserve(records.len());
        for (at, record) in (0..).zip(records) {
            let role = places.get(&record.role).copied();
            let direct = template.catalogue.stored(record.direct.split_whitespace());
            if !direct.is_empty() {
                let direct = Grant {
                    permissions: direct,
                    expires_at: record.direct_ends_at.map(timestamp),
                };
                self.more.entry(at).or_default().direct = direct;
            }
            self.by_email.insert(record.email.into_boxed_str(), at);
            self.members.push(Member {
                id: record.id,
                role: role.ok_or(StoreError::Corrupt("a member's role"))?,
                groups: (0, 0),
                is_owner: record.is_owner,
                is_active: record.is_active,
                has_more: !direct.is_empty(),
                ends_at: or_never(record.ends_at),
            });
        }
        Ok(())
    }

    async fn take_groups(&mut self, db: &mut Db, template: &Template) -> Result<(), StoreError> {
        let workspace = self.workspace.id;
        let groups = db.groups(workspace).await?.into_iter();
        let set = |stored: &str| group_permissions(&template.catalogue, stored);
        self.group_sets = groups
            .map(|group| (group.id, set(&group.permissions)))
            .collect();
        let places: HashMap<GroupId, Index> = (0..)
            .zip(&self.group_sets)
            .map(|(at, (id, _))| (*id, at))
            .collect();
        let grants = db.remembered_groups(workspace).await?;
        self.groups.reserve_exact(grants.len());
        for grant in grants {
            let group = places.get(&GroupId(grant.source)).copied();
            let group = group.ok_or(StoreError::Corrupt("a group"))?;
            let here = Index::try_from(self.groups.len()).unwrap_or(Index::MAX);
            let Some(at) = self.place(grant.member) else {
                continue;
            };
            let member = &mut self.members[at as usize];
            if member.groups.1 == 0 {
                member.groups.0 = here;
            }
            member.groups.1 = member.groups.1.saturating_add(1);
            self.groups.push((group, or_never(grant.ends_at)));
        }
        Ok(())
    }

    async fn take_overrides(&mut self, db: &mut Db, template: &Template) -> Result<(), StoreError> {
        let mut found: HashMap<Index, Vec<Override>> = HashMap::new();
        for grant in db.remembered_overrides(self.workspace.id).await? {
            let Some(at) = self.place(grant.member) else {
                continue;
            };
            let names = grant.permissions.split_whitespace();
            found.entry(at).or_default().push(Override {
                project: ProjectId(grant.source),
                grant: Grant {
                    permissions: template.catalogue.stored(names),
                    expires_at: grant.ends_at.map(timestamp),
                },
            });
        }
        for (at, overrides) in found {
            self.members[at as usize].has_more = true;
            self.more.entry(at).or_default().overrides = overrides.into_boxed_slice();
        }
        Ok(())
    }

    fn place(&self, id: MemberId) -> Option<Index> {
        let found = self.members.binary_search_by_key(&id, |member| member.id);
        found.ok().and_then(|at| Index::try_from(at).ok())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The token whose text has this hash.
    pub fn token(&self, hash: &[u8; 32]) -> Option<&RememberedBearer> {
        self.tokens.get(hash)
    }

    /// The token with this id, and what it is limited to.
    pub fn token_by_id(&self, id: rolecall_shared::TokenId) -> Option<&RememberedBearer> {
        self.tokens.values().find(|token| token.record.id == id)
    }

    /// The member with an id.
    pub fn by_id(&self, id: MemberId, now: Timestamp) -> Found {
        self.place(id)
            .map_or(Found::Nobody, |at| self.found(at, now))
    }

    /// The member with an address in its normal form.
    pub fn by_email(&self, normal: &str, now: Timestamp) -> Found {
        let at = self.by_email.get(normal).copied();
        at.map_or(Found::Nobody, |at| self.found(at, now))
    }

    /// Everybody who can act at `now`, by id.
    pub fn active(&self, now: Timestamp) -> impl Iterator<Item = Holdings> {
        let all = 0..Index::try_from(self.members.len()).unwrap_or(Index::MAX);
        all.filter_map(move |at| match self.found(at, now) {
            Found::Active(held) => Some(held),
            Found::Suspended | Found::Nobody => None,
        })
    }

    /// The name of a member's role.
    pub fn role_name(&self, id: MemberId) -> &str {
        let member = self.place(id).and_then(|at| self.members.get(at as usize));
        let role = member.and_then(|member| self.roles.get(member.role as usize));
        role.map_or("", |(_, name)| name)
    }

    /// An end is judged at the moment of the question; an owner's time does not end.
    fn found(&self, at: Index, now: Timestamp) -> Found {
        let member = &self.members[at as usize];
        if !member.is_active || (!member.is_owner && now >= member.ends_at) {
            return Found::Suspended;
        }
        let (role, _) = &self.roles[member.role as usize];
        let mut held = Holdings::new(member.id, *role);
        held.is_owner = member.is_owner;
        let (from, many) = (member.groups.0 as usize, usize::from(member.groups.1));
        held.groups = self.groups[from..from + many]
            .iter()
            .map(|(group, end)| {
                let (id, permissions) = self.group_sets[*group as usize];
                let expires_at = ends(*end);
                let grant = Grant {
                    permissions,
                    expires_at,
                };
                GroupGrant { id, grant }
            })
            .collect();
        if let Some(more) = self.more.get(&at).filter(|_| member.has_more) {
            held.direct = more.direct;
            held.overrides = more.overrides.to_vec();
        }
        Found::Active(held)
    }
}
