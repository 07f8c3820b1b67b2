package verify

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseShell reads a document or an array as mongosh prints it, into the values that
// encoding/json would give for the same in extended JSON.
func parseShell(text string) (any, error) {
	p := &shellParser{text: text}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.at < len(p.text) {
		return nil, fmt.Errorf("more text than one value: %.20q", p.text[p.at:])
	}
	return v, nil
}

type shellParser struct {
	text string
	at   int
}

var errShellEnd = errors.New("the text ends within a value")

func (p *shellParser) skip() {
	p.at += len(p.text[p.at:]) - len(strings.TrimLeft(p.text[p.at:], " \n\t\r"))
}

// take consumes a word if it comes next.
func (p *shellParser) take(word string) bool {
	p.skip()
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *shellParser) value() (any, error) {
	p.skip()
	if p.at >= len(p.text) {
		return nil, errShellEnd
	}
	switch {
	case p.take("{"):
		return p.object()
	case p.take("["):
		return p.array()
	case p.text[p.at] == '\'':
		return p.quoted()
	case p.take("ISODate("):
		date, err := p.quoted()
		if err != nil || !p.take(")") {
			return nil, fmt.Errorf("a date cannot be read: %w", err)
		}
		return map[string]any{"$date": date}, nil
	case p.take("null"):
		return nil, nil //nolint:nilnil // null is a value
	case p.take("true"):
		return true, nil
	case p.take("false"):
		return false, nil
	}
	return p.number()
}

func (p *shellParser) number() (any, error) {
	rest := p.text[p.at:]
	n := len(rest) - len(strings.TrimLeft(rest, "+-.0123456789eE"))
	v, err := strconv.ParseFloat(rest[:n], 64)
	if err != nil {
		return nil, fmt.Errorf("no value: %.20q", rest)
	}
	p.at += n
	return v, nil
}

func (p *shellParser) object() (any, error) {
	m := map[string]any{}
	for !p.take("}") {
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		if !p.take(":") {
			return nil, fmt.Errorf("no colon after %q", key)
		}
		if m[key], err = p.value(); err != nil {
			return nil, err
		}
		if !p.take(",") && !strings.HasPrefix(strings.TrimLeft(p.text[p.at:], " \n"), "}") {
			return nil, fmt.Errorf("no comma after %q", key)
		}
	}
	return m, nil
}

func (p *shellParser) key() (string, error) {
	p.skip()
	if p.at < len(p.text) && p.text[p.at] == '\'' {
		return p.quoted()
	}
	n := strings.IndexAny(p.text[p.at:], ": \n")
	if n <= 0 {
		return "", errShellEnd
	}
	key := p.text[p.at : p.at+n]
	p.at += n
	return key, nil
}

func (p *shellParser) array() (any, error) {
	items := []any{}
	for !p.take("]") {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		if !p.take(",") && !strings.HasPrefix(strings.TrimLeft(p.text[p.at:], " \n"), "]") {
			return nil, errors.New("no comma in an array")
		}
	}
	return items, nil
}

// quoted reads a text in single quotes.
func (p *shellParser) quoted() (string, error) {
	if !p.take("'") {
		return "", errors.New("no text in quotes")
	}
	var b strings.Builder
	escapes := map[byte]byte{'n': '\n', 'r': '\r', 't': '\t'}
	for ; p.at < len(p.text); p.at++ {
		switch ch := p.text[p.at]; ch {
		case '\'':
			p.at++
			return b.String(), nil
		case '\\':
			if p.at++; p.at >= len(p.text) {
				return "", errShellEnd
			}
			if plain, ok := escapes[p.text[p.at]]; ok {
				b.WriteByte(plain)
			} else {
				b.WriteByte(p.text[p.at])
			}
		default:
			b.WriteByte(ch)
		}
	}
	return "", errShellEnd
}
