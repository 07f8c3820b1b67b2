package images

import (
	"bytes"
	"image/jpeg"
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// heap returns the bytes that the Go runtime takes from the system. Unlike the resident size
// it does not count what the race detector adds.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}

// residentPeak returns the VmHWM line of the process, for the log.
func residentPeak() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "VmHWM") {
			return strings.Join(strings.Fields(line)[1:], " ")
		}
	}
	return "unknown"
}

// mustPeak works on all files at once, with the places that main gives, and returns the peak
// of heap, which the files themselves are part of.
func mustPeak(tb testing.TB, files [][]byte) uint64 {
	tb.Helper()
	debug.FreeOSMemory()
	p, done, peak := NewProcessor(2), make(chan struct{}), make(chan uint64)
	go func() {
		most := heap()
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-tick.C:
				most = max(most, heap())
			case <-done:
				tick.Stop()
				peak <- most
				return
			}
		}
	}()
	var group sync.WaitGroup
	for _, raw := range files {
		group.Go(func() {
			img, err := p.Process(tb.Context(), raw)
			if err != nil {
				tb.Error(err)
			}
			if img.Width*img.Height < 1000*1000 {
				tb.Errorf("got %d x %d pixels", img.Width, img.Height)
			}
		})
	}
	group.Wait()
	close(done)
	return <-peak
}

// raceDetector reports whether the test runs with it.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// Eight uploads of 50 megapixels and up to 10 MiB at once stay below the 300 MB that the
// whole server may take; the bound leaves 60 MB for the rest of it. The race detector would
// take ten times the time and tell nothing, so with it the test runs once more without.
func TestProcessor_Process_memory(t *testing.T) {
	if raceDetector() {
		swift := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-trimpath", "-count=1", "-v", "-run=^"+t.Name()+"$", ".")
		swift.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := swift.CombinedOutput()
		t.Logf("without race detector:\n%s", out)
		if err != nil {
			t.Error(err)
		}
		return
	}
	strip := mustRead(t, "strip-420.jpg")
	m, err := jpeg.Decode(bytes.NewReader(strip))
	if err != nil {
		t.Fatal(err)
	}
	baseline := mustJPEG(t, m, 75)
	build := map[string]func() []byte{
		"jpeg":              func() []byte { return mustTall(t, baseline, min(381, MaxBytes/len(baseline))) },
		"progressive 4:2:0": func() []byte { return mustTall(t, strip, 381) },
		"progressive 4:4:4": func() []byte { return mustTall(t, mustRead(t, "strip-444.jpg"), 360) },
		"png":               func() []byte { return mustBigPNG(t, 8192, 6096, 0.0145) },
		"interlaced png":    func() []byte { return mustInterlaced(t, 8192, 6096) },
		"webp":              func() []byte { return mustGunzip(t, "lossy-50mp.webp.gz") },
	}
	for _, name := range []string{"jpeg", "progressive 4:4:4", "png"} {
		files := [][]byte{build[name]()}
		for len(files) < 8 {
			files = append(files, bytes.Clone(files[0])) // each upload has bytes of its own
		}
		checkPeak(t, "8 x "+name, files)
	}
	var files [][]byte
	for _, name := range []string{"jpeg", "webp", "progressive 4:2:0", "interlaced png", "progressive 4:4:4", "png", "webp", "jpeg"} {
		files = append(files, build[name]())
	}
	checkPeak(t, "8 of all kinds", files)
}

// checkPeak fails if the files, each with bytes of its own, take too much at once.
func checkPeak(t *testing.T, name string, files [][]byte) {
	t.Helper()
	const limit = 240 << 20
	size := 0
	for _, raw := range files {
		size += len(raw)
	}
	got := mustPeak(t, files)
	t.Logf("%s, %d MB in all: %d MB, resident peak so far %s", name, size/1e6, got/1e6, residentPeak())
	if got > limit {
		t.Errorf("%s: got %d MB, want at most %d", name, got/1e6, limit/1_000_000)
	}
}
