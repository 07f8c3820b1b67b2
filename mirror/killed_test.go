package mirror_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"liveassist/store"
)

// TestProduct_Killed kills the real product again and again under load, in the middle of
// the full copy and of following.
func TestProduct_Killed(t *testing.T) {
	t.Parallel()
	server, dir, bin := mongoServer(t), t.TempDir(), buildProduct(t)
	p := openProduct(t, dir, server.url(), "killed")
	p.fill(t, 300)
	p.close(t)
	mdb := server.client(t).Database("killed")

	for _, state := range []string{"copying", "following", "following"} {
		s := startServer(t, bin, dir, server.url())
		s.keepTalking(t)
		waitUntil(t, state, func() bool { return cursorOf(t, mdb).State == state })
		waitUntil(t, "more messages mirrored", moreMessages(t, mdb, 1+rand.Int64N(40)))
		s.kill()
	}
	startServer(t, bin, dir, server.url())
	db, err := store.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	newest, err := db.NewestSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the mirror's cursor at the newest entry", func() bool {
		return cursorOf(t, mdb).Seq >= newest
	})
	entry := cursorOf(t, mdb).Entry
	when, _, _ := strings.Cut(entry, " ")
	if at, err := time.Parse(time.RFC3339, when); err != nil || time.Since(at).Abs() > time.Hour {
		t.Errorf("the cursor's entry is %q, want one that begins with its time", entry)
	}
	n := mustEqual(t, db, mdb)
	t.Logf("compared %d documents, %d entries", n, newest)
}

func buildProduct(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(tools, "liveassist")
	build := exec.Command("go", "build", "-race", "-o", bin, "..")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		t.Fatalf("build of the product: %v", err)
	}
	return bin
}

type cursor struct {
	State string
	Seq   int64
	Entry string
}

// cursorOf reads the mirror's cursor; it is empty where there is none yet.
func cursorOf(t *testing.T, mdb *mongo.Database) (c cursor) {
	t.Helper()
	err := mdb.Collection("liveassist_mirror").FindOne(t.Context(), bson.D{}).Decode(&c)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		t.Fatal(err)
	}
	return c
}

// moreMessages returns whether the mirror has at least so many messages more than now.
func moreMessages(t *testing.T, mdb *mongo.Database, more int64) func() bool {
	t.Helper()
	count := func() int64 {
		n, err := mdb.Collection(store.CollMessages).CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	return func() bool { return count() >= before+more }
}

func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not after 90 s", what)
		}
	}
}

// server is the product in a process of its own.
type server struct {
	cmd  *exec.Cmd
	url  string
	log  *logBuffer
	load sync.WaitGroup
}

// startServer runs the product with its mirror until it is killed.
func startServer(t *testing.T, bin, dir, mongoURL string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(bin), log: &logBuffer{}}
	s.cmd.Dir = dir
	s.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "DATA_DIR=" + dir, "LISTEN_ADDR=127.0.0.1:0", "MONGO_URL=" + mongoURL,
		"MONGO_DATABASE=killed", "RATE_LIMIT=off", "ASSIST=off", "GORACE=halt_on_error=1",
	}
	s.cmd.Stderr = s.log
	s.cmd.SysProcAttr = endsWithTest()
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() || strings.Contains(s.log.String(), "DATA RACE") {
			t.Errorf("the product's log:\n%s", s.log)
		}
	})
	line := make([]byte, 200)
	n, err := out.Read(line)
	_, url, ok := strings.Cut(strings.TrimSpace(string(line[:n])), "ready: ")
	if !ok {
		t.Fatalf("the product said %q (%v)\n%s", line[:n], err, s.log)
	}
	s.url = url
	return s
}

// kill ends the product as a power cut would, and then its load; it may be called twice.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
	s.load.Wait()
}

// keepTalking posts messages, as a new person from several tabs, until the product is gone.
func (s *server) keepTalking(t *testing.T) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 30 * time.Second}
	var who, session struct{ ID, SessionID string }
	email := fmt.Sprintf("talker-%d@example.com", rand.Int64())
	if err := post(t.Context(), client, s.url+"/api/auth/register", map[string]string{"email": email, "password": "correct horse"}, &who); err != nil {
		t.Fatal(err)
	}
	if err := post(t.Context(), client, s.url+"/api/liveassist/sessions", nil, &session); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.load.Go(func() {
			path := s.url + "/api/liveassist/sessions/" + session.SessionID + "/messages"
			for i := 0; post(t.Context(), client, path, map[string]string{"text": fmt.Sprintf("message %d", i)}, nil) == nil; i++ {
				time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			}
		})
	}
}

// post sends body as JSON and decodes the answer.
func post(ctx context.Context, client *http.Client, url string, body, answer any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		return fmt.Errorf("POST %s: %s %s: %w", url, resp.Status, text, err)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
