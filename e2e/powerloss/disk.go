package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// inode is a file's content: what is on the platter for certain, and what was written since.
type inode struct {
	durable []byte
	pending []op // writes and truncations that no sync has covered, in order
}

// change is one of a name, that no sync of its directory has covered.
type change struct {
	op
	inode int
}

// disk is what the files are at one moment of a trace: what programs see, and what a power
// cut may leave of it. POSIX promises no more than this: fsync of a file keeps its content,
// fsync of a directory the names in it.
type disk struct {
	inodes  []*inode
	names   map[string]int // path -> inode, as programs see them
	certain map[string]int // path -> inode, as they are on the platter for certain
	changes []change
}

func newDisk() *disk {
	return &disk{names: map[string]int{}, certain: map[string]int{}}
}

// begin applies a call when it begins: from then on any part of it may have reached the
// platter.
func (d *disk) begin(o op) error {
	switch o.kind {
	case opCreate:
		d.create(o)
	case opUnlink:
		d.rename(o, "")
	case opRename:
		d.rename(o, o.to)
	case opWrite, opTruncate:
		i, ok := d.names[o.path]
		if !ok {
			return fmt.Errorf("line %d: %s to %s, which was never made", o.enter, o.kind, o.path)
		}
		d.inodes[i].pending = append(d.inodes[i].pending, o)
	case opSync, opAnswer, "":
	}
	return nil
}

func (d *disk) create(o op) {
	if _, ok := d.names[o.path]; ok {
		return
	}
	d.inodes = append(d.inodes, &inode{})
	d.names[o.path] = len(d.inodes) - 1
	d.changes = append(d.changes, change{o, len(d.inodes) - 1})
}

func (d *disk) rename(o op, to string) {
	i, ok := d.names[o.path]
	if !ok {
		return
	}
	d.changes = append(d.changes, change{o, i})
	delete(d.names, o.path)
	if to != "" {
		d.names[to] = i
	}
}

// end applies a sync when it has ended: what had ended before the sync began is certain now.
func (d *disk) end(o op) {
	if o.kind != opSync {
		return
	}
	var left []change
	for _, c := range d.changes {
		if filepath.Dir(c.path) == o.path && c.leave <= o.enter {
			c.keep(d.certain)
		} else {
			left = append(left, c)
		}
	}
	d.changes = left
	i, ok := d.names[o.path]
	if !ok {
		return
	}
	f := d.inodes[i]
	var pending []op
	for _, w := range f.pending {
		if w.leave <= o.enter {
			f.durable = w.apply(f.durable, whole)
		} else {
			pending = append(pending, w)
		}
	}
	f.pending = pending
}

// keep applies the change to names.
func (c change) keep(names map[string]int) {
	if c.kind == opCreate {
		names[c.path] = c.inode
		return
	}
	delete(names, c.path)
	if c.to != "" {
		names[c.to] = c.inode
	}
}

// whole keeps every sector.
func whole() bool { return true }

// apply writes those sectors of a call to content that keep says.
func (o op) apply(content []byte, keep func() bool) []byte {
	if o.kind == opTruncate {
		if !keep() {
			return content
		}
		return resize(content, o.off)
	}
	for at := int64(0); at < int64(len(o.data)); {
		next := min((o.off+at)/sector*sector+sector-o.off, int64(len(o.data)))
		if keep() {
			if end := o.off + next; end > int64(len(content)) {
				content = resize(content, end)
			}
			copy(content[o.off+at:], o.data[at:next])
		}
		at = next
	}
	return content
}

// resize makes content n bytes long; new bytes are zero, whatever stood there before.
func resize(content []byte, n int64) []byte {
	have := int64(len(content))
	if n <= have {
		return content[:n]
	}
	if n > int64(cap(content)) {
		return append(content, make([]byte, n-have)...)
	}
	content = content[:n]
	clear(content[have:])
	return content
}

// fate is what a power cut does to what was not yet synced.
type fate string

const (
	dropped fate = "dropped" // nothing of it is there
	kept    fate = "kept"    // all of it is there, as after kill -9
	torn    fate = "torn"    // some sectors are there, and some names
)

// after returns the files of the data directory that a power cut leaves.
func (d *disk) after(dir string, how fate, r *rand.Rand) map[string][]byte {
	names := maps.Clone(d.certain)
	keep, changes := whole, len(d.changes)
	switch how {
	case dropped:
		keep, changes = func() bool { return false }, 0
	case torn:
		share := []float64{0.1, 0.5, 0.9, 0.99}[r.IntN(4)]
		keep, changes = func() bool { return r.Float64() < share }, r.IntN(changes+1)
	case kept:
	}
	for _, c := range d.changes[:changes] { // a journal keeps their order
		c.keep(names)
	}
	files := map[string][]byte{}
	if _, ok := names[dir]; !ok {
		return files // the directory itself is not there
	}
	for path, i := range names {
		if filepath.Dir(path) != dir {
			continue
		}
		f := d.inodes[i]
		content := append([]byte(nil), f.durable...)
		for _, w := range f.pending {
			content = w.apply(content, keep)
		}
		files[filepath.Base(path)] = content
	}
	return files
}
