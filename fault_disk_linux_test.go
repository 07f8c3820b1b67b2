package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// mustMount makes a file system of its own, of the given size, for a test.
func mustMount(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("fault", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v): run as root with CAP_SYS_ADMIN", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// TestFault_DiskFull fills the file system while people write, send photos and pay: what is
// refused says that there is no room, /readyz says that the server is not ready, reading goes
// on, and all is well again, without a restart, when there is room again.
func TestFault_DiskFull(t *testing.T) {
	t.Parallel()
	// Each round takes longer than the one before: what it can still write over grows.
	rounds := min(faultSetting(t, "FAULT_ROUNDS", 20)/10+1, 6)
	// 16 MB for the log, 2 for what each round leaves in the database.
	mount := mustMount(t, fmt.Sprintf("size=%dm,mode=0777", 18+2*rounds))
	dir := filepath.Join(mount, "data")
	env := []string{"RATE_LIMIT=off", "FREE_IMAGES_PER_DAY=1000000", "STRIPE_WEBHOOK_SECRET=" + signingSecret, "ASSIST=off"}
	p := mustStart(t, dir, env...)
	c := newCrowd(t, p, 3)
	c.pays(0)
	c.deliver(p)
	stream := c.people[0].mustStream("")
	stream.mustNext("ready")

	filler := filepath.Join(mount, "filler")
	fillUp := func() {
		t.Helper()
		f, err := os.OpenFile(filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // it is to be removed
		for size := 1 << 20; size > 0; size /= 2 {
			for err = nil; err == nil; {
				_, err = f.Write(make([]byte, size))
			}
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("fill the disk: %v", err)
			}
		}
	}
	for round := range rounds {
		full := c.untilFull(fillUp)
		if full < 9 {
			t.Errorf("round %d: only %d writes were refused", round, full)
		}
		for _, l := range c.people {
			l.check(round)
		}
		try := 0
		c.isRefused("an account", fillUp, func() bool {
			try++
			late := &person{tb: t, client: &http.Client{}, url: p.url}
			status, answer, err := late.call(t.Context(), http.MethodPost, "/api/auth/register", map[string]string{"email": fmt.Sprintf("late%d-%d@example.com", round, try), "password": password})
			if err != nil || status != http.StatusCreated && (status != http.StatusInternalServerError || !strings.Contains(string(answer), "out of space")) {
				t.Errorf("register on a full disk: %d %s, %v", status, answer, err)
			}
			return status != http.StatusCreated
		})
		c.isRefused("/readyz", fillUp, func() bool {
			time.Sleep(1100 * time.Millisecond) // an answer of /readyz stands for a second
			status, _, err := c.people[0].call(t.Context(), http.MethodGet, "/readyz", nil)
			return err == nil && status == http.StatusServiceUnavailable
		})
		c.people[0].must(http.StatusOK, http.MethodGet, "/healthz", nil, nil)
		c.isRefused("an event", fillUp, func() bool {
			try++
			return !purchase("nobody", -1000*round-try, c.end)[0].deliver(p.url)
		})

		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		for _, l := range c.people {
			id := l.mustSay()
			l.acked[id] = true
			l.retryPhotosToo(c.picture)
			l.check(round)
		}
		time.Sleep(1100 * time.Millisecond)
		c.people[0].must(http.StatusOK, http.MethodGet, "/readyz", nil, nil)
	}
	c.settle(p, dir)
	for {
		if e := stream.mustNext("message.created"); strings.Contains(e.data, c.people[0].mustRead()[len(c.people[0].mustRead())-1].ID) {
			break // an open page has seen it all, and the newest
		}
	}
	p.kill()
	mustBeSound(t, dir)
	p = mustStart(t, dir, env...)
	c.check(p, dir, -1)
	p.mustStop()
}

// isRefused sees that something is refused for want of room. It may fit once more: a checkpoint
// frees the log, which is then written over in place. Then that is used up too.
func (c *crowd) isRefused(what string, fillUp func(), try func() bool) {
	c.t.Helper()
	for range 10 {
		if try() {
			return
		}
		c.untilFull(fillUp)
	}
	c.t.Errorf("%s is accepted on a full disk, again and again", what)
}

// untilFull lets everybody write until the texts of each, which need the least room, have been
// refused a few times. It returns how many writes were refused.
func (c *crowd) untilFull(fillUp func()) int {
	var refused atomic.Int64
	var group sync.WaitGroup
	for n, l := range c.people {
		group.Go(func() {
			mine := 0
			for i := 0; mine < 6 && i < 5000 && !c.t.Failed(); i++ {
				if n == 0 && i == 10 {
					fillUp()
				}
				id := uuid.NewString()
				var status int
				var answer []byte
				var err error
				if i%3 == 0 {
					status, answer, err = l.send(context.Background(), id, c.picture)
				} else {
					status, answer, err = l.call(context.Background(), http.MethodPost, l.messagesPath(), map[string]string{"id": id, "text": "text of " + id})
				}
				switch {
				case err == nil && status == http.StatusCreated:
					l.acked[id] = true
				case err == nil && status == http.StatusInternalServerError && strings.Contains(string(answer), "out of space"):
					if i%3 != 0 {
						mine++
					}
					refused.Add(1)
					l.open = append(l.open, id)
				default:
					c.t.Errorf("on a full disk: %d %s, %v", status, answer, err)
				}
			}
		})
	}
	group.Wait()
	return int(refused.Load())
}

// nobody runs a program as a user who may not do everything.
func nobody(cmd *exec.Cmd) *exec.Cmd {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return cmd
}

// TestFault_ReadOnly: a database or a directory that may not be written ends the start with
// one clear line; where the directory loses its permission under a running server, what
// needs a new file is refused, and everything else goes on.
func TestFault_ReadOnly(t *testing.T) {
	t.Parallel()
	base, err := os.MkdirTemp("", "fault-readonly-") //nolint:usetesting // another user must be able to reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	bin := filepath.Join(base, "liveassist")
	b, err := os.ReadFile(binary)
	if err == nil {
		err = os.WriteFile(bin, b, 0o755)
	}
	dir := filepath.Join(base, "data")
	if err := errors.Join(err, os.Chmod(base, 0o777), os.Mkdir(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	start := func() *program {
		cmd := nobody(exec.Command(bin))
		cmd.Dir = base
		return mustStartCommand(t, cmd, "DATA_DIR="+dir, "LISTEN_ADDR=127.0.0.1:0", "FREE_IMAGES_PER_DAY=1000000")
	}
	p := start()
	v := mustRegister(p, "a@example.com")
	kept := v.mustSay()

	mustChmod(t, dir, 0o500)
	later := v.mustSay()
	if status, answer, err := v.send(t.Context(), uuid.NewString(), noise(t, 64, 48)); err != nil || status != http.StatusInternalServerError || strings.Contains(string(answer), "permission") {
		t.Errorf("photo in a directory that may not be written: %d %s, %v, want 500 without internals", status, answer, err)
	}
	if said := v.mustRead(); len(said) != 2 || said[0].ID != kept || said[1].ID != later {
		t.Errorf("messages %v", said)
	}
	mustChmod(t, dir, 0o700)
	if status, answer, err := v.send(t.Context(), uuid.NewString(), noise(t, 64, 48)); err != nil || status != http.StatusCreated {
		t.Errorf("photo when it may be written again: %d %s, %v", status, answer, err)
	}
	p.mustStop()

	db := filepath.Join(dir, "liveassist.db")
	for name, modes := range map[string][2]os.FileMode{"directory": {0o500, 0o600}, "database": {0o700, 0o400}, "both": {0o500, 0o400}} {
		mustChmod(t, db, modes[1])
		mustChmod(t, dir, modes[0])
		cmd := nobody(exec.Command(bin))
		cmd.Dir = base
		cmd.Env = environment("DATA_DIR="+dir, "LISTEN_ADDR=127.0.0.1:0")
		out, err := cmd.CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		last := lines[len(lines)-1]
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 || !strings.HasPrefix(last, "liveassist: ") || !strings.Contains(last, dir) {
			t.Errorf("%s read-only: %v, %q, want code 1 and a line that names it", name, err, out)
		}
		mustChmod(t, dir, 0o700)
		mustChmod(t, db, 0o600)
	}
	p = start()
	v.moveTo(p)
	if said := v.mustRead(); len(said) != 3 {
		t.Errorf("%d messages after all that, want 3", len(said))
	}
	p.mustStop()
}

func mustChmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
