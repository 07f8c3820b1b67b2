-- +goose Up
-- Search goes by person and word together: what a search costs depends on that person's
-- messages alone. The words are cut out and folded by the program, and each begins with
-- the person's key (store/search_index.go), so one person's words stand side by side. The
-- tokenizer has only the blanks between them left to find. Nothing is asked about where in
-- a message a word stands: detail = 'none' leaves it out.
DROP TABLE message_words;

CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

-- By itself FTS5 puts its pieces together within whatever write comes at the time, a
-- megabyte at once; the job does it bit by bit.
INSERT INTO message_words (message_words, rank) VALUES ('automerge', 0);

UPDATE message_words_state SET upto = 0; -- the job fills it anew

-- FTS5 only marks a deleted message's words. This says that there are some, so that a job
-- has them gone from the file too.
ALTER TABLE message_words_state ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));

-- A deleted message leaves no words behind, and a seq that is given again is read again.
DROP TRIGGER liveassist_messages_forget;
-- +goose StatementBegin
CREATE TRIGGER liveassist_messages_forget AFTER DELETE ON liveassist_messages BEGIN
    DELETE FROM message_words WHERE rowid = old.seq;
    UPDATE message_words_state SET upto = MIN(upto, (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages)), deleted = 1 WHERE one = 1;
END;
-- +goose StatementEnd
