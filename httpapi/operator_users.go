package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"liveassist/billing"
	"liveassist/domain"
	"liveassist/store"
)

const maxUserQuery = 254 // the longest address

func (a *API) operatorUsers(w http.ResponseWriter, r *request) error {
	q, err := userQuery(r)
	if err != nil {
		return err
	}
	limit, err := pageSize(r)
	if err != nil {
		return err
	}
	var after store.UserKey
	if err := readKey(r, &after); err != nil {
		return err
	}
	act := r.act(domain.AuditUsersSearch, "", "")
	act.Detail = map[string]any{"q": q}
	if err := a.Store.Audit(r.Context(), act); err != nil {
		return err
	}
	list, next, err := a.Store.Users(r.Context(), q, after, limit)
	if err != nil {
		return err
	}
	page := listPage[personView]{Items: []personView{}}
	for _, u := range list {
		page.Items = append(page.Items, a.personOf(u))
	}
	if next != nil {
		if page.Next, err = writeKey(next); err != nil {
			return err
		}
	}
	return writeJSON(w, http.StatusOK, page)
}

// userQuery reads ?q= of a list of people.
func userQuery(r *request) (string, error) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	if !utf8.ValidString(q) || utf8.RuneCountInString(q) > maxUserQuery {
		return "", domain.E(domain.KindInvalidRequest, "q has at most 254 characters.")
	}
	return q, nil
}

// userDetail is all that the console shows of one person.
type userDetail struct {
	User          personView          `json:"user"`
	Subscriptions []subscriptionView  `json:"subscriptions"`
	XP            []domain.XPEvent    `json:"xp"`
	Sessions      []store.DeskSession `json:"sessions"`
	Audit         []store.AuditEntry  `json:"audit"`
}

type subscriptionView struct {
	ID       string            `json:"id"`
	By       string            `json:"by"`
	Customer string            `json:"customer"`
	Plan     domain.Plan       `json:"plan"`
	Status   string            `json:"status"`
	Payment  string            `json:"payment"`
	Granted  bool              `json:"granted"`
	Cancels  bool              `json:"cancels"`
	EndsAt   *domain.Timestamp `json:"ends_at"`
	EndedAt  *domain.Timestamp `json:"ended_at"`
	EndedBy  string            `json:"ended_by"`
	Grants   []grantView       `json:"grants"`
}

type grantView struct {
	Key       string            `json:"key"`
	Intent    string            `json:"intent"`
	Charge    string            `json:"charge"`
	Invoice   string            `json:"invoice"`
	Session   string            `json:"session"`
	PaidAt    domain.Timestamp  `json:"paid_at"`
	PeriodEnd *domain.Timestamp `json:"period_end"`
	Refund    string            `json:"refund"`
	Dispute   string            `json:"dispute"`
}

// maxSubscriptions, maxRecent bound what the page of one person shows.
const (
	maxSubscriptions = 100
	maxRecent        = 20
)

func (a *API) operatorUser(w http.ResponseWriter, r *request) error {
	user, err := r.userParam()
	if err != nil {
		return err
	}
	if _, err := a.Store.Role(r.Context(), user); err != nil {
		return err
	}
	if err := a.Store.Audit(r.Context(), r.act(domain.AuditUserRead, user, "")); err != nil {
		return err
	}
	return a.writeUser(w, r, user)
}

func (r *request) userParam() (domain.UserID, error) {
	id, err := r.idParam("userId")
	return domain.UserID(id), err
}

func (a *API) writeUser(w http.ResponseWriter, r *request, id domain.UserID) error {
	u, err := a.Store.User(r.Context(), id)
	if err != nil {
		return err
	}
	d := userDetail{User: a.personOf(u)}
	if d.Subscriptions, err = a.subscriptionsOf(r, id); err != nil {
		return err
	}
	if d.XP, err = a.Store.XPEvents(r.Context(), id); err != nil {
		return err
	}
	if d.Sessions, err = a.Store.DeskSessions(r.Context(), id, maxRecent); err != nil {
		return err
	}
	if d.Audit, err = a.Store.AuditLog(r.Context(), store.AuditFilter{User: id}, newest, maxRecent); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, d)
}

// newest is a number above all that a list has.
const newest = 1<<63 - 1

func (a *API) subscriptionsOf(r *request, user domain.UserID) ([]subscriptionView, error) {
	list, err := a.Store.SubscriptionsOf(r.Context(), user)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b store.Subscription) int { return cmp.Compare(b.EndAt, a.EndAt) })
	views := []subscriptionView{}
	for _, s := range list[:min(len(list), maxSubscriptions)] {
		v := subscriptionView{
			ID: s.ID, By: "stripe", Customer: s.Customer, Plan: s.Plan, Status: s.Status, Payment: s.Payment, Granted: s.Granted,
			Cancels: s.Ending, EndsAt: whereSet(s.EndAt), EndedAt: whereSet(s.EndedAt), EndedBy: s.EndedBy, Grants: []grantView{},
		}
		if billing.GivenByHand(s.ID) {
			v.By = "operator"
		}
		grants, err := a.Store.GrantsOf(r.Context(), s.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			v.Grants = append(v.Grants, grantView{
				Key: g.Key, Intent: g.Intent, Charge: g.Charge, Invoice: g.Invoice, Session: g.Session,
				PaidAt: g.PaidAt, PeriodEnd: whereSet(g.PeriodEnd), Refund: g.Refund, Dispute: g.Dispute,
			})
		}
		views = append(views, v)
	}
	return views, nil
}

// whereSet is nil for the time 0, which means none in the tables of billing.
func whereSet(t domain.Timestamp) *domain.Timestamp {
	if t == 0 {
		return nil
	}
	return &t
}

func (a *API) operatorEvidence(w http.ResponseWriter, r *request) error {
	user, err := r.userParam()
	if err != nil {
		return err
	}
	limit, err := pageSize(r)
	if err != nil {
		return err
	}
	var before store.EvidenceKey
	if err := readKey(r, &before); err != nil {
		return err
	}
	if _, err := a.Store.Role(r.Context(), user); err != nil {
		return err
	}
	list, next, err := a.Store.Evidence(r.Context(), user, before, limit)
	if err != nil {
		return err
	}
	// After the look, so that the page does not begin with itself; before the answer.
	if err := a.Store.Audit(r.Context(), r.act(domain.AuditEvidenceRead, user, "")); err != nil {
		return err
	}
	page := listPage[store.Evidence]{Items: list}
	if page.Items == nil {
		page.Items = []store.Evidence{}
	}
	if next != nil {
		if page.Next, err = writeKey(next); err != nil {
			return err
		}
	}
	return writeJSON(w, http.StatusOK, page)
}

func (a *API) operatorGrant(w http.ResponseWriter, r *request) error {
	user, err := r.userParam()
	if err != nil {
		return err
	}
	var in struct {
		Until  time.Time `json:"until"`
		Reason string    `json:"reason"`
		ID     *string   `json:"id"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	id, err := clientID(in.ID)
	if err != nil {
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Billing.GrantByHand(r.Context(), user, string(id), in.Until, store.Act{Operator: r.user(), Reason: in.Reason}); err != nil {
		return err
	}
	return a.writeUser(w, r, user)
}

func (a *API) operatorEnd(w http.ResponseWriter, r *request) error {
	user, err := r.userParam()
	if err != nil {
		return err
	}
	var in struct {
		Reason string `json:"reason"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Billing.EndByHand(r.Context(), user, store.Act{Operator: r.user(), Reason: in.Reason}); err != nil {
		return err
	}
	return a.writeUser(w, r, user)
}
