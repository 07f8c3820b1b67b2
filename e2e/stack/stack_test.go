package stack_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"liveassist/e2e/stack"
)

func TestStart_Processes(t *testing.T) { testStart(t, false) }

func TestStart_Containers(t *testing.T) {
	if os.Getenv("E2E_CONTAINERS") == "off" {
		t.Skip("E2E_CONTAINERS=off")
	}
	testStart(t, true)
}

// testStart checks what the story relies on: the three programs answer, `find` runs beside the
// product, the log is read, and afterwards nothing is left.
func testStart(t *testing.T, containers bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	root, product, err := stack.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := "stack-test-" + filepath.Base(t.TempDir())
	began := time.Now()
	s, err := stack.Start(ctx, stack.Options{Root: root, Product: product, Dir: t.TempDir(), RunID: id, Containers: containers})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v: %s", time.Since(began), s.URL)
	closed := false
	defer func() {
		if !closed {
			t.Log(s.Close(ctx))
		}
	}()

	lines, err := s.Find(ctx, "users", `{}`)
	if err != nil || strings.Join(lines, "") != "" {
		t.Errorf("find users in an empty database: got %q, %v", lines, err)
	}
	if log := s.Log(); !slices.ContainsFunc(log, func(l string) bool { return strings.Contains(l, "ready") }) {
		t.Errorf("the log has no line that says ready: %q", log)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(s.MongoURL))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Ping(ctx, nil); err != nil {
		t.Errorf("mongo: %v", err)
	}
	if err := client.Disconnect(ctx); err != nil {
		t.Error(err)
	}

	closed = true
	if err := s.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
	if containers {
		left, err := stack.Leftovers(ctx, id)
		if err != nil || len(left) != 0 {
			t.Errorf("after close: left %q, %v", left, err)
		}
	}
}
