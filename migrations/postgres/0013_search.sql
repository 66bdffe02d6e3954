-- Lists of a hundred thousand members: indexes that a filtered page can be read from, and search.

-- A page is walked along the index of its order. What filters and search ask stands in the index too,
-- so that rows which are passed over are never fetched.
DROP INDEX members_by_name;
CREATE INDEX members_by_name ON members (workspace_id, name_key, id) INCLUDE (role_id, status, email_key);
DROP INDEX members_by_joined;
CREATE INDEX members_by_joined ON members (workspace_id, joined_at, id)
    INCLUDE (role_id, status, name_key, email_key);
DROP INDEX members_by_activity;
CREATE INDEX members_by_activity ON members (workspace_id, COALESCE(last_active_at, joined_at), id)
    INCLUDE (last_active_at, joined_at, role_id, status, name_key, email_key);

-- Where few members match, the page starts from these few instead.
DROP INDEX members_by_role;
CREATE INDEX members_by_role ON members (role_id, id);
CREATE INDEX members_by_status ON members (workspace_id, status, id);
DROP INDEX member_groups_by_group;
CREATE INDEX member_groups_by_group ON member_groups (group_id, member_id);

-- How many invitations wait is counted without fetching one.
CREATE INDEX invitations_waiting ON invitations (workspace_id, expires_at) WHERE status = 'pending';

-- Search. Both extensions come with PostgreSQL, and owners of a database may make them (they are
-- "trusted" since version 13). Where that is not allowed, say what to do rather than what failed.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE EXTENSION IF NOT EXISTS btree_gin;
EXCEPTION WHEN OTHERS THEN
    RAISE EXCEPTION 'Rolecall needs the PostgreSQL extensions pg_trgm and btree_gin. Install postgresql-contrib if they are missing, and have an administrator run in this database: CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin; (%)', SQLERRM;
END
$$;
-- Names and addresses hold no line break, so that a text without one is found in either alone.
CREATE INDEX members_search ON members
    USING gin (workspace_id, (name_key || chr(10) || email_key) gin_trgm_ops);

-- Once for each statement instead of each row: a thousand people who come in one statement would
-- otherwise leave a thousand versions of the workspace's row behind, and each is read again and again.
DROP TRIGGER members_counted ON members;
CREATE OR REPLACE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE workspaces w SET member_count = member_count + n.members
          FROM (SELECT workspace_id, count(*) AS members FROM changed GROUP BY workspace_id) n
         WHERE w.id = n.workspace_id;
    ELSE
        UPDATE workspaces w SET member_count = member_count - n.members
          FROM (SELECT workspace_id, count(*) AS members FROM changed GROUP BY workspace_id) n
         WHERE w.id = n.workspace_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER members_counted AFTER INSERT ON members REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION count_members();
CREATE TRIGGER members_discounted AFTER DELETE ON members REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION count_members();
