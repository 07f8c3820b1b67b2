// Command powerloss lets the power fail, on paper: it records every write, truncation, sync
// and change of a name that the real server makes under load, and what it promised to its
// clients meanwhile, rebuilds the files as a power cut at many moments would leave them, and
// holds them against the promises.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "powerloss:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	command := "cut"
	if len(args) > 0 && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "cut":
		return runCut(ctx, args, out)
	case "check":
		return runCheck(ctx, args, out)
	case "older":
		return runOlder(ctx, args)
	}
	return fmt.Errorf("%s: the commands are cut, check and older", command)
}

// runCut is the whole story.
func runCut(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("cut", flag.ContinueOnError)
	product := flags.String("product", "", "the server's program")
	cuts := flags.Int("cuts", 200, "at how many moments the power fails")
	load := flags.Duration("load", 10*time.Second, "how long people write")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano()), "repeats the choice of moments and of torn sectors") //nolint:gosec // not negative
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *product == "" {
		return fmt.Errorf("-product is missing")
	}
	work, err := os.MkdirTemp("", "powerloss-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	r, err := record(ctx, *product, work, *load, *seed)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "recorded: %d acknowledged writes, %d calls, %.1f MB to files, %d syncs of which %d of the database itself (seed %d)\n",
		len(r.due), len(r.ops), float64(r.written)/1e6, r.synced, r.checkpoints, *seed)
	o, err := r.cut(ctx, *cuts, rand.New(rand.NewPCG(*seed, 0)), work, nil) //nolint:gosec // repeatable on purpose
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "cut: %d moments, %d rebuilt databases, %.0f calls unsynced at each, %d promises held against them\n",
		o.cuts, o.rebuilt, float64(o.pending)/float64(o.cuts), o.promised)
	for _, line := range o.broken[:min(len(o.broken), 10)] {
		fmt.Fprintln(out, line)
	}
	if n := len(o.broken); n > 0 {
		return fmt.Errorf("%d of %d rebuilt databases break a promise", n, o.rebuilt)
	}
	fmt.Fprintln(out, "every acknowledged write is there, once, in every one of them")
	return nil
}

// runCheck holds one data directory against SQLite's own checks.
func runCheck(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: powerloss check DATA_DIR")
	}
	if _, err := os.Stat(filepath.Join(args[0], "liveassist.db")); err != nil {
		return err
	}
	broken, err := check(ctx, args[0], nil)
	if err != nil {
		return err
	}
	for _, line := range broken {
		fmt.Fprintln(out, line)
	}
	if len(broken) > 0 {
		return fmt.Errorf("%s: %d findings", args[0], len(broken))
	}
	return nil
}
