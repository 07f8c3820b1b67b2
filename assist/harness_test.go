package assist

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/assist/guides"
	"liveassist/domain"
	"liveassist/store"
)

// testFinders is shared by all tests: nothing changes it.
var testFinders = sync.OnceValue(func() *Finders {
	library, err := guides.Load()
	if err != nil {
		panic(err)
	}
	return NewFinders(context.Background(), library, makeIndex)
})

func makeIndex(ctx context.Context, weights []float64, texts [][]string) (WordIndex, error) {
	return store.NewGuideIndex(ctx, weights, texts)
}

// desk is an assistant on a real database, with what it said to open pages.
type desk struct {
	tb      testing.TB
	db      *store.DB
	dir     string
	log     bytes.Buffer
	logMu   sync.Mutex
	a       *Assistant
	stop    func()
	events  chan domain.Event // what was announced
	mu      sync.Mutex
	offset  time.Duration
	pieces  []domain.MessageDelta
	whisper func(domain.MessageDelta)
	replied []string // who answered
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.offset)
}

func (d *desk) add(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.offset += by
}

func (d *desk) Write(p []byte) (int, error) {
	d.logMu.Lock()
	defer d.logMu.Unlock()
	return d.log.Write(p)
}

// newDesk opens a database; start lets somebody answer.
func newDesk(tb testing.TB) *desk {
	tb.Helper()
	d := &desk{tb: tb, dir: tb.TempDir(), events: make(chan domain.Event, 100_000)}
	d.open()
	tb.Cleanup(func() {
		d.halt()
		if err := d.db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return d
}

func (d *desk) open() {
	d.tb.Helper()
	var err error
	d.db, err = store.Open(d.tb.Context(), store.Options{
		Dir: d.dir, Clock: d.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		OnCommit: func(entries []store.Entry) {
			for _, e := range entries {
				d.events <- e.Event
			}
		},
	})
	if err != nil {
		d.tb.Fatal(err)
	}
}

func (d *desk) start(who Answerer, atOnce int) {
	d.tb.Helper()
	d.a = New(Options{
		Replied: func(by string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.replied = append(d.replied, by)
		},
		Store: d.db, Answerer: who, Finders: testFinders(), Clock: d.now, Log: slog.New(slog.NewTextHandler(d, nil)), AtOnce: atOnce,
		Whisper: func(_ domain.UserID, name string, data []byte) {
			var m domain.MessageDelta
			if err := json.Unmarshal(data, &m); err != nil || name != domain.EventMessageDelta {
				d.tb.Errorf("whisper %s %s: %v", name, data, err)
			}
			d.mu.Lock()
			d.pieces = append(d.pieces, m)
			f := d.whisper
			d.mu.Unlock()
			if f != nil {
				f(m)
			}
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.a.Run(ctx) }()
	d.stop = func() {
		cancel()
		if err := <-done; err != nil {
			d.tb.Error(err)
		}
	}
}

// halt stops the assistant as the end of the program does.
func (d *desk) halt() {
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
}

func (d *desk) logged() string {
	d.logMu.Lock()
	defer d.logMu.Unlock()
	return d.log.String()
}

// person makes an account and a conversation.
func (d *desk) person() (domain.UserID, domain.SessionID) {
	d.tb.Helper()
	var token store.TokenHash
	id := uuid.NewString()
	copy(token[:], id)
	u, err := d.db.CreateUser(d.tb.Context(), store.NewUser{Email: id + "@example.com", PasswordHash: "$"}, store.NewLogin{Token: token, TTL: time.Hour})
	if err != nil {
		d.tb.Fatal(err)
	}
	return u.ID, d.session(u.ID)
}

func (d *desk) session(user domain.UserID) domain.SessionID {
	d.tb.Helper()
	s, err := d.db.CreateSession(d.tb.Context(), user)
	if err != nil {
		d.tb.Fatal(err)
	}
	return s
}

// say stores a message that wants a reply.
func (d *desk) say(user domain.UserID, session domain.SessionID, text string) domain.Message {
	d.tb.Helper()
	m, _, err := d.db.AddMessage(d.tb.Context(), store.NewMessage{User: user, Session: session, Role: domain.AuthorUser, Text: text, Reply: true})
	if err != nil {
		d.tb.Fatal(err)
	}
	if d.a != nil {
		d.a.Wake()
	}
	return m
}

// sendPhoto stores a message with a picture of the given bytes.
func (d *desk) sendPhoto(user domain.UserID, session domain.SessionID, text string, picture []byte) domain.Message {
	d.tb.Helper()
	m, _, err := d.db.AddImage(d.tb.Context(), store.NewMessage{User: user, Session: session, Role: domain.AuthorUser, Text: text, Reply: true},
		store.NewImage{ContentType: "image/png", Width: 1, Height: 1, Bytes: picture, PreviewType: "image/jpeg", Preview: []byte("preview"), Hash: "h"},
		store.Allowance{PerDay: 100})
	if err != nil {
		d.tb.Fatal(err)
	}
	if d.a != nil {
		d.a.Wake()
	}
	return m
}

// next returns the next event of a name.
func (d *desk) next(name string) domain.Event {
	d.tb.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case e := <-d.events:
			if e.Name == name {
				return e
			}
		case <-limit:
			d.tb.Fatalf("no %s within 20 s; log: %s", name, d.logged())
		}
	}
}

// reply returns the next reply that is stored.
func (d *desk) reply() domain.Message {
	d.tb.Helper()
	for {
		var m domain.Message
		if err := json.Unmarshal(d.next(domain.EventMessageCreated).Data, &m); err != nil {
			d.tb.Fatal(err)
		}
		if m.Role == domain.AuthorAssistant {
			return m
		}
	}
}

// ask says something and returns the reply.
func (d *desk) ask(user domain.UserID, session domain.SessionID, text string) string {
	d.tb.Helper()
	d.say(user, session, text)
	return d.reply().Text
}

func (d *desk) texts(user domain.UserID, session domain.SessionID) []string {
	d.tb.Helper()
	list, err := d.db.Messages(d.tb.Context(), user, session, "", 500)
	if err != nil {
		d.tb.Fatal(err)
	}
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.Text
	}
	return out
}

// answerFunc is an Answerer made of a function.
type answerFunc func(ctx context.Context, q Question, say func(string)) (store.Reply, error)

// Answer implements Answerer.
func (f answerFunc) Answer(ctx context.Context, q Question, say func(string)) (store.Reply, error) {
	return f(ctx, q, say)
}

// echo answers with the question.
func echo(_ context.Context, q Question, _ func(string)) (store.Reply, error) {
	return store.Reply{Text: "re: " + q.Question.Text, By: byGuides}, nil
}

// p99 returns the time that 99 of 100 stay under, in milliseconds.
func p99(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)*99/100].Microseconds()) / 1000
}
