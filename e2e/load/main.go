// Command load drives the real binary over HTTP, beside references that are built and run
// in the same session, and prints one table. The machine is shared by client and server
// and may be noisy: the ratios are what counts. Rounds are interleaved; medians are shown.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const webhookSecret = "whsec_load"

// settings are how much is measured.
type settings struct {
	product string
	rounds  int
	d       time.Duration
	streams int
	only    map[string]bool
	rival   bool
	others  string
	json    string
	charts  string
}

func main() {
	var names []string
	for _, m := range measurements() {
		names = append(names, m.name)
	}
	s := settings{only: map[string]bool{}}
	seconds := flag.Int("seconds", 3, "seconds of each round")
	only := flag.String("only", "", "some measurements, comma-separated: "+strings.Join(names, ", ")+"; or growth, alone")
	flag.StringVar(&s.product, "product", "", "the liveassist binary")
	flag.IntVar(&s.rounds, "rounds", 3, "rounds of each measurement")
	flag.IntVar(&s.streams, "streams", 10000, "idle streams")
	flag.BoolVar(&s.rival, "pocketbase", true, "measure PocketBase too")
	flag.StringVar(&s.others, "others", "", "measure only those others whose name holds this, such as bare or PocketBase")
	flag.StringVar(&s.json, "json", "", "write the figures to this file, as JSON")
	flag.StringVar(&s.charts, "charts", ".", "with -only growth: the directory of growth.csv and growth.svg")
	flag.Parse()
	s.d = time.Duration(*seconds) * time.Second
	for name := range strings.SplitSeq(*only, ",") {
		switch {
		case name == "":
		case name != "growth" && !slices.Contains(names, name):
			log.Fatalf("no measurement is called %q", name)
		default:
			s.only[name] = true
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, s)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// run measures. When ctx ends, it ends the servers and removes their directories.
func run(ctx context.Context, s settings) error {
	if err := raiseFileLimit(); err != nil {
		return err
	}
	bin, err := filepath.Abs(s.product) // it is started in a directory of its own
	if err != nil {
		return err
	}
	product := liveassist{bin, "liveassist"}
	if s.only["growth"] {
		return grow(ctx, product, s.charts)
	}
	tmp, err := os.MkdirTemp("", "load-bin-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	bareBin, oneBin := filepath.Join(tmp, "bare"), filepath.Join(tmp, "one")
	if err := build(ctx, bareBin, ".", "./bare"); err != nil {
		return err
	}
	if err := build(ctx, oneBin, "../..", "-trimpath", "-ldflags", "-s -w -X main.maxBatch=1", "."); err != nil {
		return err
	}
	p := &plan{
		product: product, oneByOne: liveassist{oneBin, "the same code, one transaction each"}, bare: bare{bareBin, true}, single: bare{bareBin, false},
		rounds: s.rounds, d: s.d, streams: s.streams, others: s.others,
	}
	if s.rival {
		bin := filepath.Join(tmp, "pocketbase")
		if err := build(ctx, bin, "pocketbase", "-trimpath", "-ldflags", "-s -w", "."); err != nil {
			if ctx.Err() != nil {
				return err
			}
			fmt.Printf("PocketBase is SKIPPED: its module could not be built here (%v)\n", err)
		} else {
			p.pocketbase = &pocketbase{bin: bin, synchronous: "NORMAL"}
		}
	}
	r := newReport(os.Stdout, time.Now())
	if err := p.run(ctx, r, s.only); err != nil {
		return err
	}
	if n := r.missed(); n > 0 {
		fmt.Printf("%d goals MISSED\n", n)
	}
	if s.json == "" {
		return nil
	}
	f, err := os.Create(s.json)
	if err != nil {
		return err
	}
	return errors.Join(r.writeJSON(f), f.Close())
}

// build makes a program from the sources in dir.
func build(ctx context.Context, out, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-C", dir, "-o", out}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go then removes what it left
	cmd.WaitDelay = 10 * time.Second
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
