-- Invitations, their links and codes, and the mail that waits to be sent.

-- `inviter_*` and `role_name` are how they were called then: history never changes its words (R-19, R-22).
CREATE TABLE invitations (
    id               BLOB PRIMARY KEY NOT NULL,
    workspace_id     BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    email            TEXT NOT NULL,
    email_norm       TEXT NOT NULL,
    role_id          BLOB NOT NULL REFERENCES roles (id),
    role_name        TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'expired', 'revoked', 'declined')),
    note             TEXT,
    duration_seconds BIGINT NOT NULL,
    sent_at          TEXT NOT NULL,
    expires_at       TEXT NOT NULL,
    ended_at         TEXT,
    inviter_id       BLOB REFERENCES members (id) ON DELETE SET NULL,
    inviter_name     TEXT NOT NULL,
    inviter_email    TEXT NOT NULL,
    accepted_by      BLOB REFERENCES members (id) ON DELETE SET NULL,
    via              TEXT,
    version          BIGINT NOT NULL
);
-- At most one waiting invitation per address; history never blocks (R-09).
CREATE UNIQUE INDEX invitations_one_pending ON invitations (workspace_id, email_norm) WHERE status = 'pending';
CREATE INDEX invitations_by_sent ON invitations (workspace_id, sent_at, id);
CREATE INDEX invitations_by_expiry ON invitations (workspace_id, expires_at, id);
CREATE INDEX invitations_by_email ON invitations (workspace_id, email_norm, id);
CREATE INDEX invitations_due ON invitations (expires_at) WHERE status = 'pending';

-- Final is final, whatever the code does (R-01); only an expired one can be sent again (R-07).
CREATE TRIGGER invitations_final BEFORE UPDATE OF status ON invitations
WHEN OLD.status <> 'pending' AND NEW.status <> OLD.status
    AND NOT (OLD.status = 'expired' AND NEW.status = 'pending')
BEGIN
    SELECT RAISE(ABORT, 'invitation has ended');
END;

CREATE TABLE invitation_groups (
    invitation_id BLOB NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    group_id      BLOB NOT NULL REFERENCES acl_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (invitation_id, group_id)
);
CREATE INDEX invitation_groups_by_group ON invitation_groups (group_id);

-- Every link ever made, by hash. `replaced_at` set: a newer one took its place (R-08).
CREATE TABLE invitation_links (
    token_hash    BLOB PRIMARY KEY NOT NULL,
    invitation_id BLOB NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'copy')),
    created_at    TEXT NOT NULL,
    replaced_at   TEXT
);
CREATE INDEX invitation_links_by_invitation ON invitation_links (invitation_id);

-- The code that proves the mailbox when the link was copied (R-16).
CREATE TABLE invitation_codes (
    invitation_id BLOB PRIMARY KEY NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    code_hash     BLOB NOT NULL,
    expires_at    TEXT NOT NULL,
    attempts      BIGINT NOT NULL
);

-- Rendered mail, sealed with the installation's key and erased once it is sent or given up (F5, F7).
CREATE TABLE outbox (
    id            BLOB PRIMARY KEY NOT NULL,
    workspace_id  BLOB REFERENCES workspaces (id) ON DELETE CASCADE,
    invitation_id BLOB REFERENCES invitations (id) ON DELETE CASCADE,
    link_hash     BLOB,
    kind          TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    sealed        BLOB,
    status        TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'dropped')),
    attempts      BIGINT NOT NULL,
    due_at        TEXT NOT NULL,
    lease         BLOB,
    lease_until   TEXT,
    last_error    TEXT,
    created_at    TEXT NOT NULL,
    sent_at       TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE status = 'queued';
CREATE INDEX outbox_by_invitation ON outbox (invitation_id, created_at);

-- Answers to orders that came with a key, so that a repeated order has one effect (R-89).
CREATE TABLE idempotency (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    member_id    BLOB NOT NULL,
    key          TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer       TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id, key)
);
