-- +goose Up
-- Accounts for years: who is signed in where, mails and their links, and how an account ends.

ALTER TABLE users ADD COLUMN email_confirmed_at INTEGER; -- null until the address is proven

-- What a person recognizes a browser by, and when it was seen (to the day).
ALTER TABLE logins ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN system TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE logins SET seen_at = created_at;

-- Mails that wait to be sent, written in the transaction of what asks for them. Whether
-- the address has an account is looked up when a mail is sent, and its link is made then:
-- who asks cannot tell by the time it takes, and no link stands in the database.
CREATE TABLE mails (
    id            TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL CHECK (kind IN ('register', 'confirm', 'reset')),
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL,
    name          TEXT    NOT NULL DEFAULT '', -- of a registration, with the next
    password_hash TEXT    NOT NULL DEFAULT '',
    lang          TEXT    NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    next_at       INTEGER NOT NULL, -- not before
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX mails_due ON mails (next_at, id);
CREATE INDEX mails_email ON mails (email_key);

-- Links in mails: used once, and only the SHA-256 of their secret is kept. That of a
-- registration carries what the account will be, since there is none before.
CREATE TABLE account_tokens (
    token_hash    BLOB    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL CHECK (kind IN ('register', 'confirm', 'reset')),
    user_id       TEXT REFERENCES users (id) ON DELETE CASCADE, -- null for a registration
    email         TEXT    NOT NULL, -- the address that the mail went to
    email_key     TEXT    NOT NULL,
    name          TEXT    NOT NULL DEFAULT '',
    password_hash TEXT    NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_tokens_user ON account_tokens (user_id, kind);
CREATE INDEX account_tokens_email ON account_tokens (email_key);
CREATE INDEX account_tokens_expiry ON account_tokens (expires_at);

-- Accounts that were deleted. While done_at is null their data is being removed, in small
-- pieces; the row stays, so that later events of Stripe about them are known for what they are.
CREATE TABLE deleted_accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    deleted_at INTEGER NOT NULL,
    done_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX deleted_accounts_open ON deleted_accounts (id) WHERE done_at IS NULL;

-- Read page by page, in the order of rowid, for the export and the deletion.
CREATE INDEX liveassist_sessions_user ON liveassist_sessions (user_id);

-- Bodies of settled events are dropped after a while; parked ones are still needed.
CREATE INDEX webhook_events_bodies ON webhook_events (created_at) WHERE raw IS NOT NULL AND status <> 'parked';

-- Payments outlive the account that they were made for: accounts must be kept for years, and
-- hold nothing but Stripe's ids, times and amounts. SQLite changes a foreign key only by making the
-- table anew; children go first, so that nothing is deleted along with a parent.
CREATE TABLE subscriptions_new (
    id          TEXT    NOT NULL PRIMARY KEY,
    user_id     TEXT    NOT NULL, -- no reference: it may be of an account that was deleted
    customer    TEXT    NOT NULL DEFAULT '',
    once        INTEGER NOT NULL DEFAULT 0 CHECK (once IN (0, 1)),
    granted     INTEGER NOT NULL DEFAULT 0 CHECK (granted IN (0, 1)),
    plan        TEXT    NOT NULL DEFAULT '' CHECK (plan IN ('', 'month', 'year')),
    plan_at     INTEGER NOT NULL DEFAULT 0,
    period_end  INTEGER NOT NULL DEFAULT 0,
    estimate_at INTEGER NOT NULL DEFAULT 0,
    trial_end   INTEGER NOT NULL DEFAULT 0,
    status      TEXT    NOT NULL DEFAULT '',
    status_at   INTEGER NOT NULL DEFAULT 0,
    cancels     INTEGER NOT NULL DEFAULT 0 CHECK (cancels IN (0, 1)),
    cancel_at   INTEGER NOT NULL DEFAULT 0,
    payment     TEXT    NOT NULL DEFAULT '' CHECK (payment IN ('', 'ok', 'processing', 'failing')),
    payment_at  INTEGER NOT NULL DEFAULT 0,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    ended_by    TEXT    NOT NULL DEFAULT '',
    end_at      INTEGER NOT NULL,
    ending      INTEGER NOT NULL CHECK (ending IN (0, 1)),
    said_at     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grants_new (
    key          TEXT    NOT NULL PRIMARY KEY,
    subscription TEXT    NOT NULL REFERENCES subscriptions_new (id) ON DELETE CASCADE,
    intent       TEXT    NOT NULL DEFAULT '',
    charge       TEXT    NOT NULL DEFAULT '',
    invoice      TEXT    NOT NULL DEFAULT '',
    session      TEXT    NOT NULL DEFAULT '',
    period_end   INTEGER NOT NULL DEFAULT 0,
    paid_at      INTEGER NOT NULL,
    refund       TEXT    NOT NULL DEFAULT '' CHECK (refund IN ('', 'refund_partial', 'refund_full', 'refund_failed')),
    refund_at    INTEGER NOT NULL DEFAULT 0,
    dispute      TEXT    NOT NULL DEFAULT '' CHECK (dispute IN ('', 'dispute_open', 'dispute_won', 'dispute_lost', 'dispute_closed')),
    dispute_at   INTEGER NOT NULL DEFAULT 0,
    ended_at     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE stripe_customers_new (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

INSERT INTO subscriptions_new (id, user_id, customer, once, granted, plan, plan_at, period_end, estimate_at, trial_end, status, status_at,
    cancels, cancel_at, payment, payment_at, ended_at, ended_by, end_at, ending, said_at, created_at)
SELECT id, user_id, customer, once, granted, plan, plan_at, period_end, estimate_at, trial_end, status, status_at,
    cancels, cancel_at, payment, payment_at, ended_at, ended_by, end_at, ending, said_at, created_at FROM subscriptions;
INSERT INTO grants_new (key, subscription, intent, charge, invoice, session, period_end, paid_at, refund, refund_at, dispute, dispute_at, ended_at)
SELECT key, subscription, intent, charge, invoice, session, period_end, paid_at, refund, refund_at, dispute, dispute_at, ended_at FROM grants;
INSERT INTO stripe_customers_new (id, user_id, created_at, deleted_at) SELECT id, user_id, created_at, deleted_at FROM stripe_customers;

DROP TABLE grants;
DROP TABLE subscriptions;
DROP TABLE stripe_customers;
ALTER TABLE subscriptions_new RENAME TO subscriptions;
ALTER TABLE grants_new RENAME TO grants;
ALTER TABLE stripe_customers_new RENAME TO stripe_customers;

CREATE INDEX subscriptions_said ON subscriptions (user_id, said_at);
CREATE INDEX subscriptions_lasting ON subscriptions (user_id, ending, end_at) WHERE granted = 1 AND ended_at = 0;
CREATE INDEX grants_subscription ON grants (subscription);
CREATE INDEX grants_intent ON grants (intent) WHERE intent <> '';
CREATE INDEX grants_charge ON grants (charge) WHERE charge <> '';
CREATE INDEX grants_invoice ON grants (invoice) WHERE invoice <> '';
CREATE INDEX grants_session ON grants (session) WHERE session <> '';
CREATE INDEX stripe_customers_user ON stripe_customers (user_id);
