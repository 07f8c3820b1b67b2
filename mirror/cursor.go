package mirror

import (
	"strings"
	"time"
)

// cursorCollection holds the cursor. Dropping it makes the mirror copy everything anew.
const cursorCollection = "liveassist_mirror"

const cursorID = "cursor"

// The states of a cursor.
const (
	stateCopying   = "copying" // a full copy began; until it ends the target may hold anything
	stateFollowing = "following"
)

// cursor says up to where the target is a copy, and of what.
type cursor struct {
	ID       string    `bson:"_id"`
	Database string    `bson:"database"` // Source.Identity
	State    string    `bson:"state"`
	Seq      int64     `bson:"seq"`   // the last entry that was passed on
	Entry    string    `bson:"entry"` // the sign of this entry: tells histories apart
	At       time.Time `bson:"updatedAt"`
}

// history is what the database says when it is asked about a cursor's entry.
type history struct {
	identity       string
	oldest, newest int64
	entry          string // the sign of the cursor's entry
	known          bool   // the entry is still kept
}

// distrust says why the target cannot be followed from c and must be copied; empty where
// it can.
func (c cursor) distrust(h history) string {
	switch {
	case c.ID == "":
		return "the target has no cursor"
	case c.Database != h.identity:
		return "the target is a copy of another database, or its documents have another form"
	case c.State != stateFollowing:
		return "an earlier copy did not finish"
	case c.Seq > h.newest:
		return "the target is ahead of the database, which was restored"
	case c.Seq < h.oldest-1:
		return "the database no longer has the changes that the target misses"
	case h.known && c.Entry != h.entry:
		return "the target has seen another history of the database, which was restored"
	}
	return ""
}

// sign tells an entry from the one that has its number in another history of the database. Both
// may name the same documents, of a person who was active before and after a restore, but at
// another time; and at the same time, where a clock was set back, other documents.
func (e Entry) sign() string {
	parts := make([]string, 1, 1+len(e.Docs))
	parts[0] = e.At.String()
	for _, d := range e.Docs {
		parts = append(parts, d.String())
	}
	return strings.Join(parts, " ")
}
