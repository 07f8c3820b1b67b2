package main

import (
	"strings"
	"testing"
	"time"
)

func TestHistogram_Write(t *testing.T) {
	h := newDurations("x_seconds", `route="/a"`, time.Millisecond, 2*time.Second)
	for _, d := range []time.Duration{0, time.Millisecond, time.Millisecond + 1, time.Minute} {
		h.took(d)
	}
	var b strings.Builder
	family(&b, h)
	for _, want := range []string{
		`x_seconds_bucket{route="/a",le="0.001"} 2` + "\n", `x_seconds_bucket{route="/a",le="2"} 3` + "\n",
		`x_seconds_bucket{route="/a",le="+Inf"} 4` + "\n", `x_seconds_count{route="/a"} 4` + "\n", `x_seconds_sum{route="/a"} 60.002`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	plain := newHistogram("x", "", 1, []int64{1, 4})
	plain.add(5)
	b.Reset()
	plain.write(&b)
	if want := "x_bucket{le=\"1\"} 0\nx_bucket{le=\"4\"} 0\nx_bucket{le=\"+Inf\"} 1\nx_sum 5\nx_count 1\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if n := testing.AllocsPerRun(100, func() { h.took(time.Second) }); n != 0 {
		t.Errorf("a value costs %v allocations", n)
	}
}

func TestMeters_RouteAllocs(t *testing.T) {
	told := newMeters().route("GET", "/a")
	if n := testing.AllocsPerRun(100, func() { told(200, time.Millisecond) }); n != 0 {
		t.Errorf("an answer costs %v allocations", n)
	}
}
