-- Invitations, their links and codes, and the mail that waits to be sent.

-- `inviter_*` and `role_name` are how they were called then: history never changes its words (R-19, R-22).
CREATE TABLE invitations (
    id               UUID PRIMARY KEY NOT NULL,
    workspace_id     UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    email            TEXT NOT NULL,
    email_norm       TEXT COLLATE "C" NOT NULL,
    role_id          UUID NOT NULL REFERENCES roles (id),
    role_name        TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'expired', 'revoked', 'declined')),
    note             TEXT,
    duration_seconds BIGINT NOT NULL,
    sent_at          TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    ended_at         TIMESTAMPTZ,
    inviter_id       UUID REFERENCES members (id) ON DELETE SET NULL,
    inviter_name     TEXT NOT NULL,
    inviter_email    TEXT NOT NULL,
    accepted_by      UUID REFERENCES members (id) ON DELETE SET NULL,
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
CREATE FUNCTION refuse_ended_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'invitation has ended';
END
$$;
CREATE TRIGGER invitations_final BEFORE UPDATE OF status ON invitations
FOR EACH ROW WHEN (OLD.status <> 'pending' AND NEW.status <> OLD.status
    AND NOT (OLD.status = 'expired' AND NEW.status = 'pending'))
EXECUTE FUNCTION refuse_ended_invitation();

CREATE TABLE invitation_groups (
    invitation_id UUID NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    group_id      UUID NOT NULL REFERENCES acl_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (invitation_id, group_id)
);
CREATE INDEX invitation_groups_by_group ON invitation_groups (group_id);

-- Every link ever made, by hash. `replaced_at` set: a newer one took its place (R-08).
CREATE TABLE invitation_links (
    token_hash    BYTEA PRIMARY KEY NOT NULL,
    invitation_id UUID NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'copy')),
    created_at    TIMESTAMPTZ NOT NULL,
    replaced_at   TIMESTAMPTZ
);
CREATE INDEX invitation_links_by_invitation ON invitation_links (invitation_id);

-- The code that proves the mailbox when the link was copied (R-16).
CREATE TABLE invitation_codes (
    invitation_id UUID PRIMARY KEY NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    code_hash     BYTEA NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    attempts      BIGINT NOT NULL
);

-- Rendered mail, sealed with the installation's key and erased once it is sent or given up (F5, F7).
CREATE TABLE outbox (
    id            UUID PRIMARY KEY NOT NULL,
    workspace_id  UUID REFERENCES workspaces (id) ON DELETE CASCADE,
    invitation_id UUID REFERENCES invitations (id) ON DELETE CASCADE,
    link_hash     BYTEA,
    kind          TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    sealed        BYTEA,
    status        TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'dropped')),
    attempts      BIGINT NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    lease         UUID,
    lease_until   TIMESTAMPTZ,
    last_error    TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    sent_at       TIMESTAMPTZ
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE status = 'queued';
CREATE INDEX outbox_by_invitation ON outbox (invitation_id, created_at);

-- Answers to orders that came with a key, so that a repeated order has one effect (R-89).
CREATE TABLE idempotency (
    workspace_id UUID NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    member_id    UUID NOT NULL,
    key          TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    answer       TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, member_id, key)
);
