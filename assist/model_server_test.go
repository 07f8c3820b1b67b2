package assist

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// modelServer plays the protocol of an OpenAI-compatible endpoint over real HTTP.
type modelServer struct {
	tb  testing.TB
	url string

	mu     sync.Mutex
	play   func(w http.ResponseWriter, r *http.Request, asked modelRequest)
	asked  []modelRequest
	header []http.Header
}

// modelRequest is what a test looks at in a request.
type modelRequest struct {
	Model               string `json:"model"`
	Stream              bool   `json:"stream"`
	MaxTokens           int    `json:"max_tokens"`
	MaxCompletionTokens int    `json:"max_completion_tokens"`
	Messages            []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	raw string
}

// roles is who speaks in the messages, in order.
func (r modelRequest) roles() string {
	var roles []string
	for _, m := range r.Messages {
		roles = append(roles, m.Role)
	}
	return strings.Join(roles, " ")
}

func (r modelRequest) photos() int { return strings.Count(r.raw, `"image_url":{`) }

func newModelServer(tb testing.TB) *modelServer {
	tb.Helper()
	s := &modelServer{tb: tb}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		var asked modelRequest
		if err := json.Unmarshal(body, &asked); err != nil || r.URL.Path != "/v1/chat/completions" || !asked.Stream {
			tb.Errorf("%s %s: %v %s", r.Method, r.URL, err, body)
		}
		asked.raw = string(body)
		s.mu.Lock()
		s.asked = append(s.asked, asked)
		s.header = append(s.header, r.Header)
		play := s.play
		s.mu.Unlock()
		play(w, r, asked)
	}))
	tb.Cleanup(ts.Close)
	s.url = ts.URL + "/v1"
	return s
}

func (s *modelServer) plays(f func(w http.ResponseWriter, r *http.Request, asked modelRequest)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.play = f
}

func (s *modelServer) requests() []modelRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]modelRequest(nil), s.asked...)
}

// sayChunk sends one piece as the protocol does.
func sayChunk(w http.ResponseWriter, text, finish string) {
	reason := "null"
	if finish != "" {
		reason = `"` + finish + `"`
	}
	content, _ := json.Marshal(text)
	fmt.Fprintf(w, `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":%s},"finish_reason":%s}]}`+"\n\n", content, reason)
	w.(http.Flusher).Flush()
}

func beginStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	fmt.Fprint(w, `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`+"\n\n")
	w.(http.Flusher).Flush()
}

// speaks streams the words, and ends well.
func speaks(words ...string) func(http.ResponseWriter, *http.Request, modelRequest) {
	return func(w http.ResponseWriter, _ *http.Request, _ modelRequest) {
		beginStream(w)
		for _, word := range words {
			sayChunk(w, word, "")
		}
		sayChunk(w, "", "stop")
		fmt.Fprint(w, `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`+"\n\ndata: [DONE]\n\n")
	}
}

// refuses answers with an error in the form of the protocol.
func refuses(status int, message string, header ...string) func(http.ResponseWriter, *http.Request, modelRequest) {
	return func(w http.ResponseWriter, _ *http.Request, _ modelRequest) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, message)
	}
}

// startModel lets the model answer, with the guides behind it.
func (d *desk) startModel(s *modelServer, change ...func(*ModelOptions)) *Fallback {
	d.tb.Helper()
	opts := ModelOptions{
		URL: s.url, Key: "sk-test", Name: "test-model", Pictures: d.db, Finders: testFinders(), Clock: d.now,
		FirstToken: 10 * time.Second, Pause: 10 * time.Second, Total: 20 * time.Second,
	}
	for _, f := range change {
		f(&opts)
	}
	f := &Fallback{Model: NewModel(opts), Guides: NewGuides(testFinders()), Clock: d.now, Log: testLog(d)}
	d.start(f, 4)
	return f
}
