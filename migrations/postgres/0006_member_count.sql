-- How many members a workspace has: counting ten thousand rows for every look at the list costs more
-- than the list itself. Triggers keep it, so that no statement can forget.

ALTER TABLE workspaces ADD COLUMN member_count BIGINT NOT NULL DEFAULT 0;
UPDATE workspaces SET member_count = (SELECT count(*) FROM members WHERE workspace_id = workspaces.id);

CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE workspaces SET member_count = member_count + 1 WHERE id = NEW.workspace_id;
    ELSE
        UPDATE workspaces SET member_count = member_count - 1 WHERE id = OLD.workspace_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER members_counted AFTER INSERT OR DELETE ON members
FOR EACH ROW EXECUTE FUNCTION count_members();
