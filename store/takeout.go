package store

import (
	"context"
	"errors"
	"fmt"

	"liveassist/domain"
)

// sessionPage is how many conversations are read at once.
const sessionPage = 100

// EachSession hands all conversations of a person to yield, in the order in which they
// began, until it returns an error. No read is open while yield works.
func (db *DB) EachSession(ctx context.Context, user domain.UserID, yield func(domain.Session) error) error {
	for after := int64(0); ; {
		rows, err := db.query(ctx, `SELECT s.rowid, s.id, s.created_at, `+lastActive+`, s.title FROM liveassist_sessions s
			WHERE s.user_id = ? AND s.rowid > ? ORDER BY s.rowid LIMIT ?`, string(user), after, sessionPage)
		if err != nil {
			return fmt.Errorf("read sessions: %w", err)
		}
		page, err := collect(rows, func(r scanner) (s domain.Session, err error) {
			return s, r.Scan(&after, &s.ID, &s.CreatedAt, &s.LastActiveAt, &s.Title)
		})
		if err != nil {
			return err
		}
		for _, s := range page {
			if err := yield(s); err != nil {
				return err
			}
		}
		if len(page) < sessionPage {
			return nil
		}
	}
}

// EachPicture hands all pictures of a person to yield, one in memory at a time, in the
// order in which they came, until it returns an error.
func (db *DB) EachPicture(ctx context.Context, user domain.UserID, yield func(domain.ImageID, Picture) error) error {
	for after := int64(0); ; {
		var id domain.ImageID
		p := Picture{Owner: user}
		err := db.queryRow(ctx, `SELECT rowid, id, hash, content_type, bytes FROM images WHERE user_id = ? AND rowid > ? ORDER BY rowid LIMIT 1`,
			string(user), after).Scan(&after, &id, &p.Hash, &p.ContentType, &p.Bytes)
		if errors.Is(err, domain.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read picture: %w", err)
		}
		if err := yield(id, p); err != nil {
			return err
		}
	}
}

// PictureType returns the content type of a picture.
func (db *DB) PictureType(ctx context.Context, id domain.ImageID) (string, error) {
	var t string
	err := db.queryRow(ctx, `SELECT content_type FROM images WHERE id = ?`, string(id)).Scan(&t)
	return t, err
}
