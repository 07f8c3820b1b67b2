package realtime

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"liveassist/domain"
)

// BenchmarkHub_FanOut encodes a message as an event and publishes it to open streams of
// its person, over real connections, until the last has read it.
func BenchmarkHub_FanOut(b *testing.B) {
	for _, streams := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("streams=%d", streams), func(b *testing.B) {
			w := newWorld(b, Options{})
			var told sync.WaitGroup
			for range streams {
				mustFollow(b, w, told.Done)
			}
			m := domain.Message{
				ID: "5b0a4c0e-5d5e-4f43-9a53-1d4d4f0c6a01", SessionID: "5b0a4c0e-5d5e-4f43-9a53-1d4d4f0c6a02", Role: domain.AuthorUser,
				Text: strings.Repeat("The kitchen tap drips all night. ", 3), CreatedAt: 1_790_000_000_123,
			}
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				told.Add(streams)
				buf = m.AppendJSON(buf[:0])
				w.commit("a", string(buf))
				told.Wait()
			}
		})
	}
}

// mustFollow opens a stream that calls heard for each thing, and returns when it is ready.
func mustFollow(b *testing.B, w *world, heard func()) {
	b.Helper()
	resp, err := http.Get(w.srv.URL + "/?user=a")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = resp.Body.Close() })
	ready := make(chan struct{})
	go func() {
		for sc := bufio.NewScanner(resp.Body); sc.Scan(); {
			switch sc.Text() {
			case "event: ready":
				close(ready)
			case "event: thing":
				heard()
			}
		}
	}()
	<-ready
}
