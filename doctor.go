package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"liveassist/billing"
	"liveassist/domain"
	"liveassist/mirror"
	"liveassist/store"
)

// doctorCommand looks at everything that the server needs, and changes nothing.
type doctorCommand struct {
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// Free space below which the disk is a worry, in bytes: a burst of photos and the
// write-ahead log must fit.
const (
	diskWarning = 2 << 30
	diskBroken  = 256 << 20
)

var errBroken = errors.New("doctor: something does not work")

// Run prints one finding after the other. It fails where something is broken.
func (d *doctorCommand) Run(ctx context.Context, s *settings, stdout, _ *os.File) error {
	findings := examine(ctx, s)
	if err := d.print(stdout, findings); err != nil {
		return err
	}
	for _, f := range findings {
		if f.State == domain.StateBroken {
			return errBroken
		}
	}
	return nil
}

func (d *doctorCommand) print(w io.Writer, findings []domain.Finding) error {
	if d.JSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(findings)
	}
	for _, f := range findings {
		fmt.Fprintf(w, "%-8s %s: %s\n", f.State, f.Check, f.Says)
		if f.Do != "" {
			fmt.Fprintf(w, "%-8s -> %s\n", "", f.Do)
		}
	}
	return nil
}

// examine looks at one thing after the other. Settings that cannot be used at all have
// ended the program before.
func examine(ctx context.Context, s *settings) []domain.Finding {
	list := []domain.Finding{examineSettings(s)}
	list = append(list, examineDatabase(ctx, s)...)
	list = append(list, examineDisk(s), examineBackup(ctx, s))
	list = append(list, examineBilling(ctx, s)...)
	return append(list, examineMongo(ctx, s))
}

// examineSettings finds settings that are allowed and probably not meant.
func examineSettings(s *settings) domain.Finding {
	f := domain.Finding{Check: "settings", State: domain.StateOK, Says: "They fit together."}
	public := s.baseURL != nil && !billing.IsLoopbackHost(s.baseURL.Hostname())
	switch {
	case public && s.baseURL.Scheme != "https":
		f.State, f.Says = domain.StateBroken, "BASE_URL is public and not https: passwords would travel in the open."
		f.Do = "Put a proxy with a certificate in front, and set BASE_URL to its https address."
	case public && len(s.proxies.Trusted) == 0:
		f.State, f.Says = domain.StateWarning, "BASE_URL is https and TRUSTED_PROXIES is empty: the server speaks http, so a proxy stands in front, and everybody behind it counts as one address for the rate limits."
		f.Do = "Set TRUSTED_PROXIES to the network that the proxy connects from."
	case public && s.StripeKey != "" && strings.Contains(s.StripeKey, "_test_"):
		f.State, f.Says = domain.StateWarning, "BASE_URL is public, and the Stripe key is one of test mode: no money moves."
		f.Do = "Set a live key when customers are to pay."
	}
	return f
}

func examineDatabase(ctx context.Context, s *settings) []domain.Finding {
	f := domain.Finding{Check: "database", State: domain.StateBroken}
	db, err := store.OpenReadOnly(ctx, s.DataDir)
	if errors.Is(err, store.ErrNoDatabase) {
		f.State, f.Says = domain.StateWarning, "There is no database in "+s.DataDir+" yet."
		f.Do = "Start the server, which makes it; or set DATA_DIR to where it is."
		return []domain.Finding{f}
	}
	if err != nil {
		f.Says, f.Do = "The database cannot be opened: "+err.Error(), "Start the server of the same version as the database; if the file is damaged, bring it back from a backup (docs/operate.md)."
		return []domain.Finding{f}
	}
	defer db.Close() //nolint:errcheck // nothing was written
	problems, err := db.QuickCheck(ctx)
	switch {
	case err != nil:
		f.Says, f.Do = "The database cannot be read: "+err.Error(), "Stop the server, keep a copy of the files, and bring the database back from a backup (docs/operate.md)."
	case len(problems) > 0:
		f.Says, f.Do = "The database is damaged: "+strings.Join(problems, "; "), "Stop the server, keep a copy of the files, and bring the database back from a backup (docs/operate.md)."
	default:
		size, _ := db.Sizes() // the check has just read it
		f.State, f.Says = domain.StateOK, fmt.Sprintf("It is sound (%s).", bytesText(size.Database))
	}
	list := []domain.Finding{f}
	if parked, err := db.CountParked(ctx); err == nil && parked > 0 {
		list = append(list, domain.Finding{
			Check: "payments", State: domain.StateWarning, Says: fmt.Sprintf("%d events of Stripe's wait, because nobody knows yet whom they are about.", parked),
			Do: "Look at them in the operator's console, Webhooks. `liveassist find webhook_events '{\"status\":\"parked\"}'` lists them too.",
		})
	}
	return list
}

func examineDisk(s *settings) domain.Finding {
	f := domain.Finding{Check: "disk", State: domain.StateOK}
	free, total, err := diskSpace(s.DataDir)
	if err != nil {
		f.State, f.Says = domain.StateWarning, "The free space could not be found out: "+err.Error()
		return f
	}
	f.Says = fmt.Sprintf("%s of %s are free.", bytesText(int64(free)), bytesText(int64(total))) //nolint:gosec // no disk is that large
	switch {
	case free < diskBroken:
		f.State = domain.StateBroken
	case free < diskWarning:
		f.State = domain.StateWarning
	default:
		return f
	}
	f.Do = "Make room or enlarge the volume: on a full disk nobody can send anything."
	return f
}

func examineBilling(ctx context.Context, s *settings) []domain.Finding {
	addr, err := net.ResolveTCPAddr("tcp", s.ListenAddr)
	if err != nil {
		return []domain.Finding{{Check: "stripe", State: domain.StateBroken, Says: err.Error(), Do: "Set LISTEN_ADDR."}}
	}
	service, err := billing.New(s.billingConfig(baseURL(s, addr), nil, slog.New(slog.DiscardHandler)))
	if err != nil {
		return []domain.Finding{{Check: "stripe", State: domain.StateBroken, Says: err.Error(), Do: "Correct the settings that it names."}}
	}
	return service.Examine(ctx)
}

// billingConfig is what billing needs of the settings.
func (s *settings) billingConfig(base *url.URL, db *store.DB, log *slog.Logger) billing.Config {
	return billing.Config{
		BaseURL: base, Listen: s.ListenAddr, SecretKey: s.StripeKey, WebhookSecrets: s.StripeSecrets,
		PriceMonth: s.PriceMonth, PriceYear: s.PriceYear, APIBase: s.StripeAPIBase, Sandbox: s.BillingSandbox,
		Grace: s.Grace, FreeImagesPerDay: s.FreeImagesPerDay,
		Store: db, Log: log, Clock: time.Now, Rand: rand.Reader,
	}
}

func examineMongo(ctx context.Context, s *settings) domain.Finding {
	f := domain.Finding{Check: "mongodb", State: domain.StateOff, Says: "No mirror is set up."}
	if s.MongoURL == "" {
		return f
	}
	if err := mirror.Reach(ctx, s.MongoURL, s.MongoDatabase); err != nil {
		f.State, f.Says = domain.StateBroken, "MongoDB cannot be used: "+err.Error()
		f.Do = "Look at MONGO_URL, at the network between here and there, and at the user's rights (readWrite on the database)."
		return f
	}
	f.State, f.Says = domain.StateOK, "MongoDB answers."
	return f
}

// bytesText shows a size as people read it.
func bytesText(n int64) string {
	const gb, mb = 1 << 30, 1 << 20
	if n >= gb {
		return fmt.Sprintf("%.1f GB", float64(n)/gb)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/mb)
}
