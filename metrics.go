package main

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"liveassist/realtime"
	"liveassist/store"
)

// metricsHandler answers /metrics and /debug/pprof/.
func metricsHandler(db *store.DB, hub *realtime.Hub) http.Handler {
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

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}
