package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// GuideIndex ranks texts by the words in them, with FTS5 in a database in memory. The texts
// never change after the index was made.
type GuideIndex struct {
	pool  *sql.DB
	query *sql.Stmt
}

// NewGuideIndex makes an index of texts, each a list of columns of words that are folded
// and stemmed already and separated by blanks. weights says what a word counts in each
// column; an index of texts without columns would be a mistake of the program.
func NewGuideIndex(ctx context.Context, weights []float64, texts [][]string) (*GuideIndex, error) {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("open guide index: %w", err)
	}
	pool.SetMaxOpenConns(1) // each connection would be a database of its own
	x := &GuideIndex{pool: pool}
	if err := x.fill(ctx, weights, texts); err != nil {
		return nil, errors.Join(fmt.Errorf("make guide index: %w", err), x.Close())
	}
	return x, nil
}

func (x *GuideIndex) fill(ctx context.Context, weights []float64, texts [][]string) (err error) {
	columns := make([]string, len(weights))
	factors := make([]string, len(weights))
	for i, w := range weights {
		columns[i] = fmt.Sprintf("c%d", i)
		factors[i] = fmt.Sprintf("%g", w)
	}
	list := strings.Join(columns, ", ")
	if _, err := x.pool.ExecContext(ctx, "CREATE VIRTUAL TABLE texts USING fts5 ("+list+", tokenize = 'unicode61 remove_diacritics 0')"); err != nil {
		return err
	}
	tx, err := x.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	insert, err := tx.PrepareContext(ctx, "INSERT INTO texts (rowid, "+list+") VALUES (?"+strings.Repeat(", ?", len(weights))+")") //nolint:gosec // the names are made here
	if err != nil {
		return err
	}
	defer insert.Close() //nolint:errcheck // it ends with the transaction
	for i, text := range texts {
		args := []any{i + 1}
		for _, column := range text {
			args = append(args, column)
		}
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	x.query, err = x.pool.PrepareContext(ctx, "SELECT rowid, -bm25(texts, "+strings.Join(factors, ", ")+") FROM texts WHERE texts MATCH ?") //nolint:gosec // the factors are numbers
	return err
}

// Match returns the texts that have the words of phrase one after the other, by their
// place in the list, with their rank by bm25: the higher, the better.
func (x *GuideIndex) Match(ctx context.Context, phrase string) (map[int]float64, error) {
	rows, err := x.query.QueryContext(ctx, `"`+strings.ReplaceAll(phrase, `"`, ``)+`"`)
	if err != nil {
		return nil, fmt.Errorf("search guides: %w", err)
	}
	found := map[int]float64{}
	_, err = collect(rows, func(r scanner) (struct{}, error) {
		var row int
		var score float64
		err := r.Scan(&row, &score)
		found[row-1] = score
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("search guides: %w", err)
	}
	return found, nil
}

// Close frees the index.
func (x *GuideIndex) Close() error {
	var err error
	if x.query != nil {
		err = x.query.Close()
	}
	return errors.Join(err, x.pool.Close())
}
