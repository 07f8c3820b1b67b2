// Command bare is the limit on this machine: net/http and SQLite with nothing around them.
// It has no accounts, no checks and no outbox.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

type message struct {
	ID        int64  `json:"id"`
	SessionID string `json:"sessionId"`
	Role      string `json:"role"`
	Text      string `json:"text"`
	CreatedAt string `json:"createdAt"`
}

type server struct {
	write *sql.DB
	read  *sql.DB
	get   *sql.Stmt
	jobs  chan *job
	fixed []byte // the same bytes as a read of 50, from memory

	mu      sync.Mutex
	streams map[string]map[chan []byte]struct{}
}

type job struct {
	session, text string
	id            int64
	err           error
	done          chan struct{}
}

func run() error {
	addr := flag.String("listen", "127.0.0.1:0", "address")
	dir := flag.String("data", ".", "directory of the database")
	group := flag.Bool("group", true, "commit in groups; false: one transaction a message")
	flag.Parse()
	dsn := "file:" + filepath.Join(*dir, "bare.db") + "?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	write, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	if _, err := write.Exec(`CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, session_id TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
		CREATE INDEX IF NOT EXISTS messages_session ON messages (session_id, id)`); err != nil {
		return err
	}
	read, err := sql.Open("sqlite", dsn+"&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	s := &server{write: write, read: read, jobs: make(chan *job, 512), streams: map[string]map[chan []byte]struct{}{}}
	if s.get, err = read.Prepare(`SELECT id, session_id, role, text, created_at FROM messages WHERE session_id = ? ORDER BY id DESC LIMIT 50`); err != nil {
		return err
	}
	most := 128
	if !*group {
		most = 1
	}
	go s.writer(most)
	http.HandleFunc("POST /m/{session}", s.post)
	http.HandleFunc("GET /m/{session}", s.list)
	http.HandleFunc("GET /bytes", s.bytes)
	http.HandleFunc("GET /events/{session}", s.events)
	fmt.Fprintln(os.Stdout, "ready")
	return http.ListenAndServe(*addr, nil)
}

func (s *server) writer(most int) {
	conn, err := s.write.Conn(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	insert, err := conn.PrepareContext(context.Background(), `INSERT INTO messages (session_id, role, text, created_at) VALUES (?, 'user', ?, ?)`)
	if err != nil {
		log.Fatal(err)
	}
	for first := range s.jobs {
		batch := []*job{first}
	gather:
		for len(batch) < most {
			select {
			case j := <-s.jobs:
				batch = append(batch, j)
			default:
				break gather
			}
		}
		err := s.commit(conn, insert, batch)
		for _, j := range batch {
			j.err = errors.Join(j.err, err)
			close(j.done)
		}
	}
}

func (s *server) commit(conn *sql.Conn, insert *sql.Stmt, batch []*job) error {
	ctx := context.Background()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, j := range batch {
		res, err := insert.ExecContext(ctx, j.session, j.text, time.Now().UnixMilli())
		if err != nil {
			j.err = err
			continue
		}
		j.id, j.err = res.LastInsertId()
	}
	_, err := conn.ExecContext(ctx, "COMMIT")
	return err
}

func (s *server) post(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Text string `json:"text"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	j := &job{session: r.PathValue("session"), text: in.Text, done: make(chan struct{})}
	s.jobs <- j
	<-j.done
	if j.err != nil {
		http.Error(w, j.err.Error(), http.StatusInternalServerError)
		return
	}
	b, _ := json.Marshal(message{j.id, j.session, "user", j.text, time.Now().UTC().Format(time.RFC3339Nano)})
	answer(w, http.StatusCreated, b)
	s.mu.Lock()
	for ch := range s.streams[j.session] {
		select {
		case ch <- b:
		default:
		}
	}
	s.mu.Unlock()
}

func answer(w http.ResponseWriter, status int, b []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	rows, err := s.get.QueryContext(r.Context(), r.PathValue("session"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	list := []message{}
	for rows.Next() {
		var m message
		var at int64
		if err := rows.Scan(&m.ID, &m.SessionID, &m.Role, &m.Text, &at); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		m.CreatedAt = time.UnixMilli(at).UTC().Format(time.RFC3339Nano)
		list = append(list, m)
	}
	b, _ := json.Marshal(list)
	s.mu.Lock()
	s.fixed = b
	s.mu.Unlock()
	answer(w, http.StatusOK, b)
}

func (s *server) bytes(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	b := s.fixed
	s.mu.Unlock()
	answer(w, http.StatusOK, b)
}

func (s *server) events(w http.ResponseWriter, r *http.Request) {
	ch := make(chan []byte, 16)
	session := r.PathValue("session")
	s.mu.Lock()
	if s.streams[session] == nil {
		s.streams[session] = map[chan []byte]struct{}{}
	}
	s.streams[session][ch] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.streams[session], ch)
		s.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "event: ready\ndata: {}\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case b := <-ch:
			fmt.Fprintf(w, "event: message.created\ndata: %s\n\n", b)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}
