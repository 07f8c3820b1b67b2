package httpapi

import (
	"encoding/json"
	"net/http"
	"time"

	"liveassist/assist"
	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// inboxItem is a conversation in the inbox.
type inboxItem struct {
	ID           domain.SessionID    `json:"id"`
	Title        string              `json:"title"`
	Desk         domain.Desk         `json:"desk"`
	Operator     *domain.OperatorRef `json:"operator"`
	WaitingSince *domain.Timestamp   `json:"waitingSince"`
	CreatedAt    domain.Timestamp    `json:"createdAt"`
	LastActiveAt domain.Timestamp    `json:"lastActiveAt"`
	Person       personView          `json:"person"`
	LastMessage  *domain.Message     `json:"lastMessage"`
	Rated        rated               `json:"rated"`
}

type rated struct {
	Up   int `json:"up"`
	Down int `json:"down"`
}

// maxLine is how many characters of the last message the inbox shows.
const maxLine = 200

func (a *API) inboxItem(i store.InboxItem) inboxItem {
	if m := i.Session.LastMessage; m != nil {
		if text := []rune(m.Text); len(text) > maxLine {
			m.Text = string(text[:maxLine]) + "…"
		}
	}
	return inboxItem{
		ID: i.Session.ID, Title: i.Session.Title, Desk: i.Desk, Operator: i.Operator, WaitingSince: i.Waiting,
		CreatedAt: i.Session.CreatedAt, LastActiveAt: i.Session.LastActiveAt,
		Person: a.personOf(i.Person), LastMessage: i.Session.LastMessage, Rated: rated{i.Up, i.Down},
	}
}

// deskConversation is one conversation as operators see it.
type deskConversation struct {
	inboxItem
	Assistant bool                               `json:"assistant"`
	Pending   []domain.MessageID                 `json:"pending"`
	Failed    []domain.FailedReply               `json:"failed"`
	Ratings   map[domain.MessageID]domain.Rating `json:"ratings"`
}

// inboxAuditEvery is how often following the inbox is one act.
const inboxAuditEvery = time.Minute

var errState = domain.E(domain.KindInvalidRequest, "state must be waiting, mine, done or all.")

func (a *API) operatorInbox(w http.ResponseWriter, r *request) error {
	state := store.InboxState(r.URL.Query().Get("state"))
	switch state {
	case "":
		state = store.InboxWaiting
	case store.InboxWaiting, store.InboxMine, store.InboxDone, store.InboxAll:
	default:
		return errState
	}
	limit, err := pageSize(r)
	if err != nil {
		return err
	}
	var after store.InboxKey
	if err := readKey(r, &after); err != nil {
		return err
	}
	if err := a.Store.AuditOften(r.Context(), r.act(domain.AuditInboxRead, "", string(state)), inboxAuditEvery); err != nil {
		return err
	}
	list, err := a.Store.Inbox(r.Context(), state, r.user(), after, limit+1)
	if err != nil {
		return err
	}
	page := listPage[inboxItem]{Items: []inboxItem{}}
	for i, item := range list {
		if i == limit {
			if page.Next, err = writeKey(list[limit-1].Key(state)); err != nil {
				return err
			}
			break
		}
		page.Items = append(page.Items, a.inboxItem(item))
	}
	return writeJSON(w, http.StatusOK, page)
}

func (a *API) operatorConversation(w http.ResponseWriter, r *request) error {
	session, owner, err := a.anySession(r)
	if err != nil {
		return err
	}
	if err := a.Store.Audit(r.Context(), r.act(domain.AuditConversationRead, owner, string(session))); err != nil {
		return err
	}
	return a.writeDesk(w, r, session)
}

// anySession returns the conversation that the path names, and whose it is.
func (a *API) anySession(r *request) (domain.SessionID, domain.UserID, error) {
	session, err := r.sessionID()
	if err != nil {
		return "", "", err
	}
	owner, err := a.Store.OwnerOf(r.Context(), session)
	return session, owner, err
}

func (a *API) writeDesk(w http.ResponseWriter, r *request, session domain.SessionID) error {
	item, c, err := a.Store.DeskConversation(r.Context(), session)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, deskConversation{
		inboxItem: a.inboxItem(item), Assistant: a.Assistant != nil && item.Desk != domain.DeskOperator,
		Pending: c.Pending, Failed: c.Failed, Ratings: c.Ratings,
	})
}

func (a *API) operatorMessages(w http.ResponseWriter, r *request) error {
	session, owner, err := a.anySession(r)
	if err != nil {
		return err
	}
	before, limit, err := page(r)
	if err != nil {
		return err
	}
	act := r.act(domain.AuditConversationRead, owner, string(session))
	act.Detail = map[string]any{"messages": true}
	if before != "" {
		act.Detail["before"] = before
	}
	if err := a.Store.Audit(r.Context(), act); err != nil {
		return err
	}
	list, err := a.Store.Messages(r.Context(), owner, session, before, limit)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, list)
}

func (a *API) operatorReply(w http.ResponseWriter, r *request) error {
	session, _, err := a.anySession(r)
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
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	m, known, err := a.Store.OperatorReply(r.Context(), r.user(), session, id, in.Text)
	if err != nil {
		return err
	}
	return writeMessage(w, m, known)
}

// operatorTyping tells the person that somebody is typing. It is no act: nothing is seen or
// changed by it.
func (a *API) operatorTyping(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	if err := a.limits.typing(r); err != nil {
		return err
	}
	owner, err := a.Store.Held(r.Context(), r.user(), session)
	if err != nil {
		return err
	}
	data, err := json.Marshal(domain.ConversationTyping{SessionID: session, Role: domain.AuthorOperator})
	if err != nil {
		return err
	}
	a.Hub.Whisper(owner, domain.EventConversationTyping, data)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) operatorTake(w http.ResponseWriter, r *request) error {
	var in struct {
		From string `json:"from"`
	}
	return a.move(w, r, &in, func(session domain.SessionID) error {
		from, ok := domain.ParseID(in.From)
		if in.From != "" && !ok {
			return domain.E(domain.KindInvalidRequest, "from must be a UUID.")
		}
		return a.Store.Take(r.Context(), r.user(), session, domain.UserID(from))
	})
}

func (a *API) operatorHandBack(w http.ResponseWriter, r *request) error {
	var in struct {
		To domain.Desk `json:"to"`
	}
	return a.move(w, r, &in, func(session domain.SessionID) error {
		switch in.To {
		case "":
			in.To = domain.DeskAssistant
			if a.Assistant == nil {
				in.To = domain.DeskWaiting
			}
		case domain.DeskAssistant, domain.DeskWaiting:
		case domain.DeskOperator, domain.DeskClosed:
			fallthrough
		default:
			return domain.E(domain.KindInvalidRequest, "to must be assistant or waiting.")
		}
		return a.Store.HandBack(r.Context(), r.user(), session, in.To)
	})
}

func (a *API) operatorClose(w http.ResponseWriter, r *request) error {
	var in struct{}
	return a.move(w, r, &in, func(session domain.SessionID) error {
		return a.Store.CloseConversation(r.Context(), r.user(), session)
	})
}

// move changes who answers in a conversation and shows it as it stands then.
func (a *API) move(w http.ResponseWriter, r *request, in any, change func(domain.SessionID) error) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	if err := decodeIfAny(w, r, in); err != nil {
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := change(session); err != nil {
		return err
	}
	return a.writeDesk(w, r, session)
}

func (a *API) operatorCanned(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	if len(q.Get("q")) > 4*maxQuery {
		return errQuery
	}
	return writeJSON(w, http.StatusOK, assist.CannedReplies(a.Guides, guides.ParseLang(q.Get("lang")), q.Get("q")))
}
