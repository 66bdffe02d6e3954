-- The life of a membership: suspension with its reason, ends, former members, ownership.

-- Why somebody is suspended, and when a membership ends by itself. `expires_by` and its like name the
-- member who gave the end, for the notices before it (R-56); they are no references, so that nothing is
-- searched when somebody goes.
ALTER TABLE members ADD COLUMN suspended_at TEXT;
ALTER TABLE members ADD COLUMN suspended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN suspended_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN expires_at TEXT;
ALTER TABLE members ADD COLUMN expires_by BLOB;
ALTER TABLE members ADD COLUMN expires_set_at TEXT;
ALTER TABLE members ADD COLUMN direct_by BLOB;
ALTER TABLE members ADD COLUMN direct_set_at TEXT;
ALTER TABLE member_groups ADD COLUMN given_by BLOB;
ALTER TABLE member_groups ADD COLUMN given_at TEXT;
ALTER TABLE overrides ADD COLUMN given_by BLOB;

-- What ends soon is found without looking at everybody.
CREATE INDEX members_ending ON members (expires_at) WHERE expires_at IS NOT NULL AND status = 'active';
CREATE INDEX members_direct_ending ON members (direct_expires_at) WHERE direct_expires_at IS NOT NULL;

-- What a member made or answers for is found when they go, without reading whole tables.
CREATE INDEX invitations_by_inviter ON invitations (inviter_id);
CREATE INDEX invitations_by_guest ON invitations (accepted_by);
CREATE INDEX resources_by_maker ON resources (created_by);

-- Which notices of an end went out: once for each end, and once more when the end is another one.
CREATE TABLE expiry_notices (
    member_id BLOB NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL CHECK (kind IN ('membership', 'direct', 'group', 'override')),
    subject   BLOB NOT NULL,
    ends_at   TEXT NOT NULL,
    days      BIGINT NOT NULL,
    PRIMARY KEY (member_id, kind, subject, ends_at, days)
);

-- Memberships that ended and can be brought back for some time (R-53, R-55). A table of its own, so that
-- nothing that reads members sees them. `role_name` and the like are how things were called then.
CREATE TABLE former_members (
    id                 BLOB PRIMARY KEY NOT NULL,
    workspace_id       BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id            BLOB NOT NULL REFERENCES users (id),
    name               TEXT NOT NULL,
    email              TEXT NOT NULL,
    name_key           TEXT NOT NULL,
    email_key          TEXT NOT NULL,
    role_id            BLOB NOT NULL,
    role_name          TEXT NOT NULL,
    was_owner          BOOLEAN NOT NULL,
    status             TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    suspended_at       TEXT,
    suspended_by       TEXT NOT NULL,
    suspended_reason   TEXT NOT NULL,
    expires_at         TEXT,
    expires_by         BLOB,
    expires_set_at     TEXT,
    direct_permissions TEXT NOT NULL,
    direct_expires_at  TEXT,
    direct_by          BLOB,
    direct_set_at      TEXT,
    invited_by         TEXT,
    joined_at          TEXT NOT NULL,
    last_active_at     TEXT,
    version            BIGINT NOT NULL,
    departure          TEXT NOT NULL CHECK (departure IN ('removed', 'left')),
    removed_at         TEXT NOT NULL,
    removed_by         TEXT NOT NULL,
    reason             TEXT NOT NULL,
    UNIQUE (workspace_id, user_id)
);
CREATE INDEX former_members_by_time ON former_members (workspace_id, removed_at, id);
CREATE INDEX former_members_by_age ON former_members (removed_at);

-- Their groups; the group may be gone by now.
CREATE TABLE former_groups (
    member_id  BLOB NOT NULL REFERENCES former_members (id) ON DELETE CASCADE,
    group_id   BLOB NOT NULL,
    group_name TEXT NOT NULL,
    expires_at TEXT,
    given_by   BLOB,
    given_at   TEXT,
    PRIMARY KEY (member_id, group_id)
);

-- Their overrides; the project may be gone by now.
CREATE TABLE former_overrides (
    member_id    BLOB NOT NULL REFERENCES former_members (id) ON DELETE CASCADE,
    project_id   BLOB NOT NULL,
    project_name TEXT NOT NULL,
    permissions  TEXT NOT NULL,
    expires_at   TEXT,
    set_by       TEXT NOT NULL,
    set_at       TEXT NOT NULL,
    given_by     BLOB,
    PRIMARY KEY (member_id, project_id)
);

-- Projects and resources that they created.
CREATE TABLE former_works (
    member_id BLOB NOT NULL REFERENCES former_members (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL CHECK (kind IN ('project', 'resource')),
    work_id   BLOB NOT NULL,
    PRIMARY KEY (member_id, kind, work_id)
);

-- Ownership that was proposed and waits for its answer (R-50). It goes with either of the two.
CREATE TABLE ownership_proposals (
    member_id    BLOB PRIMARY KEY NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    proposer_id  BLOB NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    hand_over    BOOLEAN NOT NULL,
    sent_at      TEXT NOT NULL,
    expires_at   TEXT NOT NULL
);
CREATE INDEX ownership_proposals_by_workspace ON ownership_proposals (workspace_id, sent_at);
CREATE INDEX ownership_proposals_by_proposer ON ownership_proposals (proposer_id);
CREATE INDEX ownership_proposals_due ON ownership_proposals (expires_at);
