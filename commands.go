package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"liveassist/account"
	"liveassist/domain"
	"liveassist/store"
)

// backupCommand copies the database.
type backupCommand struct {
	File string `arg:"" help:"The file to write; it must not exist."`
}

// Run writes the copy.
func (b *backupCommand) Run(ctx context.Context, s *settings, stdout, _ *os.File) (err error) {
	db, err := store.OpenReadOnly(ctx, s.DataDir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Backup(ctx, b.File); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "wrote %s\n", b.File)
	return nil
}

// operatorGroup holds the commands about operators.
type operatorGroup struct {
	Add    operatorAdd    `cmd:"" help:"Make an existing account an operator."`
	Remove operatorRemove `cmd:"" help:"Make an operator an ordinary account again."`
}

type operatorAdd struct {
	Account string `arg:"" name:"email" help:"The account's confirmed e-mail address, or its id."`
}

type operatorRemove struct {
	Account string `arg:"" name:"email" help:"The account's e-mail address, or its id."`
}

// Run gives the role. An address says who somebody is only where it was confirmed: else
// whoever registers the owner's address first would get it.
func (c *operatorAdd) Run(ctx context.Context, s *settings, stdout, stderr *os.File) error {
	return setRole(ctx, s, stdout, c.Account, domain.RoleOperator, func(u domain.User) error {
		switch {
		case u.ConfirmedAt != 0 || strings.EqualFold(string(u.ID), c.Account):
			return nil
		case s.mailMode() == account.MailLogged:
			fmt.Fprintf(stderr, "warning: the address %s is not confirmed; taken because this server is on loopback\n", u.Email)
			return nil
		}
		return fmt.Errorf("operator: the address %s is not confirmed: let its owner use the link in the mail, or name the account's id (%s) if you know that it is theirs", u.Email, u.ID)
	})
}

// Run takes the role.
func (c *operatorRemove) Run(ctx context.Context, s *settings, stdout, _ *os.File) error {
	return setRole(ctx, s, stdout, c.Account, domain.RoleUser, func(domain.User) error { return nil })
}

// setRole gives an account a role, unless check refuses it.
func setRole(ctx context.Context, s *settings, stdout *os.File, name string, role domain.Role, check func(domain.User) error) (err error) {
	db, err := store.Open(ctx, store.Options{Dir: s.DataDir, Clock: time.Now, NewID: newID, Shared: true})
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	u, err := findAccount(ctx, db, name)
	if errors.Is(err, domain.ErrNotFound) {
		return fmt.Errorf("operator: there is no account with the address or id %s", name)
	}
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	if err := check(u); err != nil {
		return err
	}
	if err := db.SetRole(ctx, string(u.ID), role); err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	fmt.Fprintf(stdout, "%s is %s now\n", u.Email, role)
	return nil
}

// findAccount returns the account with an id or an address.
func findAccount(ctx context.Context, db *store.DB, name string) (domain.User, error) {
	if id, ok := domain.ParseID(name); ok {
		return db.User(ctx, domain.UserID(id))
	}
	u, _, err := db.UserByEmail(ctx, name)
	return u, err
}

// version is set by the release build (-ldflags "-X main.version=...").
var version = "dev"

// versionInfo prints what this program is.
type versionInfo struct{}

// Run prints one line.
func (*versionInfo) Run(_ context.Context, _ *settings, stdout, _ *os.File) error {
	_, err := fmt.Fprintf(stdout, "liveassist %s, commit %s, %s\n", buildVersion(), buildCommit(), runtime.Version())
	return err
}

func buildVersion() string { return version }

// buildCommit is what the Go toolchain noted of the source.
func buildCommit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = " (modified)"
			}
		}
	}
	return commit + dirty
}
