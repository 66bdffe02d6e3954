-- People, their sessions, the first run, and what slows guessing down.

CREATE TABLE users (
    id                UUID PRIMARY KEY NOT NULL,
    email             TEXT NOT NULL,
    email_norm        TEXT COLLATE "C" NOT NULL UNIQUE,
    email_verified_at TIMESTAMPTZ,
    name              TEXT NOT NULL,
    password_hash     TEXT,
    created_at        TIMESTAMPTZ NOT NULL
);

CREATE TABLE sessions (
    id           UUID PRIMARY KEY NOT NULL,
    secret_hash  BYTEA NOT NULL UNIQUE,
    user_id      UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- One row, present while or after the first run; only the hash of the code is kept.
CREATE TABLE setup (
    id           BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    code_hash    BYTEA NOT NULL,
    completed_at TIMESTAMPTZ
);

-- Counters of failures and of use, shared by all instances. `key` holds a keyed hash, no address.
CREATE TABLE throttles (
    key           TEXT PRIMARY KEY NOT NULL,
    count         BIGINT NOT NULL,
    window_start  TIMESTAMPTZ NOT NULL,
    blocked_until TIMESTAMPTZ
);
CREATE INDEX throttles_by_window ON throttles (window_start);
