package billing

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

func mustURL(tb testing.TB, s string) *url.URL {
	tb.Helper()
	u, err := url.Parse(s)
	must(tb, err)
	return u
}

// The sandbox cannot come up where money is real or where anybody else could reach it.
func TestSandbox_OnlyWhereNoMoneyIsReal(t *testing.T) {
	for name, c := range map[string]struct {
		mode, key, listen, base string
		up, refused             bool
	}{
		"Auto":          {"auto", "", "127.0.0.1:8080", "http://127.0.0.1:8080", true, false},
		"Unset":         {"", "", "127.0.0.1:8080", "http://127.0.0.1:8080", true, false},
		"IPv6":          {"auto", "", "[::1]:8080", "http://[::1]:8080", true, false},
		"Localhost":     {"on", "", "localhost:8080", "http://localhost:8080", true, false},
		"LiveKey":       {"auto", "sk_live_1", "127.0.0.1:8080", "http://127.0.0.1:8080", false, false},
		"TestKey":       {"auto", "sk_test_1", "127.0.0.1:8080", "http://127.0.0.1:8080", false, false},
		"Listen":        {"auto", "", "0.0.0.0:8080", "http://127.0.0.1:8080", false, false},
		"ListenAll":     {"auto", "", ":8080", "http://127.0.0.1:8080", false, false},
		"BaseURL":       {"auto", "", "127.0.0.1:8080", "https://liveassist.example", false, false},
		"BaseURLTrick":  {"auto", "", "127.0.0.1:8080", "https://127.0.0.1.evil.example", false, false},
		"Off":           {"off", "", "127.0.0.1:8080", "http://127.0.0.1:8080", false, false},
		"OnWithKey":     {"on", "sk_live_1", "127.0.0.1:8080", "http://127.0.0.1:8080", false, true},
		"OnWithListen":  {"on", "", "192.168.0.1:8080", "http://127.0.0.1:8080", false, true},
		"OnWithBaseURL": {"on", "", "127.0.0.1:8080", "https://liveassist.example", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := New(Config{
				BaseURL: mustURL(t, c.base), Listen: c.listen, SecretKey: c.key, Sandbox: c.mode,
				Log: slog.New(slog.DiscardHandler), Clock: time.Now, Rand: strings.NewReader(strings.Repeat("x", 64)),
			})
			if (err != nil) != c.refused {
				t.Fatalf("New: %v, want refused %v", err, c.refused)
			}
			if err == nil && s.HasSandbox() != c.up {
				t.Errorf("sandbox is up: %v, want %v", s.HasSandbox(), c.up)
			}
			if err != nil && !strings.Contains(err.Error(), "BILLING_SANDBOX") {
				t.Errorf("%q does not name the setting", err)
			}
		})
	}
}

func TestSandbox_NotForRequestsFromElsewhere(t *testing.T) {
	w := newWorld(t)
	u := w.user()
	if _, err := w.Checkout(t.Context(), u, "month", "", false); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("checkout: %v", err)
	}
	if _, err := w.Plans(t.Context(), false); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("plans: %v", err)
	}
	payload := mustJSON(t, w.event("a.b", object{}))
	if err := w.Deliver(t.Context(), payload, sign(payload, w.sandbox.secret, time.Now()), false); kindOf(err) != domain.KindInvalidSignature {
		t.Errorf("an event of the sandbox from elsewhere: %v", err)
	}
	// A sandbox opens no way for others where no secret is set.
	bare := newWorld(t, func(c *Config) { c.WebhookSecrets = "\n" })
	if err := bare.Deliver(t.Context(), payload, sign(payload, "", time.Now()), false); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("without a secret: %v", err)
	}
	if err := bare.Deliver(t.Context(), payload, sign(payload, "", time.Now()), true); kindOf(err) != domain.KindBillingUnavailable {
		t.Errorf("without a secret beside the sandbox: %v", err)
	}
}

// play is a person in the sandbox.
type play struct {
	*world
	user    domain.UserID
	deliver Deliver
	portal  string
}

func newPlay(t *testing.T) *play {
	t.Helper()
	p := &play{world: newWorld(t)}
	p.user = p.world.user()
	p.deliver = func(ctx context.Context, d Delivery) error { return p.Deliver(ctx, d.Payload, d.Signature, true) }
	return p
}

// pay buys a plan and returns the session.
func (p *play) pay(plan domain.Plan) string {
	p.Helper()
	address, err := p.Checkout(p.Context(), p.user, plan, "/quickfix", true)
	must(p, err)
	id, ok := strings.CutPrefix(address, "http://127.0.0.1:8080/sandbox/checkout/")
	if !ok {
		p.Fatalf("address = %q", address)
	}
	back, err := p.SandboxPay(p.Context(), id, p.deliver)
	must(p, err)
	if want := "http://127.0.0.1:8080/?subscription=success&session_id=" + id + "&return_to=%2Fquickfix"; back != want {
		p.Errorf("back to %q, want %q", back, want)
	}
	return id
}

func (p *play) press(action SandboxAction) {
	p.Helper()
	if p.portal == "" {
		address, err := p.Portal(p.Context(), p.user, true)
		must(p, err)
		p.portal = strings.TrimPrefix(address, "http://127.0.0.1:8080/sandbox/portal/")
	}
	must(p, p.SandboxAct(p.Context(), p.portal, action, p.deliver))
}

func TestSandbox_Purchase(t *testing.T) {
	for plan, months := range map[domain.Plan]int{domain.PlanMonth: 1, domain.PlanYear: 12} {
		p := newPlay(t)
		id := p.pay(plan)
		if got, want := p.expiry(p.user), domain.AddMonths(p.now.time(), months).Unix(); !p.paid(p.user) || got != want {
			t.Errorf("%s: paid %v until %d, want %d", plan, p.paid(p.user), got, want)
		}
		if u := p.get(p.user); u.Subscription.Plan != plan || u.XP != domain.FirstPremiumXP || u.Subscription.PastDue {
			t.Errorf("%s: %+v", plan, u)
		}
		before := p.Stats()
		if _, err := p.SandboxPay(t.Context(), id, p.deliver); err != nil || p.Stats() != before {
			t.Errorf("a second click delivered something: %v", err)
		}
		must(t, p.Confirm(t.Context(), p.user, id, true))
		if err := p.Confirm(t.Context(), p.world.user(), id, true); kindOf(err) != domain.KindNotFound {
			t.Errorf("another person's session: %v", err)
		}
		if _, err := p.Checkout(t.Context(), p.user, plan, "", true); kindOf(err) != domain.KindAlreadySubscribed {
			t.Errorf("a second purchase: %v", err)
		}
	}
}

// A browser that was closed after the payment: the page that comes back later confirms.
func TestSandbox_ConfirmWithoutAnEvent(t *testing.T) {
	p := newPlay(t)
	address, err := p.Checkout(t.Context(), p.user, domain.PlanMonth, "", true)
	must(t, err)
	id := address[strings.LastIndex(address, "/")+1:]
	if err := p.Confirm(t.Context(), p.user, id, true); err != nil || p.paid(p.user) {
		t.Fatalf("before the payment: %v, paid %v", err, p.paid(p.user))
	}
	_, err = p.SandboxPay(t.Context(), id, func(context.Context, Delivery) error { return nil })
	must(t, err)
	if err := p.Confirm(t.Context(), p.user, id, true); err != nil || !p.paid(p.user) {
		t.Errorf("after it: %v, paid %v", err, p.paid(p.user))
	}
}

func TestSandbox_EveryState(t *testing.T) {
	p := newPlay(t)
	p.pay(domain.PlanMonth)
	first := p.expiry(p.user)
	p.press(SandboxRenew)
	renewed := p.expiry(p.user)
	if want := domain.AddMonths(time.Unix(first, 0), 1).Unix(); renewed != want {
		t.Errorf("renewed until %d, want %d", renewed, want)
	}
	p.press(SandboxFail)
	if s := p.get(p.user).Subscription; !p.paid(p.user) || !s.PastDue || p.expiry(p.user) != renewed {
		t.Errorf("after a failed renewal: %+v", s)
	}
	p.press(SandboxRenew)
	if s := p.get(p.user).Subscription; s.PastDue || p.expiry(p.user) <= renewed {
		t.Errorf("after it was mended: %+v", s)
	}
	p.press(SandboxCancel)
	if s := p.get(p.user).Subscription; !p.paid(p.user) || !s.Cancels {
		t.Errorf("after a cancellation: %+v", s)
	}
	view, err := p.SandboxPortal(t.Context(), p.portal)
	if err != nil || !view.Cancels || view.Ended || view.PeriodEnd.Unix() != p.expiry(p.user) {
		t.Errorf("portal: %+v, %v", view, err)
	}
	p.press(SandboxResume)
	if s := p.get(p.user).Subscription; s.Cancels {
		t.Errorf("after resuming: %+v", s)
	}
	p.press(SandboxRefund)
	if p.paid(p.user) {
		t.Error("paid after a refund")
	}
	if err := p.SandboxAct(t.Context(), p.portal, SandboxRenew, p.deliver); kindOf(err) != domain.KindInvalidRequest {
		t.Errorf("a button without a subscription: %v", err)
	}
	p.pay(domain.PlanYear)
	if view, err := p.SandboxPortal(t.Context(), p.portal); err != nil || view.Ended || view.Price.Plan != domain.PlanYear {
		t.Errorf("portal of the new one: %+v, %v", view, err)
	}
	p.press(SandboxEnd)
	if p.paid(p.user) {
		t.Error("paid after the end")
	}
	if got := p.get(p.user).XP; got != domain.FirstPremiumXP {
		t.Errorf("XP = %d", got)
	}
	if s := p.Stats(); s.Ignored+s.Parked+s.Rejected+s.Failed+s.Duplicates != 0 {
		t.Errorf("the sandbox sends what Stripe would not: %+v", s)
	}
}

func TestSandbox_ForgetsTheOldestPages(t *testing.T) {
	p := newPlay(t)
	first, err := p.sandbox.createCheckout(t.Context(), purchase{Plan: domain.PlanMonth})
	must(t, err)
	for range sandboxPages {
		_, err := p.sandbox.createPortal(t.Context(), "cus_1", "/")
		must(t, err)
	}
	if _, err := p.SandboxCheckout(first[strings.LastIndex(first, "/")+1:]); kindOf(err) != domain.KindNotFound {
		t.Errorf("the oldest page: %v", err)
	}
	if n := len(p.sandbox.sessions) + len(p.sandbox.portals); n != sandboxPages {
		t.Errorf("%d pages are remembered", n)
	}
}
