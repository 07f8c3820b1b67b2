package httpapi

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"

	"liveassist/domain"
)

// exportConversation sends a conversation as a Markdown file.
func (a *API) exportConversation(w http.ResponseWriter, r *request) error {
	session, err := r.sessionID()
	if err != nil {
		return err
	}
	c, err := a.Store.Conversation(r.Context(), r.user(), session)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/markdown; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="liveassist-`+string(session)+`.md"`)
	w.WriteHeader(http.StatusOK)
	out := bufio.NewWriter(w)
	title := c.Title
	if title == "" {
		title = "LiveAssist"
	}
	fmt.Fprintf(out, "# %s\n", title)
	err = a.Store.EachMessage(r.Context(), r.user(), session, func(m domain.Message) error {
		return writeMarkdown(out, m, photoURL(a.BaseURL.String(), m))
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		// The answer has begun: only breaking it off can tell that it is not whole.
		a.Log.Debug("export broken off", "request_id", requestID(w), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// photoURL is where a message's photo is, empty where it has none.
func photoURL(base string, m domain.Message) string {
	if m.Image == nil {
		return ""
	}
	return base + m.Image.URL
}

// writeMarkdown writes one message, with its photo at the given address. What a person wrote is quoted line by line, so that it
// cannot pass for a heading or for somebody else's words.
func writeMarkdown(out io.Writer, m domain.Message, photo string) error {
	author := map[domain.Author]string{domain.AuthorUser: "You", domain.AuthorAssistant: "Assistant", domain.AuthorOperator: "Support"}[m.Role]
	text := m.Text
	if m.Role != domain.AuthorAssistant {
		text = "> " + strings.ReplaceAll(text, "\n", "\n> ")
	}
	if _, err := fmt.Fprintf(out, "\n## %s, %s UTC\n\n", author, m.CreatedAt.Time().Format("2006-01-02 15:04")); err != nil {
		return err
	}
	if photo != "" {
		if _, err := fmt.Fprintf(out, "![Photo](%s)\n\n", photo); err != nil {
			return err
		}
	}
	if m.Text == "" {
		return nil
	}
	_, err := io.WriteString(out, text+"\n")
	return err
}
