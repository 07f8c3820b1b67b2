package store

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// walks are the queries that may read a whole table or sort what they read, each with its
// reason; the text is a part of the query.
var walks = map[string]string{
	"FROM sqlite_schema":                            "one row per table",
	"SELECT seq FROM outbox ORDER BY seq LIMIT":     "stops at its limit",
	"FROM stripe_customers WHERE user_id = ?":       "sorts the customers of one person",
	"FROM grants WHERE subscription = ? ORDER":      "sorts the payments of one subscription",
	"COUNT(*) FROM webhook_events WHERE status":     "the index holds the parked ones alone",
	"UPDATE replies SET attempts":                   "the index holds the pending ones alone, once at start",
	"EXISTS (SELECT 1 FROM webhook_parked)":         "looks at one row, and there are few",
	"message_words_state":                           "one row",
	"VALUES (?, ?, ?, ?, ?), (?":                    "goes through the values that it stores",
	"outbox_state":                                  "one row",
	"outbox_by_person":                              "the state is one row",
	"ORDER BY user_id, seq":                         "sorts what is entered at once",
	"DELETE FROM outbox -- all of it":               "a restored database lets go of all",
	"- 60000 -- touchEvery":                         "sorts the conversations of one person and minute",
	"WHERE s.desk = 'operator'\n\t\tAND NOT EXISTS": "the index holds the conversations that an operator has alone",
	"(SELECT COUNT(*) FROM users), (SELECT":         "counts in indexes, once a look at the overview",
	"WHERE s.user_id = ? AND m.seq > ? ORDER":       "sorts what is not in the index of words yet",
	"FROM deleted_accounts WHERE done_at IS NULL":   "the index holds the unfinished ones alone",
}

// own are files whose queries are not constants or not for this database, and why.
var own = map[string]string{
	"document.go":    "its parts are constants, and TestQueries_Find looks at it",
	"guide_index.go": "a database in memory, of a few dozen guides",
}

// TestQueries_Plans collects every SQL text of this package from its source, so that none
// is missed, and asks SQLite how it would run it: with an index, and without sorting.
func TestQueries_Plans(t *testing.T) {
	s := mustOpen(t)
	queries := mustQueries(t)
	if len(queries) < 40 {
		t.Errorf("found %d queries: the search is broken", len(queries))
	}
	used := map[string]bool{}
	for _, q := range queries {
		plan, err := s.plan(q.text)
		if err != nil {
			t.Errorf("%s: %v\n%s", q.at, err, q.text)
			continue
		}
		for _, step := range plan {
			if !slow(step) {
				continue
			}
			reason := ""
			for part := range walks {
				if strings.Contains(q.text, part) {
					reason, used[part] = walks[part], true
				}
			}
			if reason == "" {
				t.Errorf("%s: %s\n\t%s", q.at, step, q.text)
			}
		}
	}
	for part := range walks {
		if !used[part] {
			t.Errorf("no query needs the exception for %q", part)
		}
	}
}

// TestQueries_Find: a document is found by its _id with an index, and so is what follows it,
// in each collection; a person's messages are found by the person.
func TestQueries_Find(t *testing.T) {
	s := mustOpen(t)
	find := func(name, field string) {
		t.Helper()
		c := collections[name]
		where, _, _ := c.where([]Match{{field, "x"}})
		plan, err := s.plan("SELECT " + c.selection() + " FROM " + c.table + where + " ORDER BY " + c.order)
		if err != nil || !strings.HasPrefix(plan[0], "SEARCH") {
			t.Errorf("%s by %s: %v, %v, want a SEARCH", name, field, plan, err)
		}
	}
	for _, name := range Collections() {
		find(name, "_id")
		query, _ := collections[name].page("x")
		plan, err := s.plan(query)
		if err != nil || !strings.HasPrefix(plan[0], "SEARCH") || slices.ContainsFunc(plan, slow) {
			t.Errorf("page of %s: %v, %v, want a SEARCH that sorts nothing", name, plan, err)
		}
	}
	find(CollMessages, "userId")
}

// slow reports whether a step of a plan takes longer the more there is.
func slow(step string) bool {
	if strings.HasPrefix(step, "SCAN CONSTANT ROW") || regexp.MustCompile(`VIRTUAL TABLE INDEX \d+:M`).MatchString(step) || regexp.MustCompile(`^SCAN \(subquery-\d+\)$`).MatchString(step) {
		return false // reads nothing, a full-text index, or what an inner step found
	}
	if step == "USE TEMP B-TREE FOR LAST TERM OF ORDER BY" {
		return false // sorts what is equal but for that
	}
	return strings.HasPrefix(step, "SCAN ") || strings.Contains(step, "TEMP B-TREE") || strings.Contains(step, "AUTOMATIC")
}

func TestSlow(t *testing.T) {
	for step, want := range map[string]bool{
		"SCAN users": true, "SCAN m USING INDEX x": true, "USE TEMP B-TREE FOR ORDER BY": true, "SEARCH m USING AUTOMATIC COVERING INDEX (a=?)": true,
		"SEARCH users USING INDEX x (id=?)": false, "SCAN CONSTANT ROW": false, "SCAN w VIRTUAL TABLE INDEX 192:M2<": false, "SCAN w VIRTUAL TABLE INDEX 0:": true, "SCAN (subquery-2)": false, "SCALAR SUBQUERY 1": false,
	} {
		if got := slow(step); got != want {
			t.Errorf("slow(%q) = %v, want %v", step, got, want)
		}
	}
}

// plan returns the steps of a query's plan.
func (s *testStore) plan(query string) ([]string, error) {
	s.tb.Helper()
	args := make([]any, parameters(query))
	for i := range args {
		args[i] = "x"
	}
	rows, err := s.read.pool.QueryContext(s.tb.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r scanner) (string, error) {
		var id, parent, unused int
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		return detail, err
	})
}

// parameters returns how many values a query takes.
func parameters(query string) int {
	n := 0
	for _, m := range regexp.MustCompile(`\?(\d*)`).FindAllStringSubmatch(query, -1) {
		if m[1] == "" {
			n++
		} else if i, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, i)
		}
	}
	return n
}

// query is an SQL text of this package and where it stands.
type query struct{ text, at string }

var isQuery = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH)\s`)

// mustQueries returns every constant text of this package's source that is a query. One
// that is put together while the program runs is an error.
func mustQueries(t *testing.T) []query {
	t.Helper()
	fset := token.NewFileSet()
	files := mustParse(t, fset)
	consts := constants(files)
	var list []query
	for _, f := range files {
		if own[fset.Position(f.Pos()).Filename] != "" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.CONST {
				return false // looked at where it is used
			}
			if b, ok := n.(*ast.BinaryExpr); ok && b.Op != token.ADD {
				return true
			}
			e, ok := n.(ast.Expr)
			if !ok || !isText(e) {
				return true
			}
			if text, whole := evaluate(e, consts); isQuery.MatchString(text) {
				at := fset.Position(e.Pos()).String()
				if !whole {
					t.Errorf("%s: this query is put together while the program runs: %s", at, text)
				} else {
					list = append(list, query{text, at})
				}
			}
			return false // not the parts of a sum again
		})
	}
	return list
}

// isText reports whether e may be a text: a literal, a name, or a sum.
func isText(e ast.Expr) bool {
	switch e.(type) {
	case *ast.BasicLit, *ast.Ident, *ast.BinaryExpr:
		return true
	}
	return false
}

func mustParse(t *testing.T, fset *token.FileSet) []*ast.File {
	t.Helper()
	pkgs, err := parser.ParseDir(fset, ".", func(i fs.FileInfo) bool { return !strings.HasSuffix(i.Name(), "_test.go") }, 0) //nolint:staticcheck // one package, no build tags
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, f := range pkgs["store"].Files {
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b *ast.File) int { return int(a.Pos() - b.Pos()) })
	return files
}

// constants returns the package's constants, also those within functions, by name.
func constants(files []*ast.File) map[string]ast.Expr {
	consts := map[string]ast.Expr{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			g, ok := n.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				return true
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						consts[name.Name] = v.Values[i]
					}
				}
			}
			return false
		})
	}
	return consts
}

// evaluate returns the text of a sum of constants; whole is false where it has other parts.
func evaluate(e ast.Expr, consts map[string]ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0)), true
		}
	case *ast.Ident:
		if c, ok := consts[e.Name]; ok {
			return evaluate(c, consts)
		}
	case *ast.ParenExpr:
		return evaluate(e.X, consts)
	case *ast.BinaryExpr:
		left, l := evaluate(e.X, consts)
		right, r := evaluate(e.Y, consts)
		return left + right, l && r
	}
	return "…", false
}
