// Package smtptest is a mail server for tests: it speaks SMTP on a real connection and
// keeps what it takes.
package smtptest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The one account that may send, where the server asks for one.
const (
	User     = "robot"
	Password = "s3cret@:/"
)

// Options say how the server behaves.
type Options struct {
	Implicit bool // TLS from the start, as for smtps
	StartTLS bool // offers TLS
	Auth     bool // refuses whoever has not signed in
}

// Mail is a mail that was taken.
type Mail struct {
	From, To string // of the envelope
	Secure   bool   // it came over TLS
	Header   mail.Header
	Subject  string // decoded
	Text     string // decoded
}

// Server is a running mail server.
type Server struct {
	tb   testing.TB
	opts Options
	Addr string
	TLS  *tls.Config // what a client must trust
	// Mails is what was taken, in order.
	Mails chan Mail

	mu       sync.Mutex
	refusals []error // what the next mails get
}

// New starts a server on loopback; it ends with the test.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	s := &Server{tb: tb, opts: opts, Mails: make(chan Mail, 100)}
	// net/http's test certificate is for 127.0.0.1.
	https := httptest.NewTLSServer(nil)
	tb.Cleanup(https.Close)
	pool := x509.NewCertPool()
	pool.AddCert(https.Certificate())
	s.TLS = &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	srv.Domain = "mail.test"
	srv.ErrorLog = quiet{}
	srv.AllowInsecureAuth = !opts.StartTLS
	config := &tls.Config{Certificates: https.TLS.Certificates, MinVersion: tls.VersionTLS12}
	if opts.StartTLS {
		srv.TLSConfig = config
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test's own listener
	if err != nil {
		tb.Fatal(err)
	}
	s.Addr = l.Addr().String()
	if opts.Implicit {
		l = tls.NewListener(l, config)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // it ends when the test closes it
	}()
	tb.Cleanup(func() {
		_ = srv.Close()
		_ = l.Close() // where the server had not begun yet
		<-done
	})
	return s
}

// Refuse lets the next mails be refused, one for each code: 4xx for now, 5xx for good.
func (s *Server) Refuse(codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range codes {
		s.refusals = append(s.refusals, &smtp.SMTPError{Code: c, EnhancedCode: smtp.EnhancedCode{c / 100, 0, 0}, Message: "not this one"})
	}
}

// Next returns the next mail, or fails the test after a while.
func (s *Server) Next() Mail {
	s.tb.Helper()
	select {
	case m := <-s.Mails:
		return m
	case <-time.After(20 * time.Second):
		s.tb.Fatal("no mail came")
		return Mail{}
	}
}

// None fails the test if there is a mail that nobody has taken.
func (s *Server) None() {
	s.tb.Helper()
	select {
	case m := <-s.Mails:
		s.tb.Fatalf("a mail that nobody expects: %s to %s", m.Subject, m.To)
	default:
	}
}

func (s *Server) refusal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.refusals) == 0 {
		return nil
	}
	err := s.refusals[0]
	s.refusals = s.refusals[1:]
	return err
}

// session is one connection.
type session struct {
	server   *Server
	conn     *smtp.Conn
	signedIn bool
	from, to string
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.opts.Auth && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.server.refusal()
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	m := Mail{From: s.from, To: s.to, Header: msg.Header}
	_, m.Secure = s.conn.TLSConnectionState()
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return err
	}
	if m.Text, err = text(msg); err != nil {
		return err
	}
	s.server.Mails <- m
	return nil
}

// text decodes the body of a plain mail.
func text(msg *mail.Message) (string, error) {
	var r io.Reader
	switch strings.ToLower(msg.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(msg.Body)
	case "", "7bit", "8bit":
		r = msg.Body
	default:
		return "", errEncoding
	}
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

// quiet drops the server's own log: refusals are what tests are about.
type quiet struct{}

// Printf implements smtp.Logger.
func (quiet) Printf(string, ...any) {}

// Println implements smtp.Logger.
func (quiet) Println(...any) {}

var errEncoding = errors.New("mail has an encoding that a plain text does not need")
