package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// conn is one keep-alive connection, driven by hand: the client must cost as little as it
// can, since it shares the machine with the server.
type conn struct {
	c    net.Conn
	r    *bufio.Reader
	host string
	auth string // a header's line that says who asks
}

func dial(host string, p person) (*conn, error) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &conn{c: c, r: bufio.NewReaderSize(c, 16<<10), host: host, auth: p.header}, nil
}

// request renders a request once; do sends it as often as it is wanted.
func (c *conn) request(method, path, body string, header ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.host)
	b.WriteString(c.auth)
	for i := 0; i+1 < len(header); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", header[i], header[i+1])
	}
	if method == http.MethodPost {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// do sends a rendered request and reads the answer to its end.
func (c *conn) do(request []byte) (status int, body []byte, header http.Header, err error) {
	if _, err := c.c.Write(request); err != nil {
		return 0, nil, nil, err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, resp.Header, err
}

// must does a request that has to succeed, and decodes the answer into v.
func (c *conn) must(method, path, body string, v any) (http.Header, error) {
	status, b, header, err := c.do(c.request(method, path, body))
	if err != nil {
		return nil, err
	}
	if status > 299 {
		return nil, fmt.Errorf("%s %s: %d %.200s", method, path, status, b)
	}
	if v != nil {
		return header, json.Unmarshal(b, v)
	}
	return header, nil
}

// stream is an open event stream.
type stream struct {
	*conn
	lines *bufio.Reader
}

// open begins a person's event stream and returns when it tells of messages: the headers
// and the first event are read.
func (t *target) open(p person) (*stream, error) {
	c, err := dial(t.addr, p)
	if err != nil {
		return nil, err
	}
	s := &stream{conn: c}
	if err := s.begin(t, p); err != nil {
		c.c.Close()
		return nil, err
	}
	return s, nil
}

func (s *stream) begin(t *target, p person) error {
	if _, err := s.c.Write(s.request(http.MethodGet, p.streaming, "", "Accept", "text/event-stream")); err != nil {
		return err
	}
	resp, err := http.ReadResponse(s.r, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %d", p.streaming, resp.StatusCode)
	}
	s.lines = bufio.NewReaderSize(resp.Body, 4<<10)
	_, data, err := s.next(nil)
	if err != nil {
		return fmt.Errorf("%s: first event: %w", t.name, err)
	}
	return t.api.subscribe(t, p, data)
}

// next reads the next event into buf, and returns its name and data.
func (s *stream) next(buf []byte) (event string, data []byte, err error) {
	data = buf[:0]
	for {
		line, err := s.lines.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			data = append(data, line...) // only data is so long
			line, err = s.lines.ReadSlice('\n')
			if err == nil {
				data = append(data, line...)
				line = nil
			}
		}
		if err != nil {
			return "", nil, err
		}
		switch {
		case line == nil:
			data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("data:")))
		case len(line) == 1 && len(data) > 0:
			return event, data, nil
		case bytes.HasPrefix(line, []byte("event:")):
			event = string(bytes.TrimSpace(line[6:]))
		case bytes.HasPrefix(line, []byte("data:")):
			data = append(data[:0], bytes.TrimSpace(line[5:])...)
		}
	}
}

// listen opens a stream and calls each for every event from a goroutine of its own, until
// the stream is closed. data is good until each returns.
func (t *target) listen(p person, each func(event string, data []byte)) (*stream, error) {
	s, err := t.open(p)
	if err != nil {
		return nil, err
	}
	go func() {
		var buf []byte
		for {
			event, data, err := s.next(buf)
			if err != nil {
				return
			}
			each(event, data)
			buf = data
		}
	}()
	return s, nil
}

// streams are open streams, closed together.
type streams []*stream

func (list streams) close() {
	for _, s := range list {
		s.c.Close()
	}
}
