package bundle

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Shell writes documents as mongosh prints them.
func Shell(v any) string {
	var b strings.Builder
	writeShell(&b, v, "")
	return b.String()
}

func writeShell(b *strings.Builder, v any, indent string) {
	inner := indent + "  "
	switch v := v.(type) {
	case bson.D:
		if len(v) == 0 {
			b.WriteString("{}")
			return
		}
		b.WriteString("{\n")
		for i, e := range v {
			b.WriteString(inner + shellKey(e.Key) + ": ")
			writeShell(b, e.Value, inner)
			endItem(b, i == len(v)-1)
		}
		b.WriteString(indent + "}")
	case bson.A:
		writeShell(b, []any(v), indent)
	case []bson.D:
		items := make([]any, len(v))
		for i, d := range v {
			items[i] = d
		}
		writeShell(b, items, indent)
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return
		}
		b.WriteString("[\n")
		for i, item := range v {
			b.WriteString(inner)
			writeShell(b, item, inner)
			endItem(b, i == len(v)-1)
		}
		b.WriteString(indent + "]")
	case string:
		b.WriteString(shellString(v))
	case nil:
		b.WriteString("null")
	case bson.DateTime:
		b.WriteString("ISODate('" + v.Time().UTC().Format("2006-01-02T15:04:05.000Z") + "')")
	case time.Time:
		b.WriteString("ISODate('" + v.UTC().Format("2006-01-02T15:04:05.000Z") + "')")
	default: // numbers and booleans
		fmt.Fprint(b, v)
	}
}

func endItem(b *strings.Builder, last bool) {
	if !last {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
}

var plainKey = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

func shellKey(k string) string {
	if plainKey.MatchString(k) {
		return k
	}
	return shellString(k)
}

func shellString(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + "'"
}

// Proof is the text of the database's file, in the making.
type Proof struct{ b strings.Builder }

// Title begins the file.
func (p *Proof) Title(lines ...string) {
	for _, l := range lines {
		p.b.WriteString("# " + l + "\n")
	}
}

// Query writes one query with its documents as MongoDB has them, and below what `liveassist find`
// printed for the same.
func (p *Proof) Query(collection, field, value string, one bool, inMongo []bson.D, find string, lines []string) {
	call, printed := "find", Shell(inMongo)
	if one {
		call, printed = "findOne", "null"
		if len(inMongo) > 0 {
			printed = Shell(inMongo[0])
		}
	}
	fmt.Fprintf(&p.b, "\nliveassist> db.%s.%s({ %s: %s })\n%s\n\n$ liveassist find %s '%s'\n", collection, call, field, shellString(value), printed, collection, find)
	for _, l := range lines {
		p.b.WriteString(l + "\n")
	}
}

// Compared notes how a whole collection compares.
func (p *Proof) Compared(collection string, documents int, difference string) {
	if difference == "" {
		difference = "equal in MongoDB and SQLite"
	}
	fmt.Fprintf(&p.b, "# %s: %d documents, %s\n", collection, documents, difference)
}

// Section begins a part with a title.
func (p *Proof) Section(title string) { p.b.WriteString("\n# " + title + "\n") }

// Text returns what was written.
func (p *Proof) Text() []byte { return []byte(p.b.String()) }
