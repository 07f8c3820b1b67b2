package main

import (
	"context"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/google/uuid"
)

// ledger is what one person has sent and what was answered.
type ledger struct {
	*person
	first event // the first event that they saw

	mu    sync.Mutex
	acked map[string]bool
	open  []string // sent, and never answered
}

// flood posts until the server does not answer any more, from several tabs at once. It
// reports each answer to answered.
func (l *ledger) flood(tabs int, answered chan<- struct{}) {
	var wg sync.WaitGroup
	for range tabs {
		wg.Go(func() {
			for {
				id := uuid.NewString()
				status, err := l.say(context.Background(), id)
				l.mu.Lock()
				if err != nil {
					l.open = append(l.open, id)
					l.mu.Unlock()
					return
				}
				if status == http.StatusCreated {
					l.acked[id] = true
				} else {
					l.tb.Errorf("post: %d", status)
				}
				l.mu.Unlock()
				answered <- struct{}{}
			}
		})
	}
	wg.Wait()
}

// check holds the conversation against the ledger: every acknowledged message is there
// exactly once and unharmed, and nothing that was never sent.
func (l *ledger) check(round int) {
	l.tb.Helper()
	counts := map[string]int{}
	created := ""
	for _, m := range l.mustRead() {
		counts[m.ID]++
		if m.Text != "text of "+m.ID || m.CreatedAt < created {
			l.tb.Errorf("round %d: message %+v after %s", round, m, created)
		}
		created = m.CreatedAt
	}
	for id := range l.acked {
		if counts[id] != 1 {
			l.tb.Errorf("round %d: acknowledged message %s is there %d times", round, id, counts[id])
		}
	}
	if extra := len(counts) - len(l.acked); extra > len(l.open) {
		l.tb.Errorf("round %d: %d messages more than were acknowledged, and %d without an answer", round, extra, len(l.open))
	}
}

// retry sends what was never answered again, as the web app does.
func (l *ledger) retry() {
	l.tb.Helper()
	for _, id := range l.open {
		status, err := l.say(l.tb.Context(), id)
		if err != nil || status != http.StatusCreated && status != http.StatusOK {
			l.tb.Errorf("retry: %d, %v, want 201 or 200", status, err)
		}
		l.acked[id] = true
	}
	l.open = nil
}

// replay opens the event stream where the person's first one began, and holds what it says
// against the ledger.
func (l *ledger) replay() {
	l.tb.Helper()
	s := l.mustStream(l.first.id)
	s.mustNext("ready")
	end := l.mustSay()
	seen := map[string]int{}
	last := mustNumber(l.tb, l.first.id)
	for {
		e := s.mustNext("message.created")
		if id := mustNumber(l.tb, e.id); id <= last {
			l.tb.Errorf("event %d after %d", id, last)
		} else {
			last = id
		}
		_, rest, _ := strings.Cut(e.data, `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		if id == end {
			break
		}
		seen[id]++
	}
	for id := range l.acked {
		if seen[id] != 1 {
			l.tb.Errorf("message %s was announced %d times", id, seen[id])
		}
	}
	if len(seen) != len(l.acked) {
		l.tb.Errorf("%d messages were announced, and %d are acknowledged", len(seen), len(l.acked))
	}
}

func mustNumber(tb testing.TB, s string) int64 {
	tb.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// TestCrash kills the server under load, again and again: every acknowledged message is
// there afterwards, once, a retry of the others doubles nothing, and the event stream tells
// all of it to a page that was away the whole time.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RATE_LIMIT=off", "ASSIST=off"}
	p := mustStart(t, dir, env...)
	var people []*ledger
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		l := &ledger{person: mustRegister(p, email), acked: map[string]bool{}}
		l.first = l.mustStream("").mustNext("ready")
		people = append(people, l)
	}
	for round := range 3 {
		answered := make(chan struct{})
		var wg sync.WaitGroup
		for _, l := range people {
			l.moveTo(p)
			wg.Go(func() { l.flood(4, answered) })
		}
		for range 100 + 37*round { // another moment each time
			<-answered
		}
		killed := make(chan struct{})
		go func() { p.kill(); close(killed) }()
		go func() { wg.Wait(); close(answered) }()
		for range answered { // what still comes in
		}
		<-killed
		p = mustStart(t, dir, env...)
		for _, l := range people {
			l.moveTo(p)
			l.check(round)
		}
		for _, l := range people {
			l.retry()
			l.check(round)
		}
	}
	for _, l := range people {
		l.replay()
		if len(l.acked) < 50 {
			t.Errorf("only %d messages were acknowledged: the load is no load", len(l.acked))
		}
	}
	p.mustStop()
}

// limitFiles sets how large a file the process may write; 0 takes the limit away.
func limitFiles(tb testing.TB, pid int, size uint64) {
	tb.Helper()
	limit := syscall.Rlimit{Cur: size, Max: ^uint64(0)}
	if size == 0 {
		limit.Cur = ^uint64(0)
	}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		tb.Fatalf("prlimit: %v", errno)
	}
}

// TestFullDisk: where no byte more fits, posts are answered with an error that says so,
// nothing acknowledged is lost, reading goes on, and so does writing when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := mustStartCommand(t, exec.Command(binary), "DATA_DIR="+dir, "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "ASSIST=off")
	v := mustRegister(p, "a@example.com")
	acked := map[string]bool{}
	for range 5 {
		acked[v.mustSay()] = true
	}
	limitFiles(t, p.cmd.Process.Pid, 512<<10)
	long := strings.Repeat("The tap drips. ", 500)
	refused := 0
	for i := 0; refused < 5; i++ {
		if i > 500 {
			t.Fatal("500 posts fit below the limit")
		}
		id := uuid.NewString()
		status, answer, err := v.call(t.Context(), http.MethodPost, v.messagesPath(), map[string]string{"id": id, "text": long})
		switch {
		case err != nil:
			t.Fatal(err)
		case status == http.StatusCreated && refused == 0:
			acked[id] = true
		case status == http.StatusInternalServerError && strings.Contains(string(answer), "out of space"):
			refused++
		default:
			t.Fatalf("post: %d %s", status, answer)
		}
	}
	assert := func(when string) {
		t.Helper()
		said := v.mustRead()
		for _, m := range said {
			if !acked[m.ID] {
				t.Errorf("%s: message %s was refused and is there", when, m.ID)
			}
		}
		if len(said) != len(acked) {
			t.Errorf("%s: %d messages, want %d", when, len(said), len(acked))
		}
	}
	assert("full")
	time.Sleep(1100 * time.Millisecond) // an answer of /readyz stands for a second
	v.must(http.StatusServiceUnavailable, http.MethodGet, "/readyz", nil, nil)
	v.must(http.StatusOK, http.MethodGet, "/healthz", nil, nil)
	limitFiles(t, p.cmd.Process.Pid, 0)
	acked[v.mustSay()] = true
	assert("room again")
	p.kill()
	p = mustStart(t, dir)
	v.moveTo(p)
	assert("after a crash")
	p.mustStop()
}
