package main

import (
	"fmt"
	"slices"
)

// series is one thing that must stay flat.
type series struct {
	name, unit string
	of         func(sample) float64
	// What the last fifth may have beyond the one from 40 to 60 % of the time: caches are
	// full by then (SQLite's hold up to 96 MB), and a leak is not.
	share, more float64
}

func allSeries() []series {
	return []series{
		{"resident memory", "MB", func(m sample) float64 { return m.rss / 1e6 }, 0.10, 16},
		{"goroutines", "", func(m sample) float64 { return m.goroutines }, 0.01, 50},
		{"open files", "", func(m sample) float64 { return m.files }, 0.01, 50},
		{"write-ahead log", "MB", func(m sample) float64 { return m.wal / 1e6 }, 0.25, 8},
		{"post, median", "ms", func(m sample) float64 { return m.p50 }, 0.5, 2},
		{"post, 99th percentile", "ms", func(m sample) float64 { return m.p99 }, 1, 15},
	}
}

// verdict is what the samples say.
type verdict struct {
	flat  bool
	lines []string
}

// judge compares medians, which one busy second does not move.
func judge(samples []sample, failed []string) verdict {
	v := verdict{flat: true}
	n := len(samples)
	for _, s := range allSeries() {
		middle, last := median(samples[n*2/5:n*3/5], s.of), median(samples[n*4/5:], s.of)
		word := "flat"
		if last > middle*(1+s.share)+s.more {
			v.flat, word = false, "GROWS"
		}
		v.lines = append(v.lines, fmt.Sprintf("%-22s %9.1f -> %9.1f %-2s  %s", s.name, middle, last, s.unit, word))
	}
	if first, last := samples[0].streams, samples[n-1].streams; first != last {
		v.flat = false
		v.lines = append(v.lines, fmt.Sprintf("streams: %.0f at the beginning, %.0f at the end", first, last))
	}
	if len(failed) > 0 {
		v.flat = false
		v.lines = append(v.lines, fmt.Sprintf("%d failures, the first: %s", len(failed), failed[0]))
	}
	return v
}

func median(samples []sample, of func(sample) float64) float64 {
	var list []float64
	for _, m := range samples {
		list = append(list, of(m))
	}
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
