package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// kind is what a system call does to the disk, or for a client.
type kind string

const (
	opWrite    kind = "write"
	opTruncate kind = "truncate"
	opCreate   kind = "create" // a name that was not there
	opUnlink   kind = "unlink"
	opRename   kind = "rename"
	opSync     kind = "sync"   // of a file or a directory
	opAnswer   kind = "answer" // bytes for a client: what they promise holds from here on
)

// op is one system call. enter and leave are lines of the trace: strace writes a call down
// when it begins, and again when it ends if anything else happened between.
type op struct {
	kind         kind
	path, to     string
	off          int64 // for truncate: the size
	data         []byte
	enter, leave int
}

// never is the line at which a call ends that the trace does not show the end of.
const never = int(^uint(0) >> 1)

// traced are the calls that can change a file, its name or its size, or make them durable.
// A call among them that parseCall does not know is an error, not overlooked.
const traced = "openat,openat2,open,creat,mkdir,mkdirat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate," +
	"fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,sendto,sendmsg"

// straceArgs traces a command into the file out: every thread, whole buffers as hexadecimal,
// descriptors with their paths.
func straceArgs(out string, command ...string) []string {
	return append([]string{"-f", "-qq", "-y", "-xx", "-s", "16777216", "-e", "signal=none", "--seccomp-bpf", "-e", "trace=" + traced, "-o", out}, command...)
}

// parser reads traces of one run after the other.
type parser struct {
	dir  string // only what lies in here is of interest, and the directory itself
	ops  []op
	line int
	open map[string]int // thread -> index in ops of the call that has not ended, or -1
	data int            // bytes that were written to files
}

func newParser(dir string) *parser { return &parser{dir: dir, open: map[string]int{}} }

// file reads one trace.
func (p *parser) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read trace: %w", err)
	}
	defer func() { _ = f.Close() }()
	r := bufio.NewReaderSize(f, 1<<20)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			p.line++
			if err := p.one(bytes.TrimRight(line, "\n")); err != nil {
				return fmt.Errorf("read trace %s, line %d: %w", filepath.Base(path), p.line, err)
			}
		}
		if errors.Is(err, io.EOF) {
			clear(p.open)
			return nil
		}
		if err != nil {
			return fmt.Errorf("read trace: %w", err)
		}
	}
}

// one takes "THREAD call(...) = result", "THREAD call(... <unfinished ...>" or
// "THREAD <... call resumed>...) = result".
func (p *parser) one(line []byte) error {
	thread, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return fmt.Errorf("no call: %.80q", line)
	}
	rest = bytes.TrimLeft(rest, " ")
	id := string(thread)
	if bytes.HasPrefix(rest, []byte("<... ")) {
		i, begun := p.open[id]
		delete(p.open, id)
		if begun && i >= 0 {
			p.end(i, rest)
		}
		return nil
	}
	if bytes.HasPrefix(rest, []byte("+++")) || bytes.HasPrefix(rest, []byte("---")) {
		return nil
	}
	call, unfinished := bytes.CutSuffix(rest, []byte(" <unfinished ...>"))
	if !unfinished { // strace left while it ran: how it ended nobody knows
		call, unfinished = bytes.CutSuffix(rest, []byte(" <detached ...>"))
	}
	o, err := p.call(call)
	if err != nil {
		return err
	}
	at := -1
	if o != nil {
		o.enter, o.leave = p.line, never
		p.ops = append(p.ops, *o)
		at = len(p.ops) - 1
	}
	if unfinished {
		p.open[id] = at
	} else if at >= 0 {
		p.end(at, call)
	}
	return nil
}

// end notes how a call ended: one that failed changed nothing, one that wrote less than it
// was asked wrote that much.
func (p *parser) end(i int, text []byte) {
	o := &p.ops[i]
	o.leave = p.line
	_, result, ok := bytes.Cut(text[max(0, bytes.LastIndex(text, []byte(") = "))):], []byte("= "))
	if !ok || bytes.HasPrefix(result, []byte("?")) {
		o.leave = never // the process was killed in it
		return
	}
	word, _, _ := bytes.Cut(result, []byte(" "))
	word, _, _ = bytes.Cut(word, []byte("<"))
	n, err := strconv.ParseInt(string(word), 10, 64)
	switch {
	case err != nil || n < 0:
		o.kind = ""
	case o.kind == opWrite && int(n) < len(o.data):
		o.data = o.data[:n]
	}
}

// call understands one call; nil where it is of no interest.
func (p *parser) call(text []byte) (*op, error) {
	name, args, ok := bytes.Cut(text, []byte("("))
	if !ok {
		return nil, fmt.Errorf("no call: %.80q", text)
	}
	switch string(name) {
	case "write", "sendto":
		return p.write(args, false)
	case "pwrite64":
		return p.write(args, true)
	case "fsync", "fdatasync":
		if path := p.inside(descriptor(args)); path != "" {
			return &op{kind: opSync, path: path}, nil
		}
		return nil, nil //nolint:nilnil // of no interest
	case "ftruncate":
		path := p.inside(descriptor(args))
		if path == "" {
			return nil, nil //nolint:nilnil // of no interest
		}
		size, _, _ := bytes.Cut(args[bytes.Index(args, []byte(">, "))+3:], []byte(")"))
		n, err := strconv.ParseInt(string(size), 10, 64)
		return &op{kind: opTruncate, path: path, off: n}, err
	}
	return p.named(string(name), args)
}

// named understands the calls that name a file by its path.
func (p *parser) named(name string, args []byte) (*op, error) {
	paths, err := quoted(args)
	if err != nil {
		return nil, err
	}
	mine := false
	for i, b := range paths {
		if !filepath.IsAbs(b) {
			continue // within a directory that was opened; -y would show it
		}
		paths[i] = p.inside(b)
		mine = mine || paths[i] != ""
	}
	if !mine && p.inside(descriptor(args)) == "" {
		return nil, nil //nolint:nilnil // of no interest
	}
	switch name {
	case "openat", "open":
		if bytes.Contains(args, []byte("O_CREAT")) && mine {
			return &op{kind: opCreate, path: paths[0]}, nil
		}
		return nil, nil //nolint:nilnil // it changes nothing
	case "mkdir", "mkdirat":
		return &op{kind: opCreate, path: paths[0]}, nil
	case "unlink", "unlinkat":
		if mine {
			return &op{kind: opUnlink, path: paths[0]}, nil
		}
	case "rename", "renameat", "renameat2":
		if len(paths) == 2 {
			return &op{kind: opRename, path: paths[0], to: paths[1]}, nil
		}
	}
	return nil, fmt.Errorf("%s in the data directory: this program does not know what that does", name)
}

// write understands write(fd<path>, "bytes", n) and pwrite64(fd<path>, "bytes", n, offset).
func (p *parser) write(args []byte, positioned bool) (*op, error) {
	target := descriptor(args)
	path, socket := p.inside(target), strings.HasPrefix(target, "socket:") || strings.HasPrefix(target, "TCP")
	if path == "" && !socket {
		return nil, nil //nolint:nilnil // of no interest
	}
	begin := bytes.IndexByte(args, '"') + 1
	end := begin + bytes.IndexByte(args[begin:], '"')
	if begin == 0 || end < begin {
		return nil, fmt.Errorf("no bytes: %.80q", args)
	}
	data, err := unhex(args[begin:end])
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(args[end:], []byte(`"...`)) {
		return nil, errors.New("bytes are cut off")
	}
	if socket {
		return &op{kind: opAnswer, data: data}, nil
	}
	if !positioned {
		return nil, fmt.Errorf("write to %s at no offset: this program does not follow positions", path)
	}
	rest, _, _ := bytes.Cut(args[end+2:], []byte(")"))
	fields := strings.Split(strings.TrimSpace(string(rest)), ", ")
	off, err := strconv.ParseInt(fields[len(fields)-1], 10, 64)
	if err != nil || len(fields) != 2 {
		return nil, fmt.Errorf("no offset: %q", rest)
	}
	p.data += len(data)
	return &op{kind: opWrite, path: path, off: off, data: data}, nil
}

// inside returns the path where it is the data directory, the one above it, or one of the
// database's files; else "". Promises are about nothing else: uploads under way, which lie
// there too, are gone after a restart anyhow.
func (p *parser) inside(path string) string {
	if path == p.dir || path == filepath.Dir(p.dir) || strings.HasPrefix(path, p.dir+"/liveassist.db") {
		return path
	}
	return ""
}

// descriptor returns the path of the first argument, fd<path>. With -xx strace escapes it.
func descriptor(args []byte) string {
	_, rest, ok := bytes.Cut(args, []byte("<"))
	if !ok {
		return ""
	}
	path, _, _ := bytes.Cut(rest, []byte(">"))
	if bytes.HasPrefix(path, []byte(`\x`)) {
		if b, err := unhex(path); err == nil {
			return string(b)
		}
	}
	return string(path)
}

// quoted returns the strings among the arguments.
func quoted(args []byte) (list []string, err error) {
	for i, part := range bytes.Split(args, []byte(`"`)) {
		if i%2 == 1 {
			b, err := unhex(part)
			if err != nil {
				return nil, err
			}
			list = append(list, string(b))
		}
	}
	return list, nil
}

// unhex reads \x01\x02.
func unhex(b []byte) ([]byte, error) {
	if len(b)%4 != 0 {
		return nil, fmt.Errorf("not hexadecimal: %.40q", b)
	}
	out := make([]byte, len(b)/4)
	for i := range out {
		h, l := digit(b[4*i+2]), digit(b[4*i+3])
		if b[4*i] != '\\' || b[4*i+1] != 'x' || h < 0 || l < 0 {
			return nil, fmt.Errorf("not hexadecimal: %.40q", b[4*i:])
		}
		out[i] = byte(h<<4 | l)
	}
	return out, nil
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
