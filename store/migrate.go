package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema says that a newer program has written the database. It is never
// downgraded: an older program could read it wrongly.
var ErrNewerSchema = errors.New("the database was written by a newer liveassist")

// provider returns the migrator. Each file is handed to SQLite whole, which knows its own
// language: goose's parser takes 4 MB for each file that it splits into statements.
func provider(pool *sql.DB) (*goose.Provider, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	steps := make([]*goose.Migration, len(names))
	for i, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		steps[i] = goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			text, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, string(text))
			return err
		}}, nil)
	}
	p, err := goose.NewProvider(database.DialectSQLite3, pool, nil, goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// migrate brings an older schema up to date.
func migrate(ctx context.Context, pool *sql.DB) error {
	have, want, err := versions(ctx, pool)
	if err != nil || have >= want {
		return err
	}
	p, err := provider(pool)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate schema %d to %d: %w", have, want, err)
	}
	return nil
}

// checkNotNewer refuses a schema of a newer program.
func checkNotNewer(ctx context.Context, pool *sql.DB) error {
	have, want, err := versions(ctx, pool)
	if err == nil && have > want {
		return newer(have, want)
	}
	return err
}

// checkVersion refuses a schema other than this program's, for callers that cannot migrate.
func checkVersion(ctx context.Context, pool *sql.DB) error {
	have, want, err := versions(ctx, pool)
	if err != nil {
		return err
	}
	if have > want {
		return newer(have, want)
	}
	if have < want {
		return fmt.Errorf("the database has schema %d and this program needs %d: start the server once to bring it up to date", have, want)
	}
	return nil
}

// versions returns the schema's version in the database (0: none yet) and in this program.
// It asks the table itself, so that an up-to-date database starts without the migrator.
func versions(ctx context.Context, pool *sql.DB) (have, want int64, err error) {
	p, err := provider(pool)
	if err != nil {
		return 0, 0, err
	}
	for _, s := range p.ListSources() {
		want = max(want, s.Version)
	}
	var table int
	if err := pool.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&table); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	if table == 0 {
		return 0, want, nil
	}
	if err := pool.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return have, want, nil
}

func newer(have, want int64) error {
	return fmt.Errorf("%w (its schema is %d, this program knows %d): install that version, or restore a backup", ErrNewerSchema, have, want)
}
