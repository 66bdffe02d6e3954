-- Workspaces, roles, groups, projects and members.

CREATE TABLE workspaces (
    id               UUID PRIMARY KEY NOT NULL,
    slug             TEXT COLLATE "C" NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    template         TEXT NOT NULL,
    copy_link        BOOLEAN NOT NULL,
    invitation_hours BIGINT NOT NULL,
    allowed_domains  TEXT NOT NULL,
    authz_epoch      BIGINT NOT NULL,
    audit_seq        BIGINT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL
);

-- A built-in role has its key and takes its permissions from the template; a custom one keeps names.
CREATE TABLE roles (
    id           UUID PRIMARY KEY NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    builtin_key  TEXT,
    name         TEXT NOT NULL,
    name_norm    TEXT COLLATE "C" NOT NULL,
    description  TEXT NOT NULL,
    permissions  TEXT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name_norm),
    UNIQUE (workspace_id, builtin_key)
);

CREATE TABLE acl_groups (
    id           UUID PRIMARY KEY NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    name_norm    TEXT COLLATE "C" NOT NULL,
    description  TEXT NOT NULL,
    permissions  TEXT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name_norm)
);

CREATE TABLE projects (
    id           UUID PRIMARY KEY NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    name_norm    TEXT COLLATE "C" NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    UNIQUE (workspace_id, name_norm)
);

-- `name_key` and `email_key` repeat the user's name and address in lower case: the list sorts and
-- searches by them inside one workspace without touching the users table.
CREATE TABLE members (
    id             UUID PRIMARY KEY NOT NULL,
    workspace_id   UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id        UUID NOT NULL REFERENCES users (id),
    role_id        UUID NOT NULL REFERENCES roles (id),
    is_owner       BOOLEAN NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    name_key       TEXT COLLATE "C" NOT NULL,
    email_key      TEXT COLLATE "C" NOT NULL,
    invited_by     TEXT,
    joined_at      TIMESTAMPTZ NOT NULL,
    last_active_at TIMESTAMPTZ,
    version        BIGINT NOT NULL,
    UNIQUE (workspace_id, user_id)
);
CREATE INDEX members_by_name ON members (workspace_id, name_key, id);
CREATE INDEX members_by_joined ON members (workspace_id, joined_at, id);
CREATE INDEX members_by_activity ON members (workspace_id, COALESCE(last_active_at, joined_at), id);
CREATE INDEX members_by_user ON members (user_id);
CREATE INDEX members_by_role ON members (role_id);

CREATE TABLE member_groups (
    member_id  UUID NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    group_id   UUID NOT NULL REFERENCES acl_groups (id) ON DELETE CASCADE,
    expires_at TIMESTAMPTZ,
    PRIMARY KEY (member_id, group_id)
);
CREATE INDEX member_groups_by_group ON member_groups (group_id);
