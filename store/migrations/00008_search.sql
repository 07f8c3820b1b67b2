-- +goose Up
-- Search goes by person and word together: what a search costs depends on that person's
-- messages alone. The words are cut out and folded by the program, and each begins with
-- the person's key (store/search_index.go), so one person's words stand side by side. The
-- tokenizer has only the blanks between them left to find. Nothing is asked about where in
-- a message a word stands: detail = 'none' leaves it out. The trigger of 00004 goes on
-- taking away what a deleted message had.
DROP TABLE message_words;

CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

-- By itself FTS5 puts its pieces together within whatever write comes at the time, a
-- megabyte at once; the job does it bit by bit.
INSERT INTO message_words (message_words, rank) VALUES ('automerge', 0);

UPDATE message_words_state SET upto = 0; -- the job fills it anew
