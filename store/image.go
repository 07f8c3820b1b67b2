package store

import (
	"context"
	"errors"
	"time"

	"liveassist/domain"
)

// NewImage is a picture that was checked and made ready.
type NewImage struct {
	ContentType   string
	Width, Height int // pixels
	Bytes         []byte
	PreviewType   string
	Preview       []byte
	Hash          string // SHA-256 of Bytes, hexadecimal
}

// Allowance is what a person may send while free.
type Allowance struct {
	PerDay int           // FREE_IMAGES_PER_DAY
	Grace  time.Duration // SUBSCRIPTION_GRACE
}

// ErrImageLimit is the answer to a picture beyond the free daily allowance.
var ErrImageLimit = &domain.Error{
	Kind: domain.KindLimitExceeded, Code: domain.CodeImageDayLimit,
	Message: "Daily image limit reached. Upgrade to send more images.",
}

// Left returns ErrImageLimit when a person may send no more pictures at now.
func (a Allowance) Left(u domain.User, now time.Time) error {
	if u.Subscription.ActiveAt(now, a.Grace) || u.ImagesOn(domain.DayOf(now)) < a.PerDay {
		return nil
	}
	return ErrImageLimit
}

// AddImage stores a message with a picture and counts it, all or nothing. A message with
// the same id of the same person is answered instead, with known set, and nothing is
// stored or counted, also at the limit.
func (db *DB) AddImage(ctx context.Context, nm NewMessage, ni NewImage, allowance Allowance) (m domain.Message, known bool, err error) {
	err = db.Write(ctx, "add image", func(tx *Tx) error {
		nm.Image = domain.NewImage(domain.ImageID(tx.NewID()), ni.Width, ni.Height)
		if m, err = tx.addMessage(nm); err != nil {
			return err
		}
		if err := tx.countImage(nm.User, allowance); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO images (id, user_id, hash, content_type, preview_type, width, height, created_at, preview, bytes)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			string(nm.Image.ID), string(nm.User), ni.Hash, ni.ContentType, ni.PreviewType, ni.Width, ni.Height, tx.Now.UnixMilli(), ni.Preview, ni.Bytes)
		return err
	})
	if errors.Is(err, errKnown) {
		m, err = db.MessageOf(ctx, nm.User, nm.ID)
		return m, true, err
	}
	return m, false, err
}

// countImage counts one picture of a person who does not pay, and refuses it at the limit.
func (tx *Tx) countImage(user domain.UserID, allowance Allowance) error {
	u, err := tx.User(user)
	if err != nil {
		return err
	}
	if err := allowance.Left(u, tx.Now); err != nil {
		return err
	}
	if u.Subscription.ActiveAt(tx.Now, allowance.Grace) {
		return nil
	}
	today := domain.DayOf(tx.Now)
	n := u.ImagesOn(today) + 1
	if _, err := tx.Exec(`UPDATE users SET image_counter = ?, image_day = ? WHERE id = ?`, n, int64(today), string(user)); err != nil {
		return err
	}
	return tx.Announce(user, domain.EventUsageUpdated,
		domain.UsageUpdated{Type: domain.EventUsageUpdated, Counter: n, Limit: &allowance.PerDay}, userDoc(user))
}

// Picture is a stored picture, or its preview.
type Picture struct {
	Owner       domain.UserID
	ContentType string
	Hash        string // of the whole picture, also for the preview
	Bytes       []byte
}

// PictureHead returns a picture without its bytes.
func (db *DB) PictureHead(ctx context.Context, id domain.ImageID) (Picture, error) {
	var p Picture
	err := db.queryRow(ctx, `SELECT user_id, hash FROM images WHERE id = ?`, string(id)).Scan(&p.Owner, &p.Hash)
	return p, err
}

// Picture returns a picture, or its preview.
func (db *DB) Picture(ctx context.Context, id domain.ImageID, preview bool) (Picture, error) {
	query := `SELECT user_id, hash, content_type, bytes FROM images WHERE id = ?`
	if preview {
		query = `SELECT user_id, hash, preview_type, preview FROM images WHERE id = ?`
	}
	var p Picture
	err := db.queryRow(ctx, query, string(id)).Scan(&p.Owner, &p.Hash, &p.ContentType, &p.Bytes)
	return p, err
}
