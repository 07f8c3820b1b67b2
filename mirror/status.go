package mirror

import (
	"sync"
	"time"
)

// Status says how a mirror does.
type Status struct {
	Connected bool // the target was brought on, and nothing failed since
	// Lag is how many entries the target misses; all of them until the target's cursor is known.
	Lag      int64
	LagSince time.Time // the first of them did not come before; zero without a lag
	Seq      int64     // the last entry that was passed on
	// Problem says what is wrong, in words that may be shown; LastError is the whole error of
	// the last failure, for the log. Problem is empty while Connected; LastError stays.
	Problem     string
	LastError   string
	LastErrorAt time.Time
	// Counters that only grow.
	Failures int64 // sessions that ended in an error
	Copies   int64 // full copies
	Written  int64 // documents put into the target
	Deleted  int64 // documents deleted from it
}

// health is what the mirror knows about itself.
type health struct {
	mu sync.Mutex // guards all below
	s  Status

	newest   int64     // the highest entry that is known to be on disk
	markSeq  int64     // the entries up to this one were there at markTime:
	markTime time.Time // what follows them is younger

	row       int                  // failures, none of them long after the one before
	everWell  bool                 // the target was brought on at least once
	downSince time.Time            // the first failure since it was
	tries     int                  // the failures since then
	told      map[string]time.Time // when each reason was logged
	telling   bool                 // the log has one of tries
}

func (h *health) status() Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.s
	s.Lag = max(0, h.newest-s.Seq)
	return s
}

// exists notes that the entry newest is on disk.
func (h *health) exists(newest int64, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if newest <= h.newest {
		return
	}
	if h.newest <= h.s.Seq { // was level until now
		h.s.LagSince = now
		h.markSeq, h.markTime = newest, now
	}
	h.newest = newest
	h.level(now)
}

// reached notes that the target has everything up to the entry seq.
func (h *health) reached(seq int64, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.s.Seq = seq
	h.level(now)
}

// level brings LagSince up to date.
func (h *health) level(now time.Time) {
	switch {
	case h.s.Seq >= h.newest:
		h.s.LagSince = time.Time{}
	case h.s.Seq >= h.markSeq:
		h.s.LagSince = h.markTime
		h.markSeq, h.markTime = h.newest, now
	}
}

// wrote counts documents.
func (h *health) wrote(written, deleted int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.s.Written += int64(written)
	h.s.Deleted += int64(deleted)
}

// copied counts a full copy.
func (h *health) copied() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.s.Copies++
}

// failed notes a failure. It returns which one in a row it is, and whether to log it.
func (h *health) failed(reason, text string, now time.Time) (row int, tell bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.s.Connected && now.Sub(h.s.LastErrorAt) > calmAfter {
		h.row = 0
	}
	if h.tries == 0 {
		h.downSince = now
	}
	h.row++
	h.tries++
	h.s.Connected = false
	h.s.Failures++
	h.s.Problem, h.s.LastError, h.s.LastErrorAt = reason, text, now
	if at, ok := h.told[reason]; ok && now.Sub(at) < repeatEvery {
		return h.row, false
	}
	if h.told == nil {
		h.told = map[string]time.Time{}
	}
	h.told[reason] = now
	h.telling = true
	return h.row, true
}

// works notes that the target was brought on. Where that ends failures of which the log
// has one, failures is their number and down how long they took; first is true once.
func (h *health) works(now time.Time) (first bool, failures int, down time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.s.Connected {
		return false, 0, 0
	}
	if h.telling {
		failures, down = h.tries, now.Sub(h.downSince)
	}
	first = !h.everWell
	h.everWell, h.tries, h.telling = true, 0, false
	h.s.Connected, h.s.Problem = true, ""
	return first, failures, down
}
