package account

import (
	"context"
	"errors"

	"liveassist/domain"
	"liveassist/store"
)

var errWrongPassword = &domain.Error{Kind: domain.KindForbidden, Code: domain.CodeWrongPassword, Message: "This is not your password."}

// confirmPassword asks for a person's password again, before something that a borrowed
// browser must not do. It returns the hash that was looked at.
func (s *Service) confirmPassword(ctx context.Context, user domain.UserID, password string) (hash string, err error) {
	if len(password) > 4*MaxPassword {
		return "", errWrongPassword
	}
	if hash, err = s.db.PasswordHash(ctx, user); err != nil {
		return "", err
	}
	ok, err := s.hasher.matches(ctx, password, hash)
	if err == nil && !ok {
		err = errWrongPassword
	}
	return hash, err
}

// ChangePassword gives a person a new password and signs all their other browsers out. It
// returns the logins that ended.
func (s *Service) ChangePassword(ctx context.Context, l store.Login, current, next string) ([]store.Login, error) {
	if err := checkNewPassword(next); err != nil {
		return nil, err
	}
	old, err := s.confirmPassword(ctx, l.UserID, current)
	if err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, next)
	if err != nil {
		return nil, err
	}
	ended, err := s.db.ChangePassword(ctx, l.UserID, old, hash, l.Token)
	if errors.Is(err, domain.ErrNotFound) {
		err = errWrongPassword // it was changed elsewhere in this moment
	}
	s.ended(ended)
	return ended, err
}

// Logins returns the browsers in which a person is signed in.
func (s *Service) Logins(ctx context.Context, user domain.UserID) ([]store.LoginInfo, error) {
	return s.db.LoginsOf(ctx, user, s.clock())
}

// SignOutEverywhere ends all logins of a person and returns them.
func (s *Service) SignOutEverywhere(ctx context.Context, user domain.UserID) ([]store.Login, error) {
	ended, err := s.db.EndLogins(ctx, user)
	s.ended(ended)
	return ended, err
}

// Delete takes a person's account away for good. cancel ends what they pay for; where it
// fails nothing has changed. What else was theirs is removed by Finish.
func (s *Service) Delete(ctx context.Context, user domain.UserID, password string, cancel func() error) error {
	hash, err := s.confirmPassword(ctx, user, password)
	if err != nil {
		return err
	}
	if err := cancel(); err != nil {
		return err
	}
	ended, err := s.db.BeginDeletion(ctx, user, hash)
	if errors.Is(err, domain.ErrNotFound) {
		err = errWrongPassword // it was changed elsewhere in this moment
	}
	s.ended(ended)
	return err
}

// Finish removes what is left of an account that was deleted.
func (s *Service) Finish(ctx context.Context, user domain.UserID) error {
	return s.db.FinishDeletion(ctx, user)
}

// ended remembers that logins are over.
func (s *Service) ended(logins []store.Login) {
	for _, l := range logins {
		s.seen.end(l)
	}
}
