-- View as: a session that sees one workspace as one of its members does, and changes nothing (R-70).

-- A view belongs to the session that points to it. Rights come back only with a new secret (rule 3), so the
-- session stays restricted until its person comes back, even when the view is over by then; `ended_at` says
-- that the end stands in the trail.
CREATE TABLE views (
    id           BLOB PRIMARY KEY NOT NULL,
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    member_id    BLOB NOT NULL,
    member_name  TEXT NOT NULL,
    member_email TEXT NOT NULL,
    reason       TEXT NOT NULL CHECK (reason <> ''),
    started_at   TEXT NOT NULL,
    ends_at      TEXT NOT NULL,
    ended_at     TEXT
);
CREATE INDEX views_open ON views (ends_at) WHERE ended_at IS NULL;
CREATE INDEX views_of_user ON views (user_id);

ALTER TABLE sessions ADD COLUMN view_id BLOB REFERENCES views (id);
CREATE INDEX sessions_viewing ON sessions (view_id) WHERE view_id IS NOT NULL;

-- What was looked at in a view: each stands in the trail once.
CREATE TABLE view_pages (
    view_id BLOB NOT NULL REFERENCES views (id) ON DELETE CASCADE,
    page    TEXT NOT NULL,
    PRIMARY KEY (view_id, page)
);

-- Rows that were written in a view: as which member, and in which view.
ALTER TABLE audit_events ADD COLUMN on_behalf_of BLOB;
ALTER TABLE audit_events ADD COLUMN view_id BLOB;

-- Whether anybody may view as somebody, and whether whoever is viewed as is told by mail.
ALTER TABLE workspaces ADD COLUMN view_as_enabled BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE workspaces ADD COLUMN view_as_notice BOOLEAN NOT NULL DEFAULT TRUE;
