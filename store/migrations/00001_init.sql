-- +goose Up
-- Times are Unix milliseconds (UTC). Ids are UUID strings.

CREATE TABLE users (
    id                    TEXT    NOT NULL PRIMARY KEY,
    email                 TEXT    NOT NULL,
    email_key             TEXT    NOT NULL UNIQUE, -- the address folded to lower case: addresses compare without case
    name                  TEXT    NOT NULL,
    role                  TEXT    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'operator')),
    password_hash         TEXT    NOT NULL,
    subscription_status   TEXT    NOT NULL DEFAULT 'free' CHECK (subscription_status IN ('free', 'paid')),
    subscription_expiry   INTEGER,
    subscription_cancels  INTEGER NOT NULL DEFAULT 0 CHECK (subscription_cancels IN (0, 1)),
    subscription_past_due INTEGER NOT NULL DEFAULT 0 CHECK (subscription_past_due IN (0, 1)),
    subscription_plan     TEXT    NOT NULL DEFAULT '' CHECK (subscription_plan IN ('', 'month', 'year')),
    subscription_payment  TEXT    NOT NULL DEFAULT 'none' CHECK (subscription_payment IN ('none', 'processing', 'failed')),
    image_counter         INTEGER NOT NULL DEFAULT 0 CHECK (image_counter >= 0),
    image_day             INTEGER NOT NULL DEFAULT 0, -- UTC day number that image_counter belongs to
    xp                    INTEGER NOT NULL DEFAULT 0,
    created_at            INTEGER NOT NULL
) STRICT;

-- The scheduler looks for subscriptions that end and counters of a day gone by.
CREATE INDEX users_paid ON users (subscription_expiry) WHERE subscription_status = 'paid';
CREATE INDEX users_counted ON users (image_day) WHERE image_counter > 0;

-- A login is one signed-in browser. Only a hash of its token is kept.
CREATE TABLE logins (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX logins_user ON logins (user_id);
CREATE INDEX logins_expiry ON logins (expires_at);

CREATE TABLE liveassist_sessions (
    id             TEXT    NOT NULL PRIMARY KEY,
    user_id        TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title          TEXT    NOT NULL DEFAULT '',
    created_at     INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL
) STRICT;

CREATE INDEX liveassist_sessions_recent ON liveassist_sessions (user_id, last_active_at DESC);

-- seq is the order in which the server stored the messages. The client's id is unique
-- per person, so a retry finds the first message and nobody can take another's id.
CREATE TABLE liveassist_messages (
    seq          INTEGER NOT NULL PRIMARY KEY,
    _id          TEXT    NOT NULL UNIQUE,
    id           TEXT    NOT NULL,
    session_id   TEXT    NOT NULL REFERENCES liveassist_sessions (id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role         TEXT    NOT NULL CHECK (role IN ('user', 'assistant', 'operator')),
    text         TEXT    NOT NULL,
    -- The picture's id and size stand here too, so that reading a conversation joins nothing.
    image_id     TEXT,
    image_width  INTEGER,
    image_height INTEGER,
    created_at   INTEGER NOT NULL,
    UNIQUE (user_id, id)
) STRICT;

CREATE INDEX liveassist_messages_session ON liveassist_messages (session_id, seq);

-- The outbox: what changed, for whom. A row is written in the transaction of its fact.
-- event and data go to the person's open pages; docs names the documents that the
-- mirror reads anew ("collection/_id", separated by blanks).
CREATE TABLE outbox (
    seq        INTEGER NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL,
    event      TEXT    NOT NULL,
    data       TEXT    NOT NULL,
    docs       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_user ON outbox (user_id, seq) WHERE event <> '';

-- Stripe's events: one row per event id and type.
CREATE TABLE webhook_events (
    seq          INTEGER NOT NULL PRIMARY KEY,
    _id          TEXT    NOT NULL UNIQUE,
    event_id     TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    session_id   TEXT,
    user_id      TEXT,
    status       TEXT    NOT NULL CHECK (status IN ('processed', 'ignored', 'parked')),
    created_at   INTEGER NOT NULL,
    processed_at INTEGER,
    UNIQUE (event_id, type)
) STRICT;

CREATE INDEX webhook_events_user ON webhook_events (user_id);
CREATE INDEX webhook_events_parked ON webhook_events (seq) WHERE status = 'parked';

CREATE TABLE xp_events (
    seq     INTEGER NOT NULL PRIMARY KEY,
    _id     TEXT    NOT NULL UNIQUE,
    user_id TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    amount  INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    ts      INTEGER NOT NULL
) STRICT;

CREATE INDEX xp_events_user ON xp_events (user_id, seq);
-- The bonus for the first payment comes once in a life, whatever Stripe sends.
CREATE UNIQUE INDEX xp_events_first_premium ON xp_events (user_id) WHERE reason = 'first_premium';

-- Small facts about the database itself.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The database's name for life: a mirror that followed another one must not go on.
INSERT INTO meta (key, value) VALUES ('identity', lower(hex(randomblob(16))));
