package main

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"liveassist/billing"
	"liveassist/mirror"
	"liveassist/realtime"
	"liveassist/store"
)

// metricsHandler answers /metrics and /debug/pprof/.
func metricsHandler(db *store.DB, hub *realtime.Hub, bill *billing.Service, mir *mirror.Mirror) http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
	counter := func(name, help string, f func() float64) {
		reg.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, f))
	}
	gauge("liveassist_streams", "Open event streams.", func() float64 { return float64(hub.Streams()) })
	gauge("liveassist_write_queue", "Writes that wait for the writer.", func() float64 { return float64(db.Stats().Queue) })
	counter("liveassist_write_batches_total", "Commits that were tried.", func() float64 { return float64(db.Stats().Batches) })
	counter("liveassist_writes_total", "Writes within the commits.", func() float64 { return float64(db.Stats().Writes) })
	counter("liveassist_write_failures_total", "Commits that failed as a whole.", func() float64 { return float64(db.Stats().Failures) })
	stripeEvent := func(name, help string, n func(billing.Stats) int64) {
		counter("liveassist_stripe_events_"+name+"_total", help, func() float64 { return float64(n(bill.Stats())) })
	}
	stripeEvent("processed", "Stripe events that had an effect.", func(s billing.Stats) int64 { return s.Processed })
	stripeEvent("ignored", "Stripe events that are not for this server.", func(s billing.Stats) int64 { return s.Ignored })
	stripeEvent("parked", "Stripe events of which nothing could be made yet.", func(s billing.Stats) int64 { return s.Parked })
	stripeEvent("duplicate", "Deliveries of Stripe events that were settled already.", func(s billing.Stats) int64 { return s.Duplicates })
	stripeEvent("rejected", "Deliveries without a good signature or without an event.", func(s billing.Stats) int64 { return s.Rejected })
	stripeEvent("failed", "Deliveries that could not be stored.", func(s billing.Stats) int64 { return s.Failed })
	stripeEvent("missed", "Stripe events that only the catch-up brought.", func(s billing.Stats) int64 { return s.Missed })
	if mir != nil {
		gauge("liveassist_mirror_lag", "Outbox entries that the mirror misses.", func() float64 { return float64(mir.Status().Lag) })
		gauge("liveassist_mirror_connected", "1 while the mirror follows.", func() float64 {
			if mir.Status().Connected {
				return 1
			}
			return 0
		})
		counter("liveassist_mirror_failures_total", "Failures of the mirror.", func() float64 { return float64(mir.Status().Failures) })
		counter("liveassist_mirror_written_total", "Documents that the mirror wrote.", func() float64 { return float64(mir.Status().Written) })
	}

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}
