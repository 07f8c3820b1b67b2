// Command load drives the real binary over HTTP, beside references that are built and run
// in the same session, and prints one table. The machine is shared by client and server
// and may be noisy: the ratios are what counts. Rounds are interleaved; medians are shown.
package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const webhookSecret = "whsec_load"

func main() {
	product := flag.String("product", "", "the liveassist binary")
	rounds := flag.Int("rounds", 3, "rounds of each measurement")
	seconds := flag.Int("seconds", 3, "seconds of each round")
	streams := flag.Int("streams", 10000, "idle streams")
	only := flag.String("only", "", "one measurement: "+strings.Join(slices.Sorted(maps.Keys(steps)), ", "))
	flag.Parse()
	if err := run(*product, *rounds, time.Duration(*seconds)*time.Second, *streams, *only); err != nil {
		log.Fatal(err)
	}
}

func run(product string, rounds int, d time.Duration, streams int, only string) error {
	if err := raiseFileLimit(); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "load-bin-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	bareBin, oneBin := filepath.Join(tmp, "bare"), filepath.Join(tmp, "one")
	if err := build(bareBin, ".", "./bare"); err != nil {
		return err
	}
	if err := build(oneBin, "../..", "-trimpath", "-ldflags", "-s -w -X main.maxBatch=1", "."); err != nil {
		return err
	}
	p := &plan{
		product: liveassist{product}, oneByOne: liveassist{oneBin}, bare: bare{bareBin, true}, single: bare{bareBin, false},
		rounds: rounds, d: d, streams: streams,
	}
	return p.run(only)
}

// build makes a program from the sources in dir.
func build(out, dir string, args ...string) error {
	cmd := exec.Command("go", append([]string{"build", "-C", dir, "-o", out}, args...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build %s: %w", filepath.Base(out), err)
	}
	return nil
}

// raiseFileLimit lets this process and its children open many connections.
func raiseFileLimit() error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return err
	}
	l.Cur = l.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l)
}

type starter interface{ start() (*target, error) }

type plan struct {
	product  starter
	oneByOne starter // the product's code, with one transaction per write
	bare     starter
	single   starter // the bare handler, with one transaction per write
	rounds   int
	d        time.Duration
	streams  int
}

// with runs f against a fresh server.
func with(s starter, f func(t *target) error) error {
	t, err := s.start()
	if err != nil {
		return err
	}
	defer t.stop()
	return f(t)
}

// median runs each measurement once a round, interleaved, and returns the median of each.
func median(rounds int, measure ...func() (float64, error)) ([]float64, error) {
	results := make([][]float64, len(measure))
	for range rounds {
		for i, m := range measure {
			v, err := m()
			if err != nil {
				return nil, err
			}
			results[i] = append(results[i], v)
		}
	}
	out := make([]float64, len(measure))
	for i, r := range results {
		slices.Sort(r)
		out[i] = r[len(r)/2]
	}
	return out, nil
}
