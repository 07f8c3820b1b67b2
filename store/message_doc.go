package store

import (
	"fmt"
	"strconv"

	"liveassist/domain"
)

// A message's document has an _id that is made of its row's number and time: a UUID of version
// 7 (RFC 9562, section 5.7) with the number where others have random bits. So it needs no place
// in the row and no index, each of which costs every message. A number that is given again, of a
// message that was deleted, comes with another time.
const (
	messageDocForm = `%08x-%04x-7000-8000-%012x`
	messageDocID   = `printf('` + messageDocForm + `', created_at >> 16, created_at & 65535, seq)`
)

// messageDoc names the document of the message with the number seq.
func messageDoc(seq int64, at domain.Timestamp) domain.DocRef {
	ms := int64(at)
	return domain.DocRef{Collection: CollMessages, ID: fmt.Sprintf(messageDocForm, ms>>16, ms&65535, seq)}
}

// messageKey returns the number in the _id of a message's document; 0, which no message has,
// where there is none.
func messageKey(docID string) any {
	const before = len("00000000-0000-7000-8000-")
	if len(docID) <= before {
		return int64(0)
	}
	seq, err := strconv.ParseInt(docID[before:], 16, 64)
	if err != nil {
		return int64(0)
	}
	return seq
}
