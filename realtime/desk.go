package realtime

import (
	"fmt"
	"strings"

	"liveassist/domain"
)

// An operator's stream reads two topics with one cursor: his own and the desk's, which all
// operators share. Their numbers come from one outbox, so the cursor serves both. What the
// desk says is passed on only after the database has said that he is an operator still:
// another process may have taken the role, and then nothing more may come.

// JoinDesk lets the streams that a person has open carry the desk's events from now on.
func (h *Hub) JoinDesk(user domain.UserID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[user]
	if t == nil {
		return
	}
	for s := range t.streams {
		s.joinDesk()
	}
}

// joinDesk adds the stream to the desk's. The hub's mu is held.
func (s *stream) joinDesk() {
	s.desk = true
	s.hub.desk.streams[s] = struct{}{}
}

// leaveDesk takes the stream out of the desk's.
func (s *stream) leaveDesk() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.desk = false
	delete(s.hub.desk.streams, s)
}

// findDesk joins the desk with a new stream of an operator.
func (s *stream) findDesk() error {
	operator, err := s.isOperator()
	if err != nil || !operator {
		return err
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.ctx.Err() == nil { // else it may have left, and nobody would take it out again
		s.joinDesk()
	}
	return nil
}

func (s *stream) isOperator() (bool, error) {
	if s.hub.opts.Operator == nil {
		return false, nil
	}
	operator, err := s.hub.opts.Operator(s.ctx, s.topic.user)
	if err != nil {
		return false, fmt.Errorf("look for the role: %w", err)
	}
	return operator, nil
}

// sendAll passes events on and moves the cursor over them.
func (s *stream) sendAll(events []domain.Event) error {
	asked, operator := false, false
	for _, e := range events {
		if strings.HasPrefix(e.Name, domain.DeskPrefix) {
			if !asked {
				var err error
				if operator, err = s.isOperator(); err != nil {
					return err
				}
				asked = true
				if !operator {
					s.leaveDesk()
				}
			}
			if !operator {
				e.Name = "" // only the cursor moves
			}
		}
		s.cursor = e.Seq
		s.send(e.Name, e.Data, false)
	}
	return nil
}

// merge returns two lists of events as one, by their numbers.
func merge(a, b []domain.Event) []domain.Event {
	if len(b) == 0 {
		return a
	}
	all := make([]domain.Event, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].Seq < b[0].Seq {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// mergePages merges two pages from the outbox. Beyond the end of a full page there may be
// more of it, which must not be passed over: there the merged one ends.
func mergePages(a, b []domain.Event) []domain.Event {
	all := merge(a, b)
	for _, page := range [][]domain.Event{a, b} {
		if len(page) < loadPage {
			continue
		}
		end := page[len(page)-1].Seq
		for len(all) > 0 && all[len(all)-1].Seq > end {
			all = all[:len(all)-1]
		}
	}
	return all
}
