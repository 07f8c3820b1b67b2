package verify

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"liveassist/e2e/evidence"
)

// query is one query of the database's file: what MongoDB gave, and what `liveassist find` printed.
type query struct {
	collection string
	documents  []any
	found      []any
}

var queryLine = regexp.MustCompile(`^liveassist> db\.(\w+)\.(find|findOne)\(`)

// checkDatabase asks for the documents that prove the purchase, and that both databases gave the same.
func (c *checker) checkDatabase() {
	const file = evidence.DatabaseFile
	text, ok := c.content[file]
	if !ok {
		return
	}
	queries, err := parseProof(string(text))
	if err != nil {
		c.wrong(file, "%v", err)
		return
	}
	for _, name := range []string{"users", "xp_events", "webhook_events"} {
		q, ok := queries[name]
		if !ok {
			c.wrong(file, "no query of %s", name)
			continue
		}
		if !reflect.DeepEqual(q.documents, q.found) {
			c.wrong(file, "%s: MongoDB and liveassist find differ", name)
		}
	}
	c.checkDocuments(queries)
	for _, name := range []string{"users", "liveassist_sessions", "liveassist_messages", "webhook_events", "xp_events"} {
		if !regexp.MustCompile(`(?m)^# ` + name + `: [1-9]\d* documents, equal in MongoDB and SQLite$`).Match(text) {
			c.wrong(file, "does not say that all of %s is equal in MongoDB and SQLite", name)
		}
	}
}

func (c *checker) checkDocuments(queries map[string]query) {
	const file = evidence.DatabaseFile
	payer := c.manifest.People.Payer
	if docs := queries["users"].documents; len(docs) != 1 || field(docs[0], "_id") != payer || field(docs[0], "subscription_status") != "paid" {
		c.wrong(file, "users.findOne does not show the payer as paid")
	} else if n, ok := field(docs[0], "image_counter").(float64); !ok || n != 0 {
		c.wrong(file, "the payer's image_counter is %v, not 0", field(docs[0], "image_counter"))
	}
	bonuses := 0
	for _, d := range queries["xp_events"].documents {
		if field(d, "userId") == payer && field(d, "reason") == evidence.BonusReason && field(d, "amount") == float64(evidence.BonusAmount) {
			bonuses++
		}
	}
	if n := len(queries["xp_events"].documents); bonuses != 1 || n != 1 {
		c.wrong(file, "%d first_premium of %d in %d XP events, not one in one", bonuses, evidence.BonusAmount, n)
	}
	for _, id := range []string{c.completed, c.invoice} {
		n := 0
		for _, d := range queries["webhook_events"].documents {
			if field(d, "eventId") == id && field(d, "status") == "processed" && field(d, "userId") == payer {
				n++
			}
		}
		if n != 1 {
			c.wrong(file, "event %s is in the ledger %d times as processed, not once", id, n)
		}
	}
}

func field(document any, name string) any {
	m, _ := document.(map[string]any)
	return m[name]
}

// parseProof reads the file: queries in the shell's form, each followed by what find printed.
func parseProof(text string) (map[string]query, error) {
	queries := map[string]query{}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		m := queryLine.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		q := query{collection: m[1], documents: []any{}, found: []any{}}
		var shown []string
		for i++; i < len(lines) && !strings.HasPrefix(lines[i], "$ liveassist find "+q.collection); i++ {
			shown = append(shown, lines[i])
		}
		v, err := parseShell(strings.Join(shown, "\n"))
		if err != nil {
			return nil, fmt.Errorf("%s: what MongoDB gave cannot be read: %w", q.collection, err)
		}
		switch v := v.(type) {
		case []any:
			q.documents = v
		case map[string]any:
			q.documents = []any{v}
		}
		for i++; i < len(lines) && strings.HasPrefix(lines[i], "{"); i++ {
			var doc any
			if err := json.Unmarshal([]byte(lines[i]), &doc); err != nil {
				return nil, fmt.Errorf("%s: what find printed cannot be read: %w", q.collection, err)
			}
			q.found = append(q.found, doc)
		}
		queries[q.collection] = q
	}
	return queries, nil
}
