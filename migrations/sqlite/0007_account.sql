-- When somebody last proved who they are in a session, links and requests about accounts, and where
-- people sign in from.

-- Moments of before are those of signing in: the only proof there was.
ALTER TABLE sessions ADD COLUMN confirmed_at TEXT NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';
UPDATE sessions SET confirmed_at = created_at;

-- Whoever never signed in has no place that their first session could differ from.
ALTER TABLE users ADD COLUMN last_signed_in_at TEXT;
UPDATE users SET last_signed_in_at = (SELECT max(created_at) FROM sessions WHERE user_id = users.id);

-- Links that wait: to choose a new password, or to confirm a new address. One of a kind for a person,
-- so that only the newest works; a used one is gone. `email` is where the link was sent. `session_id`
-- asked for it.
CREATE TABLE account_links (
    token_hash BLOB PRIMARY KEY NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('password', 'email')),
    email      TEXT NOT NULL,
    session_id BLOB,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    UNIQUE (user_id, kind)
);
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

-- Forgotten passwords, as they were asked for: the asker has their answer before anybody looks
-- whether the address has an account (rule 12). Gone once that was looked up.
CREATE TABLE password_requests (
    id         BLOB PRIMARY KEY NOT NULL,
    email_norm TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX password_requests_by_time ON password_requests (created_at, id);

-- Browsers and networks that somebody signed in from, as keyed hashes.
CREATE TABLE sign_in_places (
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place_hash BLOB NOT NULL,
    seen_at    TEXT NOT NULL,
    PRIMARY KEY (user_id, place_hash)
);
CREATE INDEX sign_in_places_by_time ON sign_in_places (seen_at);
