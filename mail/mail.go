// Package mail sends e-mail by SMTP.
package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sendTimeout bounds one mail, from the connection to the server's answer.
const sendTimeout = 30 * time.Second

// Message is a mail of plain text to one person.
type Message struct {
	ID      string // makes the Message-ID: the same for each attempt, so that servers can tell a repetition
	To      string // a bare address
	Subject string
	Text    string
}

// Sender sends through one SMTP server. It may be used by many goroutines at once.
type Sender struct {
	from    string
	domain  string
	host    string
	options []gomail.Option
}

// Options are what a Sender needs beside the server's address.
type Options struct {
	From string // MAIL_FROM: an address, bare or with a name
	// TLS is what the connection trusts; nil for the system's authorities. Tests set it.
	TLS *tls.Config
}

// New returns a Sender for an SMTP_URL: smtps://user:password@host:port speaks TLS from the
// start (port 465), smtp:// begins in the clear and must go over to TLS (port 587), unless
// the server is on this machine or the URL says ?starttls=off.
func New(server string, o Options) (*Sender, error) {
	u, err := parse(server)
	if err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("MAIL_FROM: %q is not an e-mail address", o.From)
	}
	s := &Sender{from: from.String(), domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:], host: u.Hostname()}
	s.options = []gomail.Option{gomail.WithTimeout(sendTimeout), gomail.WithPort(port(u))}
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSL())
	case u.Query().Get("starttls") == "off":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	case isLocal(u.Hostname()):
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if o.TLS != nil {
		s.options = append(s.options, gomail.WithTLSConfig(o.TLS))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

// parse reads an SMTP_URL. Its errors never show the password, and so nothing of the URL: one
// with a slash or a question mark that was not escaped lies in what parses as path or query.
func parse(server string) (*url.URL, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, errors.New("SMTP_URL: is not a URL (a special character in the password must be escaped, such as %40 for @)")
	}
	if (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("SMTP_URL: must be smtp://user:password@host:port, or smtps (a special character in the password must be escaped, such as %2F for /)")
	}
	for name, values := range u.Query() {
		if name != "starttls" || len(values) != 1 || values[0] != "off" {
			return nil, errors.New("SMTP_URL: the only option is starttls=off")
		}
	}
	return u, nil
}

func port(u *url.URL) int {
	std := 587
	if u.Scheme == "smtps" {
		std = 465
	}
	n, _ := strconv.Atoi(u.Port()) // url.Parse takes digits alone
	return cmp.Or(n, std)
}

func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Send hands a mail to the server. When it returns nil the server has taken it on.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(s.from); err != nil {
		return fmt.Errorf("send mail: sender: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return fmt.Errorf("send mail: recipient: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday answers
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

// IsFinal reports whether the server has refused a mail for good, so that another attempt
// is of no use.
func IsFinal(err error) bool {
	e, ok := errors.AsType[*gomail.SendError](err)
	return ok && !e.IsTemp() && e.ErrorCode() >= 500
}
