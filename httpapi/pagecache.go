package httpapi

import (
	lru "github.com/hashicorp/golang-lru/v2"

	"liveassist/domain"
)

// A page of messages is kept where it is at most this large; 16 MiB in all.
const (
	maxPages     = 512
	maxPageBytes = 32 << 10
)

// pageKey names what was asked for, and by whom.
type pageKey struct {
	user    domain.UserID
	session domain.SessionID
	before  domain.MessageID
	limit   int
}

// pageCache keeps answers to "which messages has this conversation": every open tab asks
// when it comes back, and mostly nothing has changed.
type pageCache struct {
	version func(domain.UserID) uint64
	pages   *lru.Cache[pageKey, cachedPage]
	asked   func(kept bool) // may be nil
}

// cachedPage holds as long as the version of its person stays.
type cachedPage struct {
	version uint64
	body    []byte
}

func newPageCache(version func(domain.UserID) uint64, asked func(kept bool)) *pageCache {
	pages, err := lru.New[pageKey, cachedPage](maxPages)
	if err != nil {
		panic(err) // for a size below one alone
	}
	return &pageCache{version: version, pages: pages, asked: asked}
}

// get returns the answer for k as JSON, and reads where none is kept that still holds. The
// bytes are shared: nobody changes them.
func (c *pageCache) get(k pageKey, read func() ([]domain.Message, error)) ([]byte, error) {
	version := c.version(k.user) // before the read: a change meanwhile makes the entry old, never wrong
	p, ok := c.pages.Get(k)
	kept := ok && p.version == version
	if c.asked != nil {
		c.asked(kept)
	}
	if kept {
		return p.body, nil
	}
	list, err := read()
	if err != nil {
		return nil, err
	}
	body := domain.AppendMessagesJSON(nil, list)
	if len(body) <= maxPageBytes {
		c.pages.Add(k, cachedPage{version, body})
	}
	return body, nil
}
