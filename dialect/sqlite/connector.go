package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/sqlayer-go/sqlayer/dialect"
)

var _ interface {
	dialect.Connector
	dialect.PoolAdviser
	Close() error
} = (*connector)(nil)

// connector opens connections to one database.
type connector struct {
	d   dialect.Dialect
	cfg *config

	// setUp is held by the connection that is being set up: two that change
	// the journal mode at the same time would be in each other's way.
	setUp chan struct{}

	mu     sync.Mutex
	name   string // of the database in memory
	keeper Handle // holds the database in memory
	closed bool
}

// memories numbers the databases in memory of the process.
var memories atomic.Uint64

func newConnector(d dialect.Dialect, cfg *config) *connector {
	c := &connector{d: d, cfg: cfg, setUp: make(chan struct{}, 1)}
	if cfg.memory {
		c.name = "file:/sqlayer-" + strconv.FormatUint(memories.Add(1), 10) + "?vfs=memdb"
	}
	return c
}

// Dialect implements [dialect.Connector].
func (c *connector) Dialect() dialect.Dialect { return c.d }

// Address is the file's path, or ":memory:".
func (c *connector) Address() string {
	if c.cfg.memory {
		return ":memory:"
	}
	return c.cfg.path
}

// Pooling advises few connections: readers beside one writer.
func (c *connector) Pooling() dialect.Pooling {
	return dialect.Pooling{Size: min(max(runtime.GOMAXPROCS(0), 4), 16)}
}

// connectError is a database that could not be opened.
type connectError struct {
	path    string
	missing bool // the file is not there
	err     error
	hint    string
}

func (e *connectError) Error() string {
	s := "sqlite: cannot open " + e.path
	if e.err != nil {
		s += ": " + strings.TrimPrefix(e.err.Error(), "sqlite: ")
	}
	if e.hint != "" {
		s += ": " + e.hint
	}
	return s
}

func (e *connectError) Unwrap() error { return e.err }

// failure adds the path to err, and what is wrong with it where that can be seen.
func (c *connector) failure(err error) error {
	e := &connectError{path: c.Address(), err: err}
	if native, ok := errors.AsType[*Error](err); ok && native.Code&0xff == lib.SQLITE_CANTOPEN {
		dir := filepath.Dir(c.cfg.path)
		info, statErr := os.Stat(c.cfg.path)
		switch {
		case statErr == nil && info.IsDir():
			e.hint = "it is a directory"
		case errors.Is(statErr, os.ErrNotExist):
			if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
				e.missing, e.hint = true, "the directory "+dir+" does not exist"
			} else if c.cfg.mode != "rwc" {
				e.missing, e.hint = true, "the file does not exist, and mode="+c.cfg.mode+" does not create it"
			}
		}
	}
	return e
}

// Connect implements [dialect.Connector].
func (c *connector) Connect(ctx context.Context) (dialect.Conn, error) {
	if ctx.Err() != nil {
		return nil, &connectError{path: c.Address(), err: interrupted(ctx)}
	}
	var flags int32
	name := c.cfg.path
	switch c.cfg.mode {
	case "ro":
		flags = lib.SQLITE_OPEN_READONLY
	case "rw":
		flags = lib.SQLITE_OPEN_READWRITE
	default:
		flags = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE
	}
	if c.cfg.memory {
		name, flags = c.name, flags|lib.SQLITE_OPEN_URI
	}
	if err := c.keep(name, flags); err != nil {
		return nil, err
	}
	h, err := openNative(name, flags)
	if err != nil {
		return nil, c.failure(err)
	}
	cn := newConn(c, h)
	select {
	case c.setUp <- struct{}{}:
		err = cn.setUp(ctx)
		<-c.setUp
	case <-ctx.Done():
		err = interrupted(ctx)
	}
	if err != nil {
		return nil, c.failure(errors.Join(err, cn.Close()))
	}
	return cn, nil
}

// keep makes the database in memory, where it is one, on the first call.
func (c *connector) keep(name string, flags int32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return dialect.Errorf(dialect.ErrClosed, "sqlite: the connector of %s is closed", c.Address())
	}
	if !c.cfg.memory || c.keeper.DB != 0 {
		return nil
	}
	keeper, err := openNative(name, flags)
	if err == nil {
		err = keeper.liftSizeLimit()
	}
	if err != nil {
		return c.failure(errors.Join(err, keeper.close()))
	}
	c.keeper = keeper
	return nil
}

// Close lets a database in memory go, once its last connection is closed. A
// second Close does nothing.
func (c *connector) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return c.keeper.close()
}

// liftSizeLimit lets a database in memory grow as large as one in a file; the
// limit is 1 GiB otherwise.
func (h Handle) liftSizeLimit() error {
	p, err := h.malloc(8)
	if err != nil {
		return err
	}
	defer h.free(p)
	binary.NativeEndian.PutUint64(bytesAt(p, 8), 1<<46)
	if rc := lib.Xsqlite3_file_control(h.TLS, h.DB, 0, lib.SQLITE_FCNTL_SIZE_LIMIT, p); rc != lib.SQLITE_OK {
		return h.failure(rc)
	}
	return nil
}

// setUp applies the URL's options to a new connection.
func (c *conn) setUp(ctx context.Context) error {
	cfg := c.connector.cfg
	c.enter(ctx)
	defer c.leave()
	// What has to come before the first table, then the rest.
	for _, first := range []bool{true, false} {
		for _, p := range cfg.pragmas {
			if beforeTables(p.name) != first {
				continue
			}
			if _, err := c.setting(p.name, p.value); err != nil {
				return fmt.Errorf("PRAGMA %s=%s: %w", p.name, p.value, err)
			}
		}
		if first && cfg.journal != "" {
			got, err := c.setting("journal_mode", cfg.journal)
			if err != nil {
				return fmt.Errorf("PRAGMA journal_mode=%s: %w", cfg.journal, err)
			}
			if got != cfg.journal && cfg.strictJournal {
				return fmt.Errorf("journal_mode=%s is not possible here; the database is in mode %s", cfg.journal, got)
			}
		}
	}
	if err := c.defineRegexp(); err != nil {
		return err
	}
	return c.remember()
}

// setting is pragma, which waits where SQLite itself does not: when two
// processes change the journal mode of a new file, one is refused at once.
func (c *conn) setting(name, value string) (string, error) {
	start := time.Now()
	for count := 0; ; count++ {
		got, err := c.pragma(name, value)
		e, ok := err.(*Error)
		if err == nil {
			return got, nil
		}
		if !ok || e.Code&0xff != lib.SQLITE_BUSY || !c.pause(c.connector.cfg.busy-time.Since(start), count) {
			return got, c.explain(err)
		}
	}
}

func beforeTables(name string) bool {
	return name == "page_size" || name == "auto_vacuum" || name == "encoding" || name == "locking_mode"
}
