package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// sample is what the server takes at one moment; sizes in bytes, times in milliseconds.
type sample struct {
	at                           time.Duration
	rss, heap, goroutines, files float64
	streams, wal, db             float64
	p50, p99                     float64 // of the posts since the sample before
	posts, events                float64 // a second, since the sample before
}

// watch takes samples until the time is over: some 360 of them, at least 2 s apart.
func (l *load) watch(ctx context.Context, s *server, o options, out io.Writer) (samples []sample, err error) {
	pace := max(2*time.Second, o.duration/360)
	tick, begin := time.NewTicker(pace), time.Now()
	defer tick.Stop()
	for time.Since(begin) < o.duration {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ended:
			return nil, fmt.Errorf("the server has ended: %w", cmp.Or(ctx.Err(), s.err))
		case <-tick.C:
		}
		m, err := s.figures()
		if err != nil {
			return nil, err
		}
		m.at = time.Since(begin)
		l.mu.Lock()
		posts := l.posts
		m.posts, m.events = float64(len(posts))/pace.Seconds(), float64(l.events)/pace.Seconds()
		l.posts, l.events = nil, 0
		l.mu.Unlock()
		slices.Sort(posts)
		if n := len(posts); n > 0 {
			m.p50, m.p99 = ms(posts[n/2]), ms(posts[n*99/100])
		}
		samples = append(samples, m)
		if len(samples)%30 == 0 {
			fmt.Fprintf(out, "%6.1f min: %4.0f MB, %5.0f goroutines, %4.0f files, log %3.0f MB, posts %.0f/s p99 %.1f ms, %.0f events/s\n",
				m.at.Minutes(), m.rss/1e6, m.goroutines, m.files, m.wal/1e6, m.posts, m.p99, m.events)
		}
	}
	return samples, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func writeCSV(path string, samples []sample) (err error) {
	f, err := os.Create(path) //nolint:gosec // where the caller wants it
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	w := csv.NewWriter(f)
	_ = w.Write([]string{"seconds", "rss_bytes", "heap_inuse_bytes", "goroutines", "open_files", "streams", "wal_bytes", "db_bytes", "post_p50_ms", "post_p99_ms", "posts_per_second", "events_per_second"})
	for _, m := range samples {
		var row []string
		for _, v := range []float64{m.at.Seconds(), m.rss, m.heap, m.goroutines, m.files, m.streams, m.wal, m.db, m.p50, m.p99, m.posts, m.events} {
			row = append(row, fmt.Sprintf("%.10g", v))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return w.Error()
}
