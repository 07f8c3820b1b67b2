package realtime

import (
	"fmt"
	"strings"
	"testing"
)

// TestHub_Push: what is handed over without a pump comes once and in order, with pumps, which
// whispers make, before, between and after.
func TestHub_Push(t *testing.T) {
	w := newWorld(t, Options{})
	tab := w.open("a", "")
	tab.line("event: ready")
	const n = 300
	var want []string
	for i := range n {
		data := fmt.Sprintf(`"%d"`, i)
		want = append(want, fmt.Sprintf("id: %d data: %s", w.commit("a", data), data))
		if i%3 == 0 {
			w.hub.Whisper("a", "piece", []byte(`"psst"`))
		}
		if i%7 == 0 {
			w.rest("a")
		}
	}
	w.rest("a")
	w.hub.Whisper("a", "end", []byte(`"end"`))
	var got []string
	for id := ""; ; {
		l := <-tab.lines
		switch {
		case strings.HasPrefix(l, "id: "):
			id = l
		case l == `data: "end"`:
			if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
			return
		case strings.HasPrefix(l, "data: ") && l != `data: "psst"`:
			got = append(got, id+" "+l)
		}
	}
}

// rest waits until a person's streams have all that was committed, and no pump is at work.
func (w *world) rest(user string) {
	w.tb.Helper()
	eventually(w.tb, "the streams to rest", func() bool {
		w.box.mu.Lock()
		last := int64(len(w.box.events))
		w.box.mu.Unlock()
		w.hub.mu.Lock()
		defer w.hub.mu.Unlock()
		if w.hub.newest != last {
			return false
		}
		for _, s := range w.hub.streams {
			if string(s.topic.user) == user && (!s.ready || s.running) {
				return false
			}
		}
		return true
	})
}
