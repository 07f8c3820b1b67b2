// Command soak runs the real server under mixed load for a long time, with thousands of open
// event streams, and says whether memory, goroutines, files, the write-ahead log and latency
// stayed flat. It writes the samples as CSV and as a chart.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// options are what may be chosen.
type options struct {
	product, chart, samples string
	duration                time.Duration
	streams, people, rate   int
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.StringVar(&o.product, "product", "", "the server's program")
	flags.StringVar(&o.chart, "chart", "soak.svg", "where the chart goes")
	flags.StringVar(&o.samples, "samples", "soak.csv", "where the samples go")
	minutes := flags.Float64("minutes", 30, "how long")
	flags.IntVar(&o.streams, "streams", 2000, "open event streams")
	flags.IntVar(&o.people, "people", 50, "people, who share the streams")
	flags.IntVar(&o.rate, "rate", 40, "messages a second; the other work follows from it")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.duration = time.Duration(*minutes * float64(time.Minute))
	if o.product == "" || o.people < 1 || o.rate < 1 || o.duration < 30*time.Second {
		return o, errors.New("-product is required, -people and -rate are at least 1, -minutes at least 0.5")
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if err := raiseFiles(o.streams + 500); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := startServer(ctx, o.product, dir)
	if err != nil {
		return err
	}
	defer s.kill()
	fmt.Fprintf(out, "soak: %v, %d streams of %d people, %d messages a second, %d cores\n", o.duration, o.streams, o.people, o.rate, runtime.NumCPU())
	l, err := newLoad(ctx, s.url, o)
	if err != nil {
		return err
	}
	samples, err := l.watch(ctx, s, o, out)
	l.stop()
	if err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	if err := writeCSV(o.samples, samples); err != nil {
		return err
	}
	v := judge(samples, l.failures())
	if err := os.WriteFile(o.chart, chart(samples, o, v), 0o644); err != nil { //nolint:gosec // for everybody to see
		return err
	}
	fmt.Fprintf(out, "%s, %s\n", filepath.Base(o.samples), filepath.Base(o.chart))
	for _, line := range v.lines {
		fmt.Fprintln(out, line)
	}
	if !v.flat {
		return errors.New("not flat")
	}
	fmt.Fprintln(out, "flat")
	return nil
}

// raiseFiles lets this process and the server have n files open.
func raiseFiles(n int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	if limit.Max < uint64(n) { //nolint:gosec // small and not negative
		return fmt.Errorf("%d files may be open, and %d are needed: raise the hard limit (ulimit -Hn)", limit.Max, n)
	}
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}
