package realtime

import (
	"time"

	"github.com/r3labs/sse/v2"
)

// Each stream gets a comment every heartbeat, in turns, so that ten thousand of them are
// not written to in the same instant. Proxies drop a stream after a minute of silence.
const (
	heartbeat = 10 * time.Second
	turns     = 40
)

// keepAlive sends the comments and ends streams that have reached their age.
func (h *Hub) keepAlive() {
	tick := time.NewTicker(heartbeat / turns)
	defer tick.Stop()
	comment := &sse.Event{Comment: []byte("alive")}
	for turn := 0; ; turn = (turn + 1) % turns {
		select {
		case <-h.stop:
			return
		case <-tick.C:
		}
		now := h.opts.Clock()
		h.mu.Lock()
		for id, s := range h.streams {
			if int(id[0])%turns != turn {
				continue
			}
			if now.After(s.ends) {
				s.end()
				continue
			}
			// Never waits: where the queue is full, there is something to write anyhow.
			h.sse.TryPublish(id, comment)
		}
		h.mu.Unlock()
	}
}
