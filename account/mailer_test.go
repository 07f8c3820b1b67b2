package account

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
	"liveassist/mail"
	"liveassist/mail/smtptest"
)

// mustMailer returns a Mailer that sends to a real server.
func mustMailer(t *testing.T, a *testAccounts) (*Mailer, *smtptest.Server) {
	t.Helper()
	server := smtptest.New(t, smtptest.Options{})
	sender, err := mail.New("smtp://"+server.Addr, mail.Options{From: "help@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	a.UseMail(MailSent)
	return &Mailer{Accounts: a.Service, Base: &url.URL{Scheme: "https", Host: "help.example.com"}, Send: sender.Send, Log: slog.New(slog.DiscardHandler)}, server
}

func mustSendDue(t *testing.T, m *Mailer) {
	t.Helper()
	if err := m.sendDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// tokenIn returns the secret of the one link in a mail.
func tokenIn(t *testing.T, m smtptest.Mail, path string) Token {
	t.Helper()
	_, after, ok := strings.Cut(m.Text, "https://help.example.com/"+path+"?token=")
	token, _, _ := strings.Cut(after, "\n")
	if !ok || len(token) != 43 || strings.Count(m.Text, "https://") != 1 {
		t.Fatalf("no link to /%s in %q", path, m.Text)
	}
	return Token(token)
}

// TestMailer_Reset: the whole way of a forgotten password; a link works once, and the
// mail of an address without an account is never sent.
func TestMailer_Reset(t *testing.T) {
	a := mustAccounts(t)
	m, server := mustMailer(t, a)
	_, old := a.mustRegister("a@example.com")
	mustSendDue(t, m)
	server.Next() // asks to confirm
	for _, email := range []string{" A@example.com ", "nobody@example.com"} {
		if err := a.RequestReset(t.Context(), email, "sv"); err != nil {
			t.Fatalf("%s: %v, want no difference", email, err)
		}
	}
	mustSendDue(t, m)
	letter := server.Next()
	server.None()
	if waiting, err := a.db.DueLetters(t.Context(), a.clock().Add(24*time.Hour), 10); err != nil || len(waiting) != 0 {
		t.Errorf("%v still wait, %v, want none: there is nothing to send to an unknown address", waiting, err)
	}
	if letter.To != "a@example.com" || letter.Subject != "Välj ett nytt lösenord" {
		t.Errorf("mail %q to %s", letter.Subject, letter.To)
	}
	token := tokenIn(t, letter, "reset")
	if _, _, err := a.Reset(t.Context(), token, "short"); domain.KindOf(err) != domain.KindInvalidRequest || errors.Is(err, errLink) {
		t.Errorf("short password: %v; it must not use the link up", err)
	}
	u, ended, err := a.Reset(t.Context(), token, "a new password")
	if err != nil || u.Email != "a@example.com" || len(ended) != 1 {
		t.Fatalf("reset: %+v, %v, %v", u, ended, err)
	}
	if _, _, err := a.Authenticate(t.Context(), old); !errors.Is(err, ErrSignedOut) {
		t.Errorf("the old login: %v, want ErrSignedOut", err)
	}
	if _, _, err := a.Reset(t.Context(), token, "another password"); !errors.Is(err, errLink) {
		t.Errorf("the link again: %v, want errLink", err)
	}
	if _, _, err := a.SignIn(t.Context(), "a@example.com", goodPassword, Device{}); !errors.Is(err, errCredentials) {
		t.Errorf("with the old password: %v, want errCredentials", err)
	}
	if _, _, err := a.SignIn(t.Context(), "a@example.com", "a new password", Device{}); err != nil {
		t.Errorf("with the new password: %v", err)
	}
}

// TestMailer_Expiry: a link to reset is good for an hour.
func TestMailer_Expiry(t *testing.T) {
	a := mustAccounts(t)
	m, server := mustMailer(t, a)
	a.mustRegister("a@example.com")
	if err := a.RequestReset(t.Context(), "a@example.com", ""); err != nil {
		t.Fatal(err)
	}
	mustSendDue(t, m)
	letters := map[string]smtptest.Mail{}
	for range 2 {
		l := server.Next()
		letters[l.Subject] = l
	}
	token := tokenIn(t, letters["Set a new password"], "reset")
	a.add(resetTTL)
	if _, _, err := a.Reset(t.Context(), token, "a new password"); !errors.Is(err, errLink) {
		t.Errorf("after an hour: %v, want errLink", err)
	}
	if _, err := a.Confirm(t.Context(), tokenIn(t, letters["Confirm your e-mail address"], "confirm")); err != nil {
		t.Errorf("confirm, good for a day: %v", err)
	}
}

// TestMailer_Register: before the link is used there is no account; an address that has
// one is told so by mail, and whoever asks cannot tell the two apart.
func TestMailer_Register(t *testing.T) {
	a := mustAccounts(t)
	m, server := mustMailer(t, a)
	request := func(email, password string) smtptest.Mail {
		t.Helper()
		r := Registration{Email: email, Password: password, Name: "Buy pills at https://example.net"}
		if err := a.RequestAccount(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		mustSendDue(t, m)
		return server.Next()
	}
	mine, strangers := request("me@example.com", "my password"), request("me@example.com", "the stranger's")
	if strings.Contains(mine.Text, "pills") {
		t.Error("a stranger's words are in the mail")
	}
	if _, _, err := a.SignIn(t.Context(), "me@example.com", "my password", Device{}); !errors.Is(err, errCredentials) {
		t.Errorf("sign in before: %v, want errCredentials", err)
	}
	u, err := a.Confirm(t.Context(), tokenIn(t, mine, "confirm"))
	if err != nil || u.Email != "me@example.com" {
		t.Fatalf("confirm: %+v, %v", u, err)
	}
	if _, err := a.Confirm(t.Context(), tokenIn(t, strangers, "confirm")); !errors.Is(err, errLink) {
		t.Errorf("the stranger's link: %v, want errLink", err)
	}
	if _, _, err := a.SignIn(t.Context(), "me@example.com", "my password", Device{}); err != nil {
		t.Errorf("sign in after: %v", err)
	}
	if known := request("ME@example.com", "once again"); known.Subject != "You have a LiveAssist account already" || strings.Contains(known.Text, "token") {
		t.Errorf("for a known address: %q %q", known.Subject, known.Text)
	}
}

// TestMailer_Retries: a mail that is not taken waits longer each time and is given up at
// the end; a crash does not lose it; one that is refused for good is not tried again.
func TestMailer_Retries(t *testing.T) {
	a := mustAccounts(t)
	m, server := mustMailer(t, a)
	if err := a.RequestAccount(t.Context(), Registration{Email: "a@example.com", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	server.Refuse(451)
	mustSendDue(t, m)
	server.None()
	mustSendDue(t, m) // it is not due yet
	server.None()
	// The next Mailer finds it where a crash left it.
	again := *m
	a.add(mailWaits()[0])
	mustSendDue(t, &again)
	server.Next()

	broken := *m
	tries := 0
	broken.Send = func(context.Context, mail.Message) error { tries++; return errors.New("no server") }
	if err := a.RequestAccount(t.Context(), Registration{Email: "b@example.com", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		mustSendDue(t, &broken)
		a.add(3 * time.Hour)
	}
	if want := len(mailWaits()) + 1; tries != want {
		t.Errorf("tried %d times, want %d", tries, want)
	}

	server.Refuse(550)
	if err := a.RequestAccount(t.Context(), Registration{Email: "c@example.com", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	mustSendDue(t, m)
	a.add(24 * time.Hour)
	mustSendDue(t, m)
	server.None()
}

// TestMailer_Run sends what comes without waiting for its next look.
func TestMailer_Run(t *testing.T) {
	a := mustAccounts(t)
	m, server := mustMailer(t, a)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	start := time.Now()
	if err := a.RequestAccount(ctx, Registration{Email: "a@example.com", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	server.Next()
	if took := time.Since(start); took > mailEvery {
		t.Errorf("it took %v", took)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestService_NoMail: without mail, what needs it says so and stores nothing.
func TestService_NoMail(t *testing.T) {
	a := mustAccounts(t)
	u, _ := a.mustRegister("a@example.com")
	for name, err := range map[string]error{
		"reset":   a.RequestReset(t.Context(), "a@example.com", ""),
		"confirm": a.RequestConfirmation(t.Context(), u.ID, ""),
	} {
		if domain.KindOf(err) != domain.KindMailUnavailable {
			t.Errorf("%s: %v, want %s", name, err, domain.KindMailUnavailable)
		}
	}
	if due, err := a.db.DueLetters(t.Context(), a.clock().Add(time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("mails %v, %v, want none", due, err)
	}
}
