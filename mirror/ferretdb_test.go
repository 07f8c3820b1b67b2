package mirror_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

// What is made once a run: programs, and a server for all tests that do not stop it.
var (
	tools      string // the directory of the programs
	shared     *ferretdb
	sharedOnce sync.Once
	buildOnce  sync.Once
	errBuild   error
)

func runTests(m *testing.M) int {
	var err error
	if tools, err = os.MkdirTemp("", "liveassist-mirror-*"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(tools) }()
	defer func() {
		if shared != nil {
			shared.end(syscall.SIGTERM)
		}
	}()
	return m.Run()
}

// ferretdb is a MongoDB server in a process of its own.
type ferretdb struct {
	bin, dir, addr string
	cmd            *exec.Cmd
}

// mongoServer returns a running server that other tests use too.
func mongoServer(t *testing.T) *ferretdb {
	t.Helper()
	sharedOnce.Do(func() {
		f := newFerretDB(t, filepath.Join(tools, "shared"))
		f.start(t)
		shared = f
	})
	if shared == nil {
		t.Fatal("the MongoDB server did not start")
	}
	return shared
}

// ownMongoServer returns a running server that the test may stop and start.
func ownMongoServer(t *testing.T) *ferretdb {
	t.Helper()
	f := newFerretDB(t, t.TempDir())
	f.start(t)
	t.Cleanup(func() { f.end(syscall.SIGKILL) })
	return f
}

func newFerretDB(t *testing.T, dir string) *ferretdb {
	t.Helper()
	bin := filepath.Join(tools, "ferretdb")
	buildOnce.Do(func() {
		build := exec.Command("go", "build", "-trimpath", "-o", bin, ".")
		build.Dir, build.Env = filepath.Join("..", "e2e", "ferretdb"), append(os.Environ(), "CGO_ENABLED=0")
		build.Stdout, build.Stderr = os.Stdout, os.Stderr
		errBuild = build.Run()
	})
	if errBuild != nil {
		t.Fatalf("build of the MongoDB server: %v", errBuild)
	}
	return &ferretdb{bin: bin, dir: dir, addr: "127.0.0.1:0"}
}

// start runs the server, on the address that it had before.
func (f *ferretdb) start(t *testing.T) {
	t.Helper()
	f.cmd = exec.Command(f.bin, "-listen", f.addr, "-state", f.dir)
	f.cmd.SysProcAttr = endsWithTest()
	f.cmd.Stderr = os.Stderr
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, ok := strings.Cut(line, "mongodb://")
	if !ok {
		t.Fatalf("the MongoDB server said %q (%v)", line, err)
	}
	f.addr = strings.Trim(url, "/\n")
}

// end stops the server and waits until it is gone.
func (f *ferretdb) end(sig syscall.Signal) {
	if f.cmd == nil {
		return
	}
	_ = f.cmd.Process.Signal(sig)
	_ = f.cmd.Wait()
	f.cmd = nil
}

func (f *ferretdb) url() string { return "mongodb://" + f.addr + "/" }

// client returns a connection of the test's own.
func (f *ferretdb) client(t *testing.T) *mongo.Client {
	t.Helper()
	c, err := mongo.Connect(options.Client().ApplyURI(f.url()).SetServerSelectionTimeout(5 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Disconnect(context.Background()) })
	return c
}
