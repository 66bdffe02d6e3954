-- API tokens: programs that act with what a member may do, and nothing more (R-58 to R-63).

-- `member_id` and `project_id` are no references: a token that ended with its member or its project stays
-- as a row that says so, and nothing that is made later under that id wakes it up. `permissions` is NULL
-- for a token that may do all that its member may; `hint` is the beginning of its text, to know it by.
CREATE TABLE tokens (
    id                UUID PRIMARY KEY NOT NULL,
    workspace_id      UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    member_id         UUID NOT NULL,
    user_id           UUID NOT NULL REFERENCES users (id),
    name              TEXT NOT NULL,
    secret_hash       BYTEA NOT NULL UNIQUE,
    hint              TEXT NOT NULL,
    permissions       TEXT,
    project_id        UUID,
    project_name      TEXT NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    expires_at        TIMESTAMPTZ NOT NULL,
    last_used_at      TIMESTAMPTZ,
    last_used_address TEXT NOT NULL DEFAULT '',
    revoked_at        TIMESTAMPTZ,
    revoked_by        TEXT NOT NULL DEFAULT '',
    revoked_because   TEXT NOT NULL DEFAULT ''
        CHECK (revoked_because IN ('', 'revoked', 'removed', 'left', 'project_deleted'))
);
CREATE INDEX tokens_by_time ON tokens (workspace_id, created_at, id);
CREATE INDEX tokens_by_member ON tokens (member_id, created_at, id);
CREATE INDEX tokens_by_project ON tokens (project_id) WHERE project_id IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX tokens_ending ON tokens (expires_at) WHERE revoked_at IS NULL;
CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;

-- The end of a token is told of too.
ALTER TABLE expiry_notices DROP CONSTRAINT expiry_notices_kind_check;
ALTER TABLE expiry_notices ADD CONSTRAINT expiry_notices_kind_check
    CHECK (kind IN ('membership', 'direct', 'group', 'override', 'token'));
