package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"liveassist/domain"
)

// Evidence is one fact of a person's time line.
type Evidence struct {
	At     domain.Timestamp `json:"at"`
	Kind   EvidenceKind     `json:"kind"`
	ID     string           `json:"id"`
	Title  string           `json:"title"`
	Status WebhookStatus    `json:"status,omitempty"`
	Data   json.RawMessage  `json:"data"`
	Docs   []string         `json:"docs"`

	seq int64
}

// EvidenceKind says from where a fact is known.
type EvidenceKind string

// The kinds, in the order in which one brings about the next within a transaction.
const (
	EvidenceAudit   EvidenceKind = "audit"
	EvidenceWebhook EvidenceKind = "webhook"
	EvidenceUser    EvidenceKind = "user"
	EvidenceEvent   EvidenceKind = "event"
	EvidenceXP      EvidenceKind = "xp"
)

func (k EvidenceKind) rank() int {
	return slices.Index([]EvidenceKind{EvidenceAudit, EvidenceWebhook, EvidenceUser, EvidenceEvent, EvidenceXP}, k)
}

// EvidenceKey is how far back a time line was read: the number of the oldest row of each
// table that was shown. The zero value is its newest end.
type EvidenceKey struct{ Audit, Webhook, Outbox, XP int64 }

// Evidence returns the newest limit facts about a person before a place, oldest first, and
// the place before them (nil: there are no more). Each table is read by its own key, so
// that a page costs the same wherever it is.
func (db *DB) Evidence(ctx context.Context, user domain.UserID, before EvidenceKey, limit int) ([]Evidence, *EvidenceKey, error) {
	key := before
	for _, n := range []*int64{&key.Audit, &key.Webhook, &key.Outbox, &key.XP} {
		*n = cmp.Or(*n, math.MaxInt64)
	}
	var all []Evidence
	for _, read := range []func(context.Context, domain.UserID, EvidenceKey, int) ([]Evidence, error){
		db.auditEvidence, db.webhookEvidence, db.outboxEvidence, db.xpEvidence,
	} {
		list, err := read(ctx, user, key, limit+1)
		if err != nil {
			return nil, nil, fmt.Errorf("read evidence: %w", err)
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(a.seq, b.seq))
	})
	if len(all) <= limit {
		return all, nil, nil
	}
	all = all[pageStart(all, len(all)-limit):]
	for _, e := range all {
		key.pass(e)
	}
	return all, &key, nil
}

// pageStart returns where a page begins that shows all[from:] at least. The next page goes
// on below the lowest number of each table that was shown, so whatever has a higher one is
// shown too: the change of a person's row beside the event that tells of it, which are one
// row of the outbox, and what a clock that was set back has put out of order.
func pageStart(all []Evidence, from int) int {
	key := EvidenceKey{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64}
	for _, e := range all[from:] {
		key.pass(e)
	}
	for i, e := range all[:from] {
		if e.seq >= *key.of(e.Kind) {
			return pageStart(all, i)
		}
	}
	return from
}

// pass notes that a fact was shown.
func (k *EvidenceKey) pass(e Evidence) {
	n := k.of(e.Kind)
	*n = min(*n, e.seq)
}

// of returns the number for the table that a kind of fact stands in.
func (k *EvidenceKey) of(kind EvidenceKind) *int64 {
	switch kind {
	case EvidenceAudit:
		return &k.Audit
	case EvidenceWebhook:
		return &k.Webhook
	case EvidenceXP:
		return &k.XP
	case EvidenceUser, EvidenceEvent:
	}
	return &k.Outbox
}

func (db *DB) auditEvidence(ctx context.Context, user domain.UserID, before EvidenceKey, limit int) ([]Evidence, error) {
	list, err := db.AuditLog(ctx, AuditFilter{User: user}, before.Audit, limit)
	if err != nil {
		return nil, err
	}
	facts := make([]Evidence, len(list))
	for i, a := range list {
		data, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		facts[i] = Evidence{At: a.At, Kind: EvidenceAudit, ID: a.ID, Title: string(a.Action), Data: data, Docs: []string{}, seq: a.Seq}
	}
	return facts, nil
}

func (db *DB) webhookEvidence(ctx context.Context, user domain.UserID, before EvidenceKey, limit int) ([]Evidence, error) {
	list, err := db.Ledger(ctx, LedgerFilter{User: user}, before.Webhook, limit)
	if err != nil {
		return nil, err
	}
	facts := make([]Evidence, len(list))
	for i, w := range list {
		data, err := json.Marshal(w)
		if err != nil {
			return nil, err
		}
		facts[i] = Evidence{
			At: w.CreatedAt, Kind: EvidenceWebhook, ID: w.ID, Title: w.Type, Status: w.Status, Data: data,
			Docs: []string{CollWebhooks + "/" + w.ID}, seq: w.Seq,
		}
	}
	return facts, nil
}

// outboxEvidence tells of each announcement, and before it of the change of the user's row
// that it announces.
func (db *DB) outboxEvidence(ctx context.Context, user domain.UserID, before EvidenceKey, limit int) ([]Evidence, error) {
	rows, err := db.query(ctx, `SELECT seq, event, data, docs, created_at FROM outbox_by_person
		WHERE user_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`, string(user), before.Outbox, limit)
	if err != nil {
		return nil, err
	}
	events, err := collect(rows, func(r scanner) (Evidence, error) {
		e := Evidence{Kind: EvidenceEvent}
		var data, docs string
		err := r.Scan(&e.seq, &e.Title, &data, &docs, &e.At)
		e.ID, e.Data, e.Docs = strconv.FormatInt(e.seq, 10), json.RawMessage(data), strings.Fields(docs)
		return e, err
	})
	if err != nil {
		return nil, err
	}
	facts := make([]Evidence, 0, len(events))
	for _, e := range events {
		if strings.HasPrefix(e.Title, "message.") || strings.HasPrefix(e.Title, domain.DeskPrefix) {
			e.Data = json.RawMessage(`{}`) // what was said is read in the conversation, where that is audited
		}
		if slices.Contains(e.Docs, userDoc(user).String()) {
			facts = append(facts, Evidence{At: e.At, Kind: EvidenceUser, ID: e.ID, Title: CollUsers, Data: e.Data, Docs: []string{userDoc(user).String()}, seq: e.seq})
		}
		facts = append(facts, e)
	}
	return facts, nil
}

func (db *DB) xpEvidence(ctx context.Context, user domain.UserID, before EvidenceKey, limit int) ([]Evidence, error) {
	rows, err := db.query(ctx, `SELECT seq, _id, amount, reason, ts FROM xp_events WHERE user_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
		string(user), before.XP, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r scanner) (Evidence, error) {
		e := Evidence{Kind: EvidenceXP}
		x := domain.XPEvent{UserID: user}
		if err := r.Scan(&e.seq, &e.ID, &x.Amount, &x.Reason, &x.TS); err != nil {
			return e, err
		}
		var err error
		e.At, e.Title, e.Docs = x.TS, x.Reason, []string{CollXP + "/" + e.ID}
		e.Data, err = json.Marshal(x)
		return e, err
	})
}
