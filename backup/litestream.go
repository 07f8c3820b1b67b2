//go:build litestream

package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/benbjohnson/litestream/file"
	"github.com/benbjohnson/litestream/s3"
)

// Built says whether this program can do what the package is for.
const Built = true

// What the backup keeps. A state of the past can be brought back from each half second of
// the last five minutes, and from each half minute of the last week.
const (
	snapshotEvery = 24 * time.Hour
	keepSnapshots = 7 * 24 * time.Hour
	keepFinest    = 5 * time.Minute
	tidyEvery     = time.Minute // each look lists the newest files: a request that costs money
)

// Time that a transfer may take.
const (
	// For the writer's lock, which moving the log into the file needs. Under load it is
	// hard to get, and what was noted is sent only afterwards; it tries again each time.
	lockTimeout = 250 * time.Millisecond
	sendTimeout = 10 * time.Minute // a whole snapshot of some gigabytes over a slow line
	stopTimeout = 5 * time.Second  // for what is left when the server stops; Docker kills after 10
	stopRetry   = 500 * time.Millisecond
)

// errStateLost says that Litestream's notes beside the database do not fit the backup.
var errStateLost = errors.New("the backup is ahead of the notes about it")

// errNotOwned says that the server stopped before the place was known to be this database's.
var errNotOwned = errors.New("nothing was sent before the server stopped")

// errForeign says that the place is taken.
var errForeign = errors.New("the place holds the backup of another database: choose an empty place, or move this database away and restore that one")

// client returns Litestream's client for the place.
func (p place) client() (litestream.ReplicaClient, error) {
	if p.dir != "" {
		return file.NewReplicaClient(p.dir), nil
	}
	c, err := s3.NewReplicaClientFromURL("s3", p.bucket, p.path, p.query, nil)
	if err != nil {
		return nil, fmt.Errorf("make S3 client: %w", err)
	}
	if c, ok := c.(*s3.ReplicaClient); ok {
		// Without these the AWS library looks by itself, and finds a session's token too.
		c.AccessKeyID, c.SecretAccessKey = "", ""
	}
	return c, nil
}

// taken reports whether the place holds a backup.
func (p place) taken(ctx context.Context, log *slog.Logger) (bool, error) {
	client, err := p.client()
	if err != nil {
		return false, err
	}
	client.SetLogger(log)
	if err := client.Init(ctx); err != nil {
		return false, fmt.Errorf("look for a backup: %w", err)
	}
	newest, err := litestream.NewReplicaWithClient(nil, client).MaxLTXFileInfo(ctx, 0)
	if err != nil {
		return false, fmt.Errorf("look for a backup: %w", err)
	}
	return newest.MaxTXID > 0, nil
}

// live is one opened Litestream.
type live struct {
	store *litestream.Store
	db    *litestream.DB
}

// open starts Litestream on a database file. It sends nothing by itself: sync and close do.
func open(ctx context.Context, name string, p place, log *slog.Logger) (*live, error) {
	client, err := p.client()
	if err != nil {
		return nil, err
	}
	db := litestream.NewDB(name)
	db.BusyTimeout = lockTimeout
	db.MonitorInterval = 0 // sync is called by us, so that we know when it worked
	db.Replica = litestream.NewReplicaWithClient(db, client)
	db.Replica.MonitorEnabled = false
	if p.dir != "" {
		client.(*file.ReplicaClient).Replica = db.Replica //nolint:forcetypeassert // client made it
	}
	st := litestream.NewStore([]*litestream.DB{db}, litestream.DefaultCompactionLevels)
	st.Logger = log
	st.SnapshotInterval, st.SnapshotRetention = snapshotEvery, keepSnapshots
	st.L0RetentionCheckInterval = tidyEvery
	st.SetL0Retention(keepFinest)
	st.SetShutdownSyncTimeout(stopTimeout)
	st.SetShutdownSyncInterval(stopRetry)
	db.SetLogger(log)
	l := &live{store: st, db: db}
	if err := l.begin(ctx); err != nil {
		l.hurry()
		return nil, errors.Join(fmt.Errorf("open: %w", err), l.close(ctx))
	}
	return l, nil
}

// begin looks at the database before the store's own jobs begin: they read without a lock
// what the first look writes. And close sends nothing of a database that was not looked at.
// What else goes wrong there, as under load to cut off a log that has grown very long, sync
// tries again.
func (l *live) begin(ctx context.Context) error {
	if err := l.db.Replica.Client.Init(ctx); err != nil {
		return err
	}
	if err := l.db.Open(); err != nil {
		return err
	}
	if err := l.db.Sync(ctx); l.db.SQLDB() == nil {
		return err
	}
	return l.store.Open(ctx)
}

// sync sends everything that was committed before it began.
func (l *live) sync(ctx context.Context) error {
	// What was noted is sent also where the notes could not be completed.
	err := errors.Join(l.db.Sync(ctx), l.db.Replica.Sync(ctx))
	if err != nil {
		return err
	}
	noted, err := l.db.Pos()
	if err != nil {
		return err
	}
	if l.db.Replica.Pos().TXID > noted.TXID {
		return errStateLost // it would take for sent what only has the same number
	}
	return nil
}

// close sends what is left, and ends Litestream.
func (l *live) close(ctx context.Context) error {
	return l.store.Close(ctx)
}

// hurry lets close try only once.
func (l *live) hurry() { l.store.SetShutdownSyncTimeout(0) }

// mustForget reports whether an error comes from notes that are damaged or gone.
func mustForget(err error) bool {
	if errors.Is(err, errStateLost) {
		return true
	}
	e, ok := errors.AsType[*litestream.LTXError](err)
	return ok && e.IsAutoRecoverable()
}
