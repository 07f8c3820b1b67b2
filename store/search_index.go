package store

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"liveassist/domain"
)

// The index of words, message_words, has one term for each word of each person: the
// person's key and the folded word behind it. So a word's list of messages holds that
// person's alone, and what a search reads does not grow with what others say.

// ownerKey is what all of a person's terms begin with: 40 bits of a hash of the id. Should
// two people share one, a search reads some more and finds the same: it also asks whose a
// message is. It stands in the database's file: another way to make it needs a migration
// that fills the index anew.
func ownerKey(user domain.UserID) string {
	sum := sha256.Sum256([]byte(user))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// terms returns the terms of a message, with blanks between them.
func terms(key, text string) string {
	var b strings.Builder
	eachWord(text, func(_, _ int, folded string) bool {
		b.WriteString(key)
		b.WriteString(folded)
		b.WriteByte(' ')
		return true
	})
	return b.String()
}

// matchOf is the index's question for the messages with all words, in FTS5's language.
func matchOf(user domain.UserID, wanted []word) string {
	key := ownerKey(user)
	var b strings.Builder
	for i, w := range wanted {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteString(`"` + key + w.text + `"`) // letters and digits alone
		if w.prefix {
			b.WriteString("*")
		}
	}
	return b.String()
}

// indexed is what the index takes of a message.
type indexed struct {
	seq  int64
	user domain.UserID
	text string
}

// IndexMessages adds at most limit messages to the index and returns how many.
func (db *DB) IndexMessages(ctx context.Context, limit int) (n int, err error) {
	var newest, upto int64
	err = db.queryRow(ctx, `SELECT (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages), upto FROM message_words_state`).Scan(&newest, &upto)
	if err != nil || newest <= upto {
		return 0, err
	}
	err = db.Write(ctx, "index messages", func(tx *Tx) error {
		n, err = tx.indexMessages(limit)
		return err
	})
	return n, err
}

func (tx *Tx) indexMessages(limit int) (int, error) {
	rows, err := tx.Query(`SELECT seq, user_id, text FROM liveassist_messages
		WHERE seq > (SELECT upto FROM message_words_state) ORDER BY seq LIMIT ?`, limit)
	if err != nil {
		return 0, err
	}
	list, err := collect(rows, func(r scanner) (m indexed, err error) { return m, r.Scan(&m.seq, &m.user, &m.text) })
	if err != nil || len(list) == 0 {
		return 0, err
	}
	for _, m := range list {
		if _, err := tx.Exec(`INSERT INTO message_words (rowid, words) VALUES (?, ?)`, m.seq, terms(ownerKey(m.user), m.text)); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(`UPDATE message_words_state SET upto = ?`, list[len(list)-1].seq)
	return len(list), err
}

// MergeIndex puts together a bit of what IndexMessages has added in many pieces, and
// reports whether there is more to do. Each piece is one more place where a search looks.
func (db *DB) MergeIndex(ctx context.Context) (more bool, err error) {
	err = db.Write(ctx, "merge index", func(tx *Tx) error {
		var before, after int64
		if err := tx.QueryRow(`SELECT total_changes()`).Scan(&before); err != nil {
			return err
		}
		// 16 pages of 4 KiB, some milliseconds.
		if _, err := tx.Exec(`INSERT INTO message_words (message_words, rank) VALUES ('merge', 16)`); err != nil {
			return err
		}
		if err := tx.QueryRow(`SELECT total_changes()`).Scan(&after); err != nil {
			return err
		}
		more = after-before >= 2 // one is the command itself (sqlite.org/fts5.html#the_merge_command)
		return nil
	})
	return more, err
}

// PurgeIndex begins to put the whole index together, where messages were deleted, and
// reports whether it has; MergeIndex goes on with it. Until then the index leaves out what a
// deleted message said, but it holds it: FTS5 only marks it, and drops it when it writes
// that part anew. It costs the writing of the whole index, so it is not for each deletion.
func (db *DB) PurgeIndex(ctx context.Context) (begun bool, err error) {
	var deleted int64
	if err := db.queryRow(ctx, `SELECT deleted FROM message_words_state`).Scan(&deleted); err != nil || deleted == 0 {
		return false, err
	}
	return true, db.Write(ctx, "purge index", func(tx *Tx) error {
		if _, err := tx.Exec(`INSERT INTO message_words (message_words, rank) VALUES ('merge', -16)`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE message_words_state SET deleted = 0`)
		return err
	})
}
