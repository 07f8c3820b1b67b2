package store

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestCheckpointer_Load: the log begins anew while writes never pause, and what is at rest
// stands in the database file.
func TestCheckpointer_Load(t *testing.T) {
	db := mustOpen(t, func(o *Options) { o.OnCommit = nil })
	dir := db.dir
	text := strings.Repeat("The tap drips. ", 500)
	stop := time.Now().Add(3 * time.Second)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for time.Now().Before(stop) {
				if err := db.Write(t.Context(), "test", func(tx *Tx) error {
					for range 20 {
						if _, err := tx.Exec(`INSERT INTO outbox (user_id, event, data, docs, created_at) VALUES ('', '', ?, '', 0)`, text); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	var rows int64
	if err := db.queryRow(t.Context(), `SELECT COUNT(*) FROM outbox`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	written := rows * int64(len(text))
	const page = 4096
	// While its pages are moved, up to 200 MB a second are added.
	const most = 4 * longLog * page
	log, err := os.Stat(Path(dir) + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if written < 2*most {
		t.Skipf("this machine wrote only %d MB: too little to tell", written>>20)
	}
	if log.Size() > most {
		t.Errorf("the log has %d MB after %d MB were written, want at most %d", log.Size()>>20, written>>20, most>>20)
	}
	for range 50 {
		w, m, err := logState(t.Context(), db.mover.pool)
		if err == nil && w-m < checkpointAt {
			return
		}
		time.Sleep(checkpointEvery)
	}
	t.Error("the log is not moved at rest")
}
