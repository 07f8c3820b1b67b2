package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"liveassist/domain"
)

// Act is something that an operator does. The log of them only grows: triggers refuse all
// else.
type Act struct {
	Operator domain.UserID // empty: the command line
	Action   domain.AuditAction
	User     domain.UserID // whom it is about; may be empty
	Subject  string        // the conversation, picture, event or list; may be empty
	Reason   string
	Detail   map[string]any
}

// Audit enters an act in the transaction of its effect. Whoever is no operator any more in
// this transaction gets domain.ErrNotFound, and nothing of it stands.
func (tx *Tx) Audit(a Act) error {
	if a.Operator != "" {
		var one int
		if err := tx.QueryRow(`SELECT 1 FROM users WHERE id = ? AND role = 'operator'`, string(a.Operator)).Scan(&one); err != nil {
			return err
		}
	}
	if a.Detail == nil {
		a.Detail = map[string]any{}
	}
	detail, err := json.Marshal(a.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", a.Action, err)
	}
	_, err = tx.Exec(`INSERT INTO audit (_id, at, operator_id, action, user_id, subject, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), tx.Now.UnixMilli(), string(a.Operator), string(a.Action), string(a.User), a.Subject, a.Reason, string(detail))
	return err
}

// Audit enters an act that changes nothing else: somebody is about to read. What is not on
// disk is not shown.
func (db *DB) Audit(ctx context.Context, a Act) error {
	return db.Write(ctx, "audit", func(tx *Tx) error { return tx.Audit(a) })
}

// AuditOften enters an act unless the operator did the same within the time before: a page
// that follows a list live reads it again and again.
func (db *DB) AuditOften(ctx context.Context, a Act, within time.Duration) error {
	return db.Write(ctx, "audit", func(tx *Tx) error {
		var last int64
		err := tx.QueryRow(`SELECT COALESCE((SELECT at FROM audit WHERE operator_id = ? AND action = ? ORDER BY seq DESC LIMIT 1), 0)`,
			string(a.Operator), string(a.Action)).Scan(&last)
		if err != nil || tx.Now.UnixMilli()-last < within.Milliseconds() {
			return err
		}
		return tx.Audit(a)
	})
}

// Who is a person as a list names them; Email is empty where the account is gone.
type Who struct {
	ID    domain.UserID `json:"id"`
	Email string        `json:"email"`
}

// AuditEntry is one act as it stands in the log.
type AuditEntry struct {
	Seq      int64              `json:"-"`
	ID       string             `json:"id"`
	At       domain.Timestamp   `json:"at"`
	Operator *Who               `json:"operator"`
	Action   domain.AuditAction `json:"action"`
	User     *Who               `json:"user"`
	Subject  string             `json:"subject"`
	Reason   string             `json:"reason"`
	Detail   json.RawMessage    `json:"detail"`
}

// AuditFilter chooses entries; an empty field takes all.
type AuditFilter struct {
	Operator, User domain.UserID
	Action         domain.AuditAction
	Subject        string
}

const auditSelect = `SELECT a.seq, a._id, a.at, a.operator_id, COALESCE(o.email, ''), a.action, a.user_id, COALESCE(u.email, ''), a.subject, a.reason, a.detail
	FROM audit a LEFT JOIN users o ON o.id = a.operator_id LEFT JOIN users u ON u.id = a.user_id `

// The newest entries first. A filter that has no index of its own goes through the rows of
// the one before it: those about one person are few.
const (
	auditEnd        = ` AND a.seq < ? ORDER BY a.seq DESC LIMIT ?`
	auditAll        = auditSelect + `WHERE a.seq < ? ORDER BY a.seq DESC LIMIT ?`
	auditOfUser     = auditSelect + `WHERE a.user_id = ? AND (?2 = '' OR a.operator_id = ?2) AND (?3 = '' OR a.action = ?3) AND a.seq < ?4 ORDER BY a.seq DESC LIMIT ?5`
	auditOfSubject  = auditSelect + `WHERE a.subject = ?` + auditEnd
	auditByOperator = auditSelect + `WHERE a.operator_id = ?` + auditEnd
	auditByAction   = auditSelect + `WHERE a.action = ?` + auditEnd
	auditByBoth     = auditSelect + `WHERE a.operator_id = ? AND a.action = ?` + auditEnd
)

// AuditLog returns at most limit entries with a number below before, newest first.
func (db *DB) AuditLog(ctx context.Context, f AuditFilter, before int64, limit int) ([]AuditEntry, error) {
	query, args := auditAll, []any{}
	switch operator, action := string(f.Operator), string(f.Action); {
	case f.User != "":
		query, args = auditOfUser, []any{string(f.User), operator, action}
	case f.Subject != "":
		query, args = auditOfSubject, []any{f.Subject}
	case operator != "" && action != "":
		query, args = auditByBoth, []any{operator, action}
	case operator != "":
		query, args = auditByOperator, []any{operator}
	case action != "":
		query, args = auditByAction, []any{action}
	}
	rows, err := db.query(ctx, query, append(args, before, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	return collect(rows, scanAudit)
}

func scanAudit(r scanner) (AuditEntry, error) {
	var e AuditEntry
	var operator, user Who
	var detail string
	err := r.Scan(&e.Seq, &e.ID, &e.At, &operator.ID, &operator.Email, &e.Action, &user.ID, &user.Email, &e.Subject, &e.Reason, &detail)
	if operator.ID != "" {
		e.Operator = &operator
	}
	if user.ID != "" {
		e.User = &user
	}
	e.Detail = json.RawMessage(detail)
	return e, err
}
