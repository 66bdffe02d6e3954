-- What happened. Written in the transaction of the change, never updated, never deleted.

CREATE TABLE audit_events (
    workspace_id UUID NOT NULL,
    seq          BIGINT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     UUID,
    actor_label  TEXT NOT NULL,
    action       TEXT NOT NULL,
    target_kind  TEXT NOT NULL,
    target_id    UUID,
    target_label TEXT NOT NULL,
    detail       TEXT NOT NULL,
    session_id   UUID,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Events outside any workspace (sign-in, set-up) have the nil id; this row counts them.
CREATE TABLE installation_audit (
    id  BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    seq BIGINT NOT NULL
);
INSERT INTO installation_audit (id, seq) VALUES (1, 0);
