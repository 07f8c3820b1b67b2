package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/exec"
	tclog "github.com/testcontainers/testcontainers-go/log"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
)

// RunLabel marks containers, networks and images with the run that made them.
const RunLabel = "liveassist.e2e.run"

// containers runs the programs in containers on one network.
type containers struct {
	runID   string
	network *testcontainers.DockerNetwork
	started []testcontainers.Container
}

// contained is one running container.
type contained struct {
	logbook

	p    program
	addr string
	c    *testcontainers.DockerContainer
}

// newContainers makes the network. It also tells testcontainers-go what it cannot find out: no
// reaper (its image would have to be pulled; the supervisor cleans up), and IPv4 (ports are
// published there; its own guess, localhost, goes to ::1 first and times out).
func newContainers(ctx context.Context, o Options) (*containers, error) {
	for k, v := range map[string]string{"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1"} {
		if err := os.Setenv(k, v); err != nil {
			return nil, fmt.Errorf("containers: %w", err)
		}
	}
	tclog.SetDefault(tclog.NewNoopLogger()) // what goes wrong comes as an error
	n, err := tcnetwork.New(ctx, tcnetwork.WithLabels(map[string]string{RunLabel: o.RunID}))
	if err != nil {
		return nil, fmt.Errorf("containers: there is no Docker engine that answers (scripts/setup.sh starts one as root; E2E_CONTAINERS=off does without): %w", err)
	}
	return &containers{runID: o.RunID, network: n}, nil
}

func (r *containers) start(ctx context.Context, p program) (service, error) {
	s := &contained{p: p}
	host := 0 // any port of this machine
	if p.fixedPort {
		var err error
		if host, err = FreePort(ctx); err != nil {
			return nil, err
		}
	}
	options, err := r.options(p, s, host)
	if err != nil {
		return nil, err
	}
	s.c, err = testcontainers.Run(ctx, p.image, options...)
	if s.c != nil {
		r.started = append(r.started, s.c) // also one that did not become ready must go
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w: %s", p.name, err, lastLines(s.lines()))
	}
	mapped, err := s.c.MappedPort(ctx, p.tcp())
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	s.addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(int(mapped.Num())))
	return s, nil
}

// options describe the container of p. It runs as the image's own user on a read-only root,
// with no capabilities, and reaches this machine through one published port on loopback.
func (r *containers) options(p program, s *contained, hostPort int) ([]testcontainers.ContainerCustomizer, error) {
	args, env := p.call(net.JoinHostPort("0.0.0.0", strconv.Itoa(p.port)), p.state, net.JoinHostPort("127.0.0.1", strconv.Itoa(hostPort)))
	port, err := network.ParsePort(p.tcp())
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	binding := network.PortBinding{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	if hostPort != 0 {
		binding.HostPort = strconv.Itoa(hostPort)
	}
	ready := wait.Strategy(wait.ForListeningPort(p.tcp()).SkipInternalCheck())
	if p.path != "" {
		ready = wait.ForHTTP(p.path).WithPort(p.tcp()).WithPollInterval(50 * time.Millisecond)
	}
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithLabels(map[string]string{RunLabel: r.runID}),
		testcontainers.WithEnv(env),
		testcontainers.WithExposedPorts(p.tcp()),
		testcontainers.WithLogConsumers(&s.logbook),
		testcontainers.WithHostConfigModifier(func(h *container.HostConfig) {
			h.PortBindings = network.PortMap{port: {binding}}
			if p.image == "" {
				h.ReadonlyRootfs, h.CapDrop, h.SecurityOpt = true, []string{"ALL"}, []string{"no-new-privileges"}
			}
		}),
		testcontainers.WithWaitStrategyAndDeadline(readyWithin, ready),
		tcnetwork.WithNetwork([]string{p.name}, r.network),
	}
	if len(args) > 0 {
		options = append(options, testcontainers.WithCmd(args...))
	}
	if p.image != "" {
		return options, nil
	}
	archive, err := contextArchive(contextOf(p))
	if err != nil {
		return nil, err
	}
	return append(options, testcontainers.WithDockerfile(testcontainers.FromDockerfile{
		ContextArchive: archive, Repo: "liveassist-e2e-" + p.name, Tag: r.runID,
		BuildArgs:            map[string]*string{"NAME": &p.name},
		BuildOptionsModifier: func(o *client.ImageBuildOptions) { o.Labels = map[string]string{RunLabel: r.runID} },
	})), nil
}

func (r *containers) reach(p program, _ service) string {
	return net.JoinHostPort(p.name, strconv.Itoa(p.port))
}

func (s *contained) address() string { return s.addr }

func (s *contained) run(ctx context.Context, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	code, out, err := s.c.Exec(ctx, append([]string{"/" + s.p.name}, args...), exec.Multiplexed())
	if err != nil {
		return "", fmt.Errorf("%s %q: %w", s.p.name, args, err)
	}
	if _, err := io.Copy(&stdout, out); err != nil {
		return "", fmt.Errorf("%s %q: %w", s.p.name, args, err)
	}
	if code != 0 {
		return "", fmt.Errorf("%s %q: exit %d: %s%s", s.p.name, args, code, strings.TrimSpace(stdout.String()), stderr.String())
	}
	return stdout.String(), nil
}

// close removes the containers (the last one first) with their images and volumes, then the network.
func (r *containers) close(ctx context.Context) error {
	var errs []error
	for _, c := range slices.Backward(r.started) {
		errs = append(errs, c.Terminate(ctx, testcontainers.StopTimeout(stopWithin)))
	}
	r.started = nil
	return errors.Join(append(errs, r.network.Remove(ctx))...)
}
