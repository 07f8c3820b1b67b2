package httpapi

import (
	"errors"
	"net/http"
	"time"

	"liveassist/account"
	"liveassist/domain"
	"liveassist/store"
)

const cookieName = "session"

var errCrossOrigin = domain.E(domain.KindForbidden, "This request came from another site's page.")

func (a *API) register(w http.ResponseWriter, r *request) error {
	if err := a.limits.register(r.Request); err != nil {
		return err
	}
	var reg account.Registration
	if err := decode(w, r, &reg); err != nil {
		return err
	}
	reg.Device = account.DeviceOf(r.UserAgent())
	if a.Accounts.MailMode() == account.MailSent {
		return a.requestAccount(w, r, reg)
	}
	u, token, err := a.Accounts.Register(r.Context(), reg)
	if err != nil {
		return err
	}
	a.Log.Info("account created", "request_id", requestID(w), "user", u.ID)
	a.setCookie(w, token)
	return writeJSON(w, http.StatusCreated, a.view(u))
}

func (a *API) signIn(w http.ResponseWriter, r *request) error {
	var c struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := decode(w, r, &c); err != nil {
		return err
	}
	if c.Email == "" || c.Password == "" {
		return domain.E(domain.KindInvalidRequest, "E-mail address and password are needed.")
	}
	if err := a.limits.signIn(r.Request, c.Email); err != nil {
		return err
	}
	u, token, err := a.Accounts.SignIn(r.Context(), c.Email, c.Password, account.DeviceOf(r.UserAgent()))
	if err != nil {
		return err
	}
	// A browser that signs in anew leaves no older login behind.
	if old, err := a.authenticate(w, r.Request); err == nil {
		if err := a.endLogin(r, old); err != nil {
			return err
		}
	}
	a.setCookie(w, token)
	return writeJSON(w, http.StatusOK, a.view(u))
}

func (a *API) signOut(w http.ResponseWriter, r *request) error {
	if err := a.endLogin(r, r.login); err != nil {
		return err
	}
	a.clearCookie(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) endLogin(r *request, l store.Login) error {
	if err := a.Accounts.SignOut(r.Context(), l); err != nil {
		return err
	}
	a.Hub.EndLogin(l.UserID, l.Token)
	return nil
}

// authenticate returns the login that the request's cookie stands for.
func (a *API) authenticate(w http.ResponseWriter, r *http.Request) (store.Login, error) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return store.Login{}, account.ErrSignedOut
	}
	token := account.Token(c.Value)
	l, extended, err := a.Accounts.Authenticate(r.Context(), token)
	if errors.Is(err, account.ErrSignedOut) {
		a.clearCookie(w)
	}
	if extended && err == nil {
		a.setCookie(w, token)
	}
	return l, err
}

func (a *API) setCookie(w http.ResponseWriter, t account.Token) {
	a.writeCookie(w, string(t), int(account.LoginTTL/time.Second))
}

func (a *API) clearCookie(w http.ResponseWriter) { a.writeCookie(w, "", -1) }

// writeCookie keeps one session cookie per answer, the last one that was set.
func (a *API) writeCookie(w http.ResponseWriter, value string, maxAge int) {
	c := http.Cookie{ //nolint:gosec // Secure wherever the public address is https
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteLaxMode,
	}
	w.Header().Set("Set-Cookie", c.String())
}
