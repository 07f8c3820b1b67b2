package httpapi

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"liveassist/domain"
	"liveassist/store"
)

func (a *API) createSession(w http.ResponseWriter, r *request) error {
	if err := a.limits.write(r); err != nil {
		return err
	}
	id, err := a.Store.CreateSession(r.Context(), r.user())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, struct {
		SessionID domain.SessionID `json:"sessionId"`
	}{id})
}

func (a *API) listSessions(w http.ResponseWriter, r *request) error {
	list, err := a.Store.Sessions(r.Context(), r.user())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, list)
}

func (a *API) listMessages(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	before, limit, err := page(r)
	if err != nil {
		return err
	}
	body, err := a.messages.get(pageKey{r.user(), session, before, limit}, func() ([]domain.Message, error) {
		return a.Store.Messages(r.Context(), r.user(), session, before, limit)
	})
	if err != nil {
		return err
	}
	return writeRaw(w, http.StatusOK, body)
}

// page reads ?before=ID&limit=N.
func page(r *request) (before domain.MessageID, limit int, err error) {
	limit = store.MaxPage
	if r.URL.RawQuery == "" {
		return "", limit, nil
	}
	q := r.URL.Query()
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return "", 0, domain.E(domain.KindInvalidRequest, "limit must be a number from 1 to 500.")
		}
		limit = min(n, store.MaxPage)
	}
	if s := q.Get("before"); s != "" {
		id, ok := domain.ParseID(s)
		if !ok {
			return "", 0, domain.ErrNotFound
		}
		before = domain.MessageID(id)
	}
	return before, limit, nil
}

func (a *API) postMessage(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	var in struct {
		ID   *string `json:"id"`
		Text string  `json:"text"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	id, err := clientID(in.ID)
	if err != nil {
		return err
	}
	if err := domain.CheckText(in.Text); err != nil {
		return a.knownOr(w, r, session, id, err)
	}
	if err := a.limits.write(r); err != nil {
		return a.knownOr(w, r, session, id, err)
	}
	m, known, err := a.Store.AddMessage(r.Context(), store.NewMessage{
		User: r.user(), Session: session, ID: id, Role: domain.AuthorUser, Text: in.Text, Reply: a.Assistant != nil,
	})
	if err != nil {
		return err
	}
	a.replyTo()
	if a.Log.Enabled(r.Context(), slog.LevelDebug) {
		a.Log.Debug("message stored", "request_id", requestID(w), "session", session, "message", m.ID, "known", known)
	}
	return writeMessage(w, m, known)
}

// clientID checks the id that a client made for its message; none is fine too.
func clientID(s *string) (domain.MessageID, error) {
	if s == nil {
		return "", nil
	}
	id, ok := domain.ParseID(*s)
	if !ok {
		return "", domain.E(domain.KindInvalidRequest, "id must be a UUID.")
	}
	return domain.MessageID(id), nil
}

// knownOr answers a retry of a message that is stored already, whatever else the request
// says; anything else gets refusal.
func (a *API) knownOr(w http.ResponseWriter, r *request, session domain.SessionID, id domain.MessageID, refusal error) error {
	if err := a.Store.OwnsSession(r.Context(), r.user(), session); err != nil {
		return err
	}
	if id == "" {
		return refusal
	}
	m, err := a.Store.MessageOf(r.Context(), r.user(), id)
	if errors.Is(err, domain.ErrNotFound) {
		return refusal
	}
	if err != nil {
		return err
	}
	return writeMessage(w, m, true)
}

func writeMessage(w http.ResponseWriter, m domain.Message, known bool) error {
	status := http.StatusCreated
	if known {
		status = http.StatusOK
	}
	return writeRaw(w, status, m.AppendJSON(nil))
}
