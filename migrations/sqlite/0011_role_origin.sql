-- Where a custom role was cloned from, so that it can be compared with it and go back to it (R-39).
ALTER TABLE roles ADD COLUMN cloned_from BLOB REFERENCES roles (id) ON DELETE SET NULL;

-- Keys of the template's rows that were looked at here, separated by blanks: what a template gains
-- later is off in custom roles and groups until somebody looks at it (R-40). NULL until the first start
-- with this version, which knows the templates, takes their rows of then as looked at.
ALTER TABLE workspaces ADD COLUMN reviewed_rows TEXT;
