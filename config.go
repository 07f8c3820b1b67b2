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
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"liveassist/httpapi"
	"liveassist/mail"
	"liveassist/mirror"
)

// settings are all settings of the program. Each is a flag and an environment variable;
// the flag wins.
type settings struct {
	ListenAddr       string        `name:"listen-addr" env:"LISTEN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	DataDir          string        `name:"data-dir" env:"DATA_DIR" default:"./data" help:"Directory of the database (created with mode 0700)."`
	BaseURL          string        `name:"base-url" env:"BASE_URL" help:"Public URL; http://LISTEN_ADDR on loopback, else required."`
	Grace            time.Duration `name:"subscription-grace" env:"SUBSCRIPTION_GRACE" default:"72h" help:"How long after its expiry a subscription that is to renew still reads as paid."`
	StripeKey        string        `name:"stripe-secret-key" env:"STRIPE_SECRET_KEY" help:"Stripe's secret key; without it the billing sandbox, on loopback only."`
	StripeSecrets    string        `name:"stripe-webhook-secret" env:"STRIPE_WEBHOOK_SECRET" help:"Signing secrets of Stripe's webhook, comma-separated while one is rotated."`
	PriceMonth       string        `name:"stripe-price-month" env:"STRIPE_PRICE_MONTH" help:"Price id of the monthly plan."`
	PriceYear        string        `name:"stripe-price-year" env:"STRIPE_PRICE_YEAR" help:"Price id of the yearly plan."`
	StripeAPIBase    string        `name:"stripe-api-base" env:"STRIPE_API_BASE" help:"Address of Stripe's API, for tests; empty: Stripe's own."`
	BillingSandbox   string        `name:"billing-sandbox" env:"BILLING_SANDBOX" default:"auto" help:"auto: on only without a Stripe key and on loopback; on: the same, and the start is refused elsewhere; off."`
	Assist           string        `name:"assist" env:"ASSIST" default:"auto" help:"off: nothing answers by itself (people only, load tests)."`
	AssistURL        string        `name:"assist-api-url" env:"ASSIST_API_URL" help:"An OpenAI-compatible chat endpoint, such as https://host/v1; without it replies come from the QuickFix guides."`
	AssistKey        string        `name:"assist-api-key" env:"ASSIST_API_KEY" help:"Its key, where it wants one."`
	AssistModel      string        `name:"assist-model" env:"ASSIST_MODEL" help:"The model to ask for; needed with ASSIST_API_URL."`
	MongoURL         string        `name:"mongo-url" env:"MONGO_URL" help:"MongoDB to mirror the collections into (mongodb://...)."`
	MongoDatabase    string        `name:"mongo-database" env:"MONGO_DATABASE" default:"liveassist" help:"The database there."`
	BackupURL        string        `name:"backup-url" env:"BACKUP_URL" help:"Where to copy the database as it changes: s3://BUCKET/PATH, or a directory on another disk."`
	BackupEndpoint   string        `name:"backup-endpoint" env:"AWS_ENDPOINT_URL_S3" help:"The object store's address where it is not Amazon's."`
	BackupRegion     string        `name:"backup-region" env:"AWS_REGION" help:"The bucket's region."`
	FreeImagesPerDay int           `name:"free-images-per-day" env:"FREE_IMAGES_PER_DAY" default:"2" help:"Photos a day without Premium."`
	SMTPURL          string        `name:"smtp-url" env:"SMTP_URL" help:"Mail server: smtp://user:password@host:port (STARTTLS) or smtps://...; without it links are written to the log on loopback, and mail is off elsewhere."`
	MailFrom         string        `name:"mail-from" env:"MAIL_FROM" help:"Sender of mails, such as LiveAssist <help@example.com>; needed with SMTP_URL."`
	OutboxRetention  time.Duration `name:"outbox-retention" env:"OUTBOX_RETENTION" default:"168h" help:"How long events are kept for pages that come back and for the mirror; who was away for longer fetches anew."`
	WebhookRetention time.Duration `name:"webhook-body-retention" env:"WEBHOOK_BODY_RETENTION" default:"2160h" help:"How long the bodies of settled Stripe events are kept; the ledger's rows stay."`
	RateLimit        string        `name:"rate-limit" env:"RATE_LIMIT" default:"on" help:"off for load tests (loopback only)."`
	TrustedProxies   string        `name:"trusted-proxies" env:"TRUSTED_PROXIES" help:"Networks of the proxies in front, comma-separated (10.0.0.0/8): what they say of a client's address and of https counts; without them whoever connects is the client."`
	ClientIPHeader   string        `name:"client-ip-header" env:"CLIENT_IP_HEADER" default:"X-Forwarded-For" help:"Where the trusted proxies name the client: X-Forwarded-For or Fly-Client-IP."`
	MetricsAddr      string        `name:"metrics-addr" env:"METRICS_ADDR" help:"A second listener for /metrics and pprof; without it they answer on the main one to this machine alone."`
	LogLevel         string        `name:"log-level" env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
	LogFormat        string        `name:"log-format" env:"LOG_FORMAT" default:"text" help:"text or json."`

	// What check makes of the texts above:
	baseURL *url.URL // nil where it follows from the address that is listened on
	proxies httpapi.Proxies
}

// command is one subcommand.
type command interface {
	Run(ctx context.Context, s *settings, stdout, stderr *os.File) error
}

// commandLine is what can be called.
type commandLine struct {
	settings

	Serve    serveCommand   `cmd:"" default:"withargs" help:"Start the server (this is the default)."`
	Find     findCommand    `cmd:"" help:"Print documents of a collection as MongoDB extended JSON, also while the server runs."`
	Operator operatorGroup  `cmd:"" help:"Give an account the role operator, or take it."`
	Backup   backupCommand  `cmd:"" help:"Write a consistent copy of the database, also while the server runs."`
	Restore  restoreCommand `cmd:"" help:"Bring the database back from the continuous backup (BACKUP_URL) into an empty data directory."`
	Doctor   doctorCommand  `cmd:"" help:"Look at everything that the server needs, and say what to do. Exit code 1 where something is broken."`
	Version  versionInfo    `cmd:"" help:"Print version, commit and Go version."`
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
		return nil, nil, usageError{nameVariable(parser.Model.Flags, err)}
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

// nameVariable adds to an error about a flag the variable by which it may have been set.
func nameVariable(flags []*kong.Flag, err error) error {
	for _, f := range flags {
		rest, ok := strings.CutPrefix(err.Error(), "--"+f.Name)
		if ok && len(f.Envs) > 0 && strings.IndexAny(rest, " :=") == 0 {
			return fmt.Errorf("%s: %w", f.Envs[0], err)
		}
	}
	return err
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
	if s.MongoURL != "" {
		if err := mirror.CheckURL(s.MongoURL); err != nil {
			bad("MONGO_URL", "%w", err)
		}
		if s.MongoDatabase == "" {
			bad("MONGO_DATABASE", "must not be empty")
		}
	}
	if s.Grace < 0 {
		bad("SUBSCRIPTION_GRACE", "must not be negative")
	}
	if s.OutboxRetention < minOutboxRetention {
		bad("OUTBOX_RETENTION", "must be at least %s, so that a page can come back after a short break", minOutboxRetention)
	}
	if s.WebhookRetention < 0 {
		bad("WEBHOOK_BODY_RETENTION", "must not be negative")
	}
	s.checkMail(bad)
	s.checkAssist(bad)
	s.checkBackup(bad)
	s.checkProxies(bad)
	if s.FreeImagesPerDay < 0 {
		bad("FREE_IMAGES_PER_DAY", "must not be negative")
	}
	if s.RateLimit == "off" && !isLoopback(s.ListenAddr) {
		bad("RATE_LIMIT", "off is for load tests on a loopback address, and LISTEN_ADDR is %s", s.ListenAddr)
	}
	for _, c := range []struct {
		name, value string
		choices     []string
	}{
		{"RATE_LIMIT", s.RateLimit, []string{"on", "off"}},
		{"ASSIST", s.Assist, []string{"auto", "off"}},
		{"BILLING_SANDBOX", s.BillingSandbox, []string{"auto", "on", "off"}},
		{"LOG_LEVEL", s.LogLevel, []string{"debug", "info", "warn", "error"}},
		{"LOG_FORMAT", s.LogFormat, []string{"text", "json"}},
	} {
		if !slices.Contains(c.choices, c.value) {
			bad(c.name, "%q is none of %s", c.value, strings.Join(c.choices, ", "))
		}
	}
	return errors.Join(errs...)
}

// minOutboxRetention is the shortest time for which events are kept.
const minOutboxRetention = time.Minute

// checkMail looks at the settings of the mail server.
func (s *settings) checkMail(bad func(name, format string, args ...any)) {
	if s.SMTPURL == "" {
		if s.MailFrom != "" {
			bad("MAIL_FROM", "is of no use without SMTP_URL")
		}
		return
	}
	if s.MailFrom == "" {
		bad("MAIL_FROM", "is required with SMTP_URL")
		return
	}
	if _, err := mail.New(s.SMTPURL, mail.Options{From: s.MailFrom}); err != nil {
		name, rest, _ := strings.Cut(err.Error(), ": ")
		bad(name, "%s", rest)
	}
}

// checkAssist looks at the settings of the model.
func (s *settings) checkAssist(bad func(name, format string, args ...any)) {
	if s.AssistURL == "" {
		for name, value := range map[string]string{"ASSIST_API_KEY": s.AssistKey, "ASSIST_MODEL": s.AssistModel} {
			if value != "" {
				bad(name, "is of no use without ASSIST_API_URL")
			}
		}
		return
	}
	u, err := url.Parse(s.AssistURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		bad("ASSIST_API_URL", "must begin with http:// or https://, name a host, and have no user, query or fragment")
	}
	if s.AssistModel == "" {
		bad("ASSIST_MODEL", "is required with ASSIST_API_URL")
	}
	if strings.ContainsFunc(s.AssistKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		bad("ASSIST_API_KEY", "must have no blanks or special characters")
	}
}

// checkProxies looks at what stands in front of the server.
func (s *settings) checkProxies(bad func(name, format string, args ...any)) {
	s.proxies = httpapi.Proxies{ClientHeader: s.ClientIPHeader}
	for text := range strings.SplitSeq(s.TrustedProxies, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		network, err := netip.ParsePrefix(text)
		if addr, errAddr := netip.ParseAddr(text); err != nil && errAddr == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		switch {
		case err != nil:
			bad("TRUSTED_PROXIES", "%q is no network such as 10.0.0.0/8, and no address", text)
		case network.Bits() == 0:
			bad("TRUSTED_PROXIES", "%s is everybody: then anybody could choose an address", text)
		default:
			s.proxies.Trusted = append(s.proxies.Trusted, network.Masked())
		}
	}
	if !slices.Contains(httpapi.ClientHeaders(), s.ClientIPHeader) {
		bad("CLIENT_IP_HEADER", "%q is none of %s", s.ClientIPHeader, strings.Join(httpapi.ClientHeaders(), ", "))
	} else if s.ClientIPHeader != httpapi.ClientHeaders()[0] && s.TrustedProxies == "" {
		bad("CLIENT_IP_HEADER", "is of no use without TRUSTED_PROXIES: anybody can write %s", s.ClientIPHeader)
	}
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
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return nil, fmt.Errorf("%q must begin with http:// or https:// and name a host", text)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%q must have no path, query or user: the app lives at the root", u.Redacted())
	}
	u.Path = ""
	return u, nil
}

// logger writes to w as the settings say.
func (s *settings) logger(w *os.File) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // check lets nothing else pass
	}
	opts := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(storyHandler{slog.NewJSONHandler(w, opts)})
	}
	return slog.New(storyHandler{slog.NewTextHandler(w, opts)})
}
