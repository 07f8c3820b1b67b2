// Package store keeps everything that LiveAssist knows in one SQLite database: one writer
// that commits in groups, many readers on the write-ahead log, and an outbox that tells
// what changed.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver
)

// FileName is the database's name within the data directory.
const FileName = "liveassist.db"

// ErrNoDatabase says that a data directory holds no database yet.
var ErrNoDatabase = errors.New("no database")

// Options are what a store needs from outside.
type Options struct {
	Dir   string           // the data directory; made with mode 0700 where it is missing
	Clock func() time.Time // what a transaction takes as its now
	NewID func() string    // makes UUIDs that grow with time, so that indexes grow at their end
	// OnCommit is told each batch's outbox entries after they are on disk, in their
	// order, by the writer's goroutine: it must be quick. May be nil.
	OnCommit func([]Entry)
	// Observe is told of each commit: how many writes it held, and how long it took from the
	// first statement to the disk. Called by the writer's goroutine; may be nil.
	Observe func(writes int, took time.Duration)
	// Shared opens the database beside a server that may have it open, for one short
	// write: it takes no lock and leaves the schema alone.
	Shared bool
	// MaxBatch is how many writes share a commit at the most; 0 is the best number known.
	// Benchmarks set 1, to measure what sharing is worth.
	MaxBatch int
	// Replicated leaves the write-ahead log to somebody who copies the database from it:
	// only they move it into the database file.
	Replicated bool
	// AfterClose is called when all connections are closed and the data directory still
	// belongs to this process: the last one to look at the log. May be nil.
	AfterClose func() error
}

// DB is an open database. All methods may be called by many goroutines at once.
type DB struct {
	opts    Options
	path    string
	lock    *flock.Flock // held while this process may write; nil when read-only
	checked bool         // the whole file was looked at for damage
	read    *reader
	writer  *writer       // nil when read-only
	mover   *checkpointer // nil where others move the log
	index   *outboxIndex  // nil where the server beside us has one
}

// Path returns where the database of the data directory dir lies.
func Path(dir string) string { return filepath.Join(dir, FileName) }

// Open opens the database of a data directory for reading and writing and brings its
// schema up to date. Only one process can hold it open so.
func Open(ctx context.Context, opts Options) (*DB, error) {
	db := &DB{opts: opts, path: Path(opts.Dir)}
	if err := db.prepare(); err != nil {
		return nil, err
	}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(err, db.unlock())
	}
	return db, nil
}

// connect opens the connections. The readers come first, because they change nothing: what
// a newer program has written is refused untouched.
func (db *DB) connect(ctx context.Context) (err error) {
	if db.read, err = newReader(db.path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.read.close())
		}
	}()
	accept := checkNotNewer
	if db.opts.Shared {
		accept = checkVersion
	} else if db.checked, err = check(ctx, db.read.pool, checkTime); err != nil {
		return fmt.Errorf("open %s: %w", db.path, err)
	}
	if err := accept(ctx, db.read.pool); err != nil {
		return fmt.Errorf("open %s: %w", db.path, err)
	}
	if err := registerLogVFS(); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	pool, err := sql.Open("sqlite", dsn(db.path, db.pragmas())+"&vfs="+logVFS)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(1)
	if err := migrate(ctx, pool); err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", db.path, err), pool.Close())
	}
	if db.writer, err = startWriter(ctx, pool, db.opts); err != nil {
		return errors.Join(err, pool.Close())
	}
	if !db.opts.Shared && !db.opts.Replicated {
		if db.mover, err = startCheckpointer(ctx, db.path, db.writer); err != nil {
			return errors.Join(err, db.writer.close())
		}
	}
	if !db.opts.Shared {
		db.index = startOutboxIndex(ctx, db)
	}
	return nil
}

// prepare makes the data directory and the file, and keeps other servers out.
func (db *DB) prepare() error {
	if db.opts.Shared {
		return exists(db.path)
	}
	lock, err := lockDir(db.opts.Dir)
	if err != nil {
		return err
	}
	db.lock = lock
	if err := createPrivate(db.path); err != nil {
		return errors.Join(err, db.unlock())
	}
	return nil
}

// makeDir makes a directory, where it is missing, whose name outlives a power cut: SQLite
// syncs the names within the data directory, and nobody else that of the directory itself.
func makeDir(dir string) error {
	_, err := os.Stat(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.Open(parent) //nolint:gosec // the operator chose the path
	if err != nil {
		return nil //nolint:nilerr // a parent that may be written and not read, or a system without such a sync
	}
	_ = f.Sync() // not every file system can; SQLite does not insist either
	return f.Close()
}

// lockDir makes the data directory where it is missing, and keeps others out of it.
func lockDir(dir string) (*flock.Flock, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "liveassist.lock"), flock.SetPermissions(0o600))
	free, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data directory %s: %w", dir, err)
	}
	if !free {
		return nil, fmt.Errorf("data directory %s is in use by another liveassist", dir)
	}
	return lock, nil
}

func (db *DB) unlock() error {
	if db.lock == nil {
		return nil
	}
	return db.lock.Unlock()
}

// exists answers ErrNoDatabase where there is no database file.
func exists(path string) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w in %s", ErrNoDatabase, filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return nil
}

// OpenReadOnly opens the database of a data directory for reading, also while a server
// has it open. It answers ErrNoDatabase where there is none.
func OpenReadOnly(ctx context.Context, dir string) (*DB, error) {
	path := Path(dir)
	if err := exists(path); err != nil {
		return nil, err
	}
	r, err := newReader(path)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, r.pool); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), r.close())
	}
	return &DB{path: path, read: r}, nil
}

// Close ends the writer after what it has taken on, and closes all connections.
func (db *DB) Close() error {
	var errs []error
	if db.index != nil {
		db.index.close()
	}
	if db.mover != nil {
		errs = append(errs, db.mover.close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	errs = append(errs, db.read.close())
	if db.opts.AfterClose != nil {
		errs = append(errs, db.opts.AfterClose())
	}
	return errors.Join(append(errs, db.unlock())...)
}

// Pragmas stand in the DSN, so that each connection of a pool gets them.
const (
	// WAL: readers go on while the writer writes. FULL: what was acknowledged survives a
	// power cut. 32 MB of cache hold the hot pages of the indexes. No commit moves the log:
	// the checkpointer does, or who copies the database (Options.Replicated), or the server
	// beside us (Options.Shared).
	writerPragmas = "busy_timeout(10000) journal_mode(WAL) synchronous(FULL) foreign_keys(1) temp_store(MEMORY) " +
		"cache_size(-32000) wal_autocheckpoint(0) "
	// The log shrinks to 64 MB when it begins anew, where it is ours to move.
	ownLog        = "journal_size_limit(67108864)"
	othersLog     = "journal_size_limit(-1)"
	readerPragmas = "busy_timeout(10000) query_only(1) temp_store(MEMORY) cache_size(-8000)"
	// query_only refuses VACUUM INTO too, though that writes to another file.
	backupPragmas = "busy_timeout(10000) temp_store(MEMORY)"
	// One file, without a log beside it that would have to move with it.
	restorePragmas = "journal_mode(DELETE) synchronous(FULL) temp_store(MEMORY)"
)

// newFile lets the file shrink. It takes effect only before anything is in the file; set on
// a file that has something it would wait for the writer, to no end.
const newFile = "auto_vacuum(2) "

func (db *DB) pragmas() string {
	if info, err := os.Stat(db.path); err == nil && info.Size() == 0 {
		return newFile + db.logPragmas()
	}
	return db.logPragmas()
}

func (db *DB) logPragmas() string {
	if db.opts.Replicated || db.opts.Shared {
		return writerPragmas + othersLog
	}
	return writerPragmas + ownLog
}

func dsn(path, pragmas string) string {
	q := url.Values{"_txlock": {"immediate"}}
	for p := range strings.FieldsSeq(pragmas) {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// createPrivate makes an empty database file that only its owner can read; SQLite gives
// its WAL the same mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator chose the path
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	return nil
}
