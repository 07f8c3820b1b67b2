package httpapi

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"liveassist/domain"
	"liveassist/store"
)

const (
	// exportPage is how many rows an export reads at once; each page is a read of its own, so
	// that no long one keeps the log of the database from being cleared.
	exportPage = 500
	// exportPause is how long a reader may take for a page.
	exportPause = time.Minute
)

// exporter writes a list page by page.
type exporter struct {
	columns []string
	// page calls row for each row that follows the last one, and reports whether there are more.
	page func(row func(item any, cells ...string) error) (more bool, err error)
}

// operatorExport sends a whole list as a file.
func (a *API) operatorExport(w http.ResponseWriter, r *request) error {
	name := r.params.ByName("list")
	x, err := a.exporter(r, name)
	if err != nil {
		return err
	}
	format := r.URL.Query().Get("format")
	if format != "" && format != "csv" && format != "json" {
		return domain.E(domain.KindInvalidRequest, "format must be csv or json.")
	}
	asJSON := format == "json"
	act := r.act(domain.AuditExport, "", name)
	act.Detail = map[string]any{"query": r.URL.RawQuery}
	if err := a.Store.Audit(r.Context(), act); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="liveassist-`+name+`.csv"`)
	if asJSON {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="liveassist-`+name+`.json"`)
	}
	w.WriteHeader(http.StatusOK)
	if err := a.export(w, x, asJSON); err != nil {
		// The answer has begun: only breaking it off can tell that it is not whole.
		a.Log.Warn("export broken off", "request_id", requestID(w), "list", name, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (a *API) exporter(r *request, name string) (exporter, error) {
	switch name {
	case "users":
		return a.exportUsers(r)
	case "webhooks":
		return a.exportWebhooks(r)
	case "audit":
		return a.exportAudit(r)
	}
	return exporter{}, domain.ErrNotFound
}

// export writes all pages. Each may take its time; the whole is not bound by the deadline
// of a usual answer.
func (a *API) export(w http.ResponseWriter, x exporter, asJSON bool) error {
	out := bufio.NewWriter(w)
	begin := csvRows
	if asJSON {
		begin = jsonRows
	}
	write, end := begin(out, x.columns)
	control := http.NewResponseController(w)
	for more := true; more; {
		if err := control.SetWriteDeadline(a.Clock().Add(exportPause)); err != nil {
			return err
		}
		var err error
		if more, err = x.page(write); err != nil {
			return err
		}
	}
	if err := end(); err != nil {
		return err
	}
	return out.Flush()
}

// csvRows writes rows as RFC 4180 has them.
func csvRows(out *bufio.Writer, columns []string) (row func(any, ...string) error, end func() error) {
	c := csv.NewWriter(out)
	c.UseCRLF = true
	begun := c.Write(columns)
	row = func(_ any, cells ...string) error {
		if begun != nil {
			return begun
		}
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		return c.Write(cells)
	}
	return row, func() error { c.Flush(); return c.Error() }
}

// formula is what a spreadsheet takes for the beginning of one.
const formula = "=+-@＝＋－＠"

// harmless keeps a spreadsheet from running a cell, or a part of it, as a formula: what people
// choose, such as a name, may begin like one (OWASP, CSV Injection). Where the comma is no
// separator, as in a Swedish Excel, a semicolon, a tab or a line's end within a text begins a
// cell too, since quotes in the middle of a line count for nothing there.
func harmless(cell string) string {
	if cell == "" {
		return cell
	}
	var out strings.Builder
	begins := true
	for i, r := range cell {
		if begins && strings.ContainsRune(formula, r) || i == 0 && strings.ContainsRune("\t\r\n", r) {
			out.WriteByte('\'')
		}
		switch r {
		case ';', '\t', '\r', '\n':
			begins = true
		case '"', ' ':
			begins = begins && i > 0
		default:
			begins = false
		}
		out.WriteRune(r)
	}
	return out.String()
}

// jsonRows writes rows as one array.
func jsonRows(out *bufio.Writer, _ []string) (row func(any, ...string) error, end func() error) {
	separator := "[\n"
	row = func(item any, _ ...string) error {
		b, err := json.Marshal(item)
		if err != nil {
			return err
		}
		_, err = out.WriteString(separator + string(b))
		separator = ",\n"
		return err
	}
	return row, func() error {
		if separator == "[\n" {
			separator = "["
		} else {
			separator = "\n"
		}
		_, err := out.WriteString(separator + "]\n")
		return err
	}
}

func (a *API) exportUsers(r *request) (exporter, error) {
	q, err := userQuery(r)
	var key store.UserKey
	page := func(row func(any, ...string) error) (bool, error) {
		list, next, err := a.Store.Users(r.Context(), q, key, exportPage)
		if err != nil {
			return false, err
		}
		for _, u := range list {
			v := a.personOf(u)
			plan := ""
			if v.Plan != nil {
				plan = string(*v.Plan)
			}
			err := row(v, string(v.ID), v.Email, v.Name, string(v.Role), string(v.Status), timeCell(v.Expiry), plan,
				strconv.Itoa(v.ImageCounter), strconv.Itoa(v.XP), v.CreatedAt.String())
			if err != nil {
				return false, err
			}
		}
		if next != nil {
			key = *next
		}
		return next != nil, nil
	}
	return exporter{[]string{"id", "email", "name", "role", "subscription_status", "subscription_expiry", "subscription_plan", "image_counter", "xp", "createdAt"}, page}, err
}

func (a *API) exportWebhooks(r *request) (exporter, error) {
	f, err := ledgerFilter(r)
	page := numberedExport(func(before int64) ([]store.LedgerEntry, error) {
		return a.Store.Ledger(r.Context(), f, before, exportPage)
	}, func(e store.LedgerEntry) (int64, []string) {
		session := ""
		if e.Session != nil {
			session = *e.Session
		}
		return e.Seq, []string{
			e.ID, e.EventID, e.Type, session, string(e.About()), string(e.Status), e.Why, strconv.Itoa(e.Times), e.CreatedAt.String(), timeCell(e.ProcessedAt),
		}
	})
	return exporter{[]string{"id", "eventId", "type", "sessionId", "userId", "status", "why", "times", "createdAt", "processedAt"}, page}, err
}

func (a *API) exportAudit(r *request) (exporter, error) {
	f, err := auditFilter(r)
	page := numberedExport(func(before int64) ([]store.AuditEntry, error) {
		return a.Store.AuditLog(r.Context(), f, before, exportPage)
	}, func(e store.AuditEntry) (int64, []string) {
		var operator, user store.Who
		if e.Operator != nil {
			operator = *e.Operator
		}
		if e.User != nil {
			user = *e.User
		}
		return e.Seq, []string{
			e.ID, e.At.String(), string(operator.ID), operator.Email, string(e.Action), string(user.ID), user.Email, e.Subject, e.Reason, string(e.Detail),
		}
	})
	return exporter{[]string{"id", "at", "operatorId", "operatorEmail", "action", "userId", "userEmail", "subject", "reason", "detail"}, page}, err
}

// numberedExport goes down a list by its numbers.
func numberedExport[T any](read func(before int64) ([]T, error), cells func(T) (int64, []string)) func(func(any, ...string) error) (bool, error) {
	before := int64(newest)
	return func(row func(any, ...string) error) (bool, error) {
		list, err := read(before)
		if err != nil {
			return false, err
		}
		for _, item := range list {
			number, c := cells(item)
			if err := row(item, c...); err != nil {
				return false, err
			}
			before = number
		}
		return len(list) == exportPage, nil
	}
}

func timeCell(t *domain.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.String()
}
