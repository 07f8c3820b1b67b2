package main

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// raiseFiles lets this process, and those that it starts, have as many files open as the
// system allows, and returns how many.
func raiseFiles(t *testing.T) int {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	return int(min(limit.Cur, 1<<30))
}

// openStreams opens n event streams at once, and returns when each has said ready.
func openStreams(t *testing.T, p *program, people []*person, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	var group sync.WaitGroup
	free := make(chan struct{}, 500) // connections under way: the kernel's queue is finite
	for i := range n {
		free <- struct{}{}
		group.Go(func() {
			defer func() { <-free }()
			c, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), patience)
			if err != nil {
				t.Error(err)
				return
			}
			conns[i] = c
			_ = c.SetReadDeadline(time.Now().Add(patience))
			fmt.Fprintf(c, "GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", people[i%len(people)].cookie())
			for r := bufio.NewReaderSize(c, 1024); ; {
				line, err := r.ReadString('\n')
				if err != nil {
					t.Errorf("stream %d: %v before ready", i, err)
					return
				}
				if strings.HasPrefix(line, "event: ready") {
					return
				}
			}
		})
	}
	group.Wait()
	return conns
}

// TestFault_StreamsDropped opens thousands of event streams and drops them all at once,
// several times: goroutines, files and memory come back each time.
func TestFault_StreamsDropped(t *testing.T) {
	t.Parallel()
	n := faultSetting(t, "FAULT_STREAMS", 2000)
	if files := raiseFiles(t); files < n+500 {
		t.Skipf("%d files may be open, and %d streams need more: raise the hard limit (ulimit -Hn)", files, n)
	}
	p := mustStartCommand(t, exec.Command(swiftBinary(t)), "DATA_DIR="+t.TempDir(), "LISTEN_ADDR=127.0.0.1:0", "RATE_LIMIT=off", "ASSIST=off")
	var people []*person
	for i := range 10 {
		people = append(people, mustRegister(p, fmt.Sprintf("s%d@example.com", i)))
	}
	before := people[0].pace(100)
	heapInUse := func() float64 {
		for range 3 { // what pools hold goes with the second collection
			people[0].must(200, "GET", "/debug/pprof/heap?gc=1", nil, nil)
		}
		return p.metric("go_memstats_heap_inuse_bytes")
	}
	idle := heapInUse()
	goroutines, files := p.metric("go_goroutines"), p.metric("process_open_fds")
	var heap []float64
	for range 4 {
		conns := openStreams(t, p, people, n)
		if got := p.metric("liveassist_streams"); got != float64(n) {
			t.Errorf("%v streams, want %d", got, n)
		}
		for i, c := range conns {
			if c == nil {
				continue
			}
			if i%2 == 0 { // half of them without a farewell
				_ = c.(*net.TCPConn).SetLinger(0)
			}
			_ = c.Close()
		}
		eventually(t, patience, "all streams gone", func() bool {
			return p.metric("liveassist_streams") == 0 && p.metric("go_goroutines") < goroutines+20 && p.metric("process_open_fds") < files+20
		})
		heap = append(heap, heapInUse())
	}
	t.Logf("%d streams four times: heap in use before %.1f MB, afterwards %.1f, %.1f, %.1f, %.1f MB; %d MiB resident", n, idle/1e6, heap[0]/1e6, heap[1]/1e6, heap[2]/1e6, heap[3]/1e6, p.memory("VmRSS"))
	if heap[3] > idle+6e6+5e3*float64(n) || heap[3] > heap[0]+4e6 {
		t.Errorf("the heap was %v, and is %v after each time", idle, heap)
	}
	assertQuick(t, "after the streams", before, people[0].pace(100))
	p.mustStop()
}
