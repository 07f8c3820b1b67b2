-- +goose Up
-- What Stripe says, and what follows from it. A time of 0 and an empty text mean: none.

ALTER TABLE webhook_events ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook_events ADD COLUMN times INTEGER NOT NULL DEFAULT 1; -- how often it came
ALTER TABLE webhook_events ADD COLUMN raw BLOB; -- the event as it came; last, so that reading the others stays cheap

-- What a parked event waits for: the ids in it. It is looked at again when one becomes known.
CREATE TABLE webhook_parked (
    key   TEXT    NOT NULL,
    event INTEGER NOT NULL REFERENCES webhook_events (seq) ON DELETE CASCADE,
    PRIMARY KEY (key, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_parked_event ON webhook_parked (event);

-- A customer of Stripe belongs to one person for ever; a person may have had several.
CREATE TABLE stripe_customers (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX stripe_customers_user ON stripe_customers (user_id);

-- One row per subscription, and one per payment without one (then id is the session's).
-- A person is paid until the latest end of those that count.
CREATE TABLE subscriptions (
    id          TEXT    NOT NULL PRIMARY KEY,
    user_id     TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    customer    TEXT    NOT NULL DEFAULT '',
    once        INTEGER NOT NULL DEFAULT 0 CHECK (once IN (0, 1)),    -- a single payment: nothing renews it
    granted     INTEGER NOT NULL DEFAULT 0 CHECK (granted IN (0, 1)), -- a period of it was paid for
    plan        TEXT    NOT NULL DEFAULT '' CHECK (plan IN ('', 'month', 'year')),
    plan_at     INTEGER NOT NULL DEFAULT 0, -- when Stripe said so; the same for the times below
    period_end  INTEGER NOT NULL DEFAULT 0, -- the latest paid end that an invoice told
    estimate_at INTEGER NOT NULL DEFAULT 0, -- begin of a paid period whose end no event has told
    trial_end   INTEGER NOT NULL DEFAULT 0,
    status      TEXT    NOT NULL DEFAULT '', -- Stripe's
    status_at   INTEGER NOT NULL DEFAULT 0,
    cancels     INTEGER NOT NULL DEFAULT 0 CHECK (cancels IN (0, 1)),
    cancel_at   INTEGER NOT NULL DEFAULT 0,
    payment     TEXT    NOT NULL DEFAULT '' CHECK (payment IN ('', 'ok', 'processing', 'failing')),
    payment_at  INTEGER NOT NULL DEFAULT 0,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    ended_by    TEXT    NOT NULL DEFAULT '', -- 'stripe' for good, or the key of the grant whose money went back
    -- What follows from the columns above, kept so that a person with many subscriptions costs
    -- no more than one with a single one:
    end_at      INTEGER NOT NULL, -- the end of the paid time, told or estimated
    ending      INTEGER NOT NULL CHECK (ending IN (0, 1)), -- it ends then instead of renewing
    said_at     INTEGER NOT NULL, -- the newest statement about payments and status
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX subscriptions_said ON subscriptions (user_id, said_at);
CREATE INDEX subscriptions_lasting ON subscriptions (user_id, ending, end_at) WHERE granted = 1 AND ended_at = 0;

-- One row per payment, whatever number of events told of it, with the names by which a
-- refund or a dispute finds it.
CREATE TABLE grants (
    key          TEXT    NOT NULL PRIMARY KEY, -- create:SUBSCRIPTION, inv:INVOICE or cs:SESSION
    subscription TEXT    NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
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

CREATE INDEX grants_subscription ON grants (subscription);
CREATE INDEX grants_intent ON grants (intent) WHERE intent <> '';
CREATE INDEX grants_charge ON grants (charge) WHERE charge <> '';
CREATE INDEX grants_invoice ON grants (invoice) WHERE invoice <> '';

-- What the jobs of billing remember, such as how far the catch-up has come.
CREATE TABLE billing_state (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
