package sqlite

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// config is what a URL says.
type config struct {
	path      string // absolute; empty for memory
	memory    bool
	mode      string // ro, rw, rwc
	busy      time.Duration
	txBegin   string // the statement that begins a write transaction
	cacheSize int    // of prepared statements
	journal   string // empty: leave it
	// strictJournal says that the URL asked for the mode, so that another one
	// is an error.
	strictJournal bool
	pragmas       []pragma // set on each connection, in order
}

type pragma struct{ name, value string }

// OpenConnector implements [dialect.Dialect]. The forms of the URL and its
// options are in the package documentation.
func (d *sqlite) OpenConnector(u *dialect.URL, cfg dialect.ConnectConfig) (dialect.Connector, error) {
	if u == nil {
		return nil, dialect.Errorf(dialect.ErrURL, "sqlite: no URL")
	}
	c, urlErr := readURL(u)
	if err := errors.Join(checkConnect(cfg), urlErr); err != nil {
		return nil, err
	}
	return newConnector(cfg.DialectOr(d), c), nil
}

// checkConnect refuses what is about a network.
func checkConnect(cfg dialect.ConnectConfig) error {
	var errs []error
	refuse := func(what string) {
		errs = append(errs, dialect.Errorf(dialect.ErrUnsupported, "sqlite: %s: SQLite has no network; its database is a file or in memory", what))
	}
	if cfg.TLS != nil {
		refuse("a TLS configuration")
	}
	if cfg.Dial != nil {
		refuse("a dialer")
	}
	if cfg.Password != nil {
		refuse("a password function")
	}
	if cfg.Driver != nil {
		errs = append(errs, dialect.Errorf(dialect.ErrUnsupported,
			"sqlite: a driver configuration (%T): SQLite has no network and takes all its options in the URL", cfg.Driver))
	}
	return errors.Join(errs...)
}

func readURL(u *dialect.URL) (*config, error) {
	var errs []error
	c := &config{}
	if len(u.Hosts) > 0 {
		host := u.Hosts[0].Name
		errs = append(errs, dialect.Errorf(dialect.ErrURL,
			"sqlite URL: %q is in the place of a host; write sqlite:///%s for a relative path, sqlite:////… for an absolute one", host, host))
	}
	if _, has := u.Password(); u.Username != "" || has {
		errs = append(errs, dialect.Errorf(dialect.ErrURL, "sqlite URL: a user or password: SQLite has neither"))
	}
	switch u.Database {
	case "", ":memory:":
		c.memory = true
	default:
		if strings.IndexByte(u.Database, 0) >= 0 {
			errs = append(errs, dialect.Errorf(dialect.ErrURL, "sqlite URL: the path holds a NUL byte"))
			break
		}
		path, err := filepath.Abs(filepath.FromSlash(u.Database))
		if err != nil {
			errs = append(errs, dialect.Errorf(dialect.ErrURL, "sqlite URL: path %q: %w", u.Database, err))
		}
		c.path = path
	}

	r := dialect.ReadOptions(u)
	c.busy = r.Duration("busy_timeout", 5*time.Second)
	c.cacheSize = r.Int("statement_cache", 256, 0, 1<<16)
	c.mode = r.Choice("mode", "rwc", "rwc", "rw", "ro")
	if c.memory && c.mode != "rwc" {
		r.Fail("mode", c.mode, "of use for a database in memory, which is always new")
	}
	switch r.Choice("txlock", "immediate", "immediate", "deferred", "exclusive") {
	case "deferred":
		c.txBegin = "BEGIN DEFERRED"
	case "exclusive":
		c.txBegin = "BEGIN EXCLUSIVE"
	default:
		c.txBegin = "BEGIN IMMEDIATE"
	}
	c.strictJournal = r.Has("journal_mode")
	c.journal = r.Choice("journal_mode", "", "wal", "delete", "truncate", "persist", "memory", "off")
	switch {
	case c.memory && c.journal != "" && c.journal != "memory" && c.journal != "off":
		r.Fail("journal_mode", c.journal, "memory or off, which is what a database in memory has")
	case !c.strictJournal && !c.memory && c.mode != "ro":
		c.journal = "wal"
	}
	foreignKeys := "0"
	if r.Bool("foreign_keys", true) {
		foreignKeys = "1"
	}
	c.pragmas = append(c.pragmas, pragma{"foreign_keys", foreignKeys})
	synchronous := "" // SQLite's own: full
	if c.journal == "wal" {
		synchronous = "normal"
	}
	if s := r.Choice("synchronous", synchronous, "off", "normal", "full", "extra"); s != "" {
		c.pragmas = append(c.pragmas, pragma{"synchronous", s})
	}
	if r.Has("cache_size") {
		r.Int("cache_size", 0, -1<<31, 1<<31-1)
		c.pragmas = append(c.pragmas, pragma{"cache_size", r.String("cache_size", "")})
	}
	for _, o := range r.Rest("pragma.") {
		p, hint := readPragma(o)
		if hint != "" {
			errs = append(errs, dialect.Errorf(dialect.ErrURL, "sqlite URL: option %s: %s", o.Name, hint))
			continue
		}
		c.pragmas = append(c.pragmas, p)
	}
	errs = append(errs, r.Err())
	return c, errors.Join(errs...)
}

// readPragma checks pragma.NAME=value. SQLite itself ignores a name that it
// does not know. A hint says what is wrong.
func readPragma(o dialect.Option) (p pragma, hint string) {
	name := strings.ToLower(strings.TrimPrefix(o.Name, "pragma."))
	switch name {
	case "busy_timeout", "journal_mode", "foreign_keys", "synchronous", "cache_size":
		return p, "write " + name + "=" + o.Value + ", which is an option of its own"
	}
	if why, ok := refusedPragmas[name]; ok {
		return p, why
	}
	if _, ok := settablePragmas[name]; !ok {
		names := make([]string, 0, len(settablePragmas))
		for n := range settablePragmas {
			names = append(names, n)
		}
		return p, "not a setting of SQLite" + suggest.Hint(name, names)
	}
	if o.Value == "" {
		return p, "no value"
	}
	value := o.Value
	for i := 0; i < len(value); i++ {
		c := value[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' && i == 0 || c == '.') {
			value = "'" + strings.ReplaceAll(o.Value, "'", "''") + "'"
			break
		}
	}
	if strings.IndexByte(value, 0) >= 0 {
		return p, "the value holds a NUL byte"
	}
	return pragma{name, value}, ""
}

// settablePragmas are SQLite's settings.
var settablePragmas = dialect.Words(`
	analysis_limit application_id auto_vacuum automatic_index cache_spill case_sensitive_like cell_size_check
	checkpoint_fullfsync default_cache_size defer_foreign_keys encoding fullfsync hard_heap_limit
	ignore_check_constraints journal_size_limit legacy_alter_table locking_mode max_page_count mmap_size page_size
	query_only recursive_triggers reverse_unordered_selects secure_delete soft_heap_limit temp_store
	temp_store_directory threads trusted_schema user_version wal_autocheckpoint writable_schema`)

var refusedPragmas = map[string]string{
	"read_uncommitted":       "connections do not share a cache, so it does nothing",
	"full_column_names":      "SQLayer relies on plain names of columns",
	"short_column_names":     "SQLayer relies on plain names of columns",
	"empty_result_callbacks": "it does nothing",
	"count_changes":          "SQLayer counts rows itself",
	"schema_version":         "changing it damages a database",
	"data_store_directory":   "use the path of the URL",
	"incremental_vacuum":     "it is an action; run it as a statement",
	"wal_checkpoint":         "it is an action; run it as a statement",
	"optimize":               "it is an action; run it as a statement",
	"shrink_memory":          "it is an action; run it as a statement",
	"integrity_check":        "it is an action; run it as a statement",
	"quick_check":            "it is an action; run it as a statement",
	"foreign_key_check":      "it is an action; run it as a statement",
	"parser_trace":           "it is for debugging SQLite",
	"vdbe_trace":             "it is for debugging SQLite",
	"vdbe_listing":           "it is for debugging SQLite",
}
