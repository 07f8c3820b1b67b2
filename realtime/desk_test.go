package realtime

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"liveassist/domain"
)

func numbered(seqs ...int64) []domain.Event {
	var list []domain.Event
	for _, n := range seqs {
		list = append(list, domain.Event{Seq: n})
	}
	return list
}

func seqsOf(list []domain.Event) []int64 {
	var seqs []int64
	for _, e := range list {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ a, b, want []int64 }{
		{nil, nil, nil},
		{[]int64{1, 3}, nil, []int64{1, 3}},
		{nil, []int64{2}, []int64{2}},
		{[]int64{1, 4, 5}, []int64{2, 3, 9}, []int64{1, 2, 3, 4, 5, 9}},
	} {
		if got := seqsOf(merge(numbered(c.a...), numbered(c.b...))); !slices.Equal(got, c.want) {
			t.Errorf("merge(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// TestMergePages_Full: what lies beyond a full page is read again, or what the page lacks
// would be passed over.
func TestMergePages_Full(t *testing.T) {
	var full []int64
	for n := range int64(loadPage) {
		full = append(full, 2*n+2) // 2 to 512
	}
	got := seqsOf(mergePages(numbered(full...), numbered(1, 7, 511, 513, 900)))
	if n := len(got); n != loadPage+3 || got[n-1] != 512 || !slices.IsSorted(got) {
		t.Errorf("%d events up to %d, want %d up to 512", n, got[n-1], loadPage+3)
	}
	if got := seqsOf(mergePages(numbered(513, 900), numbered(full...))); got[len(got)-1] != 512 {
		t.Errorf("the other way round: up to %d, want 512", got[len(got)-1])
	}
}

// TestHub_DeskGap: an operator who comes back after more than a page of both kinds gets all
// of it, in order; another person gets nothing of the desk's.
func TestHub_DeskGap(t *testing.T) {
	var operators atomic.Bool
	operators.Store(true)
	w := newWorld(t, Options{Operator: func(_ context.Context, user domain.UserID) (bool, error) {
		return user == "op" && operators.Load(), nil
	}})
	const n = loadPage + 50
	for i := range n {
		w.commit("op", fmt.Sprintf(`"own %d"`, i))
		w.commitNamed(domain.DeskUser, domain.EventInboxUpdated, fmt.Sprintf(`"desk %d"`, i))
	}
	tab, other := w.open("op", "0"), w.open("a", "0")
	for i := range n {
		if got, want := tab.line("data: \"")+tab.line("data: \""), fmt.Sprintf(`data: "own %d"data: "desk %d"`, i, i); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	w.commit("a", `"hers"`)
	if got := other.line(`data: "`); got != `data: "hers"` {
		t.Errorf("another person got %s", got)
	}
	operators.Store(false)
	w.commitNamed(domain.DeskUser, domain.EventInboxUpdated, `"too late"`)
	w.rest("op") // it has left the desk, and follows closely
	w.commitNamed("op", domain.EventInboxMessage, `"a text too late"`)
	w.commit("op", `"own"`)
	if got := tab.line(`data: "`); got != `data: "own"` {
		t.Errorf("after the role was taken: %s", got)
	}
	w.hub.mu.Lock()
	left := len(w.hub.desk.streams)
	w.hub.mu.Unlock()
	if left != 0 {
		t.Errorf("%d streams at the desk, want none", left)
	}
}

// TestHub_DeskLeaves: a stream that ends is forgotten at the desk too.
func TestHub_DeskLeaves(t *testing.T) {
	w := newWorld(t, Options{Operator: func(context.Context, domain.UserID) (bool, error) { return true, nil }})
	tab := w.open("op", "")
	tab.line("event: ready")
	w.commitNamed(domain.DeskUser, domain.EventInboxUpdated, `"x"`)
	tab.line(`data: "x"`)
	tab.cancel()
	eventually(t, "the stream to be gone", func() bool {
		w.hub.mu.Lock()
		defer w.hub.mu.Unlock()
		return len(w.hub.streams) == 0 && len(w.hub.desk.streams) == 0
	})
}
