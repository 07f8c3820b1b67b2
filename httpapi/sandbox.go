package httpapi

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"liveassist/billing"
	"liveassist/domain"
)

//go:embed sandbox/*.html sandbox/style.css
var sandboxFiles embed.FS

// parseSandboxPages reads the sandbox's pages.
func parseSandboxPages() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"money": func(p billing.Price) string { return fmt.Sprintf("€%d.%02d", p.Amount/100, p.Amount%100) },
		"day":   func(t time.Time) string { return t.Format("2 January 2006") },
	}).ParseFS(sandboxFiles, "sandbox/*.html")
}

// local reports whether a request comes from this machine and names this machine: neither
// a proxy nor another site's name that points here can make it look so.
func (a *API) local(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return billing.IsLoopbackHost(host) && loopback(r.RemoteAddr) && !forwarded(r)
}

// inSandbox guards the sandbox's routes: to all but local requests they do not exist.
func (a *API) inSandbox(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if !a.Billing.HasSandbox() || !a.local(r.Request) {
			return errNoRoute
		}
		err := h(w, r)
		if errors.Is(err, domain.ErrNotFound) {
			return a.sandboxPage(w, http.StatusNotFound, "gone.html", nil)
		}
		return err
	}
}

func (a *API) sandboxPage(w http.ResponseWriter, status int, name string, data any) error {
	pages, err := a.pages()
	if err != nil {
		return fmt.Errorf("sandbox pages: %w", err)
	}
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		return fmt.Errorf("sandbox page: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	// A form's answer may lead back to the app, which the base URL names.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' "+
		a.BaseURL.Scheme+"://"+a.BaseURL.Host+"; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, err = page.WriteTo(w)
	return err
}

func (a *API) sandboxStyle(w http.ResponseWriter, _ *request) error {
	css, err := sandboxFiles.ReadFile("sandbox/style.css")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err = w.Write(css)
	return err
}

func (a *API) sandboxCheckout(w http.ResponseWriter, r *request) error {
	view, err := a.Billing.SandboxCheckout(r.params.ByName("id"))
	if err != nil {
		return err
	}
	return a.sandboxPage(w, http.StatusOK, "checkout.html", view)
}

func (a *API) sandboxPay(w http.ResponseWriter, r *request) error {
	back, err := a.Billing.SandboxPay(context.WithoutCancel(r.Context()), r.params.ByName("id"), a.deliver)
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, back, http.StatusSeeOther)
	return nil
}

func (a *API) sandboxCancel(w http.ResponseWriter, r *request) error {
	view, err := a.Billing.SandboxCheckout(r.params.ByName("id"))
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, view.CancelURL, http.StatusSeeOther)
	return nil
}

func (a *API) sandboxPortal(w http.ResponseWriter, r *request) error {
	view, err := a.Billing.SandboxPortal(r.Context(), r.params.ByName("id"))
	if err != nil {
		return err
	}
	return a.sandboxPage(w, http.StatusOK, "portal.html", view)
}

func (a *API) sandboxAct(w http.ResponseWriter, r *request) error {
	id := r.params.ByName("id")
	action := billing.SandboxAction(r.params.ByName("action"))
	if err := a.Billing.SandboxAct(context.WithoutCancel(r.Context()), id, action, a.deliver); err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/sandbox/portal/"+id, http.StatusSeeOther)
	return nil
}

// deliver sends an event of the sandbox through the whole server, to the webhook's route,
// as if it came from this machine's network.
func (a *API) deliver(ctx context.Context, d billing.Delivery) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, webhookPath, bytes.NewReader(d.Payload))
	if err != nil {
		return fmt.Errorf("make delivery: %w", err)
	}
	req.Host, req.RemoteAddr = "127.0.0.1", "127.0.0.1:0"
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Stripe-Signature", d.Signature)
	rec := &answer{header: http.Header{}}
	a.root.ServeHTTP(rec, req)
	if rec.status != http.StatusOK {
		return fmt.Errorf("the webhook answered %d: %s", rec.status, rec.body.String())
	}
	return nil
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements io.Writer.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

var (
	_ http.ResponseWriter = (*answer)(nil)
	_ io.Writer           = (*answer)(nil)
)
