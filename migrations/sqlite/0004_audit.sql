-- What happened. Written in the transaction of the change, never updated, never deleted.

CREATE TABLE audit_events (
    workspace_id BLOB NOT NULL,
    seq          BIGINT NOT NULL,
    at           TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     BLOB,
    actor_label  TEXT NOT NULL,
    action       TEXT NOT NULL,
    target_kind  TEXT NOT NULL,
    target_id    BLOB,
    target_label TEXT NOT NULL,
    detail       TEXT NOT NULL,
    session_id   BLOB,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- Events outside any workspace (sign-in, set-up) have the nil id; this row counts them.
CREATE TABLE installation_audit (
    id  BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    seq BIGINT NOT NULL
);
INSERT INTO installation_audit (id, seq) VALUES (1, 0);
