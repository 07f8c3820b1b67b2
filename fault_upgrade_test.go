package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestFault_Upgrade starts the program on what each older schema left, while its people are
// knocking already: all that they had is there, they are still signed in, whoever is paid is
// paid, and no request fails once the server answers.
func TestFault_Upgrade(t *testing.T) {
	t.Parallel()
	migrations, err := filepath.Glob("store/migrations/*.sql")
	if err != nil || len(migrations) < 4 {
		t.Fatalf("migrations %v, %v", migrations, err)
	}
	present := t.TempDir()
	env := []string{"RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET=" + signingSecret}
	p := mustStart(t, present, env...)
	c := newCrowd(t, p, 2)
	for _, l := range c.people {
		for range 30 {
			l.acked[l.mustSay()] = true
		}
		l.snap(c.picture, c.photos[l])
	}
	c.pays(0)
	c.deliver(p)
	p.mustStop()
	for version := 1; version < len(migrations); version++ {
		t.Run(fmt.Sprintf("from%d", version), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			older := exec.CommandContext(t.Context(), powerloss(t), "older", "-migrations", "store/migrations", "-to", strconv.Itoa(version), present, dir)
			if out, err := older.CombinedOutput(); err != nil {
				t.Fatalf("make the older database: %v\n%s", err, out)
			}
			upgrade(t, c, dir, version, env)
		})
	}
}

// upgrade starts the program on an older database while people knock.
func upgrade(t *testing.T, c *crowd, dir string, version int, env []string) {
	t.Helper()
	addr := mustFreeAddr(t)
	var group sync.WaitGroup
	var answered atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var mu sync.Mutex
	fresh := map[*ledger][]string{}
	for _, l := range c.people {
		l.client.CloseIdleConnections()
		l.url = "http://" + addr
		group.Go(func() {
			for ctx.Err() == nil {
				id := uuid.NewString()
				status, err := l.say(ctx, id)
				if err != nil { // nobody listens yet
					time.Sleep(2 * time.Millisecond)
					continue
				}
				if status != http.StatusCreated {
					t.Errorf("during the upgrade from %d: %d", version, status)
					return
				}
				answered.Add(1)
				mu.Lock()
				fresh[l] = append(fresh[l], id)
				mu.Unlock()
			}
		})
	}
	p := mustStartCommand(t, exec.Command(binary), append([]string{"DATA_DIR=" + dir, "LISTEN_ADDR=" + addr}, env...)...)
	eventually(t, patience, "writes after the upgrade", func() bool { return answered.Load() >= 40 || t.Failed() })
	stop()
	group.Wait()
	for _, l := range c.people {
		counts := map[string]int{}
		for _, m := range l.mustRead() {
			counts[m.ID]++
		}
		for id := range l.acked {
			if counts[id] != 1 {
				t.Errorf("%s of before the upgrade is there %d times", id, counts[id])
			}
		}
		for _, id := range fresh[l] {
			if counts[id] != 1 {
				t.Errorf("%s of during the upgrade is there %d times", id, counts[id])
			}
		}
		var me struct {
			Status string `json:"subscription_status"`
		}
		l.must(http.StatusOK, http.MethodGet, "/api/users/me", nil, &me)
		if me.Status != "paid" {
			t.Errorf("%s is %s, and had paid before the upgrade", l.email, me.Status)
		}
		if version >= 3 { // pictures came with the third migration
			for _, url := range c.photos[l] {
				l.must(http.StatusOK, http.MethodGet, url, nil, nil)
			}
		}
	}
	p.mustStop()
	mustBeSound(t, dir)
	if log := p.stderr.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("errors during the upgrade from %d:\n%s", version, log)
	}
	if _, err := os.Stat(filepath.Join(dir, "liveassist.db")); err != nil {
		t.Error(err)
	}
}

func mustFreeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it is to be free
	return l.Addr().String()
}
