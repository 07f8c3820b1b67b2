package httpapi

import (
	"context"
	"net/http"
	"slices"

	"liveassist/domain"
	"liveassist/store"
)

// endStreams ends the event streams of logins that are over.
func (a *API) endStreams(ended []store.Login) {
	for _, l := range ended {
		a.Hub.EndLogin(l.UserID, l.Token)
	}
}

func (a *API) changePassword(w http.ResponseWriter, r *request) error {
	if err := a.limits.password(r); err != nil {
		return err
	}
	var in struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	ended, err := a.Accounts.ChangePassword(r.Context(), r.login, in.Current, in.New)
	if err != nil {
		return err
	}
	a.endStreams(ended)
	a.Log.Info("password changed", "request_id", requestID(w), "user", r.user(), "logins_ended", len(ended))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// loginView is a signed-in browser.
type loginView struct {
	Browser    string           `json:"browser"`
	System     string           `json:"system"`
	CreatedAt  domain.Timestamp `json:"created_at"`
	LastSeenAt domain.Timestamp `json:"last_seen_at"`
	Current    bool             `json:"current"`
}

func (a *API) listLogins(w http.ResponseWriter, r *request) error {
	logins, err := a.Accounts.Logins(r.Context(), r.user())
	if err != nil {
		return err
	}
	list := make([]loginView, len(logins))
	for i, l := range logins {
		list[i] = loginView{l.Browser, l.System, l.CreatedAt, l.SeenAt, l.Token == r.login.Token}
	}
	slices.SortStableFunc(list, func(x, y loginView) int {
		if x.Current != y.Current {
			return map[bool]int{true: -1, false: 1}[x.Current]
		}
		return int(y.LastSeenAt - x.LastSeenAt)
	})
	return writeJSON(w, http.StatusOK, list)
}

func (a *API) signOutEverywhere(w http.ResponseWriter, r *request) error {
	ended, err := a.Accounts.SignOutEverywhere(r.Context(), r.user())
	if err != nil {
		return err
	}
	a.endStreams(ended)
	a.clearCookie(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deleteAccount ends the person's subscriptions at Stripe first: where that fails, nothing
// has changed. Afterwards there is no way back.
func (a *API) deleteAccount(w http.ResponseWriter, r *request) error {
	if err := a.limits.password(r); err != nil {
		return err
	}
	var in struct {
		Password string `json:"password"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	user := r.user()
	ctx := context.WithoutCancel(r.Context()) // a browser that is closed must not leave half of it
	err := a.Accounts.Delete(ctx, user, in.Password, func() error { return a.Billing.CancelAll(ctx, user, a.local(r.Request)) })
	if err != nil {
		return err
	}
	a.Hub.EndUser(user)
	a.clearCookie(w)
	a.Log.Info("account deleted", "request_id", requestID(w), "user", user)
	if err := a.Accounts.Finish(ctx, user); err != nil {
		// It is gone for the person; the scheduler goes on with the rest.
		a.Log.Error("rest of a deleted account is still there", "request_id", requestID(w), "user", user, "error", err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
