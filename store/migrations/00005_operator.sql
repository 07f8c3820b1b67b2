-- +goose Up
-- What operators see and what they did.

-- The inbox. "all" goes by the conversation's id, which grows with time.
CREATE INDEX liveassist_sessions_waiting ON liveassist_sessions (waiting_since, id) WHERE desk = 'waiting';
CREATE INDEX liveassist_sessions_mine ON liveassist_sessions (operator_id, last_active_at, id) WHERE desk = 'operator';
CREATE INDEX liveassist_sessions_done ON liveassist_sessions (last_active_at, id) WHERE desk = 'closed';

-- People by the beginning of their name, without regard to ASCII case; addresses have email_key.
CREATE INDEX users_name ON users (name COLLATE NOCASE, id);
CREATE INDEX users_operators ON users (role) WHERE role = 'operator';

-- The list of Stripe's events; seq stands at the end of each index by itself.
CREATE INDEX webhook_events_status ON webhook_events (status, type);
CREATE INDEX webhook_events_by_status ON webhook_events (status);
CREATE INDEX webhook_events_type ON webhook_events (type);
CREATE INDEX grants_session ON grants (session) WHERE session <> '';

CREATE INDEX images_created ON images (created_at);

-- Every action of an operator, reading included. Ids are no foreign keys: an account can go,
-- and what was done to it stays. An empty operator_id is the command line.
CREATE TABLE audit (
    seq         INTEGER NOT NULL PRIMARY KEY,
    _id         TEXT    NOT NULL UNIQUE,
    at          INTEGER NOT NULL,
    operator_id TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    user_id     TEXT    NOT NULL, -- whom it was about; empty where it was nobody
    subject     TEXT    NOT NULL, -- the conversation, picture, event or list
    reason      TEXT    NOT NULL,
    detail      TEXT    NOT NULL  -- JSON
) STRICT;

CREATE INDEX audit_user ON audit (user_id);
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX audit_operator ON audit (operator_id, action);
CREATE INDEX audit_by_operator ON audit (operator_id);
CREATE INDEX audit_action ON audit (action);

-- Nothing that this program runs can change a row or take it away.
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
-- INSERT OR REPLACE deletes without that trigger.
-- +goose StatementBegin
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = new.seq OR _id = new._id) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
