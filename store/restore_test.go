package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mustEntries writes n entries to the outbox and returns the last number.
func (s *testStore) mustEntries(n int) (last int64) {
	s.tb.Helper()
	for range n {
		if err := s.Write(s.tb.Context(), "note", note(s.ids.New())); err != nil {
			s.tb.Fatal(err)
		}
	}
	last, err := s.NewestSeq(s.tb.Context())
	if err != nil {
		s.tb.Fatal(err)
	}
	return last
}

// from returns a fetch that takes the copy of a database.
func from(db *DB) func(context.Context, string) error {
	return func(ctx context.Context, file string) error { return db.Backup(ctx, file) }
}

// TestRestore_Numbers: after a restore the outbox has one entry, beyond every number that
// was given before and after the backup, and goes on from there.
func TestRestore_Numbers(t *testing.T) {
	s := mustOpen(t)
	user := s.mustUser("a@example.com").ID
	s.mustEntries(20)
	dir := filepath.Join(t.TempDir(), "new")
	if err := Restore(t.Context(), dir, testStart, "s3://b/p", from(s.DB)); err != nil {
		t.Fatal(err)
	}
	lost := s.mustEntries(30) // what the backup does not have
	r := &testStore{tb: t, dir: dir, clock: s.clock, ids: s.ids}
	r.mustReopen()
	defer r.mustClose()
	newest, err := r.NewestSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	oldest, err := r.OldestSeq(t.Context())
	if err != nil || oldest != newest || newest < lost+restoreJump/2 {
		t.Errorf("outbox %d to %d, %v, want one entry far beyond %d", oldest, newest, err, lost)
	}
	if got, err := r.PruneOutbox(t.Context(), testStart.AddDate(1, 0, 0), 100); got != 0 || err != nil {
		t.Errorf("pruned %d, %v, want nothing: the number would be used again", got, err)
	}
	if next := r.mustEntries(1); next != newest+1 {
		t.Errorf("next number %d after %d", next, newest)
	}
	if u, _, err := r.UserByEmail(t.Context(), "a@example.com"); err != nil || u.ID != user {
		t.Errorf("user %v, %v, want the one from before", u.ID, err)
	}
	if place, err := r.BackupPlace(t.Context()); err != nil || place != "s3://b/p" {
		t.Errorf("backup place %q, %v, want where it came from", place, err)
	}
	if place, err := s.BackupPlace(t.Context()); err != nil || place != "" {
		t.Errorf("backup place of the original %q, %v, want none", place, err)
	}
	if err := s.SetBackupPlace(t.Context(), "/backup"); err != nil {
		t.Fatal(err)
	}
	if place, err := s.BackupPlace(t.Context()); err != nil || place != "/backup" {
		t.Errorf("backup place %q, %v, want what was set", place, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 { // file, -wal, -shm, lock
		t.Errorf("restore left %v, %v", entries, err)
	}
	if info, err := os.Stat(Path(dir)); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

// TestRestore_EmptyOutbox: a state from before the first entry jumps as well.
func TestRestore_EmptyOutbox(t *testing.T) {
	s := mustOpen(t)
	dir := t.TempDir()
	if err := Restore(t.Context(), dir, testStart, "s3://b/p", from(s.DB)); err != nil {
		t.Fatal(err)
	}
	r := &testStore{tb: t, dir: dir, clock: s.clock, ids: s.ids}
	r.mustReopen()
	defer r.mustClose()
	if n := r.mustInt(`SELECT MIN(seq) FROM outbox`); n != restoreJump {
		t.Errorf("first number %d, want %d", n, int64(restoreJump))
	}
}

// TestRestore_Refuses: what is there is not touched, and a failure leaves nothing behind
// but the lock's file.
func TestRestore_Refuses(t *testing.T) {
	s := mustOpen(t)
	never := func(context.Context, string) error { t.Error("fetched"); return nil }
	write := func(name, content string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	away := errors.New("the bucket is away")
	for name, c := range map[string]struct {
		dir   string
		fetch func(context.Context, string) error
		says  string
		left  int
	}{
		"Database": {write(FileName, "x"), never, "move it away", 2},
		"Log":      {write(FileName+"-wal", "x"), never, "older database", 2},
		"InUse":    {s.dir, never, "in use by another", 4},
		"Away":     {t.TempDir(), func(context.Context, string) error { return away }, "is away", 1},
		"Damaged": {t.TempDir(), func(_ context.Context, file string) error {
			return os.WriteFile(file, []byte(strings.Repeat("no database", 1000)), 0o600)
		}, "damaged", 1},
		"Nothing": {t.TempDir(), func(_ context.Context, file string) error { return os.WriteFile(file, nil, 0o600) }, "outbox", 1},
	} {
		err := Restore(t.Context(), c.dir, testStart, "s3://b/p", c.fetch)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.says)
		}
		if entries, err := os.ReadDir(c.dir); err != nil || len(entries) != c.left {
			t.Errorf("%s: left %v, %v, want %d files", name, entries, err, c.left)
		}
	}
}

// TestRestore_CutOffStart: a file of no bytes, which a first start leaves that was cut off,
// is no database.
func TestRestore_CutOffStart(t *testing.T) {
	s := mustOpen(t)
	s.mustUser("a@example.com")
	dir := t.TempDir()
	if err := createPrivate(Path(dir)); err != nil {
		t.Fatal(err)
	}
	if empty, err := Empty(dir); !empty || err != nil {
		t.Errorf("empty: %v, %v, want true", empty, err)
	}
	if err := Restore(t.Context(), dir, testStart, "s3://b/p", from(s.DB)); err != nil {
		t.Fatal(err)
	}
	if empty, err := Empty(dir); empty || err != nil {
		t.Errorf("after the restore empty: %v, %v, want false", empty, err)
	}
}

// TestOpen_Replicated: the log stays whole for whoever copies it, and AfterClose comes
// when nobody writes any more and no other server may start yet.
func TestOpen_Replicated(t *testing.T) {
	s := mustPrepare(t, t.TempDir())
	closed := 0
	replicated := func(o *Options) {
		o.Replicated = true
		o.AfterClose = func() error {
			closed++
			if _, err := Open(t.Context(), s.options()); err == nil || !strings.Contains(err.Error(), "in use") {
				t.Errorf("a server beside AfterClose: %v, want that it is in use", err)
			}
			return nil
		}
	}
	s.mustReopen(replicated)
	before, err := os.ReadFile(Path(s.dir))
	if err != nil {
		t.Fatal(err)
	}
	user, session := s.mustTalk("a@example.com")
	for range 3000 { // four pages each: far beyond SQLite's own checkpoint and ours
		s.mustSay(user, session, "", text2k)
	}
	if info, err := os.Stat(Path(s.dir) + "-wal"); err != nil || info.Size() < 4000*4096 {
		t.Errorf("log %v, %v: too little was written", info.Size(), err)
	}
	after, err := os.ReadFile(Path(s.dir))
	if err != nil || string(after) != string(before) {
		t.Errorf("the log was moved into the database file (%v)", err)
	}
	s.mustClose()
	if closed != 1 {
		t.Errorf("AfterClose was called %d times, want once", closed)
	}
	s.mustReopen()
	s.mustClose()
}
