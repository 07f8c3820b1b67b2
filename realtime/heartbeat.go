package realtime

import (
	"time"

	"github.com/r3labs/sse/v2"
)

// turns is into how many parts the streams are split for their heartbeat, so that ten
// thousand of them are not written to in the same instant.
const turns = 40

// keepAlive sends the comments and ends streams that have reached their age.
func (h *Hub) keepAlive() {
	tick := time.NewTicker(h.opts.Heartbeat / turns)
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
