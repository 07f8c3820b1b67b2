package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver
)

const (
	grownPeople = 100 // the people who are measured; what is theirs stays the same
	grownOwn    = 60  // messages of each: 50 in one conversation, 2 in each of five others
	grownRounds = 400
)

// point is the cost of one operation at one size.
type point struct {
	accounts, messages int
	operation          string
	p50, p99           time.Duration
	n                  int
}

// grow measures the same people's operations while the database around them grows from
// 10^3 accounts and 10^4 messages to 10^5 and 10^6, and writes growth.csv and growth.svg.
func grow(ctx context.Context, product liveassist, dir string) error {
	data, err := os.MkdirTemp("", "load-growth-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	var people []person
	err = served(ctx, product, data, func(t *target) (err error) {
		people, err = t.people(grownPeople)
		return err
	})
	if err != nil {
		return err
	}
	f, err := openFiller(ctx, filepath.Join(data, "liveassist.db"), people)
	if err != nil {
		return err
	}
	var points []point
	for _, accounts := range []int{1_000, 3_000, 10_000, 30_000, 100_000} {
		if err := f.fill(ctx, accounts, 10*accounts); err != nil {
			return errors.Join(err, f.db.Close())
		}
		err := served(ctx, product, data, func(t *target) error {
			if err := f.indexed(); err != nil {
				return err
			}
			list, err := costs(t, people)
			for i := range list {
				list[i].accounts, list[i].messages = accounts, 10*accounts
				fmt.Printf("%7d accounts, %8d messages: %-22s p50 %s, p99 %s\n", accounts, 10*accounts, list[i].operation, ms(list[i].p50), ms(list[i].p99))
			}
			points = append(points, list...)
			return err
		})
		if err != nil {
			return errors.Join(err, f.db.Close())
		}
	}
	if err := f.db.Close(); err != nil {
		return err
	}
	if err := writeCSV(filepath.Join(dir, "growth.csv"), points); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "growth.svg"), []byte(chart(points)), 0o644)
}

// served runs f against the product on a directory that stays.
func served(ctx context.Context, product liveassist, data string, f func(*target) error) error {
	t, err := startIn(ctx, data, product, product, "/healthz", product.command)
	if err != nil {
		return err
	}
	defer t.halt()
	return t.measure(ctx, f)
}

// filler puts rows into a stopped product's database, as the product would have.
type filler struct {
	db       *sql.DB
	people   []person
	accounts int
	messages int
}

func openFiller(ctx context.Context, path string, people []person) (*filler, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	f := &filler{db: db, people: people, accounts: len(people)}
	if err := f.own(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

// own gives the measured people what is theirs.
func (f *filler) own(ctx context.Context) error {
	return f.transact(ctx, func(tx *inserts) error {
		for _, p := range f.people {
			sessions := []string{p.session}
			for range 5 {
				f.messages++ // only to have a number for the id
				id := uuid(3, f.messages)
				if err := tx.session(id, p.id); err != nil {
					return err
				}
				sessions = append(sessions, id)
			}
			for i := range grownOwn {
				s := sessions[0]
				if i >= 50 {
					s = sessions[1+i%5]
				}
				if err := tx.message(uuid(4, f.messages), s, p.id, i); err != nil {
					return err
				}
				f.messages++
			}
		}
		f.messages = grownOwn * len(f.people)
		return nil
	})
}

// fill adds accounts and messages of other people up to the given numbers.
func (f *filler) fill(ctx context.Context, accounts, messages int) error {
	for f.accounts < accounts || f.messages < messages {
		err := f.transact(ctx, func(tx *inserts) error {
			for range 1000 {
				if f.accounts >= accounts {
					break
				}
				user := uuid(1, f.accounts)
				if err := tx.user(user, f.accounts); err != nil {
					return err
				}
				if err := tx.session(uuid(2, f.accounts), user); err != nil {
					return err
				}
				f.accounts++
			}
			for range 10_000 {
				if f.messages >= messages {
					break
				}
				n := len(f.people) + (f.messages*7919)%(f.accounts-len(f.people))
				if err := tx.message(uuid(5, f.messages), uuid(2, n), uuid(1, n), f.messages); err != nil {
					return err
				}
				f.messages++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	_, err := f.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// indexed waits until the product has taken all messages into its index of words.
func (f *filler) indexed() error {
	begin := time.Now()
	for time.Since(begin) < time.Hour {
		var missing int
		if err := f.db.QueryRow(`SELECT (SELECT COALESCE(MAX(seq), 0) FROM liveassist_messages) - upto FROM message_words_state`).Scan(&missing); err != nil {
			return err
		}
		if missing == 0 {
			fmt.Printf("indexed up to %d messages in %s\n", f.messages, time.Since(begin).Round(time.Second))
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return errors.New("the product does not index its messages")
}

// uuid makes an id of the right form from a kind and a number.
func uuid(kind, n int) string {
	return fmt.Sprintf("01900000-0000-7%03d-8000-%012d", kind, n)
}

// inserts are the prepared statements of one transaction.
type inserts struct {
	users, sessions, messages *sql.Stmt
}

func (f *filler) transact(ctx context.Context, do func(*inserts) error) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var in inserts
	for _, p := range []struct {
		stmt  **sql.Stmt
		query string
	}{
		// All have the password of the first account, so that a sign-in costs what it does.
		{&in.users, `INSERT INTO users (id, email, email_key, name, password_hash, created_at)
			SELECT ?1, ?2, ?2, '', password_hash, ?3 FROM (SELECT password_hash FROM users LIMIT 1)`},
		{&in.sessions, `INSERT INTO liveassist_sessions (id, user_id, title, created_at, last_active_at) VALUES (?1, ?2, 'The kitchen tap', ?3, ?3)`},
		{&in.messages, `INSERT INTO liveassist_messages (id, session_id, user_id, role, text, created_at) VALUES (?1, ?2, ?3, 'user', ?4, ?5)`},
	} {
		if *p.stmt, err = tx.PrepareContext(ctx, p.query); err != nil {
			return err
		}
	}
	if err := do(&in); err != nil {
		return err
	}
	return tx.Commit()
}

func (in *inserts) user(id string, n int) error {
	_, err := in.users.Exec(id, fmt.Sprintf("grown-%d@example.com", n), time.Now().UnixMilli())
	return err
}

func (in *inserts) session(id, user string) error {
	_, err := in.sessions.Exec(id, user, time.Now().UnixMilli())
	return err
}

func (in *inserts) message(id, session, user string, n int) error {
	words := strings.Fields(text)
	said := fmt.Sprintf("%s %s word%d", text, words[n%len(words)], n%5000)
	_, err := in.messages.Exec(id, session, user, said, time.Now().UnixMilli())
	return err
}

// costs measures each operation on one connection a person, one request at a time. A read
// that follows the person's post finds nothing kept in memory.
func costs(t *target, people []person) ([]point, error) {
	type operation struct {
		name  string
		times int // one in so many rounds
		of    func(c *conn, p person) []byte
		took  []time.Duration
	}
	get := func(path func(person) string) func(*conn, person) []byte {
		return func(c *conn, p person) []byte { return c.request(http.MethodGet, path(p), "") }
	}
	list := []*operation{
		{name: "post", times: 1, of: func(c *conn, p person) []byte { return c.request(http.MethodPost, p.post, p.say(text)) }},
		{name: "read 50", times: 1, of: get(func(p person) string { return p.read })},
		{name: "read 50, kept", times: 1, of: get(func(p person) string { return p.read })},
		{name: "list conversations", times: 1, of: get(func(person) string { return "/api/liveassist/sessions" })},
		{name: "search, rare word", times: 1, of: get(func(person) string { return "/api/liveassist/search?q=word17" })},
		{name: "search, words of all", times: 10, of: get(func(person) string { return "/api/liveassist/search?q=kitchen+hand" })},
		{name: "me", times: 1, of: get(func(person) string { return "/api/users/me" })},
		{name: "sign in", times: 10, of: func(c *conn, p person) []byte {
			c.auth = "" // a sign-in would end the one that it comes with
			return c.request(http.MethodPost, "/api/auth/login", `{"email":"`+p.email+`","password":"`+password+`"}`)
		}},
	}
	for i := range grownRounds {
		p := people[i*37%len(people)]
		c, err := dial(t.addr, p)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if i%o.times != 0 {
				continue
			}
			request := o.of(c, p)
			begin := time.Now()
			status, b, _, err := c.do(request)
			if err != nil || status > 299 {
				return nil, fmt.Errorf("%s: %d %.200s %w", o.name, status, b, err)
			}
			o.took = append(o.took, time.Since(begin))
		}
		c.c.Close()
	}
	var out []point
	for _, o := range list {
		out = append(out, point{operation: o.name, p50: quantile(o.took, 0.5), p99: quantile(o.took, 0.99), n: len(o.took)})
	}
	return out, nil
}

func writeCSV(path string, points []point) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	_ = w.Write([]string{"accounts", "messages", "operation", "p50_ms", "p99_ms", "requests"}) // Flush tells of errors
	for _, p := range points {
		number := func(d time.Duration) string { return strconv.FormatFloat(inMillis(d), 'f', 3, 64) }
		_ = w.Write([]string{strconv.Itoa(p.accounts), strconv.Itoa(p.messages), p.operation, number(p.p50), number(p.p99), strconv.Itoa(p.n)})
	}
	w.Flush()
	return cmp.Or(w.Error(), f.Close())
}
