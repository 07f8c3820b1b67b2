package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/pprof"
	"runtime"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"liveassist/billing"
	"liveassist/mirror"
	"liveassist/store"
)

// metricsHandler answers /metrics, in Prometheus' text format, and /debug/pprof/.
func (p *product) metricsHandler() http.Handler {
	metrics.ExposeMetadata(true)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		p.writeMetrics(r.Context(), w)
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}

// writeMetrics shows everything. What cannot be read right now is left out: a graph with a
// hole tells more than a page that fails.
func (p *product) writeMetrics(ctx context.Context, w io.Writer) {
	metrics.WriteProcessMetrics(w)
	metrics.WriteFDMetrics(w)
	metrics.WriteGaugeUint64(w, fmt.Sprintf("liveassist_build_info{version=%q,go=%q}", buildVersion(), runtime.Version()), 1)
	p.meters.writeRoutes(w)
	p.meters.write(w)
	writeStore(w, p.db.Stats())
	p.writeDisk(ctx, w)
	gauge(w, "liveassist_streams", p.hub.Streams())
	if p.accounts != nil {
		s := p.accounts.Stats()
		counter(w, "liveassist_logins_failed_total", s.Failed)
		gauge(w, "liveassist_password_hash_waiting", s.Waiting)
	}
	if p.images != nil {
		waiting, working := p.images.Load()
		gauge(w, "liveassist_images_waiting", waiting)
		gauge(w, "liveassist_images_working", working)
	}
	writeBilling(w, p.billing.Stats())
	if p.mirror != nil {
		writeMirror(w, p.mirror.Status(), time.Now())
	}
	if p.backup != nil {
		s := p.backup.Status()
		metrics.WriteGaugeFloat64(w, "liveassist_backup_lag_seconds", s.Lag(time.Now()).Seconds())
		counter(w, "liveassist_backup_syncs_total", s.Syncs)
		counter(w, "liveassist_backup_failures_total", s.Failures)
	}
}

// writeStore shows the writer: what waits, and how many writes share a commit.
func writeStore(w io.Writer, s store.Stats) {
	gauge(w, "liveassist_write_queue", s.Queue)
	counter(w, "liveassist_write_batches_total", s.Batches)
	counter(w, "liveassist_writes_total", s.Writes)
	counter(w, "liveassist_write_failures_total", s.Failures)
}

// writeDisk shows what is in the database and how large it is.
func (p *product) writeDisk(ctx context.Context, w io.Writer) {
	if s, err := p.db.Sizes(); err == nil {
		metrics.WriteMetadataIfNeeded(w, "liveassist_sqlite_bytes", "gauge")
		fmt.Fprintf(w, "liveassist_sqlite_bytes{file=\"database\"} %d\nliveassist_sqlite_bytes{file=\"log\"} %d\n", s.Database, s.Log)
	}
	if free, total, err := diskSpace(p.settings.DataDir); err == nil {
		gauge(w, "liveassist_disk_free_bytes", free)
		gauge(w, "liveassist_disk_bytes", total)
	}
	if newest, err := p.db.NewestSeq(ctx); err == nil {
		gauge(w, "liveassist_outbox_newest", newest)
	}
	if oldest, err := p.db.OldestSeq(ctx); err == nil {
		gauge(w, "liveassist_outbox_oldest", oldest)
	}
	if parked, err := p.db.CountParked(ctx); err == nil {
		gauge(w, "liveassist_stripe_events_waiting", parked)
	}
}

// writeBilling shows what became of Stripe's events. missed counts those that only the
// catch-up brought, rejected those without a good signature.
func writeBilling(w io.Writer, s billing.Stats) {
	counter(w, "liveassist_stripe_events_processed_total", s.Processed)
	counter(w, "liveassist_stripe_events_ignored_total", s.Ignored)
	counter(w, "liveassist_stripe_events_parked_total", s.Parked)
	counter(w, "liveassist_stripe_events_duplicate_total", s.Duplicates)
	counter(w, "liveassist_stripe_events_rejected_total", s.Rejected)
	counter(w, "liveassist_stripe_events_failed_total", s.Failed)
	counter(w, "liveassist_stripe_events_missed_total", s.Missed)
}

// writeMirror shows how far MongoDB is behind: in entries of the outbox, and since when.
func writeMirror(w io.Writer, s mirror.Status, now time.Time) {
	gauge(w, "liveassist_mirror_lag", s.Lag)
	behind := 0.0
	if !s.LagSince.IsZero() {
		behind = max(0, now.Sub(s.LagSince).Seconds())
	}
	metrics.WriteGaugeFloat64(w, "liveassist_mirror_lag_seconds", behind)
	connected := 0
	if s.Connected {
		connected = 1
	}
	gauge(w, "liveassist_mirror_connected", connected)
	counter(w, "liveassist_mirror_failures_total", s.Failures)
	counter(w, "liveassist_mirror_copies_total", s.Copies)
	counter(w, "liveassist_mirror_written_total", s.Written)
	counter(w, "liveassist_mirror_deleted_total", s.Deleted)
}

// counter writes a number that only grows.
func counter[N int | int64 | uint64](w io.Writer, name string, n N) {
	metrics.WriteCounterUint64(w, name, uint64(n))
}

// gauge writes a number as it is now; none of them is below zero.
func gauge[N int | int64 | uint64](w io.Writer, name string, n N) {
	metrics.WriteGaugeUint64(w, name, uint64(n))
}
