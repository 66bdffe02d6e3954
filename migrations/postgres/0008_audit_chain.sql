-- The trail as a chain: each row carries a keyed hash over itself and the row before. Rows from before
-- have none. `audit_head` is the hash of the last row and `audit_from` the number of the first row with one.

ALTER TABLE audit_events ADD COLUMN hash BYTEA;
ALTER TABLE workspaces ADD COLUMN audit_head BYTEA;
ALTER TABLE workspaces ADD COLUMN audit_from BIGINT;
ALTER TABLE installation_audit ADD COLUMN head BYTEA;
ALTER TABLE installation_audit ADD COLUMN chained_from BIGINT;

-- Finds where a span of days begins and ends.
CREATE INDEX audit_events_by_time ON audit_events (workspace_id, at, seq);

-- What a row can be found by: a letter for the kind of the term and its value. `a` and the id of who
-- did it, `t` and the id of what it was done to, `p` and the id of the project, `f` and the family of the
-- action. So every filter reads one stretch of one index, however long the trail is.
CREATE TABLE audit_terms (
    workspace_id UUID NOT NULL,
    term         TEXT COLLATE "C" NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, term, seq)
);

INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'a' || replace(actor_id::text, '-', ''), seq FROM audit_events WHERE actor_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 't' || replace(target_id::text, '-', ''), seq FROM audit_events WHERE target_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'p' || replace(target_id::text, '-', ''), seq FROM audit_events
WHERE target_kind = 'project' AND target_id IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'p' || replace(detail::json ->> 'project_id', '-', ''), seq FROM audit_events
WHERE target_kind <> 'project' AND detail::json ->> 'project_id' IS NOT NULL;
INSERT INTO audit_terms (workspace_id, term, seq)
SELECT workspace_id, 'f' || split_part(action, '.', 1), seq FROM audit_events;

CREATE TRIGGER audit_terms_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_terms
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- What the end of a trail was at some moment, signed. Each names the one before by its hash.
CREATE TABLE audit_checkpoints (
    workspace_id UUID NOT NULL,
    seq          BIGINT NOT NULL,
    hash         BYTEA NOT NULL,
    entries      BIGINT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    previous     BYTEA NOT NULL,
    signature    BYTEA NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);

CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
