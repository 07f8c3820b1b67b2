// Package stack starts the product together with what it talks to: a MongoDB server and the
// Stripe API. It does so in containers, or in plain processes where no engine is wanted.
package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// Options say what to start.
type Options struct {
	Root       string // the project: where e2e and the Dockerfile stand
	Product    string // the source of the product; Root, unless a fault was put into a copy
	Dir        string // for all that is written while the stack runs; the caller removes it
	RunID      string // marks everything of this run
	Containers bool
	MongoImage string // an image instead of FerretDB, such as mongo:8; containers alone
	Env        map[string]string
}

// Secrets and names that the product is started with. They are worth nothing outside a run.
const (
	WebhookSecret = "whsec_e2e_only_for_this_run"
	StripeKey     = "sk_test_e2e"
	PriceMonth    = "price_e2e_month"
	PriceYear     = "price_e2e_year"
	Database      = "liveassist"
)

// EnvRun marks the processes of a run, so that one that was left can be found.
const EnvRun = "LIVEASSIST_E2E_RUN"

// readyWithin bounds the start of one program. Starting takes well under a second.
const readyWithin = 30 * time.Second

// Stack is what runs.
type Stack struct {
	URL       string // of the product
	MongoURL  string
	StripeURL string
	Mongo     string // which MongoDB server it is, for the report
	Stripe    string // and which Stripe API

	product service
	runner  runner
}

// service is one running program.
type service interface {
	// address is where the program can be reached from this machine, as host:port.
	address() string
	// lines returns what the program has written so far.
	lines() []string
	// run runs the program's binary once more beside it, and returns what it printed.
	run(ctx context.Context, args ...string) (string, error)
}

// runner starts programs.
type runner interface {
	start(ctx context.Context, p program) (service, error)
	// reach tells programs of the stack how to call p, which is already running.
	reach(p program, s service) string
	close(ctx context.Context) error
}

// Start builds and starts everything, and returns when the product says that it is ready. On
// an error nothing is left running.
func Start(ctx context.Context, o Options) (_ *Stack, err error) {
	builds, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &Stack{}
	if o.Containers {
		s.runner, err = newContainers(ctx, o)
	} else {
		s.runner, err = &processes{dir: o.Dir, runID: o.RunID}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close(context.WithoutCancel(ctx)))
		}
	}()
	if err := s.startAll(ctx, o, builds); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Stack) startAll(ctx context.Context, o Options, builds builds) error {
	mongo := ferret(builds)
	s.Mongo = "FerretDB " + moduleVersion(builds.ferret, "github.com/FerretDB/FerretDB") + " on SQLite"
	if o.MongoImage != "" {
		mongo, s.Mongo = mongoImage(o.MongoImage), o.MongoImage
	}
	m, err := s.runner.start(ctx, mongo)
	if err != nil {
		return err
	}
	s.MongoURL = "mongodb://" + m.address() + "/"

	stripe := stripeMock(builds)
	t, err := s.runner.start(ctx, stripe)
	if err != nil {
		return err
	}
	s.Stripe = "stripe-mock " + moduleVersion(builds.stripe, "github.com/stripe/stripe-mock")
	s.StripeURL = "http://" + t.address()

	product, err := liveassist(builds, settings{
		mongo: "mongodb://" + s.runner.reach(mongo, m) + "/", stripe: "http://" + s.runner.reach(stripe, t), more: o.Env,
	})
	if err != nil {
		return err
	}
	if s.product, err = s.runner.start(ctx, product); err != nil {
		return err
	}
	s.URL = "http://" + s.product.address()
	return nil
}

// Close stops and removes everything.
func (s *Stack) Close(ctx context.Context) error { return s.runner.close(ctx) }

// Log returns the product's log so far, a line an entry.
func (s *Stack) Log() []string {
	if s.product == nil {
		return nil
	}
	return s.product.lines()
}

// Find runs `liveassist find` on the running product's database, and returns its lines.
func (s *Stack) Find(ctx context.Context, collection, filter string) ([]string, error) {
	out, err := s.product.run(ctx, "find", collection, filter)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n"), nil
}

// Version is what `liveassist version` says.
func (s *Stack) Version(ctx context.Context) (string, error) {
	out, err := s.product.run(ctx, "version")
	return strings.TrimSpace(out), err
}

// FreePort returns a port of this machine that nobody listens on. It may be taken before it
// is used; who needs it must look.
func FreePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// answers reports whether a program is ready: it takes connections at addr and, where it
// has a path for that, answers 200 there.
func answers(ctx context.Context, addr, path string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if path == "" {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err != nil {
			return false
		}
		return c.Close() == nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// BinDir is where the programs are built; git ignores it.
func BinDir(root string) string { return filepath.Join(root, "bin", "e2e") }
