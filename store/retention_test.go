package store

import (
	"os"
	"strings"
	"testing"
	"time"
)

func (s *testStore) mustWebhook(event string, status WebhookStatus) {
	s.tb.Helper()
	err := s.Write(s.tb.Context(), "test", func(tx *Tx) error {
		_, err := tx.AddWebhook(&Webhook{EventID: event, Type: "t", Status: status, Raw: []byte("body of " + event)})
		return err
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}

// TestDB_DropWebhookBodies: bodies of old settled events go in pieces; all rows stay, and
// so do the bodies of young and of parked ones.
func TestDB_DropWebhookBodies(t *testing.T) {
	s := mustOpen(t)
	for _, event := range []string{"a", "b", "c"} {
		s.mustWebhook(event, WebhookProcessed)
	}
	s.mustWebhook("ignored", WebhookIgnored)
	s.mustWebhook("parked", WebhookParked)
	s.clock.Add(time.Hour)
	s.mustWebhook("young", WebhookProcessed)
	for i, want := range []int64{3, 1, 0} {
		if n, err := s.DropWebhookBodies(t.Context(), testStart.Add(time.Minute), 3); err != nil || n != want {
			t.Errorf("piece %d: %d, %v, want %d", i, n, err, want)
		}
	}
	var kept []string
	for _, r := range mustRows(t, s.read.pool, `SELECT event_id FROM webhook_events WHERE raw IS NOT NULL ORDER BY seq`) {
		kept = append(kept, r[0])
	}
	if got := strings.Join(kept, " "); got != "parked young" {
		t.Errorf("bodies of %q are left, want parked young", got)
	}
	if n := s.mustInt(`SELECT COUNT(*) FROM webhook_events`); n != 6 {
		t.Errorf("%d rows, want all 6", n)
	}
}

// TestDB_Shrink: what was deleted is given back to the file system, piece by piece. The
// database is a new one: the mode is settled when the file is made.
func TestDB_Shrink(t *testing.T) {
	s := &testStore{tb: t, dir: t.TempDir(), clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustReopen()
	defer s.mustClose()
	body := strings.Repeat("x", 100_000)
	for range 100 {
		s.mustExec(`INSERT INTO outbox (user_id, event, data, docs, created_at) VALUES ('', '', ?, '', 0)`, body)
	}
	s.mustExec(`DELETE FROM outbox`)
	full, err := s.Space(t.Context())
	if err != nil || !full.Shrinks || full.Free < 2000 {
		t.Fatalf("space %+v, %v, want one that shrinks with 2,000 pages free", full, err)
	}
	if err := s.Shrink(t.Context()); err != nil {
		t.Fatal(err)
	}
	once, err := s.Space(t.Context())
	if err != nil || full.Free-once.Free != 256 {
		t.Errorf("one piece gave back %d pages, %v, want 256", full.Free-once.Free, err)
	}
	for range full.Free/256 + 1 {
		if err := s.Shrink(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.mustExec(`PRAGMA user_version = 0`)
	if err := s.Close(); err != nil { // a checkpoint, so that the file tells
		t.Fatal(err)
	}
	info, err := os.Stat(Path(s.dir))
	if err != nil || info.Size() > 2<<20 {
		t.Errorf("the file has %d bytes, %v, want less than 2 MiB of %d", info.Size(), err, full.Pages*full.PageSize)
	}
	s.mustReopen()
}

// TestDB_Shrink_Older: a database from before it could shrink says so and stays as it is;
// its backup can.
func TestDB_Shrink_Older(t *testing.T) {
	s := &testStore{tb: t, dir: t.TempDir(), clock: &testClock{now: testStart}, ids: &testIDs{}}
	s.mustOlder(writerPragmas, 4)
	s.mustReopen()
	if space, err := s.Space(t.Context()); err != nil || space.Shrinks {
		t.Errorf("space %+v, %v, want one that does not shrink", space, err)
	}
	if err := s.Shrink(t.Context()); err != nil {
		t.Errorf("shrink: %v, want nothing", err)
	}
	copied := t.TempDir()
	if err := s.Backup(t.Context(), Path(copied)); err != nil {
		t.Fatal(err)
	}
	s.mustClose()
	s.dir = copied
	s.mustReopen()
	defer s.mustClose()
	if space, err := s.Space(t.Context()); err != nil || !space.Shrinks {
		t.Errorf("the copy: %+v, %v, want one that shrinks", space, err)
	}
}
