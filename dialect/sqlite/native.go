package sqlite

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Handle is SQLite's own connection, as [dialect.RawConn] lends it: what the
// functions of modernc.org/sqlite/lib take. It is valid until the connection is closed
// and must be used by the connection's goroutine only.
type Handle struct {
	TLS *libc.TLS
	DB  uintptr // sqlite3*
}

var initialize sync.Once

// bytesAt views n bytes of SQLite's memory.
func bytesAt(p uintptr, n int) []byte {
	if p == 0 || n == 0 {
		return nil
	}
	return libc.GoBytes(p, n)
}

// textAt views n bytes of SQLite's memory as text. The string is valid as
// long as the memory is.
func textAt(p uintptr, n int) string {
	if p == 0 || n == 0 {
		return ""
	}
	return unsafe.String(unsafe.SliceData(libc.GoBytes(p, n)), n)
}

// viewString makes a string of b without copying it.
func viewString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// pointerAt reads a pointer from SQLite's memory.
func pointerAt(p uintptr) uintptr {
	return *(*uintptr)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, int(unsafe.Sizeof(p))))))
}

// int32At reads a C int.
func int32At(p uintptr) int32 {
	return *(*int32)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, 4))))
}

// callback makes a C function pointer from a declared function.
func callback[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }

// malloc takes n bytes from SQLite.
func (h Handle) malloc(n int) (uintptr, error) {
	p := lib.Xsqlite3_malloc64(h.TLS, uint64(n))
	if p == 0 {
		return 0, &Error{Code: lib.SQLITE_NOMEM, Message: "out of memory"}
	}
	return p, nil
}

func (h Handle) free(p uintptr) {
	if p != 0 {
		lib.Xsqlite3_free(h.TLS, p)
	}
}

// cString copies s to SQLite's memory, with a NUL behind it.
func (h Handle) cString(s string) (uintptr, error) {
	p, err := h.malloc(len(s) + 1)
	if err != nil {
		return 0, err
	}
	b := bytesAt(p, len(s)+1)
	copy(b, s)
	b[len(s)] = 0
	return p, nil
}

// openNative opens a database.
func openNative(name string, flags int32) (h Handle, err error) {
	h.TLS = libc.NewTLS()
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	initialize.Do(func() { lib.Xsqlite3_initialize(h.TLS) })
	cname, err := h.cString(name)
	if err != nil {
		return h, err
	}
	defer h.free(cname)
	pp, err := h.malloc(8)
	if err != nil {
		return h, err
	}
	defer h.free(pp)
	clear(bytesAt(pp, 8))
	rc := lib.Xsqlite3_open_v2(h.TLS, cname, pp, flags|lib.SQLITE_OPEN_NOMUTEX|lib.SQLITE_OPEN_EXRESCODE, 0)
	h.DB = pointerAt(pp)
	if rc != lib.SQLITE_OK {
		return h, h.failure(rc)
	}
	// A name in double quotes that is no name is an error, not a string.
	for _, op := range []int32{lib.SQLITE_DBCONFIG_DQS_DDL, lib.SQLITE_DBCONFIG_DQS_DML} {
		args := libc.NewVaList(int32(0), uintptr(0))
		rc := lib.Xsqlite3_db_config(h.TLS, h.DB, op, args)
		libc.Xfree(h.TLS, args)
		if rc != lib.SQLITE_OK {
			return h, h.failure(rc)
		}
	}
	return h, nil
}

// close closes the database, if it is open, and gives the thread's memory back.
func (h *Handle) close() error {
	var err error
	if h.DB != 0 {
		if rc := lib.Xsqlite3_close_v2(h.TLS, h.DB); rc != lib.SQLITE_OK {
			err = &Error{Code: int(rc), Message: h.resultText(rc)}
		}
		h.DB = 0
	}
	if h.TLS != nil {
		h.TLS.Close()
		h.TLS = nil
	}
	return err
}

func (h Handle) resultText(rc int32) string {
	return libc.GoString(lib.Xsqlite3_errstr(h.TLS, rc))
}

// failure is the error for a result code, with the database's message.
func (h Handle) failure(rc int32) *Error {
	e := &Error{Code: int(rc)}
	if h.DB == 0 {
		e.Message = h.resultText(rc)
		return e
	}
	if code := lib.Xsqlite3_extended_errcode(h.TLS, h.DB); code&0xff == rc&0xff {
		e.Code = int(code)
		e.Message = libc.GoString(lib.Xsqlite3_errmsg(h.TLS, h.DB))
	} else {
		e.Message = h.resultText(rc)
	}
	return e
}

// position is the place of the last error in text, in characters from 1, and
// 0 where SQLite does not say.
func (h Handle) position(text string) int {
	at := int(lib.Xsqlite3_error_offset(h.TLS, h.DB))
	if at < 0 || at > len(text) {
		return 0
	}
	return utf8.RuneCountInString(text[:at]) + 1
}

// prepare compiles the first statement of text and returns how many bytes it
// has. A text of white space and comments gives the statement 0.
func (h Handle) prepare(text string, persistent bool) (stmt uintptr, used int, err error) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return 0, 0, &Error{Code: lib.SQLITE_ERROR, Message: fmt.Sprintf("syntax error: the text holds a NUL byte at %d", i), Position: utf8.RuneCountInString(text[:i]) + 1}
	}
	c, err := h.malloc(16 + len(text) + 1)
	if err != nil {
		return 0, 0, err
	}
	defer h.free(c)
	b := bytesAt(c, 16+len(text)+1)
	clear(b[:16])
	copy(b[16:], text)
	b[16+len(text)] = 0
	var flags uint32
	if persistent {
		flags = lib.SQLITE_PREPARE_PERSISTENT
	}
	rc := lib.Xsqlite3_prepare_v3(h.TLS, h.DB, c+16, int32(len(text)+1), flags, c, c+8)
	if rc != lib.SQLITE_OK {
		e := h.failure(rc)
		e.Position = h.position(text)
		return 0, 0, e
	}
	used = len(text)
	if tail := pointerAt(c + 8); tail != 0 {
		used = min(int(tail-(c+16)), len(text))
	}
	return pointerAt(c), used, nil
}

// The callbacks that SQLite makes find their connection by its sqlite3*.
var open struct {
	sync.RWMutex
	conns map[uintptr]*conn
}

func register(c *conn) {
	open.Lock()
	if open.conns == nil {
		open.conns = map[uintptr]*conn{}
	}
	open.conns[c.h.DB] = c
	open.Unlock()
}

// unregister forgets c, which is closed: a new connection may have its address
// already.
func unregister(c *conn, db uintptr) {
	open.Lock()
	if open.conns[db] == c {
		delete(open.conns, db)
	}
	open.Unlock()
}

func connOf(db uintptr) *conn {
	open.RLock()
	c := open.conns[db]
	open.RUnlock()
	return c
}

// progressSteps is how many instructions of SQLite's virtual machine run
// between two looks at the context: some tens of microseconds.
const progressSteps = 1000

// onProgress stops a statement whose context has ended. SQLite also asks when a
// statement has just come to its end, and would then report one as interrupted
// that it has committed.
func onProgress(tls *libc.TLS, db uintptr) int32 {
	c := connOf(db)
	if c == nil || c.done == nil {
		return 0
	}
	select {
	case <-c.done:
		if c.stepping != 0 && lib.Xsqlite3_stmt_busy(tls, c.stepping) == 0 {
			return 0
		}
		c.cancelled = true
		return 1
	default:
		return 0
	}
}

// busyDelays are the pauses between attempts to get a lock; the last one
// repeats.
var busyDelays = [...]time.Duration{
	50 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 15 * time.Millisecond, 20 * time.Millisecond, 25 * time.Millisecond,
}

func onBusy(_ *libc.TLS, db uintptr, count int32) int32 {
	c := connOf(db)
	if c == nil || !c.waitBusy(int(count)) {
		return 0
	}
	return 1
}

// onUpdate notes that an INSERT has put a row into the table that its text
// names; rows that triggers put elsewhere do not count.
func onUpdate(_ *libc.TLS, db uintptr, op int32, _, table uintptr, _ int64) {
	if op != lib.SQLITE_INSERT {
		return
	}
	c := connOf(db)
	if c == nil || c.inserting == nil || c.inserted {
		return
	}
	c.inserted = c.inserting.table == "" || sameName(c.inserting.table, table)
}

// sameName compares a name with a C string, ignoring the case of ASCII
// letters as SQLite does.
func sameName(name string, p uintptr) bool {
	if p == 0 {
		return false
	}
	b := libc.GoBytes(p, len(name)+1)
	for i := 0; i < len(name); i++ {
		if c := b[i]; c == 0 || lower(c) != lower(name[i]) {
			return false
		}
	}
	return b[len(name)] == 0
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
