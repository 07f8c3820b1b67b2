-- +goose Up
-- Pictures live beside the message and the counter, so that accepting one is one
-- transaction and one file holds all data. The large columns stand last: SQLite reads a
-- row's first columns without its overflow pages.
CREATE TABLE images (
    id           TEXT    NOT NULL PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash         TEXT    NOT NULL, -- SHA-256 of bytes, hexadecimal
    content_type TEXT    NOT NULL,
    preview_type TEXT    NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    preview      BLOB    NOT NULL,
    bytes        BLOB    NOT NULL
) STRICT;

CREATE INDEX images_user ON images (user_id);
