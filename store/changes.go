package store

import (
	"hash/maphash"
	"sync/atomic"

	"liveassist/domain"
)

// changes counts what changed for people, so that somebody who keeps what was read can
// tell whether it still holds. Several people share a counter: a change of one then only
// looks like a change of another.
type changes struct {
	seed   maphash.Seed
	counts *[1 << 12]atomic.Uint64
}

func newChanges() changes {
	return changes{seed: maphash.MakeSeed(), counts: new([1 << 12]atomic.Uint64)}
}

func (v *changes) of(user domain.UserID) *atomic.Uint64 {
	return &v.counts[maphash.String(v.seed, string(user))%uint64(len(v.counts))]
}

// bump counts what is on disk now. It comes after the commit, so that who asks for the
// version and then reads, reads no less than the version says; and before the callers are
// answered, so that nobody who was told of a write is shown the time before it.
func (v *changes) bump(entries []Entry) {
	for i := range entries {
		v.of(entries[i].User).Add(1)
	}
}

// Version returns a number that changes with everything that is announced to a person or
// named as changed for them. What was read after it was asked for holds while it stays.
func (db *DB) Version(user domain.UserID) uint64 { return db.writer.changes.of(user).Load() }
