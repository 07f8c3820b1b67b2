package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestPageCache_ReadYourWrites: a page is never older than what its reader was told, while
// others read the same page all the time.
func TestPageCache_ReadYourWrites(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session + "/messages?limit=3"
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !stop.Load() {
				p.get(path)
			}
		})
	}
	for i := range 150 {
		text := fmt.Sprintf("message %d.", i)
		p.say(session, text).wants(201, "post")
		if got := p.get(path).body; !strings.Contains(string(got), text) {
			t.Errorf("after %q was stored: %s", text, got)
			break
		}
	}
	stop.Store(true)
	readers.Wait()
}

// TestPageCache_Owner: what is kept of one person's conversation is nobody else's.
func TestPageCache_Owner(t *testing.T) {
	s := newServer(t)
	p, other := s.person(), s.person()
	session := p.session()
	path := "/api/liveassist/sessions/" + session + "/messages"
	p.say(session, "mine").wants(201, "post")
	for range 2 {
		p.get(path).wants(200, "my messages")
		other.get(path).wants(404, "another's messages")
	}
}
