package mirror

import (
	"context"
	"fmt"
)

// Reach reports whether a MongoDB takes the mirror's commands.
func Reach(ctx context.Context, url, database string) error {
	t, err := dial(url, database)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	if _, err := t.cursor(ctx); err != nil {
		return fmt.Errorf("reach %s: %w", hosts(url), err)
	}
	return nil
}
