-- When somebody last proved who they are in a session, links and requests about accounts, and where
-- people sign in from.

-- Moments of before are those of signing in: the only proof there was.
ALTER TABLE sessions ADD COLUMN confirmed_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch';
UPDATE sessions SET confirmed_at = created_at;

-- Whoever never signed in has no place that their first session could differ from.
ALTER TABLE users ADD COLUMN last_signed_in_at TIMESTAMPTZ;
UPDATE users SET last_signed_in_at = (SELECT max(created_at) FROM sessions WHERE user_id = users.id);

-- Links that wait: to choose a new password, or to confirm a new address. One of a kind for a person,
-- so that only the newest works; a used one is gone. `email` is where the link was sent. `session_id`
-- asked for it.
CREATE TABLE account_links (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('password', 'email')),
    email      TEXT NOT NULL,
    session_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    UNIQUE (user_id, kind)
);
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

-- Forgotten passwords, as they were asked for: the asker has their answer before anybody looks
-- whether the address has an account (rule 12). Gone once that was looked up.
CREATE TABLE password_requests (
    id         UUID PRIMARY KEY NOT NULL,
    email_norm TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX password_requests_by_time ON password_requests (created_at, id);

-- Browsers and networks that somebody signed in from, as keyed hashes.
CREATE TABLE sign_in_places (
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place_hash BYTEA NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (user_id, place_hash)
);
CREATE INDEX sign_in_places_by_time ON sign_in_places (seen_at);
