package dialect

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

var registry struct {
	sync.RWMutex
	schemes map[string]Dialect
}

// imports says, for a scheme that is not registered, which import brings it.
var imports = map[string]string{
	"sqlite": "sqlite", "sqlite3": "sqlite", "file": "sqlite",
	"postgres": "postgres", "postgresql": "postgres", "pg": "postgres", "cockroachdb": "postgres", "yugabytedb": "postgres",
	"mysql": "mysql", "mariadb": "mysql", "tidb": "mysql",
	"sqlserver": "mssql", "mssql": "mssql",
	"oracle": "oracle",
}

const modulePath = "github.com/sqlayer-go/sqlayer/dialect/"

// Register makes d known under URL schemes. The packages of dialects call it
// from init; it panics on a nil dialect, a missing scheme, and a scheme that
// is registered already, all of which are mistakes in a program's imports.
func Register(d Dialect, schemes ...string) {
	if d == nil || len(schemes) == 0 {
		panic("dialect: Register of a nil dialect or of no scheme")
	}
	registry.Lock()
	defer registry.Unlock()
	if registry.schemes == nil {
		registry.schemes = map[string]Dialect{}
	}
	for _, s := range schemes {
		s = strings.ToLower(s)
		if _, ok := registry.schemes[s]; ok {
			panic("dialect: Register called twice for scheme " + s)
		}
		registry.schemes[s] = d
	}
}

// Lookup returns the dialect registered for a URL scheme. For one that is not
// known, the error says which import is missing, or suggests the nearest scheme.
func Lookup(scheme string) (Dialect, error) {
	scheme = strings.ToLower(scheme)
	registry.RLock()
	d, ok := registry.schemes[scheme]
	registry.RUnlock()
	if ok {
		return d, nil
	}
	if pkg, ok := imports[scheme]; ok {
		registered := Schemes()
		if slices.Contains(registered, pkg) || pkg == "mssql" && slices.Contains(registered, "sqlserver") {
			return nil, Errorf(ErrURL, "dialect: unknown URL scheme %q; use %q", scheme, pkg)
		}
		return nil, Errorf(ErrURL, "dialect: no dialect for scheme %q; import _ %q", scheme, modulePath+pkg)
	}
	names := Schemes()
	for s := range imports {
		names = append(names, s)
	}
	return nil, Errorf(ErrURL, "dialect: unknown URL scheme %q%s; known are %s", scheme,
		suggest.Hint(scheme, names), strings.Join(Schemes(), ", "))
}

// Schemes returns the registered URL schemes, sorted.
func Schemes() []string {
	registry.RLock()
	defer registry.RUnlock()
	names := make([]string, 0, len(registry.schemes))
	for s := range registry.schemes {
		names = append(names, s)
	}
	sort.Strings(names)
	return names
}
