// Command evidence-verify checks a bundle of evidence without trusting whoever made it. It names
// each thing that is missing or wrong, and fails if there is any.
//
//	evidence-verify [-repo DIR] BUNDLE
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"liveassist/e2e/verify"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitRefused = 1
	exitUsage   = 2
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("evidence-verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	repo := flags.String("repo", ".", "a clone of the repository, for the bases that the patches apply to")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: evidence-verify [-repo DIR] BUNDLE")
		return exitUsage
	}
	dir := flags.Arg(0)
	found := verify.Bundle(ctx, dir, *repo)
	for _, f := range found {
		fmt.Fprintln(stdout, "wrong:", f)
	}
	if len(found) > 0 {
		fmt.Fprintf(stdout, "evidence-verify: %s is refused: %d wrong\n", dir, len(found))
		return exitRefused
	}
	fmt.Fprintf(stdout, "evidence-verify: %s is complete and right\n", dir)
	return 0
}
