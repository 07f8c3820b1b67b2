package account

import (
	"fmt"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"liveassist/store"
)

// maxSeen is how many logins are remembered, at about 150 bytes each.
const maxSeen = 20_000

// seen remembers logins that were looked up, so that a request costs no query. Only this
// process ends logins, and it tells seen: an ended login stays remembered as ended, so that
// a look-up that began before its end cannot bring it back.
type seen struct {
	// mu makes looking and writing one step where a login is prolonged or ended.
	mu     sync.Mutex
	logins *lru.Cache[store.TokenHash, login]
}

type login struct {
	store.Login
	ended bool
}

func newSeen() (*seen, error) {
	c, err := lru.New[store.TokenHash, login](maxSeen)
	if err != nil {
		return nil, fmt.Errorf("remember logins: %w", err)
	}
	return &seen{logins: c}, nil
}

// get returns a login that is remembered.
func (s *seen) get(token store.TokenHash) (l login, ok bool) { return s.logins.Get(token) }

// add remembers a login, unless it is known to have ended; it returns what is known now.
func (s *seen) add(l store.Login) login {
	l2 := login{Login: l}
	if old, ok, _ := s.logins.PeekOrAdd(l.Token, l2); ok && old.ended {
		return old
	}
	return l2
}

// extend notes a new expiry.
func (s *seen) extend(l store.Login) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.logins.Peek(l.Token); !ok || !old.ended {
		s.logins.Add(l.Token, login{Login: l})
	}
}

// end notes that a login is over.
func (s *seen) end(l store.Login) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins.Add(l.Token, login{Login: l, ended: true})
}

// forget lets the next look-up ask the database again.
func (s *seen) forget(token store.TokenHash) { s.logins.Remove(token) }
