//go:build !litestream

package backup

import (
	"context"
	"time"
)

// Built says whether this program can do what the package is for.
const Built = false

// Replicator does nothing in this build.
type Replicator struct{}

// New answers ErrNotBuilt.
func New(Options) (*Replicator, error) { return nil, ErrNotBuilt }

// Run does nothing in this build.
func (*Replicator) Run(context.Context) error { return nil }

// Close does nothing in this build.
func (*Replicator) Close() error { return nil }

// Status says nothing in this build.
func (*Replicator) Status() Status { return Status{} }

// Restore answers ErrNotBuilt.
func Restore(context.Context, RestoreOptions) (time.Time, error) { return time.Time{}, ErrNotBuilt }
