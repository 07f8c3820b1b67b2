package account

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"liveassist/domain"
	"liveassist/mail"
	"liveassist/store"
)

const (
	mailEvery  = 5 * time.Second // to look for mails whose next attempt is due
	mailsAtOne = 4               // mails that go out at the same time
	mailPage   = 20              // mails read at once
)

// mailWaits is how long a mail waits after each failure; after the last it is given up.
// Together about four and a half hours: long enough for a mail server to be mended.
func mailWaits() []time.Duration {
	return []time.Duration{
		30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour,
	}
}

// Mailer sends the mails that wait. Each goes out at least once; after a crash in the
// wrong moment it comes twice, with the same Message-ID.
type Mailer struct {
	Accounts *Service
	Base     *url.URL // the public address, for links
	Send     func(context.Context, mail.Message) error
	Log      *slog.Logger
}

// Run sends until ctx ends.
func (m *Mailer) Run(ctx context.Context) error {
	tick := time.NewTicker(mailEvery)
	defer tick.Stop()
	for {
		if err := m.sendDue(ctx); err != nil && ctx.Err() == nil {
			m.Log.Error("mails could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-m.Accounts.posted:
		case <-tick.C:
		}
	}
}

// sendDue sends all mails that are due now.
func (m *Mailer) sendDue(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := m.Accounts.db.DueLetters(ctx, m.Accounts.clock(), mailPage)
		if err != nil || len(due) == 0 {
			return err
		}
		var g errgroup.Group
		g.SetLimit(mailsAtOne)
		for _, l := range due {
			g.Go(func() error { return m.settle(ctx, l) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// settle sends one mail, and forgets it, lets it wait or gives it up.
func (m *Mailer) settle(ctx context.Context, l store.Letter) error {
	err := m.deliver(ctx, l)
	if err == nil {
		return m.Accounts.db.DropLetter(ctx, l.ID)
	}
	if ctx.Err() != nil {
		return ctx.Err() // the server stops; it is sent when it is back
	}
	waits := mailWaits()
	if l.Attempts >= len(waits) || mail.IsFinal(err) {
		m.Log.Error("mail given up", "mail", l.ID, "kind", l.Kind, "attempts", l.Attempts+1, "error", err)
		return m.Accounts.db.DropLetter(ctx, l.ID)
	}
	m.Log.Warn("mail not sent, trying again", "mail", l.ID, "kind", l.Kind, "attempts", l.Attempts+1, "wait", waits[l.Attempts], "error", err)
	return m.Accounts.db.PostponeLetter(ctx, l.ID, waits[l.Attempts])
}

// deliver finds out what is to be said to an address, and says it. Here it shows whether
// the address has an account; nobody waits for it.
func (m *Mailer) deliver(ctx context.Context, l store.Letter) error {
	u, _, err := m.Accounts.db.UserByEmail(ctx, l.Email)
	known := err == nil
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	switch {
	case l.Kind == store.LetterRegister && known:
		return m.write(ctx, l, u.Email, letterKnown, m.Base.JoinPath("forgot").String())
	case l.Kind == store.LetterRegister:
		return m.link(ctx, l, store.Link{Kind: l.Kind, Email: l.Email, TTL: confirmTTL, Name: l.Name, PasswordHash: l.PasswordHash}, letterRegister, "confirm")
	case l.Kind == store.LetterConfirm && known && u.ConfirmedAt == 0:
		return m.link(ctx, l, store.Link{Kind: l.Kind, Email: u.Email, User: u.ID, TTL: confirmTTL}, letterConfirm, "confirm")
	case l.Kind == store.LetterReset && known:
		return m.link(ctx, l, store.Link{Kind: l.Kind, Email: u.Email, User: u.ID, TTL: resetTTL}, letterReset, "reset")
	}
	return nil // nobody there, or nothing to say any more
}

// link makes a link good for once and sends it.
func (m *Mailer) link(ctx context.Context, l store.Letter, link store.Link, text letter, path string) error {
	token, err := m.Accounts.newToken()
	if err != nil {
		return err
	}
	link.Token = token.Hash()
	err = m.Accounts.db.AddLink(ctx, link)
	if errors.Is(err, domain.ErrNotFound) {
		return nil // the account was deleted in this moment
	}
	if err != nil {
		return err
	}
	address := m.Base.JoinPath(path)
	address.RawQuery = url.Values{"token": {string(token)}}.Encode()
	return m.write(ctx, l, link.Email, text, address.String())
}

// write sends a mail, or, where none go out, logs its link.
func (m *Mailer) write(ctx context.Context, l store.Letter, to string, text letter, address string) error {
	if m.Accounts.mail == MailLogged {
		m.Log.Info("mail not sent, SMTP_URL is not set; its link", "kind", l.Kind, "to", to, "link", address)
		return nil
	}
	subject, body := text.in(l.Lang, to, address, m.Base.Host)
	return m.Send(ctx, mail.Message{ID: l.ID, To: to, Subject: subject, Text: body})
}
