//go:build litestream

package backup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/benbjohnson/litestream"
)

// Restore writes a state of the database to a file and returns of when it is. It answers
// ErrNoBackup only where the place was reached and holds none.
func Restore(ctx context.Context, opts RestoreOptions) (of time.Time, err error) {
	p, err := opts.Target.parse()
	if err != nil {
		return of, fmt.Errorf("restore: %w", err)
	}
	client, err := p.client()
	if err != nil {
		return of, fmt.Errorf("restore: %w", err)
	}
	log := quiet(opts.Log)
	client.SetLogger(log)
	if err := client.Init(ctx); err != nil {
		return of, fmt.Errorf("restore: %w", err)
	}
	plan, err := litestream.CalcRestorePlan(ctx, client, 0, opts.At, log)
	if errors.Is(err, litestream.ErrTxNotAvailable) || errors.Is(err, litestream.ErrNoSnapshots) {
		if opts.At.IsZero() {
			return of, fmt.Errorf("restore: %w in %s", ErrNoBackup, p)
		}
		return of, fmt.Errorf("restore: %w from before %s in %s", ErrNoBackup, opts.At.Format(time.RFC3339), p)
	}
	if err != nil {
		return of, fmt.Errorf("restore: %w", err)
	}
	o := litestream.NewRestoreOptions()
	o.OutputPath, o.Timestamp = opts.File, opts.At
	replica := litestream.NewReplicaWithClient(nil, client)
	if err := replica.Restore(ctx, o); err != nil {
		return of, fmt.Errorf("restore: %w", err)
	}
	return plan[len(plan)-1].CreatedAt, nil
}
