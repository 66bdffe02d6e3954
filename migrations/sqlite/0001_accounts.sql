-- People, their sessions, the first run, and what slows guessing down.

CREATE TABLE users (
    id                BLOB PRIMARY KEY NOT NULL,
    email             TEXT NOT NULL,
    email_norm        TEXT NOT NULL UNIQUE,
    email_verified_at TEXT,
    name              TEXT NOT NULL,
    password_hash     TEXT,
    created_at        TEXT NOT NULL
);

CREATE TABLE sessions (
    id           BLOB PRIMARY KEY NOT NULL,
    secret_hash  BLOB NOT NULL UNIQUE,
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- One row, present while or after the first run; only the hash of the code is kept.
CREATE TABLE setup (
    id           BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    code_hash    BLOB NOT NULL,
    completed_at TEXT
);

-- Counters of failures and of use, shared by all instances. `key` holds a keyed hash, no address.
CREATE TABLE throttles (
    key           TEXT PRIMARY KEY NOT NULL,
    count         BIGINT NOT NULL,
    window_start  TEXT NOT NULL,
    blocked_until TEXT
);
CREATE INDEX throttles_by_window ON throttles (window_start);
