-- Settings: the role that invitations choose first, and workspaces that were deleted.

-- Without one it is the role that the template names.
ALTER TABLE workspaces ADD COLUMN default_role_id UUID REFERENCES roles (id);

-- A deleted workspace keeps its row for its trail and for 30 days to be restored. Its slug becomes a
-- control character and its id, so that the old one is free; `deleted_slug` remembers it.
ALTER TABLE workspaces ADD COLUMN deleted_at TIMESTAMPTZ;
ALTER TABLE workspaces ADD COLUMN deleted_slug TEXT;
CREATE INDEX workspaces_deleted ON workspaces (deleted_at) WHERE deleted_at IS NOT NULL;

-- What the overview looks for among many: who owns, who holds something directly, what ends soon.
CREATE INDEX members_owners ON members (workspace_id) WHERE is_owner;
CREATE INDEX members_with_direct ON members (workspace_id, direct_expires_at) WHERE direct_permissions <> '';
CREATE INDEX member_groups_ending ON member_groups (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX overrides_ending ON overrides (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX invitations_by_status ON invitations (workspace_id, status, expires_at);
