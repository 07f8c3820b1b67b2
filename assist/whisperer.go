package assist

import (
	"strings"
	"sync"
	"time"
)

// whisperEvery is how often pieces of a reply are sent at the most: a model writes faster
// than anybody reads, and each event costs every open page some work.
const whisperEvery = 40 * time.Millisecond

// whisperer gathers the pieces of a reply: the first is sent at once, the following
// together at intervals.
type whisperer struct {
	send func(string)

	mu      sync.Mutex // guards the following, and orders the calls of send
	pieces  strings.Builder
	timer   *time.Timer // set while an interval runs
	stopped bool
}

// say takes a piece.
func (w *whisperer) say(piece string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || piece == "" {
		return
	}
	w.pieces.WriteString(piece)
	if w.timer == nil {
		w.flush()
	}
}

// flush sends what was gathered and begins an interval. mu is held.
func (w *whisperer) flush() {
	w.send(w.pieces.String())
	w.pieces.Reset()
	w.timer = time.AfterFunc(whisperEvery, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.timer = nil
		if !w.stopped && w.pieces.Len() > 0 {
			w.flush()
		}
	})
}

// stop drops what was not sent: the whole reply comes now.
func (w *whisperer) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	if w.timer != nil {
		w.timer.Stop()
	}
}
