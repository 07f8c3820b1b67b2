package store

import (
	"encoding/binary"
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// logVFS is the name of the virtual file system that the writer opens the database with. It is
// SQLite's own but for one thing: what goes to the write-ahead log waits in memory until the
// commit's last frame, and goes to the system as one write. SQLite makes two for each page, and
// forty of them took a third of a commit.
//
// Nobody can miss what waits. Other connections read no frame before its commit is in the
// log's index, where SQLite enters it after the write of the last frame; and the connection
// itself, which reads back what did not fit its cache, has all written before it reads. An
// error comes from the write of the last frame instead of from that of an earlier one; either
// takes the whole transaction back.
const logVFS = "liveassist-log"

// maxGathered is how many bytes wait at the most: 31 pages of 4 KiB with their headers, and at
// least one of the largest, 64 KiB. SQLite's write
// for Unix takes the length modulo 128 KiB (seekAndWriteFd in os_unix.c).
const maxGathered = 1<<17 - 1

// A frame of the log is a header and a page. The header's second number, the size of the
// database in pages, is zero but in a commit's last frame (sqlite.org/fileformat2.html#walformat).
const (
	frameHeader = 24
	commitSize  = 4
)

// logFile is what stands behind SQLite's own data of an open log, in memory of SQLite's.
type logFile struct {
	methods sqlite3.Tsqlite3_io_methods // SQLite's, with ours in place of some
	own     uintptr                     // SQLite's *sqlite3_io_methods
	bytes   uintptr                     // maxGathered bytes, once something was written
	n       int32                       // how many of them wait
	last    bool                        // the frame that began is the last of its commit
	at      int64                       // where in the file they belong
	end     int64                       // where what was written so far ends
}

// SQLite calls through addresses of functions with these types.
type (
	openFunc  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	closeFunc = func(tls *libc.TLS, file uintptr) int32
	moveFunc  = func(tls *libc.TLS, file, p uintptr, n int32, at int64) int32 // xRead and xWrite
	truncFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc  = func(tls *libc.TLS, file uintptr, flags int32) int32
	sizeFunc  = func(tls *libc.TLS, file, size uintptr) int32
)

// ownVFS is SQLite's *sqlite3_vfs, and ownSize how many bytes of an open file are its own.
//
//nolint:gochecknoglobals // SQLite keeps its file systems for the process, too
var ownVFS, ownSize uintptr

//nolint:gochecknoglobals // as above
var registerLogVFS = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	ownVFS = sqlite3.Xsqlite3_vfs_find(tls, 0)
	name, err := libc.CString(logVFS)
	if ownVFS == 0 || err != nil {
		return errors.Join(errors.New("SQLite has no file system here"), err)
	}
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	if p == 0 {
		return errors.New("no memory for SQLite's file system")
	}
	vfs := at[sqlite3.Tsqlite3_vfs](p)
	*vfs = *at[sqlite3.Tsqlite3_vfs](ownVFS)
	const align = unsafe.Sizeof(int64(0))
	ownSize = (uintptr(vfs.FszOsFile) + align - 1) &^ (align - 1)
	vfs.FszOsFile = int32(ownSize + unsafe.Sizeof(logFile{}))
	vfs.FzName, vfs.FpNext, vfs.FxOpen = name, 0, address(openFunc(openLog))
	if rc := sqlite3.Xsqlite3_vfs_register(tls, p, 0); rc != sqlite3.SQLITE_OK {
		return errors.New("SQLite takes no file system: " + libc.GoString(sqlite3.Xsqlite3_errstr(tls, rc)))
	}
	return nil
})

// openLog opens any file as SQLite does, and puts itself before the methods of a log.
func openLog(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	rc := function[openFunc](at[sqlite3.Tsqlite3_vfs](ownVFS).FxOpen)(tls, ownVFS, name, file, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f, l := at[sqlite3.Tsqlite3_file](file), logOf(file)
	*l = logFile{own: f.FpMethods, methods: *at[sqlite3.Tsqlite3_io_methods](f.FpMethods)}
	m := &l.methods
	m.FxClose, m.FxRead, m.FxWrite = address(closeFunc(closeLog)), address(moveFunc(readLog)), address(moveFunc(writeLog))
	m.FxTruncate, m.FxSync, m.FxFileSize = address(truncFunc(truncateLog)), address(syncFunc(syncLog)), address(sizeFunc(sizeOfLog))
	f.FpMethods = file + ownSize + unsafe.Offsetof(l.methods)
	return rc
}

func writeLog(tls *libc.TLS, file, p uintptr, n int32, to int64) int32 {
	l := logOf(file)
	// SQLite goes back to change a frame that it has written, or after a rollback.
	if l.n > 0 && (to != l.at+int64(l.n) || n > maxGathered-l.n) {
		if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	if l.bytes == 0 {
		l.bytes = libc.Xmalloc(tls, maxGathered)
	}
	if l.bytes == 0 {
		return sqlite3.SQLITE_IOERR_NOMEM
	}
	if l.n == 0 {
		l.at = to
	}
	if to == 0 {
		l.end = 0 // the log begins anew
	}
	again := to < l.end
	l.end = max(l.end, to+int64(n))
	libc.Xmemcpy(tls, l.bytes+uintptr(l.n), p, libc.Tsize_t(n)) //nolint:gosec // not negative
	l.n += n
	if n == frameHeader {
		l.last = binary.BigEndian.Uint32(at[[frameHeader]byte](p)[commitSize:]) != 0
		if !l.last || !again {
			return sqlite3.SQLITE_OK
		}
		// Where a frame was changed, the headers behind it are written again, for their
		// checksums: the commit ends with that of its last frame, and no page follows.
		return l.flush(tls, file)
	}
	if !l.last {
		return sqlite3.SQLITE_OK
	}
	l.last = false
	return l.flush(tls, file)
}

// flush writes what waits. Where that fails it is dropped: SQLite takes the whole transaction
// back when a write or a sync fails, and a later one must not fail of it again.
func (l *logFile) flush(tls *libc.TLS, file uintptr) int32 {
	n := l.n
	l.n = 0
	if n == 0 {
		return sqlite3.SQLITE_OK
	}
	return function[moveFunc](l.system().FxWrite)(tls, file, l.bytes, n, l.at)
}

// settle writes what waits before something else is asked of the file. Where that fails it
// keeps it, since a transaction may outlive a read that failed.
func (l *logFile) settle(tls *libc.TLS, file uintptr) int32 {
	n := l.n
	rc := l.flush(tls, file)
	if rc != sqlite3.SQLITE_OK {
		l.n = n
	}
	return rc
}

func readLog(tls *libc.TLS, file, p uintptr, n int32, from int64) int32 {
	l := logOf(file)
	if rc := l.settle(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return function[moveFunc](l.system().FxRead)(tls, file, p, n, from)
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	l := logOf(file)
	if rc := l.settle(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return function[sizeFunc](l.system().FxFileSize)(tls, file, size)
}

func truncateLog(tls *libc.TLS, file uintptr, size int64) int32 {
	l := logOf(file)
	if rc := l.settle(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return function[truncFunc](l.system().FxTruncate)(tls, file, size)
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return function[syncFunc](l.system().FxSync)(tls, file, flags)
}

// closeLog writes nothing that waits: it belongs to no commit.
func closeLog(tls *libc.TLS, file uintptr) int32 {
	l := logOf(file)
	libc.Xfree(tls, l.bytes)
	return function[closeFunc](l.system().FxClose)(tls, file)
}

// system returns SQLite's own methods of the log.
func (l *logFile) system() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](l.own)
}

func logOf(file uintptr) *logFile { return at[logFile](file + ownSize) }

// at returns what stands at an address in SQLite's memory, which is none of Go's.
func at[T any](p uintptr) *T {
	return *(**T)(unsafe.Pointer(&p)) //nolint:gosec // the language of SQLite's interface
}

// function returns the function behind an address, as SQLite's own code does.
func function[F any](p uintptr) F {
	return *(*F)(unsafe.Pointer(&struct{ uintptr }{p})) //nolint:gosec // as above
}

// address returns the address of a top-level function: an interface's second word.
func address(f any) uintptr {
	return (*[2]uintptr)(unsafe.Pointer(&f))[1] //nolint:gosec // as above
}
