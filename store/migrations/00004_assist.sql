-- +goose Up
-- Who answers in a conversation, and how far the help has come.

-- desk: the assistant answers ('assistant', and 'waiting' until a person is there), a
-- person does ('operator': the assistant is silent), or it is done ('closed': the next
-- message of the person opens it again).
ALTER TABLE liveassist_sessions ADD COLUMN desk TEXT NOT NULL DEFAULT 'assistant' CHECK (desk IN ('assistant', 'waiting', 'operator', 'closed'));
ALTER TABLE liveassist_sessions ADD COLUMN operator_id TEXT REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE liveassist_sessions ADD COLUMN waiting_since INTEGER; -- when a person was asked for
-- What the last reply was about, so that "and then?" has an answer.
ALTER TABLE liveassist_sessions ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE liveassist_sessions ADD COLUMN guide TEXT NOT NULL DEFAULT '';
ALTER TABLE liveassist_sessions ADD COLUMN guide_step INTEGER NOT NULL DEFAULT 0;

CREATE INDEX liveassist_sessions_desk ON liveassist_sessions (desk, waiting_since) WHERE desk <> 'assistant';
CREATE INDEX liveassist_sessions_operator ON liveassist_sessions (operator_id) WHERE operator_id IS NOT NULL;

-- The need for a reply: written in the transaction of the person's message, which it
-- names by its seq. id is the reply's own, made up front, so that it comes once however
-- often it is tried. Only message is a foreign key: the conversation and the person go
-- with it, and each check more would cost every post.
CREATE TABLE replies (
    message     INTEGER NOT NULL PRIMARY KEY REFERENCES liveassist_messages (seq) ON DELETE CASCADE,
    session_id  TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL, -- not before
    error       TEXT    NOT NULL DEFAULT '', -- for a person, where it failed
    answered_by TEXT    NOT NULL DEFAULT '', -- 'guides' or 'model'; empty where a person took over
    guide       TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX replies_due ON replies (next_at, message) WHERE state = 'pending';
CREATE INDEX replies_open ON replies (session_id, message) WHERE state <> 'done';

-- Thumbs up and down on replies.
CREATE TABLE ratings (
    message    INTEGER NOT NULL PRIMARY KEY REFERENCES liveassist_messages (seq) ON DELETE CASCADE,
    session_id TEXT    NOT NULL,
    value      TEXT    NOT NULL CHECK (value IN ('up', 'down')),
    rated_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX ratings_session ON ratings (session_id);

-- The words of all messages. It holds no text of its own; owner is the person's id as one
-- word, so that a search reads that person's messages alone. A job fills it: a search
-- looks through what has come since by itself.
CREATE VIRTUAL TABLE message_words USING fts5 (
    owner, text, content = '', contentless_delete = 1, detail = 'column', prefix = '2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE message_words_state (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL -- all messages up to this seq are in message_words
) STRICT;

INSERT INTO message_words_state (one, upto) VALUES (1, 0);

-- A deleted message leaves no words behind, and a seq that is given again is read again.
-- +goose StatementBegin
CREATE TRIGGER liveassist_messages_forget AFTER DELETE ON liveassist_messages BEGIN
    DELETE FROM message_words WHERE rowid = old.seq;
    UPDATE message_words_state SET upto = MIN(upto, (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages)) WHERE one = 1;
END;
-- +goose StatementEnd
