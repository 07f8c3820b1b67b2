package store

import (
	"context"
	"fmt"

	"liveassist/domain"
)

// Role returns what a person may do, as the database says now: another process gives and
// takes roles.
func (db *DB) Role(ctx context.Context, id domain.UserID) (domain.Role, error) {
	var role domain.Role
	err := db.queryRow(ctx, `SELECT role FROM users WHERE id = ?`, string(id)).Scan(&role)
	return role, err
}

// SetRole gives the account that who names a role, and enters that in the audit log. What
// an operator had at the desk waits for the next one; ReleaseDesks tells the people.
func (db *DB) SetRole(ctx context.Context, who string, role domain.Role) error {
	return db.Write(ctx, "set role", func(tx *Tx) error {
		id, err := tx.accountFor(who)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE users SET role = ? WHERE id = ?`, string(role), string(id)); err != nil {
			return err
		}
		action := domain.AuditOperatorAdd
		if role != domain.RoleOperator {
			action = domain.AuditOperatorRemove
		}
		tx.Changed(id, userDoc(id))
		return tx.Audit(Act{Action: action, User: id})
	})
}

// accountFor returns the account with an id or an address. Whether an address will do is
// for the caller to decide.
func (tx *Tx) accountFor(who string) (id domain.UserID, err error) {
	if canonical, ok := domain.ParseID(who); ok {
		err = tx.QueryRow(`SELECT id FROM users WHERE id = ?`, canonical).Scan(&id)
		return id, err
	}
	err = tx.QueryRow(`SELECT id FROM users WHERE email_key = ?`, emailKey(who)).Scan(&id)
	return id, err
}

// maxReleased is how many conversations one transaction gives back.
const maxReleased = 100

// ReleaseDesks lets the conversations of operators who are none any more wait for another.
func (db *DB) ReleaseDesks(ctx context.Context) error {
	for {
		n := 0
		err := db.Write(ctx, "release desks", func(tx *Tx) error {
			left, err := tx.abandoned()
			n = len(left)
			for _, s := range left {
				if err == nil {
					err = tx.SetDesk(s.owner, s.id, domain.DeskWaiting, "")
				}
			}
			return err
		})
		if err != nil || n < maxReleased {
			return err
		}
	}
}

type ownedSession struct {
	id    domain.SessionID
	owner domain.UserID
}

// abandoned returns conversations that somebody has who is no operator, or whose account is
// gone.
func (tx *Tx) abandoned() ([]ownedSession, error) {
	rows, err := tx.Query(`SELECT s.id, s.user_id FROM liveassist_sessions s WHERE s.desk = 'operator'
		AND NOT EXISTS (SELECT 1 FROM users o WHERE o.id = s.operator_id AND o.role = 'operator') LIMIT ?`, maxReleased)
	if err != nil {
		return nil, fmt.Errorf("read abandoned conversations: %w", err)
	}
	return collect(rows, func(r scanner) (s ownedSession, err error) {
		err = r.Scan(&s.id, &s.owner)
		return s, err
	})
}
