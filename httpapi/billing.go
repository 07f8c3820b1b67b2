package httpapi

import (
	"net/http"

	"liveassist/domain"
)

// redirect tells the browser where to go.
type redirect struct {
	URL string `json:"url"`
}

func (a *API) listPlans(w http.ResponseWriter, r *request) error {
	plans, err := a.Billing.Plans(r.Context(), a.local(r.Request))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, plans)
}

func (a *API) createCheckout(w http.ResponseWriter, r *request) error {
	if err := a.limits.write(r); err != nil {
		return err
	}
	var in struct {
		Plan     domain.Plan `json:"plan"`
		ReturnTo string      `json:"return_to"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	url, err := a.Billing.Checkout(r.Context(), r.user(), in.Plan, in.ReturnTo, a.local(r.Request))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, redirect{url})
}

func (a *API) createPortal(w http.ResponseWriter, r *request) error {
	if err := a.limits.write(r); err != nil {
		return err
	}
	url, err := a.Billing.Portal(r.Context(), r.user(), a.local(r.Request))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, redirect{url})
}

func (a *API) confirmCheckout(w http.ResponseWriter, r *request) error {
	if err := a.limits.write(r); err != nil {
		return err
	}
	var in struct {
		Session string `json:"session_id"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	if err := a.Billing.Confirm(r.Context(), r.user(), in.Session, a.local(r.Request)); err != nil {
		return err
	}
	return a.me(w, r)
}
