package realtime

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

// outbox is a small outbox in memory, with the behaviour that a Hub asks of the store.
type outbox struct {
	mu     sync.Mutex
	events []domain.Event
	oldest int64
	fail   error
	loads  int
}

func (o *outbox) load(_ context.Context, user domain.UserID, after int64, limit int) ([]domain.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.loads++
	if o.fail != nil {
		return nil, o.fail
	}
	var list []domain.Event
	for _, e := range o.events {
		if e.User == user && e.Seq > after && e.Name != "" && len(list) < limit {
			list = append(list, e)
		}
	}
	return list, nil
}

func (o *outbox) first(context.Context) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return max(o.oldest, 1), nil
}

// world is a hub behind a real listener.
type world struct {
	tb  testing.TB
	box *outbox
	hub *Hub
	srv *httptest.Server
}

func newWorld(tb testing.TB, opts Options) *world {
	tb.Helper()
	w := &world{tb: tb, box: &outbox{}}
	opts.Load, opts.Oldest, opts.Clock = w.box.load, w.box.first, time.Now
	opts.Log = slog.New(slog.DiscardHandler)
	w.hub = NewHub(opts)
	w.srv = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		after, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
		err = w.hub.Serve(rw, r, &Caller{
			User: domain.UserID(r.URL.Query().Get("user")), After: after, Resume: err == nil,
			Hello: func(context.Context) ([]byte, error) { return []byte(`{"hello":true}`), nil },
		})
		if err != nil {
			http.Error(rw, err.Error(), http.StatusTooManyRequests)
		}
	}))
	tb.Cleanup(func() {
		w.hub.Close()
		w.srv.Close()
	})
	return w
}

// commit stores an event and tells the hub.
func (w *world) commit(user domain.UserID, data string) int64 {
	return w.commitNamed(user, "thing", data)
}

// commitNamed stores an event of any name and tells the hub.
func (w *world) commitNamed(user domain.UserID, name, data string) int64 {
	w.box.mu.Lock()
	seq := int64(len(w.box.events) + 1)
	e := domain.Event{Seq: seq, User: user, Name: name, Data: []byte(data)}
	w.box.events = append(w.box.events, e)
	w.box.mu.Unlock()
	w.hub.Publish([]domain.Event{e})
	return seq
}

type tab struct {
	tb     testing.TB
	status int
	lines  chan string
	cancel context.CancelFunc
}

func (w *world) open(user, last string) *tab {
	w.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.srv.URL+"/?user="+user, nil)
	if err != nil {
		w.tb.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.tb.Fatal(err)
	}
	t := &tab{tb: w.tb, status: resp.StatusCode, lines: make(chan string, 100000), cancel: cancel}
	w.tb.Cleanup(cancel)
	go func() {
		defer close(t.lines)
		defer func() { _ = resp.Body.Close() }()
		sc := bufio.NewScanner(resp.Body)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			t.lines <- sc.Text()
		}
	}()
	return t
}

// line waits for a line that begins with prefix.
func (t *tab) line(prefix string) string {
	t.tb.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case l, ok := <-t.lines:
			if !ok {
				t.tb.Fatalf("stream ended before %q", prefix)
			}
			if strings.HasPrefix(l, prefix) {
				return l
			}
		case <-limit:
			t.tb.Fatalf("no line %q within 10 s", prefix)
		}
	}
}

func (t *tab) ended() {
	t.tb.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case _, ok := <-t.lines:
			if !ok {
				return
			}
		case <-limit:
			t.tb.Fatal("stream still open after 10 s")
		}
	}
}

func TestHub_Heartbeat(t *testing.T) {
	w := newWorld(t, Options{Heartbeat: 200 * time.Millisecond})
	tab := w.open("a", "")
	tab.line("event: ready")
	tab.line(": ")
	tab.line(": ")
}

func TestHub_Whisper(t *testing.T) {
	w := newWorld(t, Options{})
	tab, other := w.open("a", ""), w.open("b", "")
	tab.line("event: ready")
	other.line("event: ready")
	seq := w.commit("a", `"kept"`)
	tab.line(`data: "kept"`)
	w.hub.Whisper("a", "piece", []byte(`"whispered"`))
	if id := tab.line("id: "); id != fmt.Sprintf("id: %d", seq) {
		t.Errorf("a whisper has %q, want the id served up to, %d", id, seq)
	}
	tab.line(`data: "whispered"`)
	w.commit("b", `"mine"`)
	if got := other.line("data: "); got != `data: "mine"` {
		t.Errorf("another person got %s", got)
	}
}

// TestHub_DeadTab: a tab that never reads delays nobody, costs little, and is cut off.
func TestHub_DeadTab(t *testing.T) {
	w := newWorld(t, Options{WriteTimeout: 500 * time.Millisecond})
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", w.srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the server has gone by then
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET /?user=a HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	live := w.open("a", "")
	live.line("event: ready")
	eventually(t, "two streams", func() bool { return w.hub.Streams() == 2 })

	big := `"` + strings.Repeat("x", 3000) + `"`
	const n = 4000 // 12 MB: more than the kernel buffers for one connection
	start := time.Now()
	for range n {
		w.commit("a", big)
	}
	took := time.Since(start)
	for range n {
		live.line("data: " + big[:10])
	}
	if took > 5*time.Second {
		t.Errorf("publishing took %v with a dead tab", took)
	}
	w.hub.mu.Lock()
	kept := w.hub.topics["a"].bytes
	w.hub.mu.Unlock()
	if kept > maxRecentBytes {
		t.Errorf("%d bytes kept in memory, want at most %d", kept, maxRecentBytes)
	}
	eventually(t, "the dead tab to be cut", func() bool { return w.hub.Streams() == 1 })
}

func TestHub_LoadFailure(t *testing.T) {
	w := newWorld(t, Options{})
	for range 3 {
		w.commit("a", `1`)
	}
	eventually(t, "delivery", func() bool { w.hub.mu.Lock(); defer w.hub.mu.Unlock(); return w.hub.newest == 3 })
	w.box.mu.Lock()
	w.box.fail = errors.New("disk on fire")
	w.box.mu.Unlock()
	tab := w.open("a", "1")
	tab.ended() // the client comes back with its cursor
}

func TestHub_MaxStreams(t *testing.T) {
	w := newWorld(t, Options{MaxStreams: 3})
	for range 3 {
		w.open("a", "").line("event: ready")
	}
	if got := w.open("a", ""); got.status != http.StatusTooManyRequests {
		t.Errorf("a fourth stream: %d", got.status)
	}
	if got := w.open("b", ""); got.status != http.StatusOK {
		t.Errorf("another person: %d", got.status)
	}
}

// TestHub_LeavesNothing: streams that come and go, live or dead, leave no goroutine.
func TestHub_LeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	w := newWorld(t, Options{})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			tab := w.open(fmt.Sprint("u", i%10), "")
			tab.line("event: ready")
			tab.cancel()
			tab.ended()
		})
	}
	for i := range 500 {
		w.commit(domain.UserID(fmt.Sprint("u", i%10)), `{}`)
	}
	wg.Wait()
	eventually(t, "all streams to be gone", func() bool { return w.hub.Streams() == 0 })
	open := w.open("u1", "")
	open.line("event: ready")
	w.hub.Close()
	open.ended()
	w.srv.Close()
	http.DefaultClient.CloseIdleConnections()
	eventually(t, "goroutines to end", func() bool { return runtime.NumGoroutine() <= before+3 })
	if err := w.hub.Serve(nil, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), &Caller{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestTopic_After(t *testing.T) {
	top := &topic{floor: 10, last: 10}
	for seq := int64(11); seq <= 10+2*maxRecent; seq++ {
		top.append(domain.Event{Seq: seq, Data: []byte("x")})
	}
	if _, ok := top.after(top.floor - 1); ok {
		t.Error("memory claims to reach below its floor")
	}
	all, ok := top.after(top.floor)
	if !ok || len(all) != maxRecent || all[0].Seq != top.floor+1 {
		t.Errorf("at the floor: %d events, ok %v", len(all), ok)
	}
	if none, ok := top.after(top.last); !ok || len(none) != 0 {
		t.Errorf("at the newest: %d events, ok %v", len(none), ok)
	}
	top.append(domain.Event{Seq: 9999, Data: make([]byte, maxRecentBytes+1)})
	if top.bytes > maxRecentBytes || top.floor != 9999 {
		t.Errorf("one huge event: %d bytes, floor %d", top.bytes, top.floor)
	}
}

func eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	tb.Fatalf("waited 10 s for %s", what)
}

func BenchmarkHub_Publish(b *testing.B) {
	w := newWorld(b, Options{})
	for range 10 {
		w.open("a", "").line("event: ready")
	}
	for b.Loop() {
		w.commit("a", `{"type":"thing"}`)
	}
}
