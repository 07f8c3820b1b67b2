-- +goose Up
-- A message had an id of its own for its document, with an index of its own: a page in each
-- commit, and a lookup for each message. The document's id is made of the row's number and time
-- now (store/message_doc.go).
CREATE TABLE liveassist_messages_new (
    seq          INTEGER NOT NULL PRIMARY KEY,
    id           TEXT    NOT NULL,
    session_id   TEXT    NOT NULL REFERENCES liveassist_sessions (id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role = 'user' OR role = 'assistant' OR role = 'operator'),
    text         TEXT    NOT NULL,
    -- The picture's id and size stand here too, so that reading a conversation joins nothing.
    image_id     TEXT,
    image_width  INTEGER,
    image_height INTEGER,
    created_at   INTEGER NOT NULL,
    UNIQUE (id, user_id)
) STRICT;

-- SQLite drops a unique column only by making the table anew; the children go first, as before.
CREATE TABLE replies_new (
    message     INTEGER NOT NULL PRIMARY KEY REFERENCES liveassist_messages_new (seq) ON DELETE CASCADE,
    session_id  TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state = 'pending' OR state = 'done' OR state = 'failed'),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL, -- not before
    error       TEXT    NOT NULL DEFAULT '', -- for a person, where it failed
    answered_by TEXT    NOT NULL DEFAULT '', -- 'guides' or 'model'; empty where a person took over
    guide       TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE ratings_new (
    message    INTEGER NOT NULL PRIMARY KEY REFERENCES liveassist_messages_new (seq) ON DELETE CASCADE,
    session_id TEXT    NOT NULL,
    value      TEXT    NOT NULL CHECK (value IN ('up', 'down')),
    rated_at   INTEGER NOT NULL
) STRICT;

INSERT INTO liveassist_messages_new (seq, id, session_id, user_id, role, text, image_id, image_width, image_height, created_at)
SELECT seq, id, session_id, user_id, role, text, image_id, image_width, image_height, created_at FROM liveassist_messages ORDER BY seq;
INSERT INTO replies_new (message, session_id, user_id, id, state, attempts, next_at, error, answered_by, guide)
SELECT message, session_id, user_id, id, state, attempts, next_at, error, answered_by, guide FROM replies;
INSERT INTO ratings_new (message, session_id, value, rated_at) SELECT message, session_id, value, rated_at FROM ratings;

DROP TABLE replies;
DROP TABLE ratings;
DROP TABLE liveassist_messages;
ALTER TABLE liveassist_messages_new RENAME TO liveassist_messages;
ALTER TABLE replies_new RENAME TO replies;
ALTER TABLE ratings_new RENAME TO ratings;

CREATE INDEX liveassist_messages_session ON liveassist_messages (session_id, seq);
CREATE INDEX replies_due ON replies (next_at, message) WHERE state = 'pending';
CREATE INDEX replies_open ON replies (session_id, message) WHERE state <> 'done';
CREATE INDEX ratings_session ON ratings (session_id);

-- The trigger went with its table.
-- +goose StatementBegin
CREATE TRIGGER liveassist_messages_forget AFTER DELETE ON liveassist_messages BEGIN
    DELETE FROM message_words WHERE rowid = old.seq;
    UPDATE message_words_state SET upto = MIN(upto, (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages)), deleted = 1 WHERE one = 1;
END;
-- +goose StatementEnd
