//go:build litestream

package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"liveassist/store"
)

// mustStore starts an S3 server, a process of its own, and returns the environment by
// which a program finds a place in it.
func mustStore(t *testing.T) []string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "s3")
	build := exec.Command("go", "build", "-trimpath", "-o", bin, ".")
	build.Dir, build.Env = filepath.Join("e2e", "s3"), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build of the S3 server: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "-listen", "127.0.0.1:0", "-bucket", "backups")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, ok := strings.Cut(strings.TrimSpace(line), "s3 is ready: ")
	if !ok {
		t.Fatalf("the S3 server said %q (%v)", line, err)
	}
	return []string{"BACKUP_URL=s3://backups/live/assist", "AWS_ENDPOINT_URL_S3=" + url, "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret"}
}

// eachPlace runs a test with an S3 server and with a directory.
func eachPlace(t *testing.T, test func(t *testing.T, place []string)) {
	t.Helper()
	t.Run("S3", func(t *testing.T) {
		t.Parallel()
		test(t, mustStore(t))
	})
	t.Run("Directory", func(t *testing.T) {
		t.Parallel()
		test(t, []string{"BACKUP_URL=file://" + filepath.Join(t.TempDir(), "backup")})
	})
}

// loser is a person who notes when each of their messages was acknowledged.
type loser struct {
	*person
	first event

	mu    sync.Mutex
	acked map[string]time.Time
}

func mustLosers(p *program, emails ...string) (all []*loser) {
	p.tb.Helper()
	for _, email := range emails {
		l := &loser{person: mustRegister(p, email), acked: map[string]time.Time{}}
		l.first = l.mustStream("").mustNext("ready")
		all = append(all, l)
	}
	return all
}

// flood posts from several tabs until the server does not answer any more.
func (l *loser) flood(tabs int) {
	var wg sync.WaitGroup
	for range tabs {
		wg.Go(func() {
			for {
				id := uuid.NewString()
				status, err := l.say(context.Background(), id)
				if err != nil {
					return
				}
				if status != http.StatusCreated {
					l.tb.Errorf("post: %d", status)
				}
				l.mu.Lock()
				l.acked[id] = time.Now()
				l.mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// check holds the restored conversation against what was acknowledged before a moment, and
// returns how old the oldest message is that is not there.
func (l *loser) check(before, end time.Time) (lost time.Duration) {
	l.tb.Helper()
	there := map[string]int{}
	for _, m := range l.mustRead() {
		there[m.ID]++
		if m.Text != "text of "+m.ID || there[m.ID] > 1 {
			l.tb.Errorf("message %+v, %d times", m, there[m.ID])
		}
	}
	safe := 0
	for id, at := range l.acked {
		if at.Before(before) {
			safe++
			if there[id] != 1 {
				l.tb.Errorf("message %s, acknowledged %v before the end, is gone", id, end.Sub(at))
			}
		}
		if there[id] == 0 {
			lost = max(lost, end.Sub(at))
		}
	}
	if safe < 20 {
		l.tb.Errorf("only %d messages were acknowledged in time: the load is no load", safe)
	}
	return lost
}

// mustReset opens the event stream with an old cursor and returns the number from which the
// page goes on after it has fetched everything anew.
func (l *loser) mustReset(after string) string {
	l.tb.Helper()
	s := l.mustStream(after)
	s.mustNext("ready")
	e, ok := s.next()
	if !ok || e.name != "reset" {
		l.tb.Errorf("after %s: %+v, want reset", after, e)
	}
	return e.id
}

// mustMoveAway takes the database out of a data directory, as an operator does.
func mustMoveAway(t *testing.T, dir string) {
	t.Helper()
	away := t.TempDir()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Rename(store.Path(dir)+suffix, filepath.Join(away, store.FileName+suffix))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// mustLog waits until the server's log has a text.
func (p *program) mustLog(text string) {
	p.tb.Helper()
	for end := time.Now().Add(patience); !strings.Contains(p.stderr.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.tb.Fatalf("the log has no %q:\n%s", text, p.stderr)
		}
	}
}

// backupHealth is what readyz says of the backup.
type backupHealth struct {
	Lag     float64 `json:"lag_seconds"`
	Problem string  `json:"problem"`
}

func (v *person) mustBackup() backupHealth {
	v.tb.Helper()
	var ready struct {
		Details struct{ Backup *backupHealth }
	}
	v.must(http.StatusOK, http.MethodGet, "/readyz", nil, &ready)
	if ready.Details.Backup == nil {
		v.tb.Fatal("readyz says nothing of the backup")
	}
	return *ready.Details.Backup
}
