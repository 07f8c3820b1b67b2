package httpapi

import (
	"net/http"

	"liveassist/account"
)

// status is the answer where there is nothing to show but what happens next.
type status struct {
	Status string `json:"status"`
}

// statusMailed says that a mail is on its way, if there is anything to say to its address.
const statusMailed = "mailed"

// requestAccount answers the same, in the same time, whether the address has an account
// or not; the mail tells.
func (a *API) requestAccount(w http.ResponseWriter, r *request, reg account.Registration) error {
	if err := reg.Check(); err != nil {
		return err
	}
	if err := a.limits.mail(r.Request, reg.Email); err != nil {
		return err
	}
	if err := a.Accounts.RequestAccount(r.Context(), reg); err != nil {
		return err
	}
	return writeJSON(w, http.StatusAccepted, status{statusMailed})
}

func (a *API) requestReset(w http.ResponseWriter, r *request) error {
	var in struct {
		Email string `json:"email"`
		Lang  string `json:"lang"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	if err := a.limits.mail(r.Request, in.Email); err != nil {
		return err
	}
	if err := a.Accounts.RequestReset(r.Context(), in.Email, in.Lang); err != nil {
		return err
	}
	return writeJSON(w, http.StatusAccepted, status{statusMailed})
}

func (a *API) requestConfirmation(w http.ResponseWriter, r *request) error {
	var in struct {
		Lang string `json:"lang"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	if err := a.limits.mail(r.Request, string(r.user())); err != nil {
		return err
	}
	if err := a.Accounts.RequestConfirmation(r.Context(), r.user(), in.Lang); err != nil {
		return err
	}
	return writeJSON(w, http.StatusAccepted, status{statusMailed})
}

// owner says whose address a link has proven, so that the sign-in form can be filled in.
type owner struct {
	Email string `json:"email"`
}

func (a *API) confirmEmail(w http.ResponseWriter, r *request) error {
	if err := a.limits.link(r.Request); err != nil {
		return err
	}
	var in struct {
		Token account.Token `json:"token"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	u, err := a.Accounts.Confirm(r.Context(), in.Token)
	if err != nil {
		return err
	}
	a.Log.Info("e-mail address confirmed", "request_id", requestID(w), "user", u.ID)
	return writeJSON(w, http.StatusOK, owner{u.Email})
}

func (a *API) resetPassword(w http.ResponseWriter, r *request) error {
	if err := a.limits.link(r.Request); err != nil {
		return err
	}
	var in struct {
		Token    account.Token `json:"token"`
		Password string        `json:"password"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	u, ended, err := a.Accounts.Reset(r.Context(), in.Token, in.Password)
	if err != nil {
		return err
	}
	a.endStreams(ended)
	a.Log.Info("password reset", "request_id", requestID(w), "user", u.ID, "logins_ended", len(ended))
	return writeJSON(w, http.StatusOK, owner{u.Email})
}
