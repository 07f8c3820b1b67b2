package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"

	"liveassist/domain"
	"liveassist/store"
)

// operatorPrefix begins the addresses that are there for operators alone.
const operatorPrefix = "/api/operator/"

// admitOperator lets an operator in, by the role that the database has right now: another
// process gives and takes it. To everybody else, signed in or not, the address does not
// exist, and nothing in the answer tells otherwise.
func (a *API) admitOperator(w http.ResponseWriter, r *http.Request) (store.Login, error) {
	login, err := a.authenticate(w, r)
	if err == nil {
		err = a.isOperator(r.Context(), login.UserID)
	}
	if err == nil {
		a.Hub.JoinDesk(login.UserID) // pages that were open before the role was given
		return login, nil
	}
	w.Header().Del("Set-Cookie")
	if kind := domain.KindOf(err); kind == domain.KindUnauthenticated || kind == domain.KindNotFound {
		return store.Login{}, errNoRoute
	}
	return store.Login{}, err
}

// isOperator answers domain.ErrNotFound unless the caller is an operator right now.
func (a *API) isOperator(ctx context.Context, user domain.UserID) error {
	role, err := a.Store.Role(ctx, user)
	if err == nil && role != domain.RoleOperator {
		err = domain.ErrNotFound
	}
	return err
}

// onlyForOperators answers for a known address with another method, or with OPTIONS: to
// anybody but an operator, the operators' addresses are unknown.
func (a *API) onlyForOperators(w http.ResponseWriter, r *http.Request, otherwise error) error {
	if !strings.HasPrefix(r.URL.Path, operatorPrefix) {
		return otherwise
	}
	if _, err := a.admitOperator(w, r); err != nil {
		w.Header().Del("Allow")
		return err
	}
	return otherwise
}

// act begins an act of the operator who asks.
func (r *request) act(action domain.AuditAction, user domain.UserID, subject string) store.Act {
	return store.Act{Operator: r.user(), Action: action, User: user, Subject: subject}
}

const (
	usualPage = 50
	maxPage   = 100
)

var errLimit = domain.E(domain.KindInvalidRequest, "limit must be a number from 1 to 100.")

// pageSize reads ?limit=.
func pageSize(r *request) (int, error) {
	s := r.URL.Query().Get("limit")
	if s == "" {
		return usualPage, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, errLimit
	}
	return min(n, maxPage), nil
}

// listPage is a page of a list and where the next one begins.
type listPage[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

var errAfter = domain.E(domain.KindInvalidRequest, "after must be the next of a page of this list.")

// readKey decodes ?after= into a place in a list; without it the place stays what it is.
func readKey(r *request, key any) error {
	s := r.URL.Query().Get("after")
	if s == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, key)
	}
	if err != nil {
		return errAfter.Because(err)
	}
	return nil
}

// writeKey encodes a place in a list.
func writeKey(key any) (*string, error) {
	b, err := json.Marshal(key)
	if err != nil {
		return nil, err
	}
	s := base64.RawURLEncoding.EncodeToString(b)
	return &s, nil
}

// numbered writes a page of a list that goes down by number. One more than a page was read,
// to know whether there is a next one.
func numbered[T any](w http.ResponseWriter, list []T, limit int, number func(T) int64) error {
	p := listPage[T]{Items: list}
	if len(list) > limit {
		p.Items = list[:limit]
		next, err := writeKey(number(list[limit-1]))
		if err != nil {
			return err
		}
		p.Next = next
	}
	return writeJSON(w, http.StatusOK, p)
}

// numberedPage reads ?after= and ?limit= of such a list.
func numberedPage(r *request) (before int64, limit int, err error) {
	before = math.MaxInt64
	if err := readKey(r, &before); err != nil {
		return 0, 0, err
	}
	limit, err = pageSize(r)
	return before, limit, err
}

// idParam returns a UUID of the path.
func (r *request) idParam(name string) (string, error) {
	id, ok := domain.ParseID(r.params.ByName(name))
	if !ok {
		return "", domain.ErrNotFound
	}
	return id, nil
}

// idQuery returns a UUID of the query, empty where there is none.
func (r *request) idQuery(name string) (string, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return "", nil
	}
	id, ok := domain.ParseID(s)
	if !ok {
		return "", domain.E(domain.KindInvalidRequest, name+" must be a UUID.")
	}
	return id, nil
}

// decodeIfAny reads a body that may be missing.
func decodeIfAny(w http.ResponseWriter, r *request, v any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return decode(w, r, v)
}

// personView is a person as operators see them.
type personView struct {
	ID           domain.UserID             `json:"id"`
	Email        string                    `json:"email"`
	Name         string                    `json:"name"`
	Role         domain.Role               `json:"role"`
	Status       domain.SubscriptionStatus `json:"subscription_status"`
	Expiry       *domain.Timestamp         `json:"subscription_expiry"`
	Cancels      bool                      `json:"subscription_cancels"`
	PastDue      bool                      `json:"subscription_past_due"`
	Plan         *domain.Plan              `json:"subscription_plan"`
	Payment      domain.PaymentState       `json:"subscription_payment"`
	ImageCounter int                       `json:"image_counter"`
	ImageLimit   *int                      `json:"image_limit"`
	XP           int                       `json:"xp"`
	CreatedAt    domain.Timestamp          `json:"createdAt"`
}

func (a *API) personOf(u domain.User) personView {
	v := a.view(u)
	return personView{
		ID: v.ID, Email: v.Email, Name: v.Name, Role: v.Role, Status: v.Status, Expiry: v.Expiry, Cancels: v.Cancels, PastDue: v.PastDue,
		Plan: v.Plan, Payment: v.Payment, ImageCounter: v.ImageCounter, ImageLimit: v.ImageLimit, XP: v.XP, CreatedAt: u.CreatedAt,
	}
}

// overviewView is the console's first page.
type overviewView struct {
	store.Overview
	Streams int            `json:"streams"`
	Details map[string]any `json:"details"`
}

func (a *API) operatorOverview(w http.ResponseWriter, r *request) error {
	o, err := a.Store.Overview(r.Context(), a.Clock())
	if err != nil {
		return err
	}
	v := overviewView{Overview: o, Streams: a.Hub.Streams(), Details: a.details()}
	if v.Details == nil {
		v.Details = map[string]any{}
	}
	return writeJSON(w, http.StatusOK, v)
}
