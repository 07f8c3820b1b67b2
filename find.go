package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

// findCommand prints documents.
type findCommand struct {
	Collection string `arg:"" help:"users, liveassist_sessions, liveassist_messages, webhook_events or xp_events."`
	Filter     string `arg:"" optional:"" default:"{}" help:"A JSON object of equalities."`
}

// Run prints the matching documents, one a line.
func (f *findCommand) Run(ctx context.Context, s *settings, stdout, _ *os.File) (err error) {
	matches, err := parseFilter(f.Filter)
	if err != nil {
		return usageError{fmt.Errorf("find: filter: %w", err)}
	}
	if !slices.Contains(store.Collections(), f.Collection) {
		return usageError{fmt.Errorf("find: %w %q: there are %s", store.ErrNoCollection, f.Collection, strings.Join(store.Collections(), ", "))}
	}
	db, err := store.OpenReadOnly(ctx, s.DataDir)
	if err != nil {
		return fmt.Errorf("find: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	out := bufio.NewWriter(stdout)
	if err := db.Find(ctx, f.Collection, matches, func(d domain.Document) error { return writeDocument(out, d) }); err != nil {
		return err
	}
	return out.Flush()
}

// writeDocument writes d as relaxed MongoDB extended JSON on one line.
func writeDocument(w io.Writer, d domain.Document) error {
	var b bytes.Buffer
	if err := appendValue(&b, d); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func appendValue(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case domain.Document:
		b.WriteByte('{')
		for i, f := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendValue(b, f.Name); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := appendValue(b, f.Value); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case time.Time:
		fmt.Fprintf(b, `{"$date":%q}`, v.UTC().Format(domain.TimeLayout))
		return nil
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print document: %w", err)
	}
	b.Truncate(b.Len() - 1) // the encoder's newline
	return nil
}

var errFilter = errors.New(`must be a JSON object of equalities, such as {"userId":"..."}`)

// parseFilter reads a JSON object of equalities; {"$date":"..."} is a date.
func parseFilter(text string) ([]store.Match, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, errFilter
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errFilter
	}
	matches := make([]store.Match, 0, len(object))
	for field, v := range object {
		value, err := filterValue(v)
		if err != nil || strings.HasPrefix(field, "$") {
			return nil, fmt.Errorf("%s: %w", field, errFilter)
		}
		matches = append(matches, store.Match{Field: field, Value: value})
	}
	return matches, nil
}

func filterValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool:
		return v, nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case map[string]any:
		s, ok := v["$date"].(string)
		if !ok || len(v) != 1 {
			return nil, errFilter
		}
		return time.Parse(time.RFC3339, s)
	}
	return nil, errFilter
}
