// Package account decides who may come in: sign-up, sign-in, and the tokens that keep a
// browser signed in.
package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"liveassist/domain"
	"liveassist/store"
)

// LoginTTL is how long a browser stays signed in after it was last seen.
const LoginTTL = 30 * 24 * time.Hour

// extendAfter is how old a login's expiry may be before it is moved: one write a day and
// browser, not one a request.
const extendAfter = 24 * time.Hour

// Limits of what people may enter, in characters; MaxPassword bounds what is hashed.
const (
	MinPassword = 8
	MaxPassword = 1024
	MaxEmail    = 254 // RFC 5321, section 4.5.3.1.3, less the brackets
	MaxName     = 100
)

// Service knows the accounts.
type Service struct {
	db     *store.DB
	clock  func() time.Time
	random io.Reader
	hasher *hasher
	seen   *seen
	mail   MailMode
	posted chan struct{} // tells the Mailer that there is something to send
	failed atomic.Int64  // sign-ins with a wrong address or password
}

// New returns a Service on db.
func New(db *store.DB, clock func() time.Time, random io.Reader) (*Service, error) {
	h, err := newHasher(random)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	remembered, err := newSeen()
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return &Service{db: db, clock: clock, random: random, hasher: h, seen: remembered, posted: make(chan struct{}, 1)}, nil
}

// Registration is what a person enters to get an account.
type Registration struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Lang     string `json:"lang"` // of the mail that follows; empty: English
	Device   Device `json:"-"`
}

// Check returns an error for a person when the registration cannot be taken.
func (r *Registration) Check() error {
	r.Email, r.Name = strings.TrimSpace(r.Email), strings.TrimSpace(r.Name)
	if !validEmail(r.Email) {
		return domain.E(domain.KindInvalidRequest, "This is not a complete e-mail address.")
	}
	if err := checkNewPassword(r.Password); err != nil {
		return err
	}
	if utf8.RuneCountInString(r.Name) > MaxName || strings.ContainsFunc(r.Name, unicode.IsControl) {
		return domain.E(domain.KindInvalidRequest, "A name has at most 100 characters, on one line.")
	}
	return nil
}

func checkNewPassword(password string) error {
	if n := utf8.RuneCountInString(password); n < MinPassword {
		return domain.E(domain.KindInvalidRequest, "A password needs at least 8 characters.")
	} else if n > MaxPassword {
		return domain.E(domain.KindInvalidRequest, "A password has at most 1,024 characters.")
	}
	return nil
}

// validEmail accepts one bare address with a domain; what only a mail server can know is
// left to it.
func validEmail(s string) bool {
	if s == "" || len(s) > MaxEmail || strings.ContainsFunc(s, invisible) {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && utf8.ValidString(s)
}

// invisible reports whether r shows nothing by itself, or turns around what follows: with
// such a character one address could look like another.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// Token is the secret that a signed-in browser holds.
type Token string

// Hash returns what the database keeps of a token.
func (t Token) Hash() store.TokenHash { return sha256.Sum256([]byte(t)) }

const tokenSize = 32 // bytes of randomness

func (s *Service) newToken() (Token, error) {
	b := make([]byte, tokenSize)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return Token(base64.RawURLEncoding.EncodeToString(b)), nil
}

// Register makes an account and signs its browser in. Where mail goes out it must not be
// called: then RequestAccount tells nobody whether an address has an account.
func (s *Service) Register(ctx context.Context, r Registration) (domain.User, Token, error) {
	if err := r.Check(); err != nil {
		return domain.User{}, "", err
	}
	hash, err := s.hasher.hash(ctx, r.Password)
	if err != nil {
		return domain.User{}, "", err
	}
	token, err := s.newToken()
	if err != nil {
		return domain.User{}, "", err
	}
	nu := store.NewUser{Email: r.Email, Name: r.Name, PasswordHash: hash}
	if s.mail != MailOff {
		nu.Letter = &store.Letter{Kind: store.LetterConfirm, Email: r.Email, Lang: r.Lang}
	}
	u, err := s.db.CreateUser(ctx, nu, r.Device.login(token))
	s.nudge()
	return u, token, err
}

var errCredentials = domain.E(domain.KindUnauthenticated, "E-mail address or password is not right.")

// SignIn signs a browser in. An unknown address and a wrong password have the same answer
// and take the same time.
func (s *Service) SignIn(ctx context.Context, email, password string, device Device) (domain.User, Token, error) {
	if len(password) > 4*MaxPassword {
		return domain.User{}, "", errCredentials
	}
	u, hash, err := s.db.UserByEmail(ctx, strings.TrimSpace(email))
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return domain.User{}, "", err
	}
	ok, err := s.hasher.matches(ctx, password, hash)
	if err != nil {
		return domain.User{}, "", err
	}
	if !ok {
		s.failed.Add(1)
		return domain.User{}, "", errCredentials
	}
	token, err := s.newToken()
	if err != nil {
		return domain.User{}, "", err
	}
	err = s.db.AddLogin(ctx, u.ID, hash, device.login(token))
	if errors.Is(err, domain.ErrNotFound) {
		err = errCredentials // the password was changed in this moment
	}
	return u, token, err
}

// ErrSignedOut is what a request without a good token gets.
var ErrSignedOut = domain.E(domain.KindUnauthenticated, "Please sign in.")

// Authenticate returns the login that a token stands for. extended says that its life was
// prolonged, so that the browser's cookie should be too.
func (s *Service) Authenticate(ctx context.Context, token Token) (l store.Login, extended bool, err error) {
	if token == "" {
		return l, false, ErrSignedOut
	}
	now := s.clock()
	l, err = s.find(ctx, token.Hash(), now)
	if err != nil {
		return l, false, err
	}
	if l.ExpiresAt.Time().Sub(now) >= LoginTTL-extendAfter {
		return l, false, nil
	}
	if err := s.db.ExtendLogin(ctx, l.Token, LoginTTL); err != nil {
		return l, false, err
	}
	l.ExpiresAt = domain.At(now.Add(LoginTTL))
	s.seen.extend(l)
	return l, true, nil
}

// Live answers ErrSignedOut where a login that was good a moment ago has ended since. An
// event stream asks it once it can be ended, so that none slips through in between.
func (s *Service) Live(ctx context.Context, l store.Login) error {
	_, err := s.find(ctx, l.Token, s.clock())
	return err
}

// find returns the login that has not ended and not run out.
func (s *Service) find(ctx context.Context, token store.TokenHash, now time.Time) (store.Login, error) {
	l, ok := s.seen.get(token)
	if !ok {
		fresh, err := s.db.Login(ctx, token, now)
		if errors.Is(err, domain.ErrNotFound) {
			return fresh, ErrSignedOut
		}
		if err != nil {
			return fresh, err
		}
		l = s.seen.add(fresh)
	}
	if l.ended || !now.Before(l.ExpiresAt.Time()) {
		return store.Login{}, ErrSignedOut
	}
	return l.Login, nil
}

// SignOut ends a login on the server.
func (s *Service) SignOut(ctx context.Context, l store.Login) error {
	s.seen.end(l)
	if err := s.db.EndLogin(ctx, l.Token); err != nil {
		s.seen.forget(l.Token) // it may still be good
		return err
	}
	return nil
}
