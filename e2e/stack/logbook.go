package stack

import (
	"bytes"
	"slices"
	"sync"

	"github.com/testcontainers/testcontainers-go"
)

// logbook collects what a program writes, line by line, from any number of writers.
type logbook struct {
	mu      sync.Mutex
	full    []string // finished lines
	partial []byte   // the line that is being written
}

// Write takes the output of a process.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial = append(l.partial, p...)
	for {
		i := bytes.IndexByte(l.partial, '\n')
		if i < 0 {
			return len(p), nil
		}
		l.full = append(l.full, string(bytes.TrimSuffix(l.partial[:i], []byte("\r"))))
		l.partial = l.partial[i+1:]
	}
}

// Accept takes the output of a container.
func (l *logbook) Accept(entry testcontainers.Log) {
	_, _ = l.Write(entry.Content) // Write does not fail
}

func (l *logbook) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.full)
}
