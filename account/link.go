package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// MailMode says what becomes of mails.
type MailMode int

// The mail modes.
const (
	MailOff    MailMode = iota // there are none: what needs them says so
	MailLogged                 // their links are written into the server's log (loopback alone)
	MailSent                   // they go out by SMTP
)

// How long links in mails are good.
const (
	resetTTL   = time.Hour
	confirmTTL = 24 * time.Hour
)

// UseMail says what becomes of mails; before the first call of anything else.
func (s *Service) UseMail(m MailMode) { s.mail = m }

// MailMode returns what becomes of mails.
func (s *Service) MailMode() MailMode { return s.mail }

var errNoMail = domain.E(domain.KindMailUnavailable, "This server sends no e-mail. Please ask the people who run it.")

var errLink = &domain.Error{Kind: domain.KindInvalidRequest, Code: domain.CodeLinkInvalid, Message: "This link was used already or has run out. Please ask for a new one."}

// nudge lets the Mailer look at once.
func (s *Service) nudge() {
	select {
	case s.posted <- struct{}{}:
	default:
	}
}

// post stores a mail that is to be sent, and looks nothing up: whoever asks cannot tell
// by the answer or by its time whether the address has an account.
func (s *Service) post(ctx context.Context, l store.Letter) error {
	if s.mail == MailOff {
		return errNoMail
	}
	if err := s.db.AddLetter(ctx, l); err != nil {
		return err
	}
	s.nudge()
	return nil
}

// RequestAccount takes a registration whose address is to be proven first: there is no
// account before the link in the mail was used. An address that has an account already
// gets a mail that says so; the caller learns nothing.
func (s *Service) RequestAccount(ctx context.Context, r Registration) error {
	if err := r.Check(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, r.Password)
	if err != nil {
		return err
	}
	return s.post(ctx, store.Letter{Kind: store.LetterRegister, Email: r.Email, Lang: r.Lang, Name: r.Name, PasswordHash: hash})
}

// RequestReset asks for a link by which the password of an address can be set anew.
func (s *Service) RequestReset(ctx context.Context, email, lang string) error {
	email = strings.TrimSpace(email)
	if s.mail == MailOff {
		return errNoMail
	}
	if !validEmail(email) {
		return domain.E(domain.KindInvalidRequest, "This is not a complete e-mail address.")
	}
	return s.post(ctx, store.Letter{Kind: store.LetterReset, Email: email, Lang: lang})
}

// RequestConfirmation asks for another link that proves a person's address.
func (s *Service) RequestConfirmation(ctx context.Context, user domain.UserID, lang string) error {
	u, err := s.db.User(ctx, user)
	if err != nil || u.ConfirmedAt != 0 {
		return err
	}
	return s.post(ctx, store.Letter{Kind: store.LetterConfirm, Email: u.Email, Lang: lang})
}

// Confirm uses a link that proves an address: of an account, or of a registration, which
// becomes an account by it. It signs nobody in: whoever only got the mail does not know
// the password, and whoever knows the password did not need to get the mail.
func (s *Service) Confirm(ctx context.Context, token Token) (domain.User, error) {
	u, err := s.db.ConfirmEmail(ctx, token.Hash())
	if errors.Is(err, domain.ErrNotFound) {
		u, err = s.db.ConfirmRegistration(ctx, token.Hash())
	}
	if errors.Is(err, domain.ErrNotFound) {
		err = errLink
	}
	return u, err
}

// Reset sets a password by a link from a mail and signs the person out everywhere. It
// returns the logins that ended.
func (s *Service) Reset(ctx context.Context, token Token, password string) (domain.User, []store.Login, error) {
	if err := checkNewPassword(password); err != nil {
		return domain.User{}, nil, err
	}
	// A guess must not cost a hash.
	err := s.db.LinkGood(ctx, token.Hash(), store.LetterReset, s.clock())
	if errors.Is(err, domain.ErrNotFound) {
		err = errLink
	}
	if err != nil {
		return domain.User{}, nil, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return domain.User{}, nil, err
	}
	u, ended, err := s.db.ResetPassword(ctx, token.Hash(), hash)
	if errors.Is(err, domain.ErrNotFound) {
		err = errLink // another use of it was first
	}
	s.ended(ended)
	return u, ended, err
}
