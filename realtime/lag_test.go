package realtime

import (
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

// TestHub_Lag: what is committed and not handed over yet is not sent from the outbox: its
// number would be one that the hub does not know when the client comes back with it.
func TestHub_Lag(t *testing.T) {
	w := newWorld(t, Options{})
	for _, data := range []string{`"1"`, `"2"`, `"3"`} {
		w.commit("a", data)
	}
	late := domain.Event{Seq: 4, User: "a", Name: "thing", Data: []byte(`"4"`)}
	w.box.mu.Lock()
	w.box.events = append(w.box.events, late)
	w.box.mu.Unlock()
	for range 100 { // until the hub has been told of the third
		w.hub.mu.Lock()
		newest := w.hub.newest
		w.hub.mu.Unlock()
		if newest == 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	tab := w.open("a", "1")
	tab.line(`data: "2"`)
	tab.line(`data: "3"`)
	quiet := time.After(200 * time.Millisecond)
	for waiting := true; waiting; {
		select {
		case l := <-tab.lines:
			if strings.HasPrefix(l, "data: ") {
				t.Errorf("%s came before the hub was told of it", l)
			}
		case <-quiet:
			waiting = false
		}
	}
	w.hub.Publish([]domain.Event{late})
	tab.line(`data: "4"`)
}
