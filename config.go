package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// settings are all settings of the program. Each is a flag and an environment variable;
// the flag wins.
type settings struct {
	ListenAddr       string        `name:"listen-addr" env:"LISTEN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	DataDir          string        `name:"data-dir" env:"DATA_DIR" default:"./data" help:"Directory of the database (created with mode 0700)."`
	BaseURL          string        `name:"base-url" env:"BASE_URL" help:"Public URL; http://LISTEN_ADDR on loopback, else required."`
	Grace            time.Duration `name:"subscription-grace" env:"SUBSCRIPTION_GRACE" default:"72h" help:"How long after its expiry a subscription that is to renew still reads as paid."`
	FreeImagesPerDay int           `name:"free-images-per-day" env:"FREE_IMAGES_PER_DAY" default:"2" help:"Photos a day without Premium."`
	RateLimit        string        `name:"rate-limit" env:"RATE_LIMIT" default:"on" enum:"on,off" help:"off for load tests (loopback only)."`
	MetricsAddr      string        `name:"metrics-addr" env:"METRICS_ADDR" help:"A second listener for /metrics and pprof; without it they answer on the main one to this machine alone."`
	LogLevel         string        `name:"log-level" env:"LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"debug, info, warn or error."`
	LogFormat        string        `name:"log-format" env:"LOG_FORMAT" default:"text" enum:"text,json" help:"text or json."`

	// What check makes of the texts above:
	baseURL *url.URL // nil where it follows from the address that is listened on
}

// command is one subcommand.
type command interface {
	Run(ctx context.Context, s *settings, stdout, stderr *os.File) error
}

// commandLine is what can be called.
type commandLine struct {
	settings

	Serve    serveCommand  `cmd:"" default:"withargs" help:"Start the server (this is the default)."`
	Find     findCommand   `cmd:"" help:"Print documents of a collection as MongoDB extended JSON, also while the server runs."`
	Operator operatorGroup `cmd:"" help:"Give an account the role operator, or take it."`
	Backup   backupCommand `cmd:"" help:"Write a consistent copy of the database, also while the server runs."`
	Version  versionInfo   `cmd:"" help:"Print version, commit and Go version."`
}

// usageError is a call that cannot be understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func isUsage(err error) bool {
	_, ok := errors.AsType[usageError](err)
	return ok
}

// oneLine keeps what goes wrong on one line, for whoever reads a log.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// parseArgs returns the command that was called; none where help was asked for.
func parseArgs(args []string, stdout, stderr *os.File) (command, *settings, error) {
	var c commandLine
	helped := false
	parser, err := kong.New(&c, kong.Name("liveassist"), kong.Writers(stdout, stderr),
		kong.Description("LiveAssist: live help in a chat, in one program. Without a command it starts the server."),
		kong.UsageOnError(), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return nil, nil, fmt.Errorf("command line: %w", err)
	}
	k, err := parser.Parse(args)
	if helped {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, usageError{err}
	}
	if err := c.check(); err != nil {
		return nil, nil, usageError{err}
	}
	cmd, ok := reflect.TypeAssert[command](k.Selected().Target.Addr())
	if !ok {
		return nil, nil, usageError{fmt.Errorf("%s needs a subcommand", k.Command())}
	}
	return cmd, &c.settings, nil
}

// check reports all settings that cannot be used, together.
func (s *settings) check() error {
	var errs []error
	bad := func(name, format string, args ...any) { errs = append(errs, fmt.Errorf(name+": "+format, args...)) }
	if err := checkAddr(s.ListenAddr); err != nil {
		bad("LISTEN_ADDR", "%w", err)
	}
	if s.MetricsAddr != "" {
		if err := checkAddr(s.MetricsAddr); err != nil {
			bad("METRICS_ADDR", "%w", err)
		}
	}
	if s.DataDir == "" {
		bad("DATA_DIR", "must not be empty")
	}
	if s.BaseURL != "" {
		var err error
		if s.baseURL, err = parseBaseURL(s.BaseURL); err != nil {
			bad("BASE_URL", "%w", err)
		}
	} else if !isLoopback(s.ListenAddr) {
		bad("BASE_URL", "is required when LISTEN_ADDR (%s) is not a loopback address", s.ListenAddr)
	}
	if s.Grace < 0 {
		bad("SUBSCRIPTION_GRACE", "must not be negative")
	}
	if s.FreeImagesPerDay < 0 {
		bad("FREE_IMAGES_PER_DAY", "must not be negative")
	}
	if s.RateLimit == "off" && !isLoopback(s.ListenAddr) {
		bad("RATE_LIMIT", "off is for load tests on a loopback address, and LISTEN_ADDR is %s", s.ListenAddr)
	}
	return errors.Join(errs...)
}

func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not host:port", addr)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q has no valid port", addr)
	}
	return nil
}

// isLoopback reports whether a listener on addr can be reached from this machine alone.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func parseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a URL", text)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q must begin with http:// or https:// and name a host", text)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%q must have no path, query or user: the app lives at the root", text)
	}
	u.Path = ""
	return u, nil
}

// logger writes to w as the settings say.
func (s *settings) logger(w *os.File) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // the flag's enum lets nothing else pass
	}
	opts := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
