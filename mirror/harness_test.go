package mirror_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/domain"
	"liveassist/mirror"
	"liveassist/store"
)

// product is a database with a mirror, wired as main wires them.
type product struct {
	db     *store.DB
	opts   mirror.Options
	log    *logBuffer
	ahead  atomic.Int64 // nanoseconds that a test's own clock is ahead
	mirror atomic.Pointer[mirror.Mirror]
	stop   func()
}

// openProduct opens the database in dir; its mirror is not started yet.
func openProduct(tb testing.TB, dir, url, database string) *product {
	tb.Helper()
	p := &product{log: &logBuffer{}}
	db, err := store.Open(context.Background(), store.Options{
		Dir: dir, Clock: time.Now, NewID: uuid.NewString,
		OnCommit: func(entries []store.Entry) {
			if m := p.mirror.Load(); m != nil {
				m.Wake(entries[len(entries)-1].Seq)
			}
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	p.db = db
	p.opts = mirror.Options{
		URL: url, Database: database, Collections: store.Collections(), Source: sourceOf(db),
		Clock: time.Now, Random: rand.Float64, Log: slog.New(slog.NewTextHandler(p.log, nil)),
	}
	tb.Cleanup(func() { p.close(tb) })
	return p
}

// close ends the mirror and the database; it may be called twice.
func (p *product) close(tb testing.TB) {
	tb.Helper()
	p.stopMirror()
	if p.db == nil {
		return
	}
	if err := p.db.Close(); err != nil {
		tb.Error(err)
	}
	p.db = nil
}

func sourceOf(db *store.DB) mirror.Source {
	return mirror.Source{
		Identity: db.Identity, Newest: db.NewestSeq, Oldest: db.OldestSeq, FindOne: db.FindOne, Page: db.Page,
		EntriesAfter: func(ctx context.Context, after int64, limit int) ([]mirror.Entry, error) {
			entries, err := db.EntriesAfter(ctx, after, limit)
			out := make([]mirror.Entry, len(entries))
			for i, e := range entries {
				out[i] = mirror.Entry{Seq: e.Seq, Docs: e.Docs, At: e.At}
			}
			return out, err
		},
	}
}

// startMirror runs the mirror until stopMirror, or the end of the test.
func (p *product) startMirror(tb testing.TB) {
	tb.Helper()
	m, err := mirror.New(p.opts)
	if err != nil {
		tb.Fatal(err)
	}
	p.mirror.Store(m)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := m.Run(ctx); err != nil {
			tb.Errorf("Run ended with %v", err)
		}
	}()
	p.stop = func() { cancel(); <-ended }
}

func (p *product) stopMirror() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

func (p *product) status() mirror.Status { return p.mirror.Load().Status() }

// waitFor polls until ok, and fails the test if that takes longer than a mirror may need.
func (p *product) waitFor(tb testing.TB, what string, ok func(mirror.Status) bool) {
	tb.Helper()
	for deadline := time.Now().Add(90 * time.Second); !ok(p.status()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("%s: not after 90 s; status %+v\n%s", what, p.status(), p.log)
		}
	}
}

// waitLevel waits until the mirror has passed on all that is on disk now.
func (p *product) waitLevel(tb testing.TB) {
	tb.Helper()
	newest, err := p.db.NewestSeq(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	p.waitFor(tb, fmt.Sprintf("mirror level with entry %d", newest), func(s mirror.Status) bool {
		return s.Connected && s.Seq >= newest && s.Lag == 0
	})
}

// write changes the database and names what changed.
func (p *product) write(tb testing.TB, sql string, args []any, docs ...domain.DocRef) {
	tb.Helper()
	err := p.db.Write(context.Background(), "test", func(tx *store.Tx) error {
		n, err := tx.Exec(sql, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("%s changed nothing", sql)
		}
		tx.Changed("", docs...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// person is a user with a conversation.
type person struct {
	id      domain.UserID
	email   string
	session domain.SessionID
}

func (p *product) addPerson(tb testing.TB) person {
	tb.Helper()
	ctx, email := context.Background(), uuid.NewString()+"@example.com"
	var token store.TokenHash
	copy(token[:], email)
	u, err := p.db.CreateUser(ctx, store.NewUser{Email: email, Name: "Ann \"Änn\" 雪", PasswordHash: "secret-hash"}, store.NewLogin{Token: token, TTL: time.Hour})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := p.db.CreateSession(ctx, u.ID)
	if err != nil {
		tb.Fatal(err)
	}
	return person{u.ID, email, s}
}

func (p *product) say(tb testing.TB, who person, text string) {
	tb.Helper()
	if _, _, err := p.db.AddMessage(context.Background(), store.NewMessage{User: who.id, Session: who.session, Role: domain.AuthorUser, Text: text}); err != nil {
		tb.Fatal(err)
	}
}

// fill adds a person with documents in each collection and n messages.
func (p *product) fill(tb testing.TB, n int) person {
	tb.Helper()
	who := p.addPerson(tb)
	var all sync.WaitGroup
	for part := range 32 { // at once, so that they share commits
		all.Go(func() {
			for i := part; i < n; i += 32 {
				p.say(tb, who, fmt.Sprintf("message %d\nwith \"quotes\", <tags> and 雪", i))
			}
		})
	}
	all.Wait()
	id := uuid.NewString()
	p.write(tb, `INSERT INTO liveassist_messages (id, session_id, user_id, role, text, image_id, image_width, image_height, created_at)
		VALUES (?, ?, ?, 'assistant', '', ?, 640, 480, 1234567890123)`, []any{id, string(who.session), string(who.id), uuid.NewString()},
		domain.DocRef{Collection: store.CollSessions, ID: string(who.session)})
	// Its _id is known once it is stored.
	p.write(tb, `UPDATE liveassist_messages SET text = '' WHERE id = ?`, []any{id}, domain.DocRef{Collection: store.CollMessages, ID: p.anyID(tb, store.CollMessages, who)})
	id = uuid.NewString()
	p.write(tb, `INSERT INTO webhook_events (_id, event_id, type, status, created_at) VALUES (?, ?, 'invoice.paid', 'parked', 1)`,
		[]any{id, "evt_" + id}, domain.DocRef{Collection: store.CollWebhooks, ID: id})
	for _, amount := range []int64{500, -7, 1 << 40} {
		id = uuid.NewString()
		p.write(tb, `INSERT INTO xp_events (_id, user_id, amount, reason, ts) VALUES (?, ?, ?, 'test', 1700000000000)`,
			[]any{id, string(who.id), amount}, domain.DocRef{Collection: store.CollXP, ID: id})
	}
	return who
}

// changeAndDelete changes the person and deletes their last message.
func (p *product) changeAndDelete(tb testing.TB, who person) {
	tb.Helper()
	p.write(tb, `UPDATE users SET subscription_status = 'paid', subscription_expiry = 1800000000000, image_counter = image_counter + 1 WHERE id = ?`,
		[]any{string(who.id)}, domain.DocRef{Collection: store.CollUsers, ID: string(who.id)})
	id := p.anyID(tb, store.CollMessages, who)
	p.write(tb, `DELETE FROM liveassist_messages WHERE seq = (SELECT MAX(seq) FROM liveassist_messages WHERE user_id = ?)`, []any{string(who.id)}, domain.DocRef{Collection: store.CollMessages, ID: id},
		domain.DocRef{Collection: store.CollSessions, ID: string(who.session)}) // it says when something was last said
}

// anyID returns the _id of the person's last document of a collection.
func (p *product) anyID(tb testing.TB, collection string, who person) (id string) {
	tb.Helper()
	err := p.db.Find(context.Background(), collection, []store.Match{{Field: "userId", Value: string(who.id)}}, func(d domain.Document) error {
		id = d[0].Value.(string)
		return nil
	})
	if err != nil || id == "" {
		tb.Fatalf("no document of %s in %s: %v", who.id, collection, err)
	}
	return id
}

// logBuffer is a log that may be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// lines returns the lines that contain text.
func (l *logBuffer) lines(text string) (found []string) {
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}
