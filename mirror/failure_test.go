package mirror

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

func TestReasonOf(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"WrongPassword": {mongo.CommandError{Code: 18, Name: "AuthenticationFailed"}, "refuses the user or the password"},
		"Atlas":         {mongo.CommandError{Code: 8000, Name: "AtlasError"}, "refuses the user or the password"},
		"NotAllowed":    {fmt.Errorf("write users: %w", mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: 13}}}}), "does not let the user"},
		"Refused":       {mongo.CommandError{Code: 121, Name: "DocumentValidationFailure"}, "refuses what it was asked"},
		"Network":       {mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: io.EOF}, "cannot be reached"},
		"Other":         {io.EOF, "cannot be reached"},
		"Source":        {sourceError(io.EOF), "the database cannot be read"},
		"Taken":         {errTaken, "emptied"},
	}
	for name, tt := range tests {
		if got := reasonOf(tt.err); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		attempt  int
		low, top time.Duration
	}{
		{1, 250 * time.Millisecond, 500 * time.Millisecond},
		{2, 500 * time.Millisecond, time.Second},
		{6, 8 * time.Second, 16 * time.Second},
		{7, 15 * time.Second, 30 * time.Second},
		{1000000, 15 * time.Second, 30 * time.Second},
	}
	for _, tt := range tests {
		if low, top := backoff(tt.attempt, 0), backoff(tt.attempt, 1); low != tt.low || top != tt.top {
			t.Errorf("attempt %d: got %v to %v, want %v to %v", tt.attempt, low, top, tt.low, tt.top)
		}
	}
}

// newTestMirror returns a mirror with a clock that the test sets and a log that it reads.
func newTestMirror(t *testing.T) (m *Mirror, now *time.Time, log *bytes.Buffer) {
	t.Helper()
	now, log = new(time.Unix(1_800_000_000, 0)), &bytes.Buffer{}
	m, err := New(Options{
		URL: "mongodb://ann:hunter%202@db.example", Database: "d",
		Clock: func() time.Time { return *now }, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, now, log
}

func TestMirror_failed(t *testing.T) {
	m, now, log := newTestMirror(t)
	for range 100 {
		m.failed(errors.New("hunter%202 or hunter 2 is in this text"))
		*now = now.Add(5 * time.Second)
	}
	if n := strings.Count(log.String(), "mirror failed"); n != 1 {
		t.Errorf("100 failures in 500 s gave %d lines, want 1", n)
	}
	if strings.Contains(log.String(), "hunter") || strings.Contains(m.Status().LastError, "hunter") {
		t.Errorf("the password shows: %s %+v", log, m.Status())
	}
	m.failed(mongo.CommandError{Code: 18})
	if n := strings.Count(log.String(), "mirror failed"); n != 2 {
		t.Errorf("another reason gave %d lines in all, want 2", n)
	}
	*now = now.Add(repeatEvery)
	m.failed(io.EOF)
	if n := strings.Count(log.String(), "mirror failed"); n != 3 {
		t.Errorf("a reason that persists gave %d lines in all, want 3", n)
	}
	m.works()
	m.works()
	if !strings.Contains(log.String(), "mirror works again") || !strings.Contains(log.String(), "failures=102") || strings.Count(log.String(), "mirror works") != 1 {
		t.Errorf("the log does not tell once that it works again:\n%s", log)
	}
	if s := m.Status(); !s.Connected || s.Problem != "" || s.LastError == "" || s.Failures != 102 {
		t.Errorf("status is %+v", s)
	}
}

// A target that breaks again and again must not be tried twice a second for ever.
func TestMirror_failed_Flapping(t *testing.T) {
	m, now, log := newTestMirror(t)
	attempt := 0
	for range 20 {
		attempt = m.failed(errTaken)
		*now = now.Add(20 * time.Second)
		m.works()
	}
	if attempt != 20 || strings.Count(log.String(), "\n") != 2 {
		t.Errorf("attempt %d, want 20; want two lines:\n%s", attempt, log)
	}
	*now = now.Add(2 * calmAfter)
	if attempt = m.failed(errTaken); attempt != 1 {
		t.Errorf("after a calm time it is attempt %d, want 1", attempt)
	}
}
