-- Lists of a hundred thousand members: indexes that a filtered page can be read from, and search.

-- A page is walked along the index of its order. What filters and search ask stands in the index too,
-- so that rows which are passed over are never fetched.
DROP INDEX members_by_name;
CREATE INDEX members_by_name ON members (workspace_id, name_key, id, role_id, status, email_key);
DROP INDEX members_by_joined;
CREATE INDEX members_by_joined ON members (workspace_id, joined_at, id, role_id, status, name_key, email_key);
DROP INDEX members_by_activity;
CREATE INDEX members_by_activity ON members
    (workspace_id, COALESCE(last_active_at, joined_at), id, role_id, status, name_key, email_key);

-- Where few members match, the page starts from these few instead.
DROP INDEX members_by_role;
CREATE INDEX members_by_role ON members (role_id, id);
CREATE INDEX members_by_status ON members (workspace_id, status, id);
DROP INDEX member_groups_by_group;
CREATE INDEX member_groups_by_group ON member_groups (group_id, member_id);

-- How many invitations wait is counted without fetching one.
CREATE INDEX invitations_waiting ON invitations (workspace_id, expires_at) WHERE status = 'pending';

-- Search. The index knows its rows by number. The numbers of one workspace lie side by side, so that
-- a search reads nothing of the others; beside the number stands what is searched, so that what was
-- found can be tested and sorted by name without fetching members. The hidden number that SQLite gives
-- each row of a table is not used: VACUUM gives out new ones.
CREATE TABLE members_search_spaces (
    number       INTEGER PRIMARY KEY,
    workspace_id BLOB NOT NULL UNIQUE
);
CREATE TABLE members_search_rows (
    number    INTEGER PRIMARY KEY,
    member_id BLOB NOT NULL UNIQUE,
    name_key  TEXT NOT NULL,
    email_key TEXT NOT NULL
);
CREATE VIRTUAL TABLE members_search USING fts5 (
    name_key, email_key,
    tokenize = 'trigram case_sensitive 1', detail = none, content = '', contentless_delete = 1
);

CREATE TRIGGER members_found AFTER INSERT ON members
BEGIN
    INSERT INTO members_search_spaces (workspace_id) SELECT NEW.workspace_id
        WHERE NOT EXISTS (SELECT 1 FROM members_search_spaces WHERE workspace_id = NEW.workspace_id);
    INSERT INTO members_search_rows (number, member_id, name_key, email_key)
        SELECT COALESCE(
                   (SELECT max(number) FROM members_search_rows
                     WHERE number >= s.number << 32 AND number < (s.number + 1) << 32),
                   s.number << 32) + 1, NEW.id, NEW.name_key, NEW.email_key
          FROM members_search_spaces s WHERE s.workspace_id = NEW.workspace_id;
    INSERT INTO members_search (rowid, name_key, email_key)
        SELECT number, NEW.name_key, NEW.email_key FROM members_search_rows WHERE member_id = NEW.id;
END;
CREATE TRIGGER members_renamed AFTER UPDATE OF name_key, email_key ON members
WHEN NEW.name_key <> OLD.name_key OR NEW.email_key <> OLD.email_key
BEGIN
    UPDATE members_search_rows SET name_key = NEW.name_key, email_key = NEW.email_key WHERE member_id = OLD.id;
    DELETE FROM members_search
        WHERE rowid = (SELECT number FROM members_search_rows WHERE member_id = OLD.id);
    INSERT INTO members_search (rowid, name_key, email_key)
        SELECT number, name_key, email_key FROM members_search_rows WHERE member_id = OLD.id;
END;
CREATE TRIGGER members_lost AFTER DELETE ON members
BEGIN
    DELETE FROM members_search
        WHERE rowid = (SELECT number FROM members_search_rows WHERE member_id = OLD.id);
    DELETE FROM members_search_rows WHERE member_id = OLD.id;
END;
CREATE TRIGGER members_space_lost AFTER DELETE ON workspaces
BEGIN
    DELETE FROM members_search_spaces WHERE workspace_id = OLD.id;
END;

INSERT INTO members_search_spaces (workspace_id) SELECT DISTINCT workspace_id FROM members;
INSERT INTO members_search_rows (number, member_id, name_key, email_key)
    SELECT (s.number << 32) + row_number() OVER (PARTITION BY m.workspace_id ORDER BY m.id), m.id,
           m.name_key, m.email_key
      FROM members m JOIN members_search_spaces s ON s.workspace_id = m.workspace_id;
INSERT INTO members_search (rowid, name_key, email_key)
    SELECT number, name_key, email_key FROM members_search_rows;
