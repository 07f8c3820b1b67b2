package httpapi

import (
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"
)

// guard says who may call a route.
type guard int

const (
	open     guard = iota // anybody
	person                // whoever is signed in
	sender                // whoever is signed in, with a large body
	operator              // an operator; for everybody else the address does not exist
)

// route is one address of the API.
type route struct {
	method string
	path   string
	guard  guard
	handle handler
}

// table is every route of the product, each beside its guard.
func (a *API) table() []route {
	const get, post, patch = http.MethodGet, http.MethodPost, http.MethodPatch
	return []route{
		{post, "/api/auth/register", open, a.register},
		{post, "/api/auth/login", open, a.signIn},
		{post, "/api/auth/logout", person, a.signOut},
		{post, "/api/auth/logout-everywhere", person, a.signOutEverywhere},
		{post, "/api/auth/forgot", open, a.requestReset},
		{post, "/api/auth/reset", open, a.resetPassword},
		{post, "/api/auth/confirm", open, a.confirmEmail},
		{post, "/api/auth/confirm/send", person, a.requestConfirmation},
		{get, "/api/users/me", person, a.me},
		{post, "/api/users/me/password", person, a.changePassword},
		{get, "/api/users/me/logins", person, a.listLogins},
		{get, "/api/users/me/export", person, a.exportAccount},
		{post, "/api/users/me/deletion", person, a.deleteAccount},
		{get, "/api/xp", person, a.xp},

		{post, "/api/liveassist/sessions", person, a.createSession},
		{get, "/api/liveassist/sessions", person, a.listSessions},
		{get, "/api/liveassist/sessions/:sessionId/messages", person, a.listMessages},
		{post, "/api/liveassist/sessions/:sessionId/messages", person, a.postMessage},
		{post, "/api/liveassist/sessions/:sessionId/images", sender, a.postImage},
		{get, "/api/images/:imageId", person, a.getImage},
		{get, "/api/liveassist/sessions/:sessionId", person, a.getConversation},
		{patch, "/api/liveassist/sessions/:sessionId", person, a.renameConversation},
		{get, "/api/liveassist/sessions/:sessionId/export", person, a.exportConversation},
		{post, "/api/liveassist/sessions/:sessionId/ask-person", person, a.askPerson},
		{post, "/api/liveassist/sessions/:sessionId/typing", person, a.typing},
		{post, "/api/liveassist/sessions/:sessionId/messages/:messageId/retry", person, a.retryReply},
		{post, "/api/liveassist/sessions/:sessionId/messages/:messageId/rating", person, a.rate},
		{get, "/api/liveassist/search", person, a.search},

		{get, "/api/billing/plans", open, a.listPlans},
		{post, "/api/billing/checkout", person, a.createCheckout},
		{post, "/api/billing/portal", person, a.createPortal},
		{post, "/api/billing/confirm", person, a.confirmCheckout},
		{post, webhookPath, open, a.webhook},

		{get, "/sandbox/style.css", open, a.inSandbox(a.sandboxStyle)},
		{get, "/sandbox/checkout/:id", open, a.inSandbox(a.sandboxCheckout)},
		{post, "/sandbox/checkout/:id/pay", open, a.inSandbox(a.sandboxPay)},
		{post, "/sandbox/checkout/:id/cancel", open, a.inSandbox(a.sandboxCancel)},
		{get, "/sandbox/portal/:id", open, a.inSandbox(a.sandboxPortal)},
		{post, "/sandbox/portal/:id/:action", open, a.inSandbox(a.sandboxAct)},

		{get, "/api/events", person, a.events},

		{get, "/api/operator/overview", operator, a.operatorOverview},
		{get, "/api/operator/conversations", operator, a.operatorInbox},
		{get, "/api/operator/conversations/:sessionId", operator, a.operatorConversation},
		{get, "/api/operator/conversations/:sessionId/messages", operator, a.operatorMessages},
		{post, "/api/operator/conversations/:sessionId/messages", operator, a.operatorReply},
		{post, "/api/operator/conversations/:sessionId/typing", operator, a.operatorTyping},
		{post, "/api/operator/conversations/:sessionId/take", operator, a.operatorTake},
		{post, "/api/operator/conversations/:sessionId/hand-back", operator, a.operatorHandBack},
		{post, "/api/operator/conversations/:sessionId/close", operator, a.operatorClose},
		{get, "/api/operator/canned", operator, a.operatorCanned},
		{get, "/api/operator/users", operator, a.operatorUsers},
		{get, "/api/operator/users/:userId", operator, a.operatorUser},
		{get, "/api/operator/users/:userId/evidence", operator, a.operatorEvidence},
		{post, "/api/operator/users/:userId/premium", operator, a.operatorGrant},
		{post, "/api/operator/users/:userId/premium/end", operator, a.operatorEnd},
		{get, "/api/operator/webhooks", operator, a.operatorWebhooks},
		{get, "/api/operator/webhooks/:webhookId", operator, a.operatorWebhook},
		{post, "/api/operator/webhooks/:webhookId/replay", operator, a.operatorReplay},
		{get, "/api/operator/audit", operator, a.operatorAudit},
		{get, "/api/operator/export/:list", operator, a.operatorExport},

		{get, "/api/guides", open, a.listGuides},
		{get, "/api/guides/:slug", open, a.getGuide},

		{get, "/api/openapi.json", open, a.openAPI},
		{get, "/healthz", open, a.healthz},
		{get, "/readyz", open, a.readyz},
		{get, "/metrics", open, a.metrics},
		{get, "/debug/pprof/*profile", open, a.metrics},
	}
}

// router puts the table to work; what it does not name is the web app.
func (a *API) router() http.Handler {
	a.meters = []meter{a.Watch.meter("", otherRoute)}
	r := httprouter.New()
	r.RedirectTrailingSlash = false // a redirect would lose a webhook's body
	r.RedirectFixedPath = false
	for _, rt := range a.table() {
		r.Handle(rt.method, rt.path, a.guarded(a.meter(rt), rt.guard, rt.handle))
	}
	r.NotFound = a.plain(a.notFound)
	r.MethodNotAllowed = a.plain(a.methodNotAllowed)
	r.GlobalOPTIONS = a.plain(a.options)
	return r
}

// notFound is the web app for every path that is not the API's.
func (a *API) notFound(w http.ResponseWriter, r *http.Request) error {
	for _, prefix := range []string{"/api/", "/sandbox/", "/debug/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return errNoRoute
		}
	}
	if r.URL.Path == "/api" {
		return errNoRoute
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return errMethod
	}
	if r.URL.Path == "/reset" || r.URL.Path == "/confirm" {
		w.Header().Set("Referrer-Policy", "no-referrer") // their address holds a secret
	}
	a.Web.ServeHTTP(w, r)
	return nil
}

func (a *API) methodNotAllowed(w http.ResponseWriter, r *http.Request) error {
	return a.onlyForOperators(w, r, errMethod)
}

// options answers with the methods of an address, which httprouter has set by now.
func (a *API) options(w http.ResponseWriter, r *http.Request) error {
	return a.onlyForOperators(w, r, nil)
}
