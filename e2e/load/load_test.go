package main

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"
)

// TestStream_Next reads events of any length, also those that do not fit into the buffer.
func TestStream_Next(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	s := &stream{lines: bufio.NewReaderSize(strings.NewReader(": comment\n\nid: 1\nevent: ready\ndata: {}\n\nevent: message.created\ndata: "+long+"\n\nevent:short\ndata:a b\n\n"), 64)}
	for _, want := range [][2]string{{"ready", "{}"}, {"message.created", long}, {"short", "a b"}} {
		event, data, err := s.next(nil)
		if err != nil || event != want[0] || string(data) != want[1] {
			t.Errorf("next = %q, %d bytes, %v, want %q, %d bytes", event, len(data), err, want[0], len(want[1]))
		}
	}
	if _, _, err := s.next(nil); err != io.EOF {
		t.Errorf("at the end: %v, want EOF", err)
	}
}

func TestReport_Add(t *testing.T) {
	var out strings.Builder
	r := newReport(&out, time.Unix(0, 0))
	r.add(row{Work: "w", Unit: perSecond, sample: sampled(300, 100, 200), goal: atLeast(201), Others: []against{
		{Name: "slow", sample: sampled(50), goal: atLeast(4)}, {Name: "fast", sample: sampled(400), goal: atLeast(0.6)},
	}})
	if got, want := r.missed(), 2; got != want {
		t.Errorf("missed = %d, want %d", got, want)
	}
	if got := r.Rows[0]; got.Median != 200 || got.Others[0].Ratio != 4 || !*got.Others[0].Met || *got.Others[1].Met {
		t.Errorf("row = %+v", got)
	}
	if got := out.String(); strings.Count(got, "MISSED") != 2 || !strings.Contains(got, ">= 201/s") {
		t.Errorf("table:\n%s", got)
	}
}

func TestNumberOf(t *testing.T) {
	for data, want := range map[string]int64{`{"text":"number 00000042"}`: 42, `{"text":"number 1"}`: -1, `{}`: -1} {
		if got := numberOf([]byte(data)); got != want {
			t.Errorf("numberOf(%s) = %d, want %d", data, got, want)
		}
	}
}
