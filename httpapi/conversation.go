package httpapi

import (
	"encoding/json"
	"net/http"

	"liveassist/domain"
)

// conversationView is a conversation as its page shows it.
type conversationView struct {
	domain.Conversation
	// Assistant says whether replies come by themselves here.
	Assistant bool `json:"assistant"`
}

func (a *API) getConversation(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	return a.writeConversation(w, r, session)
}

func (a *API) writeConversation(w http.ResponseWriter, r *request, session domain.SessionID) error {
	c, err := a.Store.Conversation(r.Context(), r.user(), session)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, conversationView{c, a.Assistant != nil && c.Desk != domain.DeskOperator})
}

func (a *API) renameConversation(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	var in struct {
		Title string `json:"title"`
	}
	if err := decode(w, r, &in); err != nil {
		return err
	}
	title, err := domain.CheckTitle(in.Title)
	if err != nil {
		if owns := a.Store.OwnsSession(r.Context(), r.user(), session); owns != nil {
			return owns
		}
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Store.Rename(r.Context(), r.user(), session, title); err != nil {
		return err
	}
	return a.writeConversation(w, r, session)
}

// askPerson puts the conversation among those that wait for an operator.
func (a *API) askPerson(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	if err := a.limits.write(r); err != nil {
		return err
	}
	if err := a.Store.AskPerson(r.Context(), r.user(), session); err != nil {
		return err
	}
	return a.writeConversation(w, r, session)
}

// typing tells the operator who has the conversation that the person is typing.
func (a *API) typing(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	if err := a.limits.typing(r); err != nil {
		return err
	}
	operator, err := a.Store.OperatorOf(r.Context(), r.user(), session)
	if err != nil {
		return err
	}
	if operator != "" {
		data, err := json.Marshal(domain.ConversationTyping{SessionID: session, Role: domain.AuthorUser})
		if err != nil {
			return err
		}
		a.Hub.Whisper(operator, domain.EventConversationTyping, data)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
