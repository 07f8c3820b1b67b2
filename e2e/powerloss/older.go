package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"database/sql"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// runOlder makes the database that an older program would have left: the schema of an
// earlier migration, with the data of a present one in the columns that both have.
func runOlder(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("older", flag.ContinueOnError)
	migrations := flags.String("migrations", "", "the directory of the migrations")
	to := flags.Int64("to", 1, "the version of the schema")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 2 || *migrations == "" {
		return errors.New("usage: powerloss older -migrations DIR -to N FROM_DATA_DIR NEW_DATA_DIR")
	}
	from, target := filepath.Join(flags.Arg(0), "liveassist.db"), filepath.Join(flags.Arg(1), "liveassist.db")
	if err := os.MkdirAll(flags.Arg(1), 0o700); err != nil {
		return fmt.Errorf("older: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+target+"?_pragma=journal_mode(WAL)")
	if err != nil {
		return fmt.Errorf("older: %w", err)
	}
	db.SetMaxOpenConns(1) // ATTACH is a connection's own
	defer func() { _ = db.Close() }()
	p, err := goose.NewProvider(database.DialectSQLite3, db, os.DirFS(*migrations))
	if err != nil {
		return fmt.Errorf("older: %w", err)
	}
	if _, err := p.UpTo(ctx, *to); err != nil {
		return fmt.Errorf("older: %w", err)
	}
	if _, err := db.ExecContext(ctx, "ATTACH ? AS present", from); err != nil {
		return fmt.Errorf("older: %w", err)
	}
	tables, err := ordinaryTables(ctx, db)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, db, table); err != nil {
			return err
		}
	}
	return nil
}

// ordinaryTables are those that hold data of their own: no index of words, no versions.
func ordinaryTables(ctx context.Context, db *sql.DB) (tables []string, err error) {
	query := `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_words%' AND name <> 'goose_db_version' ORDER BY name`
	err = each(ctx, db, query, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		tables = append(tables, name)
		return err
	})
	return tables, err
}

func copyTable(ctx context.Context, db *sql.DB, table string) error {
	of := func(schema string) (list []string, err error) {
		err = each(ctx, db, "SELECT name FROM pragma_table_info('"+table+"', '"+schema+"')", func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			list = append(list, `"`+name+`"`)
			return err
		})
		return list, err
	}
	old, err := of("main")
	if err != nil {
		return fmt.Errorf("older: %s: %w", table, err)
	}
	present, err := of("present")
	if err != nil {
		return fmt.Errorf("older: %s: %w", table, err)
	}
	both := slices.DeleteFunc(slices.Clone(old), func(c string) bool { return !slices.Contains(present, c) })
	if len(both) == 0 {
		return nil // a later migration has dropped it
	}
	columns := strings.Join(both, ", ")
	values := columns
	if id := `"_id"`; slices.Contains(old, id) && !slices.Contains(present, id) {
		columns, values = columns+", "+id, values+", lower(hex(randomblob(16)))" // an older program gave a row an id of its own
	}
	query := fmt.Sprintf(`INSERT OR REPLACE INTO main.%q (%s) SELECT %s FROM present.%q`, table, columns, values, table)
	if _, err := db.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("older: %s: %w", table, err)
	}
	return nil
}
