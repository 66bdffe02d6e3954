-- Direct permissions, projects with their makers, overrides, resources.

-- A custom role that was cloned from one for own projects is one as well.
ALTER TABLE roles ADD COLUMN own_projects_only BOOLEAN NOT NULL DEFAULT FALSE;

-- Invitations that have ended name their role for ever (R-21), so its row stays when it is deleted:
-- `deleted_at` is set, and `name_norm` gives the name back by becoming a control character and the id.
ALTER TABLE roles ADD COLUMN deleted_at TEXT;
CREATE INDEX invitations_by_role ON invitations (role_id, status);

-- Permission names, separated by blanks, beside the role and the groups; from the given moment on they give nothing.
ALTER TABLE members ADD COLUMN direct_permissions TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN direct_expires_at TEXT;

-- `created_by` decides for roles that reach only own projects; the name stays when the member goes.
ALTER TABLE projects ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN created_by BLOB REFERENCES members (id) ON DELETE SET NULL;
ALTER TABLE projects ADD COLUMN created_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX projects_by_name ON projects (workspace_id, name_norm, id);
CREATE INDEX projects_by_maker ON projects (created_by);

-- What holds for a member in a project instead of role, groups and direct permissions (R-64, R-65).
CREATE TABLE overrides (
    member_id   BLOB NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    project_id  BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    permissions TEXT NOT NULL,
    expires_at  TEXT,
    set_by      TEXT NOT NULL,
    set_at      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (member_id, project_id)
);
CREATE INDEX overrides_by_project ON overrides (project_id);

-- The same for somebody who is invited: it becomes an override when they join (R-13, R-14).
CREATE TABLE invitation_overrides (
    invitation_id BLOB NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    project_id    BLOB NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    permissions   TEXT NOT NULL,
    PRIMARY KEY (invitation_id, project_id)
);
CREATE INDEX invitation_overrides_by_project ON invitation_overrides (project_id);

-- What permissions protect. They belong to the workspace: whoever made them can go. `service` is the
-- key of a row of the template; `attributes` is a JSON object.
CREATE TABLE resources (
    id              BLOB PRIMARY KEY NOT NULL,
    workspace_id    BLOB NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    project_id      BLOB NOT NULL REFERENCES projects (id),
    service         TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    external_id     TEXT,
    attributes      TEXT NOT NULL,
    created_by      BLOB REFERENCES members (id) ON DELETE SET NULL,
    created_by_name TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL,
    version         BIGINT NOT NULL
);
CREATE INDEX resources_by_name ON resources (project_id, name_key, id);
CREATE UNIQUE INDEX resources_by_external_id ON resources (workspace_id, service, external_id);
