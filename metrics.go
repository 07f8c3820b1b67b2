package main

import (
	"io"
	"net/http"
	"net/http/pprof"

	"github.com/VictoriaMetrics/metrics"

	"liveassist/billing"
	"liveassist/mirror"
	"liveassist/realtime"
	"liveassist/store"
)

// metricsHandler answers /metrics, in Prometheus' text format, and /debug/pprof/.
func metricsHandler(db *store.DB, hub *realtime.Hub, bill *billing.Service, mir *mirror.Mirror) http.Handler {
	metrics.ExposeMetadata(true)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		metrics.WriteProcessMetrics(w)
		metrics.WriteFDMetrics(w)
		writeStore(w, db.Stats())
		metrics.WriteGaugeUint64(w, "liveassist_streams", uint64(hub.Streams())) //nolint:gosec // a count
		writeBilling(w, bill.Stats())
		if mir != nil {
			writeMirror(w, mir.Status())
		}
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}

// writeStore shows the writer: what waits, and how many writes share a commit.
func writeStore(w io.Writer, s store.Stats) {
	metrics.WriteGaugeUint64(w, "liveassist_write_queue", uint64(s.Queue)) //nolint:gosec // a count
	counter(w, "liveassist_write_batches_total", s.Batches)
	counter(w, "liveassist_writes_total", s.Writes)
	counter(w, "liveassist_write_failures_total", s.Failures)
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

// writeMirror shows how far MongoDB is behind, in entries of the outbox.
func writeMirror(w io.Writer, s mirror.Status) {
	metrics.WriteGaugeUint64(w, "liveassist_mirror_lag", uint64(s.Lag)) //nolint:gosec // a count
	var connected uint64
	if s.Connected {
		connected = 1
	}
	metrics.WriteGaugeUint64(w, "liveassist_mirror_connected", connected)
	counter(w, "liveassist_mirror_failures_total", s.Failures)
	counter(w, "liveassist_mirror_written_total", s.Written)
}

// counter writes a number that only grows.
func counter[N int | int64 | uint64](w io.Writer, name string, n N) {
	metrics.WriteCounterUint64(w, name, uint64(n)) //nolint:gosec // a count
}
