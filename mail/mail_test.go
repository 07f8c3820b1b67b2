package mail

import (
	"net/url"
	"strings"
	"testing"

	"liveassist/mail/smtptest"
)

func address(scheme string, s *smtptest.Server, user *url.Userinfo) string {
	return (&url.URL{Scheme: scheme, User: user, Host: s.Addr}).String()
}

// TestSender_Send: each way to a server, with the whole mail as it arrives.
func TestSender_Send(t *testing.T) {
	robot := url.UserPassword(smtptest.User, smtptest.Password)
	for name, c := range map[string]struct {
		scheme string
		user   *url.Userinfo
		server smtptest.Options
		secure bool
	}{
		"plain relay on this machine": {"smtp", nil, smtptest.Options{}, false},
		"STARTTLS with a password":    {"smtp", robot, smtptest.Options{StartTLS: true, Auth: true}, true},
		"TLS from the start":          {"smtps", robot, smtptest.Options{Implicit: true, Auth: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.New(t, c.server)
			s, err := New(address(c.scheme, server, c.user), Options{From: "Hjälpen <help@example.com>", TLS: server.TLS})
			if err != nil {
				t.Fatal(err)
			}
			text := "Åsa,\n\nhttps://example.com/reset?token=" + strings.Repeat("x", 80) + "\n"
			if err := s.Send(t.Context(), Message{ID: "m1", To: "asa@example.com", Subject: "Välj ett lösenord", Text: text}); err != nil {
				t.Fatal(err)
			}
			m := server.Next()
			if m.From != "help@example.com" || m.To != "asa@example.com" || m.Subject != "Välj ett lösenord" || m.Text != text || m.Secure != c.secure {
				t.Errorf("arrived %+v", m)
			}
			for header, want := range map[string]string{"Message-Id": "<m1@example.com>", "Auto-Submitted": "auto-generated", "To": "<asa@example.com>"} {
				if got := m.Header.Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

// TestSender_Send_Refused: what is refused for now may be tried again, what is refused for
// good may not; a password never stands in an error.
func TestSender_Send_Refused(t *testing.T) {
	server := smtptest.New(t, smtptest.Options{StartTLS: true, Auth: true})
	send := func(user *url.Userinfo) error {
		s, err := New(address("smtp", server, user), Options{From: "help@example.com", TLS: server.TLS})
		if err != nil {
			t.Fatal(err)
		}
		return s.Send(t.Context(), Message{ID: "m", To: "a@example.com", Subject: "s", Text: "t"})
	}
	good := url.UserPassword(smtptest.User, smtptest.Password)
	server.Refuse(451, 550)
	if err := send(good); err == nil || IsFinal(err) {
		t.Errorf("451: %v, final %v, want one to try again", err, IsFinal(err))
	}
	if err := send(good); err == nil || !IsFinal(err) {
		t.Errorf("550: %v, final %v, want one for good", err, IsFinal(err))
	}
	if err := send(url.UserPassword(smtptest.User, "wr0ng!")); err == nil || IsFinal(err) || strings.Contains(err.Error(), "wr0ng") {
		t.Errorf("wrong password: %v, want an error that can be mended and does not show it", err)
	}
	server.None()
}

// TestSender_Send_Plaintext: a server elsewhere that offers no TLS gets neither mail nor password.
func TestSender_Send_Plaintext(t *testing.T) {
	server := smtptest.New(t, smtptest.Options{})
	_, port, _ := strings.Cut(server.Addr, ":")
	// An address that is not known to be this machine, and leads to it all the same.
	s, err := New("smtp://"+smtptest.User+":x@0.0.0.0:"+port, Options{From: "help@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), Message{ID: "m", To: "a@example.com", Subject: "s", Text: "t"}); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("in the clear: %v, want that STARTTLS is missing", err)
	}
	server.None()
}

func TestNew_Refused(t *testing.T) {
	for server, want := range map[string]string{
		"":                                "smtp://",
		"mail.example.com:25":             "smtp://",
		"http://mail.example.com":         "smtp://",
		"smtp://":                         "smtp://",
		"smtp://h/path":                   "smtp://",
		"smtp://h?starttls=maybe":         "starttls=off",
		"smtp://h?tls=off":                "starttls=off",
		"smtp://u:top%zzsecret@h":         "escaped",
		"smtp://u:topsecret@h/not/a/path": "smtp://",
	} {
		if _, err := New(server, Options{From: "a@example.com"}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "topsecret") || !strings.HasPrefix(err.Error(), "SMTP_URL: ") {
			t.Errorf("%q: %v, want SMTP_URL with %q and no password", server, err, want)
		}
	}
	for _, from := range []string{"", "help", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com"} {
		if _, err := New("smtp://h", Options{From: from}); err == nil || !strings.HasPrefix(err.Error(), "MAIL_FROM: ") {
			t.Errorf("from %q: %v, want MAIL_FROM", from, err)
		}
	}
}
