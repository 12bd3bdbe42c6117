package layers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Module is the path of the module whose shape is kept.
const Module = "github.com/sqlayer-go/sqlayer"

// drivers names the external code that each dialect stands on, by prefixes of
// import paths.
var drivers = map[string][]string{
	"postgres": {"github.com/jackc/pgx/v5", "github.com/jackc/"},
	"mysql":    {"github.com/go-sql-driver/mysql", "filippo.io/edwards25519"},
	"sqlite":   {"modernc.org/", "zombiezen.com/go/sqlite"},
	"mssql":    {"github.com/microsoft/go-mssqldb", "github.com/golang-sql/"},
	"oracle":   {"github.com/sijms/go-ora/v2"},
}

// common is external code that is no driver.
var common = []string{"golang.org/x/", "github.com/google/uuid"}

// A row says what the packages that match it may import beside the standard
// library. Patterns are relative to the module; one that ends in "/..." also
// covers what lies below it.
type row struct {
	pkg      string
	may      []string // packages of the module
	external []string // prefixes of other import paths
}

// everything is for what stands above all layers: anything but drivers.
var everything = []string{"dialect/...", "pool/...", "engine/...", "expr/...", "orm/...", "internal/..."}

// rows is the table of imports. The first row that matches counts.
var rows = slices.Concat(
	[]row{
		{pkg: "dialect", may: []string{"internal/..."}},
		{pkg: "dialect/all", may: []string{"dialect/postgres", "dialect/mysql", "dialect/sqlite", "dialect/mssql", "dialect/oracle"}},
		{pkg: "dialect/dialecttest/...", may: everything},
	},
	dialectRows(),
	[]row{
		{pkg: "dialect/...", may: []string{"dialect", "internal/..."}},
		{pkg: "pool/...", may: []string{"pool/..."}},
		{pkg: "engine/...", may: []string{"dialect", "pool", "engine/...", "internal/..."}},
		{pkg: "expr", may: []string{"dialect", "internal/..."}},
		{pkg: "expr/...", may: []string{"dialect", "expr/...", "internal/..."}},
		{pkg: "orm/...", may: []string{"dialect", "engine/...", "expr/...", "orm/...", "internal/..."}},
		{pkg: "examples/...", may: everything},
		// What tests use.
		{pkg: "internal/agree", may: everything},
		{pkg: "internal/fakedb/...", may: everything},
		{pkg: "internal/layers", may: everything},
		{pkg: "internal/safety", may: everything},
		{pkg: "internal/testbed/...", may: everything},
		{pkg: "internal/faults", may: everything},
		{pkg: "internal/testenv/...", may: everything},
		{pkg: "internal/testserver", may: everything},
		{pkg: "internal/wireproxy/...", may: everything},
		// What the layers use.
		{pkg: "internal/...", may: []string{"dialect", "internal/..."}, external: common},
	},
)

func dialectRows() []row {
	var list []row
	for name, prefixes := range drivers {
		list = append(list, row{
			pkg:      "dialect/" + name + "/...",
			may:      []string{"dialect", "dialect/" + name + "/...", "internal/..."},
			external: slices.Concat(prefixes, common),
		})
	}
	return list
}

// testDrivers says whose tests may use which drivers directly: those of a
// dialect its own, those of all dialects together all of them, and the proxy's,
// which speaks the protocols.
func testDrivers(pkg string) []string {
	if pkg == "dialect/all" {
		return slices.Concat(slices.Collect(maps.Values(drivers))...)
	}
	if name, ok := strings.CutPrefix(pkg, "dialect/"); ok {
		name, _, _ = strings.Cut(name, "/")
		return drivers[name]
	}
	if pkg == "internal/wireproxy" {
		return slices.Concat(drivers["postgres"], drivers["mysql"])
	}
	return nil
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	return pkg == pattern
}

func hasPrefix(importPath string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return importPath == p || strings.HasPrefix(importPath, strings.TrimSuffix(p, "/")+"/")
	})
}

// relative cuts the module's path off; ok is false for other code.
func relative(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, Module+"/")
}

// standard reports whether an import path is the standard library's: its first
// element has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// badImports returns what is wrong with the imports of a package, whose path
// is relative to the module.
func badImports(pkg string, imports []string) []string {
	i := slices.IndexFunc(rows, func(r row) bool { return matches(r.pkg, pkg) })
	if i < 0 {
		return []string{pkg + ": no row of the table of imports covers it; give it a place in internal/layers/rules.go"}
	}
	var bad []string
	for _, imp := range imports {
		rel, ours := relative(imp)
		switch {
		case standard(imp):
		case ours && slices.ContainsFunc(rows[i].may, func(p string) bool { return matches(p, rel) }):
		case !ours && hasPrefix(imp, rows[i].external):
		case ours:
			bad = append(bad, fmt.Sprintf("%s must not import %s", pkg, rel))
		default:
			bad = append(bad, fmt.Sprintf("%s must not import %s", pkg, imp))
		}
	}
	return bad
}

// badTestImports returns what is wrong with the imports of a package's tests:
// they may use every layer, and of the drivers none or their own.
func badTestImports(pkg string, imports []string) []string {
	allowed := slices.Concat(testDrivers(pkg), common)
	var bad []string
	for _, imp := range imports {
		_, ours := relative(imp)
		if !ours && !standard(imp) && !hasPrefix(imp, allowed) {
			bad = append(bad, fmt.Sprintf("the tests of %s must not import %s", pkg, imp))
		}
	}
	return bad
}

// badLinks returns what a package links, directly or not, that a program that
// imports it must not have.
func badLinks(pkg string, deps []string) []string {
	top, below, _ := strings.Cut(pkg, "/")
	var packages, external []string // that must not be linked
	switch top {
	case "dialect":
		if below == "all" || matches("dialecttest/...", below) {
			return nil
		}
		packages = []string{"pool/...", "engine/...", "expr/...", "orm/..."}
		own, _, _ := strings.Cut(below, "/")
		for name, prefixes := range drivers {
			if name != own {
				external = append(external, prefixes...)
				packages = append(packages, "dialect/"+name+"/...")
			}
		}
	case "pool", "engine", "expr", "orm":
		for name, prefixes := range drivers {
			external = append(external, prefixes...)
			packages = append(packages, "dialect/"+name+"/...")
		}
		packages = append(packages, map[string][]string{
			"pool":   {"dialect/...", "engine/...", "expr/...", "orm/...", "internal/..."},
			"engine": {"expr/...", "orm/..."},
			"expr":   {"pool/...", "engine/...", "orm/..."},
		}[top]...)
	default:
		return nil
	}
	var bad []string
	for _, dep := range deps {
		rel, ours := relative(dep)
		if dep == "testing" || ours && slices.ContainsFunc(packages, func(p string) bool { return matches(p, rel) }) ||
			!ours && hasPrefix(dep, external) {
			bad = append(bad, fmt.Sprintf("%s links %s", pkg, dep))
		}
	}
	return bad
}
