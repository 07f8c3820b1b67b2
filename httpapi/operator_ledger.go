package httpapi

import (
	"net/http"
	"unicode/utf8"

	"liveassist/domain"
	"liveassist/store"
)

func (a *API) operatorWebhooks(w http.ResponseWriter, r *request) error {
	f, err := ledgerFilter(r)
	if err != nil {
		return err
	}
	before, limit, err := numberedPage(r)
	if err != nil {
		return err
	}
	list, err := a.Store.Ledger(r.Context(), f, before, limit+1)
	if err != nil {
		return err
	}
	return numbered(w, list, limit, func(e store.LedgerEntry) int64 { return e.Seq })
}

func ledgerFilter(r *request) (f store.LedgerFilter, err error) {
	q := r.URL.Query()
	f.Status, f.Type = store.WebhookStatus(q.Get("status")), q.Get("type")
	switch f.Status {
	case "", store.WebhookProcessed, store.WebhookIgnored, store.WebhookParked:
	default:
		return f, domain.E(domain.KindInvalidRequest, "status must be processed, ignored or parked.")
	}
	user, err := r.idQuery("userId")
	f.User = domain.UserID(user)
	return f, err
}

// ledgerDetail is one of Stripe's events with what operators did with it.
type ledgerDetail struct {
	store.LedgerDetail
	Audit []store.AuditEntry `json:"audit"`
}

func (a *API) operatorWebhook(w http.ResponseWriter, r *request) error {
	id, err := r.idParam("webhookId")
	if err != nil {
		return err
	}
	d, err := a.Store.LedgerEntry(r.Context(), id)
	if err != nil {
		return err
	}
	if err := a.Store.Audit(r.Context(), r.act(domain.AuditWebhookRead, d.About(), id)); err != nil {
		return err
	}
	v, err := a.ledgerDetail(r, id)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, v)
}

func (a *API) ledgerDetail(r *request, id string) (ledgerDetail, error) {
	d, err := a.Store.LedgerEntry(r.Context(), id)
	if err != nil {
		return ledgerDetail{}, err
	}
	acts, err := a.Store.AuditLog(r.Context(), store.AuditFilter{Subject: id}, newest, maxRecent)
	return ledgerDetail{d, acts}, err
}

// replayed is what became of an event that was taken up again.
type replayed struct {
	Outcome string       `json:"outcome"`
	Why     string       `json:"why"`
	Also    int          `json:"also"`
	Webhook ledgerDetail `json:"webhook"`
}

// operatorReplay answers after the event has run, so that it never tells of a success that
// is still to come.
func (a *API) operatorReplay(w http.ResponseWriter, r *request) error {
	id, err := r.idParam("webhookId")
	if err != nil {
		return err
	}
	var in struct {
		Reason string `json:"reason"`
	}
	if err := decodeIfAny(w, r, &in); err != nil {
		return err
	}
	if utf8.RuneCountInString(in.Reason) > 500 {
		return domain.E(domain.KindInvalidRequest, "A reason has at most 500 characters.")
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	d, err := a.Store.LedgerEntry(r.Context(), id)
	if err != nil {
		return err
	}
	act := r.act(domain.AuditWebhookReplay, "", "")
	act.Reason = in.Reason
	became, err := a.Billing.Replay(r.Context(), d.Seq, act)
	if err != nil {
		return err
	}
	v := replayed{Outcome: string(became.Status), Why: became.Why, Also: became.Also}
	if became.Known {
		v.Outcome = "duplicate"
	}
	if v.Webhook, err = a.ledgerDetail(r, id); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, v)
}

func (a *API) operatorAudit(w http.ResponseWriter, r *request) error {
	f, err := auditFilter(r)
	if err != nil {
		return err
	}
	before, limit, err := numberedPage(r)
	if err != nil {
		return err
	}
	list, err := a.Store.AuditLog(r.Context(), f, before, limit+1)
	if err != nil {
		return err
	}
	return numbered(w, list, limit, func(e store.AuditEntry) int64 { return e.Seq })
}

func auditFilter(r *request) (f store.AuditFilter, err error) {
	f.Action = domain.AuditAction(r.URL.Query().Get("action"))
	operator, err := r.idQuery("operatorId")
	if err != nil {
		return f, err
	}
	user, err := r.idQuery("userId")
	f.Operator, f.User = domain.UserID(operator), domain.UserID(user)
	return f, err
}
