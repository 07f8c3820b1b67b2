package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestDB_Backup_UnderLoad: each copy taken while many write is a whole database: as many
// facts as announcements, sound to its last page, and never less than an earlier copy.
func TestDB_Backup_UnderLoad(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	ctx, stop := context.WithCancel(context.Background())
	var written atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				s.mustSay(user, session, "", text2k)
				written.Add(1)
			}
		})
	}
	reader, err := OpenReadOnly(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	for i := range 3 {
		dir := t.TempDir()
		from := s.DB // the server's own, and the command's
		if i%2 == 1 {
			from = reader
		}
		before := written.Load()
		if err := from.Backup(t.Context(), Path(dir)); err != nil {
			t.Fatal(err)
		}
		after := written.Load() + 4
		if info, err := os.Stat(Path(dir)); err != nil || info.Mode() != 0o600 {
			t.Errorf("mode %v, %v, want 0600", info, err)
		}
		c := &testStore{tb: t, dir: dir, clock: s.clock, ids: s.ids}
		c.mustReopen()
		n := c.mustInt(`SELECT COUNT(*) FROM liveassist_messages`)
		if n < before || n > after || n < last {
			t.Errorf("copy %d holds %d messages, want %d to %d and not fewer than %d", i, n, before, after, last)
		}
		last = n
		if events := c.mustInt(`SELECT COUNT(*) FROM outbox WHERE event = 'message.created'`); events != n {
			t.Errorf("copy %d holds %d messages and %d announcements", i, n, events)
		}
		var sound string
		if err := c.queryRow(t.Context(), `PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
			t.Errorf("copy %d: %s, %v", i, sound, err)
		}
		c.mustSay(user, session, clientID(1), "the copy takes writes")
		c.mustClose()
	}
	stop()
	wg.Wait()
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if written.Load() == 0 {
		t.Error("nothing was written meanwhile")
	}
}

// TestDB_Backup_Refuses: what is there is not touched, and a failure leaves nothing behind.
func TestDB_Backup_Refuses(t *testing.T) {
	s := mustOpen(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "kept")
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ to, says string }{
		{file, "exists already"},
		{dir, "exists already"},
		{dangling, "exists already"},
		{Path(s.dir), "exists already"},
		{filepath.Join(dir, "no", "such", "directory"), "no such file or directory"},
		{filepath.Join(file, "x"), "not a directory"},
	} {
		err := s.Backup(t.Context(), c.to)
		if err == nil || !strings.HasPrefix(err.Error(), "backup: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("backup to %q: %v, want %q", c.to, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, filepath.Join(dir, "cancelled")); err == nil {
		t.Error("cancelled: no error")
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "precious" {
		t.Errorf("the file reads %q, %v", b, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left %v, %v, want the two that were there", fmt.Sprint(entries), err)
	}
}

// TestDB_Backup_SameName: of several copies to one name at once, one is made and the
// others are refused.
func TestDB_Backup_SameName(t *testing.T) {
	s := mustOpen(t)
	file := filepath.Join(t.TempDir(), "copy")
	var made, refused atomic.Int64
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := s.Backup(context.Background(), file); err == nil {
				made.Add(1)
			} else if strings.Contains(err.Error(), "exists") {
				refused.Add(1)
			} else {
				t.Errorf("backup: %v", err)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 || refused.Load() != 5 {
		t.Errorf("made %d, refused %d, want 1 and 5", made.Load(), refused.Load())
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v, want the copy alone", entries, err)
	}
}
