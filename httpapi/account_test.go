package httpapi

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"liveassist/account"
	"liveassist/billing"
	"liveassist/domain"
	"liveassist/mail"
	"liveassist/mail/smtptest"
)

// withMail makes the server send its mails to a real mail server.
func withMail(t *testing.T) (*smtptest.Server, func(*server, *Parts)) {
	t.Helper()
	post := smtptest.New(t, smtptest.Options{})
	sender, err := mail.New("smtp://"+post.Addr, mail.Options{From: "help@example.com"})
	must(t, err)
	return post, func(_ *server, p *Parts) {
		p.Accounts.UseMail(account.MailSent)
		m := &account.Mailer{Accounts: p.Accounts, Base: &url.URL{Scheme: "https", Host: "help.example.com"}, Send: sender.Send, Log: p.Log}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = m.Run(ctx)
		}()
		t.Cleanup(func() { stop(); <-done })
	}
}

func linkIn(t *testing.T, m smtptest.Mail) string {
	t.Helper()
	_, after, ok := strings.Cut(m.Text, "?token=")
	if !ok {
		t.Fatalf("no link in %q", m.Text)
	}
	token, _, _ := strings.Cut(after, "\n")
	return token
}

// TestAccount_Mail: with a mail server, neither registering nor asking for a reset tells
// whether an address has an account: the same status, headers and body; and the whole way
// from registration over a reset to being signed in.
func TestAccount_Mail(t *testing.T) {
	post, parts := withMail(t)
	s := newServerWith(t, parts, func(c *Config) { c.RateLimit = false })
	b := s.browser()
	register := func(email string) reply {
		return b.post("/api/auth/register", map[string]any{"email": email, "password": "correct horse", "lang": "en"})
	}
	first := register("a@example.com")
	if first.status != http.StatusAccepted || first.header.Get("Set-Cookie") != "" {
		t.Fatalf("register: %d %s", first.status, first.body)
	}
	if got := b.post("/api/auth/login", map[string]any{"email": "a@example.com", "password": "correct horse"}); got.status != 401 {
		t.Errorf("sign in before the address is confirmed: %d", got.status)
	}
	confirm := map[string]any{"token": linkIn(t, post.Next())}
	if got := b.post("/api/auth/confirm", confirm); got.status != 200 || got.str("email") != "a@example.com" {
		t.Fatalf("confirm: %d %s", got.status, got.body)
	}
	if got := b.post("/api/auth/confirm", confirm); got.status != 400 || got.str("code") != domain.CodeLinkInvalid {
		t.Errorf("confirm again: %d %s", got.status, got.body)
	}
	sameAnswer(t, "register", first, register("A@example.com"))
	if m := post.Next(); !strings.Contains(m.Subject, "already") {
		t.Errorf("mail to a known address: %q", m.Subject)
	}

	forgot := func(email string) reply { return b.post("/api/auth/forgot", map[string]any{"email": email}) }
	known := forgot("a@example.com")
	if known.status != http.StatusAccepted {
		t.Fatalf("forgot: %d %s", known.status, known.body)
	}
	sameAnswer(t, "forgot", known, forgot("nobody@example.com"))
	reset := map[string]any{"token": linkIn(t, post.Next()), "password": "a new password"}
	if got := b.post("/api/auth/reset", reset); got.status != 200 || got.str("email") != "a@example.com" {
		t.Errorf("reset: %d %s", got.status, got.body)
	}
	if got := b.post("/api/auth/reset", reset); got.status != 400 || got.str("code") != domain.CodeLinkInvalid {
		t.Errorf("reset again: %d %s", got.status, got.body)
	}
	if got := b.post("/api/auth/login", map[string]any{"email": "a@example.com", "password": "a new password"}); got.status != 200 || got.str("email_confirmed_at") == "" {
		t.Errorf("sign in: %d %s", got.status, got.body)
	}
	post.None()
}

// sameAnswer fails where two answers differ in anything but what differs each time.
func sameAnswer(t *testing.T, what string, a, b reply) {
	t.Helper()
	for _, h := range []http.Header{a.header, b.header} {
		h.Del("Date")
		h.Del(headerRequestID)
	}
	x, _ := json.Marshal(a.header)
	y, _ := json.Marshal(b.header)
	if a.status != b.status || !bytes.Equal(a.body, b.body) || !bytes.Equal(x, y) {
		t.Errorf("%s: %d %s %s\nand %d %s %s", what, a.status, a.body, x, b.status, b.body, y)
	}
}

// TestAccount_ForgotTiming: asking for a reset takes as long for an address that has an
// account as for one that has none: both only store a row. The fastest of many tells it.
func TestAccount_ForgotTiming(t *testing.T) {
	s := newServerWith(t, func(_ *server, p *Parts) { p.Accounts.UseMail(account.MailLogged) })
	p := s.person()
	fastest := map[string]time.Duration{p.email: time.Hour, "nobody@example.com": time.Hour}
	for range 60 {
		for email := range fastest {
			start := time.Now()
			if got := p.post("/api/auth/forgot", map[string]any{"email": email}); got.status != http.StatusAccepted {
				t.Fatalf("forgot: %d %s", got.status, got.body)
			}
			fastest[email] = min(fastest[email], time.Since(start))
		}
	}
	// Looking up the account, hashing or sending would each be a multiple.
	if a, b := fastest[p.email], fastest["nobody@example.com"]; max(a, b) > 2*min(a, b)+time.Millisecond {
		t.Errorf("known %v, unknown %v", a, b)
	}
}

// TestAccount_MailLimits: nobody can have an address flooded, whether it has an account or not.
func TestAccount_MailLimits(t *testing.T) {
	s := newServerWith(t, func(_ *server, p *Parts) { p.Accounts.UseMail(account.MailLogged) }, func(c *Config) { c.RateLimit = true })
	b := s.browser()
	for i := range 6 {
		got := b.post("/api/auth/forgot", map[string]any{"email": "Nobody@example.com"})
		if want := map[bool]int{true: 202, false: 429}[i < 5]; got.status != want {
			t.Errorf("request %d: %d, want %d", i, got.status, want)
		}
	}
	p := s.person()
	for i := range 6 {
		got := p.post("/api/auth/confirm/send", map[string]any{"lang": "sv"})
		if want := map[bool]int{true: 202, false: 429}[i < 5]; got.status != want {
			t.Errorf("confirmation %d: %d, want %d", i, got.status, want)
		}
	}
}

func TestAccount_NoMail(t *testing.T) {
	s := newServer(t)
	p := s.person()
	if p.get("/api/users/me").object()["mail_enabled"] != false {
		t.Error("mail is said to be on")
	}
	for path, body := range map[string]any{"/api/auth/forgot": map[string]any{"email": p.email}, "/api/auth/confirm/send": map[string]any{}} {
		if got := p.post(path, body); got.status != 503 || got.str("error") != "mail_unavailable" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

// TestAccount_Password: the other browser is out and its stream ends; this one stays.
func TestAccount_Password(t *testing.T) {
	s := newServer(t)
	p := s.person()
	other := s.browser()
	if got := other.post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"}, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"); got.status != 200 {
		t.Fatal(got.status)
	}
	s.person() // whose login is nobody else's to see
	mine, theirs := p.stream(""), other.stream("")
	mine.next()
	theirs.next()
	list := p.get("/api/users/me/logins").list()
	if len(list) != 2 || list[0]["current"] != true || list[1]["current"] != false || list[1]["browser"] != "Firefox" || list[1]["system"] != "Linux" {
		t.Errorf("logins %v", list)
	}
	change := func(current, next string) reply {
		return p.post("/api/users/me/password", map[string]any{"current": current, "new": next})
	}
	if got := change("wrong password", "a new password"); got.status != 403 || got.str("code") != domain.CodeWrongPassword {
		t.Errorf("wrong: %d %s", got.status, got.body)
	}
	if got := change("correct horse", "short"); got.status != 400 {
		t.Errorf("short: %d %s", got.status, got.body)
	}
	if got := change("correct horse", "a new password"); got.status != 204 {
		t.Fatalf("change: %d %s", got.status, got.body)
	}
	theirs.ended()
	if got := other.get("/api/users/me"); got.status != 401 {
		t.Errorf("the other browser: %d, want 401", got.status)
	}
	session := p.session()
	p.say(session, "still here")
	if e := mine.next(); e.name != "message.created" {
		t.Errorf("this browser's stream: %+v", e)
	}
	if got := p.post("/api/auth/logout-everywhere", nil); got.status != 204 {
		t.Errorf("sign out everywhere: %d", got.status)
	}
	mine.ended()
	if got := p.get("/api/users/me"); got.status != 401 {
		t.Errorf("afterwards: %d, want 401", got.status)
	}
}

// mustArchive opens a download.
func mustArchive(t *testing.T, body []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		files[f.Name] = string(b)
	}
	return files
}

// mustPhoto sends a photo and returns its id.
func mustPhoto(t *testing.T, p *browser, session string) string {
	t.Helper()
	got := p.upload(session, photo(t))
	if got.status != http.StatusCreated {
		t.Fatalf("photo: %d %s", got.status, got.body)
	}
	return got.object()["image"].(map[string]any)["id"].(string)
}

// mustDeliver sends a signed event of Stripe.
func (s *server) mustDeliver(event []byte) {
	s.tb.Helper()
	if got := s.browser().post(webhookPath, event, "Stripe-Signature", signature(event, webhookSecret, time.Now())); got.status != 200 {
		s.tb.Fatalf("event: %d %s", got.status, got.body)
	}
}

// TestAccount_Export: the file holds all that is one's own, and nothing of anybody else.
func TestAccount_Export(t *testing.T) {
	s := newServer(t)
	p, neighbour := s.person(), s.person()
	neighbour.say(neighbour.session(), "somebody else's words")
	session := p.session()
	for range 501 { // more than a page
		must(t, s.sayDirect(p, session, "my words"))
	}
	photo := mustPhoto(t, p, session)
	got := p.get("/api/users/me/export")
	if got.status != 200 || got.header.Get("Content-Type") != "application/zip" || !strings.Contains(got.header.Get("Content-Disposition"), ".zip") {
		t.Fatalf("export: %d %v", got.status, got.header)
	}
	files := mustArchive(t, got.body)
	if !strings.Contains(files["profile.json"], p.email) || !strings.Contains(files["logins.json"], "last_seen_at") || !strings.HasPrefix(files["xp.json"], "[") {
		t.Errorf("files %v", files)
	}
	var talk struct {
		Conversation domain.Session
		Messages     []struct{ Text string }
	}
	must(t, json.Unmarshal([]byte(files["conversations/"+session+".json"]), &talk))
	if len(talk.Messages) != 502 || string(talk.Conversation.ID) != session {
		t.Errorf("%d messages of %s, want 502", len(talk.Messages), talk.Conversation.ID)
	}
	name := ""
	for n := range files {
		if strings.HasPrefix(n, "photos/"+photo) {
			name = n
		}
	}
	if name == "" || len(files[name]) == 0 || !strings.Contains(files["conversations/"+session+".md"], "](../"+name+")") {
		t.Errorf("photo %q is missing or not linked", name)
	}
	for n, text := range files {
		if strings.Contains(text, "somebody else's words") || strings.Contains(text, neighbour.email) {
			t.Errorf("%s holds a neighbour's data", n)
		}
	}
}

// TestAccount_Deletion: the streams of all browsers end, the cookie is gone, the photo is
// gone, and a later event of Stripe is ignored, not parked.
func TestAccount_Deletion(t *testing.T) {
	s := newServer(t)
	p := s.person()
	session := p.session()
	p.say(session, "delete me")
	photo := mustPhoto(t, p, session)
	other := s.browser()
	if got := other.post("/api/auth/login", map[string]any{"email": p.email, "password": "correct horse"}); got.status != 200 {
		t.Fatal(got.status)
	}
	mine, theirs := p.stream(""), other.stream("")
	mine.next()
	theirs.next()
	if got := p.post("/api/users/me/deletion", map[string]any{"password": "wrong password"}); got.status != 403 || got.str("code") != domain.CodeWrongPassword {
		t.Errorf("wrong password: %d %s", got.status, got.body)
	}
	got := p.post("/api/users/me/deletion", map[string]any{"password": "correct horse"})
	if got.status != 204 || !strings.Contains(got.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Fatalf("delete: %d %s", got.status, got.body)
	}
	mine.ended()
	theirs.ended()
	for _, b := range []*browser{p, other} {
		if got := b.get("/api/images/" + photo); got.status != 401 {
			t.Errorf("afterwards: %d, want 401", got.status)
		}
	}
	if _, err := s.db.PictureHead(t.Context(), domain.ImageID(photo)); domain.KindOf(err) != domain.KindNotFound {
		t.Errorf("the photo: %v, want domain.ErrNotFound", err)
	}
	s.mustDeliver(checkoutOf(p.id))
	if n, err := s.db.CountParked(t.Context()); err != nil || n != 0 {
		t.Errorf("%d events are parked, %v, want none", n, err)
	}
	if !strings.Contains(s.log.String(), "account was deleted") {
		t.Error("nobody is told that money was taken for an account that is gone")
	}
}

// TestAccount_Deletion_StripeFails: where the subscription cannot be ended at Stripe,
// nothing is deleted.
func TestAccount_Deletion_StripeFails(t *testing.T) {
	s := newServerWith(t, func(s *server, p *Parts) { // no key, and no sandbox off loopback: nobody can be asked
		pay, err := billing.New(billing.Config{
			BaseURL: &url.URL{Scheme: "https", Host: "help.example.com"}, Listen: "0.0.0.0:8080", WebhookSecrets: webhookSecret, Grace: time.Hour, FreeImagesPerDay: 2,
			Store: s.db, Log: p.Log, Clock: s.clock.now, Rand: rand.Reader,
		})
		must(t, err)
		p.Billing = pay
	})
	p := s.person()
	s.mustDeliver(checkoutOf(p.id))
	if p.get("/api/users/me").str("subscription_status") != "paid" {
		t.Fatal("not paid")
	}
	if got := p.post("/api/users/me/deletion", map[string]any{"password": "correct horse"}); got.status != 503 || got.str("error") != "billing_unavailable" {
		t.Errorf("delete: %d %s, want 503", got.status, got.body)
	}
	if got := p.get("/api/users/me"); got.status != 200 || got.str("email") != p.email || got.str("subscription_status") != "paid" {
		t.Errorf("afterwards: %d %s, want all as before", got.status, got.body)
	}
}

func TestAccount_ReferrerPolicy(t *testing.T) {
	s := newServer(t)
	for path, want := range map[string]string{"/reset": "no-referrer", "/confirm": "no-referrer", "/account": "same-origin"} {
		if got := s.browser().get(path + "?token=x").header.Get("Referrer-Policy"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
