package store

import (
	"context"
	"sync/atomic"

	"liveassist/domain"
)

// writerStats counts what the writer did; the counters only grow.
type writerStats struct {
	batches, jobs, failures atomic.Int64
}

func (s *writerStats) observe(jobs int, err error) {
	s.batches.Add(1)
	s.jobs.Add(int64(jobs))
	if err != nil {
		s.failures.Add(1)
	}
}

// Stats are counters and gauges of the database, for metrics.
type Stats struct {
	Batches  int64 // commits tried
	Writes   int64 // writes within them
	Failures int64 // commits that failed as a whole
	Queue    int   // writes that wait right now
}

// Stats returns the writer's figures.
func (db *DB) Stats() Stats {
	if db.writer == nil {
		return Stats{}
	}
	s := &db.writer.stats
	return Stats{Batches: s.batches.Load(), Writes: s.jobs.Load(), Failures: s.failures.Load(), Queue: len(db.writer.jobs)}
}

// Ready reports whether the database takes writes, by writing: a full disk shows in no
// other way.
func (db *DB) Ready(ctx context.Context) error {
	return db.Write(ctx, "ready", func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('ready', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, domain.At(tx.Now).String())
		return err
	})
}
