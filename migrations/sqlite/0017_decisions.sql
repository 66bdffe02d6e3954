-- Goes up with every change of where things are: projects and resources. As `authz_epoch` does with every
-- change of what people hold; together they say whether what an instance remembers still holds.
ALTER TABLE workspaces ADD COLUMN things_epoch BIGINT NOT NULL DEFAULT 0;
