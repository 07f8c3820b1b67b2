// Package backup copies the database as it changes to an object store or a directory, and
// brings it back from there, through Litestream.
//
// Litestream and the client of S3 add 10 MB to a program of 30. They are in it only when
// it is built with the tag `litestream`, as the Docker image is; without, New and Restore
// answer ErrNotBuilt.
package backup

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"
)

var (
	// ErrNotBuilt says that this program was built without Litestream.
	ErrNotBuilt = errors.New("this liveassist was built without continuous backup: use the Docker image, or build it with -tags litestream")
	// ErrNoBackup says that the place holds no backup, or none from before the time asked for.
	ErrNoBackup = errors.New("there is no backup")
)

// Target says where the backup lies.
type Target struct {
	// URL is s3://BUCKET/PATH, file:///DIRECTORY, or a directory.
	URL string
	// Endpoint and Region of an s3:// place; what the URL's query says wins. Without an
	// endpoint it is Amazon's.
	Endpoint, Region string
}

// Options are what a Replicator needs from outside.
type Options struct {
	File   string // the database
	Target Target
	Clock  func() time.Time
	Log    *slog.Logger
	// Owned says that the backup in this place is the database's own: it was copied there
	// before, or came from there. Where it is false and there is a backup, that belongs to
	// another database, and nothing is written.
	Owned bool
	// Own is called before the first transfer to a place that was not owned.
	Own func(ctx context.Context) error
	// Every is how often changes are sent; 0 is twice a second.
	Every time.Duration
}

// Status says how the backup does.
type Status struct {
	// Synced is the moment up to which everything is in the backup; where there has been
	// no transfer yet, the moment of the start.
	Synced time.Time
	// Ever says that there has been a transfer.
	Ever     bool
	Syncs    int64  // transfers that worked, those of nothing new included
	Failures int64  // transfers that failed
	Problem  string // why the last one failed; empty where it worked
}

// Lag is how much a machine that is lost now loses.
func (s Status) Lag(now time.Time) time.Duration { return max(0, now.Sub(s.Synced)) }

// RestoreOptions say what to bring back.
type RestoreOptions struct {
	Target Target
	File   string    // where to write the database; it must not exist
	At     time.Time // the newest state that is not younger; zero is the newest of all
	Log    *slog.Logger
}

// Notes returns the directory beside a database in which Litestream notes what it has
// sent. They mean nothing to a database that came back from a backup.
func Notes(file string) string {
	return filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+"-litestream")
}
