-- The trail as a chain: each row carries a keyed hash over itself and the row before. Rows from before
-- have none. `audit_head` is the hash of the last row and `audit_from` the number of the first row with one.

ALTER TABLE audit_events ADD COLUMN hash BLOB;
ALTER TABLE workspaces ADD COLUMN audit_head BLOB;
ALTER TABLE workspaces ADD COLUMN audit_from BIGINT;
ALTER TABLE installation_audit ADD COLUMN head BLOB;
ALTER TABLE installation_audit ADD COLUMN chained_from BIGINT;

-- Finds where a span of days begins and ends.
CREATE INDEX audit_events_by_time ON audit_events (workspace_id, at, seq);

-- What a row can be found by: a letter for the kind of the term and its value. `a` and the id of who
-- did it, `t` and the id of what it was done to, `p` and the id of the project, `f` and the family of the
-- action. So every filter reads one stretch of one index, however long the trail is.
CREATE TABLE audit_terms (
    workspace_id BLOB NOT NULL,
    term         TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, term, seq)
) WITHOUT ROWID;

INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'a' || lower(hex(actor_id)), seq FROM audit_events WHERE actor_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 't' || lower(hex(target_id)), seq FROM audit_events WHERE target_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'p' || lower(hex(target_id)), seq FROM audit_events
WHERE target_kind = 'project' AND target_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'p' || replace(detail ->> '$.project_id', '-', ''), seq FROM audit_events
WHERE target_kind <> 'project' AND detail ->> '$.project_id' IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'f' || substr(action, 1, instr(action, '.') - 1), seq FROM audit_events;

CREATE TRIGGER audit_terms_no_update BEFORE UPDATE ON audit_terms
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_terms_no_delete BEFORE DELETE ON audit_terms
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- What the end of a trail was at some moment, signed. Each names the one before by its hash.
CREATE TABLE audit_checkpoints (
    workspace_id BLOB NOT NULL,
    seq          BIGINT NOT NULL,
    hash         BLOB NOT NULL,
    entries      BIGINT NOT NULL,
    at           TEXT NOT NULL,
    previous     BLOB NOT NULL,
    signature    BLOB NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- A row that takes the place of another (INSERT OR REPLACE) fires no trigger for the one it deletes.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE workspace_id = NEW.workspace_id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_checkpoints_no_replace BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE workspace_id = NEW.workspace_id AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
