package main

import (
	"net"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
)

// flyConfig is what fly.toml may say: a key that is not here is a spelling mistake, or
// something that this test should know.
type flyConfig struct {
	App           string `toml:"app"`
	PrimaryRegion string `toml:"primary_region"`
	KillSignal    string `toml:"kill_signal"`
	KillTimeout   string `toml:"kill_timeout"`
	Build         struct {
		Dockerfile string `toml:"dockerfile"`
	} `toml:"build"`
	Deploy struct {
		Strategy string `toml:"strategy"`
	} `toml:"deploy"`
	Env    map[string]string `toml:"env"`
	Mounts []struct {
		Source                  string `toml:"source"`
		Destination             string `toml:"destination"`
		InitialSize             string `toml:"initial_size"`
		AutoExtendSizeThreshold int    `toml:"auto_extend_size_threshold"`
		AutoExtendSizeIncrement string `toml:"auto_extend_size_increment"`
		AutoExtendSizeLimit     string `toml:"auto_extend_size_limit"`
		ScheduledSnapshots      bool   `toml:"scheduled_snapshots"`
		SnapshotRetention       int    `toml:"snapshot_retention"`
	} `toml:"mounts"`
	HTTPService struct {
		InternalPort       int    `toml:"internal_port"`
		ForceHTTPS         bool   `toml:"force_https"`
		AutoStopMachines   string `toml:"auto_stop_machines"`
		AutoStartMachines  bool   `toml:"auto_start_machines"`
		MinMachinesRunning int    `toml:"min_machines_running"`
		Concurrency        struct {
			Type      string `toml:"type"`
			SoftLimit int    `toml:"soft_limit"`
			HardLimit int    `toml:"hard_limit"`
		} `toml:"concurrency"`
		Checks []struct {
			Method      string `toml:"method"`
			Path        string `toml:"path"`
			Interval    string `toml:"interval"`
			Timeout     string `toml:"timeout"`
			GracePeriod string `toml:"grace_period"`
		} `toml:"checks"`
	} `toml:"http_service"`
	Metrics struct {
		Port int    `toml:"port"`
		Path string `toml:"path"`
	} `toml:"metrics"`
	VM []struct {
		Size   string `toml:"size"`
		Memory string `toml:"memory"`
	} `toml:"vm"`
}

func mustFly(t *testing.T) flyConfig {
	t.Helper()
	var f flyConfig
	meta, err := toml.DecodeFile("fly.toml", &f)
	if err != nil {
		t.Fatal(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		t.Errorf("fly.toml has keys that nobody knows: %v", unknown)
	}
	return f
}

func mustDuration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// envNames are the variables of all settings; secret ones must not stand in a file.
func envNames() map[string]bool {
	names := map[string]bool{}
	for field := range reflect.TypeFor[settings]().Fields() {
		if env := field.Tag.Get("env"); env != "" {
			names[env] = strings.Contains(env, "SECRET") || strings.Contains(env, "KEY") || env == "MONGO_URL" || env == "SMTP_URL"
		}
	}
	return names
}

// TestFly_Settings: the program starts with what fly.toml sets, and each key is a setting.
func TestFly_Settings(t *testing.T) {
	f := mustFly(t)
	known := envNames()
	env := []string{"COLUMNS=200"}
	for name, value := range f.Env {
		secret, ok := known[name]
		if !ok || secret {
			t.Errorf("env %s: a setting %v, secret %v", name, ok, secret)
		}
		env = append(env, name+"="+value)
	}
	for _, e := range env {
		if name, value, ok := strings.Cut(e, "="); ok {
			t.Setenv(name, value)
		}
	}
	_, s, err := parseArgs(nil, os.Stdout, os.Stderr)
	if err != nil {
		t.Fatalf("the program refuses fly.toml's settings: %v", err)
	}
	_, port, err := net.SplitHostPort(s.ListenAddr)
	if err != nil || port != strconv.Itoa(f.HTTPService.InternalPort) {
		t.Errorf("LISTEN_ADDR %s, internal_port %d", s.ListenAddr, f.HTTPService.InternalPort)
	}
	_, port, err = net.SplitHostPort(s.MetricsAddr)
	if err != nil || port != strconv.Itoa(f.Metrics.Port) || f.Metrics.Path != "/metrics" || f.Metrics.Port == f.HTTPService.InternalPort {
		t.Errorf("METRICS_ADDR %s, metrics %+v", s.MetricsAddr, f.Metrics)
	}
	if len(f.Mounts) != 1 || f.Mounts[0].Destination != s.DataDir {
		t.Errorf("DATA_DIR %s, mounts %+v: one volume, and the data on it", s.DataDir, f.Mounts)
	}
	if want := "https://" + f.App + ".fly.dev"; s.BaseURL != want {
		t.Errorf("BASE_URL %s, want %s", s.BaseURL, want)
	}
	if len(s.proxies.Trusted) == 0 || s.ClientIPHeader != "Fly-Client-IP" {
		t.Errorf("behind Fly's proxy everybody would share one address: %+v", s.proxies)
	}
	if !strings.HasPrefix(s.ListenAddr, "0.0.0.0:") {
		t.Errorf("LISTEN_ADDR %s: over the private IPv6 network others could come past the proxy", s.ListenAddr)
	}
}

// TestFly_Service: what Fly does to the machine fits what the program does.
func TestFly_Service(t *testing.T) {
	f := mustFly(t)
	if f.KillSignal != "SIGTERM" || mustDuration(t, f.KillTimeout) < stopTimeout+5*time.Second {
		t.Errorf("kill %s after %s: the program takes %v to stop, and then closes the database", f.KillSignal, f.KillTimeout, stopTimeout)
	}
	h := f.HTTPService
	if !h.ForceHTTPS || h.AutoStopMachines != "off" || h.MinMachinesRunning != 1 {
		t.Errorf("http_service = %+v", h)
	}
	if h.Concurrency.Type != "connections" || h.Concurrency.SoftLimit < 5000 || h.Concurrency.HardLimit < h.Concurrency.SoftLimit {
		t.Errorf("concurrency = %+v", h.Concurrency)
	}
	if len(h.Checks) != 1 || h.Checks[0].Path != "/readyz" || h.Checks[0].Method != http.MethodGet || mustDuration(t, h.Checks[0].Timeout) <= 3*time.Second {
		t.Errorf("checks = %+v; readiness takes 3 s at the most", h.Checks)
	}
	for _, c := range h.Checks {
		mustDuration(t, c.Interval)
		mustDuration(t, c.GracePeriod)
	}
	if f.Mounts[0].SnapshotRetention < 7 || f.Mounts[0].SnapshotRetention > 60 || !f.Mounts[0].ScheduledSnapshots {
		t.Errorf("snapshots = %+v", f.Mounts[0])
	}
	// 35 KiB a stream, and half a gigabyte for all else.
	mb, err := strconv.Atoi(strings.TrimSuffix(f.VM[0].Memory, "gb"))
	if err != nil || mb<<30 < h.Concurrency.HardLimit*35<<10+512<<20 {
		t.Errorf("memory %s for %d connections", f.VM[0].Memory, h.Concurrency.HardLimit)
	}
	docker, err := os.ReadFile(f.Build.Dockerfile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nENV LISTEN_ADDR=0.0.0.0:" + strconv.Itoa(h.InternalPort) + " DATA_DIR=" + f.Mounts[0].Destination, "\nSTOPSIGNAL " + f.KillSignal, "\nVOLUME " + f.Mounts[0].Destination} {
		if !strings.Contains(string(docker), want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
}
