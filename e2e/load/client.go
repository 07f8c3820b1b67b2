package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// conn is one keep-alive connection, driven by hand: the client must cost as little as it
// can, since it shares the machine with the server.
type conn struct {
	c      net.Conn
	r      *bufio.Reader
	host   string
	cookie string
}

func dial(host, cookie string) (*conn, error) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &conn{c: c, r: bufio.NewReaderSize(c, 64<<10), host: host, cookie: cookie}, nil
}

// request renders a request once; do sends it as often as it is wanted.
func (c *conn) request(method, path, body string, header ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.host)
	if c.cookie != "" {
		fmt.Fprintf(&b, "Cookie: %s\r\n", c.cookie)
	}
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

// events opens an event stream and calls each for every event's data.
func (c *conn) events(path string, each func(event, data string)) error {
	if _, err := c.c.Write(c.request(http.MethodGet, path, "", "Accept", "text/event-stream")); err != nil {
		return err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %d", path, resp.StatusCode)
	}
	go func() {
		defer resp.Body.Close()
		sc := bufio.NewScanner(resp.Body)
		sc.Buffer(make([]byte, 0, 4096), 1<<20)
		var event, data string
		for sc.Scan() {
			line := sc.Text()
			switch {
			case line == "":
				if data != "" {
					each(event, data)
				}
				event, data = "", ""
			case strings.HasPrefix(line, "event:"):
				event = strings.TrimSpace(line[6:])
			case strings.HasPrefix(line, "data:"):
				data = strings.TrimSpace(line[5:])
			}
		}
	}()
	return nil
}
