package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// histogram counts values in fixed buckets, as Prometheus' text format wants them. It takes
// no lock and no memory when a value comes: it sits on the way of every request.
type histogram struct {
	name   string // the family
	labels string // label="value",... or empty
	unit   float64
	bounds []int64         // the upper ones, growing
	counts []atomic.Uint64 // one more than bounds: what is above all of them
	sum    atomic.Int64
}

// newHistogram makes a histogram. Values and bounds are whole numbers; shown they are
// divided by unit.
func newHistogram(name, labels string, unit float64, bounds []int64) *histogram {
	return &histogram{name: name, labels: labels, unit: unit, bounds: bounds, counts: make([]atomic.Uint64, len(bounds)+1)}
}

// newDurations makes a histogram of durations, shown in seconds.
func newDurations(name, labels string, bounds ...time.Duration) *histogram {
	whole := make([]int64, len(bounds))
	for i, b := range bounds {
		whole[i] = int64(b)
	}
	return newHistogram(name, labels, float64(time.Second), whole)
}

// add counts a value.
func (h *histogram) add(v int64) {
	i, _ := slices.BinarySearch(h.bounds, v) // a value that equals a bound is within it
	h.counts[i].Add(1)
	h.sum.Add(v)
}

// took counts a duration.
func (h *histogram) took(d time.Duration) { h.add(int64(d)) }

// write shows the buckets, each with what is in those below it.
func (h *histogram) write(w io.Writer) {
	label := func(le string) string {
		return "{" + strings.TrimPrefix(h.labels+`,le="`+le+`"`, ",") + "}"
	}
	var total uint64
	for i := range h.counts {
		total += h.counts[i].Load()
		le := "+Inf"
		if i < len(h.bounds) {
			le = strconv.FormatFloat(float64(h.bounds[i])/h.unit, 'g', -1, 64)
		}
		fmt.Fprintf(w, "%s_bucket%s %d\n", h.name, label(le), total)
	}
	around := ""
	if h.labels != "" {
		around = "{" + h.labels + "}"
	}
	fmt.Fprintf(w, "%s_sum%s %g\n%s_count%s %d\n", h.name, around, float64(h.sum.Load())/h.unit, h.name, around, total)
}

// used reports whether anything was counted.
func (h *histogram) used() bool {
	for i := range h.counts {
		if h.counts[i].Load() > 0 {
			return true
		}
	}
	return false
}

// family shows the histograms of one name.
func family(w io.Writer, list ...*histogram) {
	if len(list) > 0 {
		metrics.WriteMetadataIfNeeded(w, list[0].name, "histogram")
	}
	for _, h := range list {
		h.write(w)
	}
}
