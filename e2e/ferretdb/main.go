// Command ferretdb is the MongoDB server of the tests: FerretDB on SQLite, in one static
// binary without any other program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. It prints the server's address once it takes connections.
func run(ctx context.Context, args []string, stdout, stderr *os.File) error {
	flags := flag.NewFlagSet("ferretdb", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:27017", "address to listen on; port 0 takes a free one")
	state := flags.String("state", "", "directory that holds the databases; made where it is missing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *state == "" {
		return errors.New("-state is missing")
	}
	dir, err := stateURL(*state)
	if err != nil {
		return err
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: *listen},
		Handler:   "sqlite",
		SQLiteURL: dir,
		Logger:    slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError})), // its warnings quote every command that it refuses
	})
	if err != nil {
		return err
	}
	// The address is known as soon as the listener is open, which New has done.
	fmt.Fprintln(stdout, "ferretdb is ready:", server.MongoDBURI())
	return server.Run(ctx)
}

// stateURL makes the directory and returns it in the form that FerretDB wants.
func stateURL(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("-state: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("-state: %w", err)
	}
	// What a test stored survives a kill of the process, not a power cut: that is many
	// times as fast as waiting for the disk at each document.
	u := url.URL{Scheme: "file", Path: dir + "/", RawQuery: url.Values{"_pragma": {"synchronous(off)"}}.Encode()}
	return u.String(), nil
}
