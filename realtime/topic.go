package realtime

import (
	"strings"

	"liveassist/domain"
)

// What a topic keeps in memory for streams that follow closely; a slower one reads the
// outbox.
const (
	maxRecent      = 256
	maxRecentBytes = 512 << 10
)

// topic is what one person's open streams share. The hub's mu guards it.
type topic struct {
	user    domain.UserID
	streams map[*stream]struct{}
	recent  []domain.Event // all events numbered above floor
	bytes   int            // of the data in recent
	floor   int64
	last    int64 // the newest event's number
}

func (t *topic) append(e domain.Event) {
	t.recent = append(t.recent, e)
	t.bytes += len(e.Data)
	t.last = e.Seq
	drop := 0
	for len(t.recent)-drop > maxRecent || t.bytes > maxRecentBytes && drop < len(t.recent) {
		t.floor = t.recent[drop].Seq
		t.bytes -= len(t.recent[drop].Data)
		t.recent[drop] = domain.Event{} // let go of the data
		drop++
	}
	t.recent = t.recent[drop:]
}

// after returns the events above cursor; ok is false where memory does not reach back so far.
func (t *topic) after(cursor int64) (events []domain.Event, ok bool) {
	if cursor < t.floor {
		return nil, false
	}
	i := len(t.recent)
	for i > 0 && t.recent[i-1].Seq > cursor {
		i--
	}
	// A copy: append moves and clears the slice's elements.
	return append(events, t.recent[i:]...), true
}

// deliver keeps a new event and tells the streams: those that follow closely have it at
// once, the others are woken and read on by themselves. The hub's mu is held.
func (t *topic) deliver(e domain.Event) {
	before := t.last
	t.append(e)
	if len(t.streams) == 0 {
		return
	}
	// What only operators may see is never pushed: the role is asked before (sendAll).
	direct := !strings.HasPrefix(e.Name, domain.DeskPrefix)
	shared := frame(e.Seq, e.Name, e.Data)
	for s := range t.streams {
		if !direct || !s.push(shared, before, e.Seq) {
			s.wake()
		}
	}
}
