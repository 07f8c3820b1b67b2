// Command liveassist is the whole product: the API, the web app and the database in one
// program.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // an image FROM scratch has no time zones

	"github.com/google/uuid"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	trustRoots()
	uuid.EnableRandPool()        // a call to the system for each id would be a fifteenth of a post
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exitUsage is the exit code for a call that cannot be understood; any other failure is 1.
const exitUsage = 2

// run is the program, with the outside handed in. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr *os.File) int {
	command, settings, err := parseArgs(args, stdout, stderr)
	if err == nil && command != nil {
		err = command.Run(ctx, settings, stdout, stderr)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "liveassist: "+oneLine(err))
	if isUsage(err) {
		return exitUsage
	}
	return 1
}
