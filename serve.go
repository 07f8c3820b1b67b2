package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"liveassist/account"
	"liveassist/assist"
	"liveassist/assist/guides"
	"liveassist/backup"
	"liveassist/billing"
	"liveassist/domain"
	webapp "liveassist/embed"
	"liveassist/httpapi"
	"liveassist/images"
	"liveassist/mirror"
	"liveassist/realtime"
	"liveassist/store"
)

// serveCommand starts the server.
type serveCommand struct{}

// Time that parts of the server may take.
const (
	stopTimeout   = 8 * time.Second  // for requests under way when the server stops; Docker kills after 10
	headerTimeout = 10 * time.Second // to read a request's header
	answerTimeout = 2 * time.Minute  // to work on a request and write its answer; streams set their own
	idleTimeout   = 2 * time.Minute  // between two requests of a connection
)

// maxStreams is how many event streams one person may have open (the contract asks for 100).
const maxStreams = 200

// imagesAtOnce is how many pictures are worked on at once: one core is left for everybody
// else's requests.
func imagesAtOnce() int { return max(1, runtime.NumCPU()-1) }

// maxBatch is how many writes share a commit, where the build says so (-ldflags '-X
// main.maxBatch=1'): the benchmark shows with it what the group commit is for.
var maxBatch string //nolint:gochecknoglobals // the linker sets it

// newID makes UUIDs of version 7, which grow with time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Run wires the parts, serves until ctx ends, and closes them in reverse.
func (*serveCommand) Run(ctx context.Context, s *settings, stdout, stderr *os.File) (err error) {
	log := s.logger(stderr)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.ListenAddr)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreClosed(listener.Close())) }()
	var metrics net.Listener
	if s.MetricsAddr != "" {
		if metrics, err = new(net.ListenConfig).Listen(ctx, "tcp", s.MetricsAddr); err != nil {
			return fmt.Errorf("METRICS_ADDR: %w", err)
		}
		defer func() { err = errors.Join(err, ignoreClosed(metrics.Close())) }()
	}

	if err := restoreLost(ctx, s, log); err != nil {
		return err
	}
	p, err := build(ctx, s, log, baseURL(s, listener.Addr()))
	if err != nil {
		return wayOut(err, s)
	}
	defer func() { err = errors.Join(err, p.close()) }()

	context.AfterFunc(ctx, func() { log.Info("stopping") })
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, listener, p.handler, log, p.hub.Close) })
	if metrics != nil {
		group.Go(func() error { return serveHTTP(ctx, metrics, p.metrics, log, nil) })
	}
	group.Go(func() error { return p.schedule(ctx) })
	group.Go(func() error { return p.catchUp(ctx) })
	group.Go(func() error { return p.follow(ctx) })
	group.Go(func() error { return p.replicate(ctx) })
	group.Go(func() error { return p.answer(ctx) })
	group.Go(func() error { return p.index(ctx) })
	group.Go(func() error { return p.sendMails(ctx) })
	group.Go(func() error { return p.finishDeletions(ctx) })

	log.Info("ready", "version", buildVersion(), "listen", listener.Addr().String(), "data", s.DataDir)
	fmt.Fprintf(stdout, "LiveAssist is ready: %s\n", p.baseURL)
	go p.settle(ctx)
	err = group.Wait()
	log.Info("stopped")
	return err
}

// settle gives back what the start took: guides, word lists and migrations were read, and are
// in the indexes now. The runtime would take minutes for it.
func (p *product) settle(ctx context.Context) {
	if p.finders != nil {
		select {
		case <-p.finders.Ready():
		case <-ctx.Done():
			return
		}
	}
	debug.FreeOSMemory()
}

// baseURL is the public address; on loopback it follows from the listener.
func baseURL(s *settings, addr net.Addr) *url.URL {
	if s.baseURL != nil {
		return s.baseURL
	}
	host, _, _ := net.SplitHostPort(s.ListenAddr)
	_, port, _ := net.SplitHostPort(addr.String())
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

// product is everything that runs.
type product struct {
	settings  *settings
	log       *slog.Logger
	baseURL   *url.URL
	db        *store.DB
	hub       *realtime.Hub
	billing   *billing.Service
	finders   *assist.Finders    // nil where nothing answers by itself
	assistant *assist.Assistant  // the same
	mirror    *mirror.Mirror     // nil where none is configured
	backup    *backup.Replicator // the same
	accounts  *account.Service
	mailer    *account.Mailer // nil where mail is off
	images    *images.Processor
	meters    *meters
	handler   http.Handler
	metrics   http.Handler
}

// build opens the parts from the bottom up.
func build(ctx context.Context, s *settings, log *slog.Logger, base *url.URL) (p *product, err error) {
	p = &product{settings: s, log: log, baseURL: base, meters: newMeters()}
	batch, err := strconv.Atoi(cmp.Or(maxBatch, "0"))
	if err != nil {
		return nil, fmt.Errorf("main.maxBatch: %w", err)
	}
	p.db, err = store.Open(ctx, store.Options{
		Dir: s.DataDir, Clock: time.Now, NewID: newID, MaxBatch: batch, Observe: p.meters.committed, OnCommit: func(entries []store.Entry) { p.committed(entries) },
		Replicated: s.BackupURL != "", AfterClose: func() error { return p.endBackup() },
	})
	if err != nil {
		return nil, err
	}
	if !p.db.Checked() {
		log.Warn("the database is too big to look at all of it for damage at the start")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.backup, err = newBackup(ctx, s, p.db, log); err != nil {
		return p, err
	}
	newest, err := p.db.NewestSeq(ctx)
	if err != nil {
		return p, err // not nil: what is open is closed above
	}
	streams := maxStreams
	if s.RateLimit == "off" {
		streams = 0
	}
	p.hub = realtime.NewHub(realtime.Options{
		Newest: newest, Load: p.db.EventsAfter, Oldest: p.db.OldestSeq, Operator: p.isOperator, Clock: time.Now, Log: log, MaxStreams: streams,
	})
	p.billing, err = billing.New(s.billingConfig(base, p.db, log))
	if err != nil {
		return p, err
	}
	m, err := p.newMirror()
	if err != nil {
		return p, err
	}
	p.mirror = m
	p.metrics = p.metricsHandler()
	p.handler, err = p.api(ctx)
	return p, err
}

// isOperator reports whether a person is an operator right now; an account that is gone is none.
func (p *product) isOperator(ctx context.Context, user domain.UserID) (bool, error) {
	role, err := p.db.Role(ctx, user)
	if errors.Is(err, domain.ErrNotFound) {
		return false, nil
	}
	return role == domain.RoleOperator, err
}

// committed passes on what is on disk now. The first write comes after the hub is there.
func (p *product) committed(entries []store.Entry) {
	p.hub.Publish(eventsOf(entries))
	p.meters.announced(entries)
	if p.mirror != nil {
		p.mirror.Wake(entries[len(entries)-1].Seq)
	}
}

// api builds the upper tiers.
func (p *product) api(ctx context.Context) (http.Handler, error) {
	accounts, err := account.New(p.db, time.Now, rand.Reader)
	if err != nil {
		return nil, err
	}
	p.accounts = accounts
	if err := p.useMail(); err != nil {
		return nil, err
	}
	accounts.Watch(p.meters.hash.took)
	p.images = images.NewProcessor(imagesAtOnce())
	p.images.Watch(time.Now, p.meters.image.took)
	library, err := guides.Load()
	if err != nil {
		return nil, err
	}
	web, err := webapp.Handler()
	if err != nil {
		return nil, err
	}
	p.assistant = p.newAssistant(ctx, library)
	s := p.settings
	return httpapi.New(httpapi.Config{
		BaseURL: p.baseURL, Listen: s.ListenAddr, FreeImagesPerDay: s.FreeImagesPerDay, Grace: s.Grace,
		RateLimit: s.RateLimit == "on", Proxies: s.proxies, MetricsElsewhere: s.MetricsAddr != "", Details: p.details,
	}, httpapi.Parts{
		Store: p.db, Accounts: accounts, Hub: p.hub, Guides: library, Assistant: p.assistant, Images: p.images, Billing: p.billing, Web: web, Metrics: p.metrics, Watch: p.meters.watch(), Log: p.log, Clock: time.Now,
	}), nil
}

// close ends the parts from the top down.
func (p *product) close() error {
	if p.hub != nil {
		p.hub.Close()
	}
	var err error
	if p.finders != nil {
		err = p.finders.Close()
	}
	return errors.Join(err, p.db.Close())
}

// eventsOf keeps what open pages must learn of.
func eventsOf(entries []store.Entry) []domain.Event {
	events := make([]domain.Event, len(entries))
	for i, e := range entries {
		events[i] = e.Event
	}
	return events
}

// serveHTTP serves until ctx ends, and then lets requests under way finish. beforeWait ends
// what would never finish by itself.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger, beforeWait func()) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, WriteTimeout: answerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), // broken handshakes and the like
	}
	if beforeWait != nil {
		srv.RegisterOnShutdown(beforeWait)
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := srv.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		// Somebody who sends half a request must not turn an orderly stop into a failure.
		log.Warn("requests cut off", "after", stopTimeout)
		return srv.Close()
	}
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
