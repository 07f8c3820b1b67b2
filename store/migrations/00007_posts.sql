-- +goose Up
-- What one message costs. A commit writes each page that it touched, so the price of a
-- message is the number of places it is entered at. Before, each was entered at five places of
-- its person or conversation; from here on at one, in the order of reading (session_id, seq).

-- OR instead of IN: for a list of three SQLite builds a table anew with each row.
-- id first: ids grow with time, so new ones stand at the end of the index, whoever wrote
-- them. The person is no foreign key any more: the conversation has one, and each check costs.
-- SQLite changes a constraint only by making the table anew; children go first, so that nothing
-- is deleted along with a parent.
CREATE TABLE liveassist_messages_new (
    seq          INTEGER NOT NULL PRIMARY KEY,
    _id          TEXT    NOT NULL UNIQUE,
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

INSERT INTO liveassist_messages_new (seq, _id, id, session_id, user_id, role, text, image_id, image_width, image_height, created_at)
SELECT seq, _id, id, session_id, user_id, role, text, image_id, image_width, image_height, created_at FROM liveassist_messages ORDER BY seq;
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

-- A deleted message leaves no words behind, and a seq that is given again is read again.
-- +goose StatementBegin
CREATE TRIGGER liveassist_messages_forget AFTER DELETE ON liveassist_messages BEGIN
    DELETE FROM message_words WHERE rowid = old.seq;
    UPDATE message_words_state SET upto = MIN(upto, (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages)) WHERE one = 1;
END;
-- +goose StatementEnd

-- Which of the outbox's rows are whose. A job enters them, many at a time and sorted, so that a
-- page which many rows touch is written once; outbox_by_person reads what is not entered yet
-- from the outbox itself.
DROP INDEX outbox_user;

CREATE TABLE outbox_people (
    user_id TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_state (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL -- all rows up to this seq are in outbox_people
) STRICT;

INSERT INTO outbox_people (user_id, seq) SELECT user_id, seq FROM outbox WHERE event <> '' ORDER BY user_id, seq;
INSERT INTO outbox_state (one, upto) SELECT 1, COALESCE(MAX(seq), 0) FROM outbox;

CREATE VIEW outbox_by_person AS
SELECT p.user_id, p.seq, o.event, o.data, o.docs, o.created_at FROM outbox_people p JOIN outbox o ON o.seq = p.seq
UNION ALL
SELECT o.user_id, o.seq, o.event, o.data, o.docs, o.created_at FROM outbox o
WHERE o.seq > (SELECT upto FROM outbox_state) AND o.event <> '';

-- +goose StatementBegin
CREATE TRIGGER outbox_deleted AFTER DELETE ON outbox BEGIN
    DELETE FROM outbox_people WHERE user_id = old.user_id AND seq = old.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER outbox_blanked AFTER UPDATE OF event ON outbox WHEN new.event = '' BEGIN
    DELETE FROM outbox_people WHERE user_id = old.user_id AND seq = old.seq;
END;
-- +goose StatementEnd
