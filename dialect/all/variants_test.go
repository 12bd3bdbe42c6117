package all_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// reported is a connection to a server that says one row of itself.
type reported struct {
	dialect.Conn // none
	row          []any
}

func (r *reported) Query(context.Context, *dialect.Compiled) (dialect.Rows, error) {
	return &reportedRows{row: r.row}, nil
}

type reportedRows struct {
	dialect.Rows // none
	row          []any
	done         bool
}

func (r *reportedRows) Next() bool   { done := r.done; r.done = true; return !done }
func (r *reportedRows) Err() error   { return nil }
func (r *reportedRows) Close() error { return nil }
func (r *reportedRows) ScanRow(dst []any) error {
	if len(dst) != len(r.row) {
		return fmt.Errorf("%d columns are read of %d", len(dst), len(r.row))
	}
	for i, d := range dst {
		if n, ok := d.(*dialect.Nullable); ok {
			d = n.Dst
		}
		reflect.ValueOf(d).Elem().Set(reflect.ValueOf(r.row[i]))
	}
	return nil
}

// variant is a server by what it says of itself. Its Features are listed as they differ from those of another one.
type variant struct {
	name   string
	than   string // the variant that it is compared with; empty: none
	scheme string
	row    []any // what it answers to ForServer
	is     string
}

func pgSays(banner string) []any { return []any{banner, "on", "UTF8"} }
func mySays(version, comment string) []any {
	return []any{version, comment, "", "utf8mb4", "utf8mb4", "67108864"}
}

var variants = []variant{
	{"PostgreSQL 18", "", "postgres", pgSays("PostgreSQL 18.1 (Debian 18.1-1.pgdg13+2) on x86_64-pc-linux-gnu, compiled by gcc"), "postgres 18.1"},
	{"PostgreSQL 17", "PostgreSQL 18", "postgres", pgSays("PostgreSQL 17.7 on aarch64-unknown-linux-gnu, compiled by gcc"), "postgres 17.7"},
	{"PostgreSQL 16", "PostgreSQL 17", "postgres", pgSays("PostgreSQL 16.11 on x86_64-pc-linux-musl, compiled by gcc"), "postgres 16.11"},
	{"PostgreSQL 15", "PostgreSQL 16", "postgres", pgSays("PostgreSQL 15.15 (Debian 15.15-0+deb12u1) on x86_64-pc-linux-gnu"), "postgres 15.15"},
	{"PostgreSQL 14", "PostgreSQL 15", "postgresql", pgSays("PostgreSQL 14.20 on x86_64-pc-linux-gnu"), "postgres 14.20"},
	{"PostgreSQL 13", "PostgreSQL 14", "postgres", pgSays("PostgreSQL 13.23 on x86_64-pc-linux-gnu"), "postgres 13.23"},
	{"PostgreSQL 12", "PostgreSQL 13", "postgres", pgSays("PostgreSQL 12.22 on x86_64-pc-linux-gnu"), "postgres 12.22"},
	{"PostgreSQL 11", "PostgreSQL 12", "postgres", pgSays("PostgreSQL 11.22 on x86_64-pc-linux-gnu"), "postgres 11.22"},
	{"CockroachDB 25.2", "PostgreSQL 13", "cockroachdb", pgSays("CockroachDB CCL v25.2.4 (x86_64-pc-linux-gnu, built 2025/07/28, go1.23.7)"), "cockroachdb 25.2.4"},
	{"YugabyteDB 2025.1", "PostgreSQL 15", "yugabytedb", pgSays("PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu"), "yugabytedb 2025.1"},
	{"YugabyteDB 2024.2", "PostgreSQL 11", "yugabytedb", pgSays("PostgreSQL 11.2-YB-2024.2.2.1-b0 on x86_64-pc-linux-gnu"), "yugabytedb 2024.2.2"},

	{"MySQL 9", "", "mysql", mySays("9.4.0", "MySQL Community Server - GPL"), "mysql 9.4"},
	{"MySQL 8.4", "MySQL 9", "mysql", mySays("8.4.6", "MySQL Community Server - GPL"), "mysql 8.4.6"},
	{"MySQL 8.0.31", "MySQL 8.4", "mysql", mySays("8.0.31", "Source distribution"), "mysql 8.0.31"},
	{"MySQL 8.0.19", "MySQL 8.0.31", "mysql", mySays("8.0.19", ""), "mysql 8.0.19"},
	{"MySQL 8.0.16", "MySQL 8.0.19", "mysql", mySays("8.0.16", ""), "mysql 8.0.16"},
	{"MySQL 8.0.11", "MySQL 8.0.16", "mysql", mySays("8.0.11", ""), "mysql 8.0.11"},
	{"MySQL 5.7", "MySQL 8.0.11", "mysql", mySays("5.7.44-log", ""), "mysql 5.7.44"},
	{"MariaDB 11.4", "MySQL 8.4", "mariadb", mySays("11.4.8-MariaDB-ubu2404", "mariadb.org binary distribution"), "mariadb 11.4.8"},
	{"MariaDB 12.3", "MariaDB 11.4", "mariadb", mySays("12.3.2-MariaDB-ubu2404", "mariadb.org binary distribution"), "mariadb 12.3.2"},
	{"MariaDB 13.0", "MariaDB 12.3", "mariadb", mySays("13.0.1-MariaDB", "mariadb.org binary distribution"), "mariadb 13.0.1"},
	{"MariaDB 10.11", "MariaDB 11.4", "mariadb", mySays("10.11.14-MariaDB-0+deb12u2", "Debian 12"), "mariadb 10.11.14"},
	{"MariaDB 10.6", "MariaDB 10.11", "mysql", mySays("5.5.5-10.6.22-MariaDB-log", ""), "mariadb 10.6.22"},
	{"MariaDB 10.4", "MariaDB 10.6", "mysql", mySays("10.4.34-MariaDB", ""), "mariadb 10.4.34"},
	{"TiDB 8.5", "MySQL 8.4", "tidb", mySays("8.0.11-TiDB-v8.5.3", "TiDB Server (Apache License 2.0) Community Edition, MySQL 8.0 compatible"), "tidb 8.5.3"},
	{"TiDB 6.1", "TiDB 8.5", "tidb", mySays("5.7.25-TiDB-v6.1.7", "TiDB Server (Apache License 2.0) Community Edition, MySQL 5.7 compatible"), "tidb 6.1.7"},

	{"SQL Server 2025", "", "sqlserver", []any{"17.0.1000.7", 3, 170, "", ""}, "mssql 17.0.1000"},
	{"SQL Server 2025 at level 150", "SQL Server 2025", "sqlserver", []any{"17.0.1000.7", 3, 150, "", ""}, "mssql 17.0.1000"},
	{"SQL Server 2022", "SQL Server 2025", "sqlserver", []any{"16.0.4215.2", 3, 160, "", ""}, "mssql 16.0.4215"},
	{"SQL Server 2019", "SQL Server 2022", "mssql", []any{"15.0.4445.1", 2, 150, "", ""}, "mssql 15.0.4445"},
	{"SQL Server 2017", "SQL Server 2019", "sqlserver", []any{"14.0.3515.1", 4, 140, "", ""}, "mssql 14.0.3515"},
	{"SQL Server 2016", "SQL Server 2017", "sqlserver", []any{"13.0.7060.1", 3, 130, "", ""}, "mssql 13.0.7060"},
	{"SQL Server 2016 at level 120", "SQL Server 2016", "sqlserver", []any{"13.0.7060.1", 3, 120, "", ""}, "mssql 13.0.7060"},
	{"SQL Server 2014", "SQL Server 2016", "sqlserver", []any{"12.0.6449.1", 2, 120, "", ""}, "mssql 12.0.6449"},
	{"Azure SQL Database", "SQL Server 2022", "sqlserver", []any{"12.0.2000.8", 5, 170, "", ""}, "mssql 16.0"},
	{"Azure SQL Database at level 160", "Azure SQL Database", "sqlserver", []any{"12.0.2000.8", 5, 160, "", ""}, "mssql 16.0"},
	{"Azure SQL Managed Instance", "Azure SQL Database", "sqlserver", []any{"12.0.2000.8", 8, 170, "", ""}, "mssql 16.0"},
	{"Azure SQL Managed Instance at level 160", "SQL Server 2022", "sqlserver", []any{"12.0.2000.8", 8, 160, "", ""}, "mssql 16.0"},
	{"Babelfish", "SQL Server 2016", "sqlserver", []any{"12.0.2000.8", -1, 120, "4.4.0", ""}, "mssql 12.0.2000"},
	{"Babelfish 3.0", "Babelfish", "sqlserver", []any{"12.0.2000.8", -1, 120, "3.0.0", ""}, "mssql 12.0.2000"},

	{"Oracle 23ai", "", "oracle", []any{"23.0.0.0.0"}, "oracle 23.0"},
	{"Oracle 21c", "Oracle 23ai", "oracle", []any{"21.0.0.0.0"}, "oracle 21.0"},
	{"Oracle 19c", "Oracle 21c", "oracle", []any{"19.0.0.0.0"}, "oracle 19.0"},
	{"Oracle 18c", "Oracle 19c", "oracle", []any{"18.0.0.0.0"}, "oracle 18.0"},
	{"Oracle 12.2", "Oracle 18c", "oracle", []any{"12.2.0.1.0"}, "oracle 12.2"},

	{"SQLite 3.51", "", "sqlite", []any{"3.51.0", ""}, "sqlite 3.51"},
	{"SQLite 3.45", "SQLite 3.51", "sqlite", []any{"3.45.1", ""}, "sqlite 3.45.1"},
	{"SQLite 3.40", "SQLite 3.45", "sqlite3", []any{"3.40.1", ""}, "sqlite 3.40.1"},
	{"SQLite 3.34", "SQLite 3.40", "sqlite", []any{"3.34.1", ""}, "sqlite 3.34.1"},
	{"SQLite 3.27", "SQLite 3.34", "sqlite", []any{"3.27.2", ""}, "sqlite 3.27.2"},
	{"SQLite built with fewer parameters and UPDATE LIMIT", "SQLite 3.51", "sqlite",
		[]any{"3.51.0", "COMPILER=gcc-14.2.0,ENABLE_MATH_FUNCTIONS,ENABLE_UPDATE_DELETE_LIMIT,MAX_VARIABLE_NUMBER=999,THREADSAFE=1"}, "sqlite 3.51"},
	{"SQLite built without mathematics", "SQLite 3.51", "sqlite", []any{"3.51.0", "COMPILER=gcc-14.2.0,OMIT_WINDOWFUNC,THREADSAFE=1"}, "sqlite 3.51"},
}

const variantsFile = "testdata/variants.tsv"

// TestVariants compares the Features of each variant, as it makes itself known
// to ForServer, with the table in testdata. Each difference stands there with
// the place in the database's manual that says so.
func TestVariants(t *testing.T) {
	sources := map[string]string{}
	old, err := os.ReadFile(variantsFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(old)) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) == 4 {
			sources[f[0]+"\t"+f[1]] = f[3]
		}
	}
	var b strings.Builder
	b.WriteString("# What a variant says otherwise than the one that it is compared with, and where its manual has it.\n" +
		"# Made by: go test ./dialect/all -run TestVariants -update (which keeps the last column)\n")
	flat := map[string]map[string]string{}
	for _, v := range variants {
		d, err := known(v)
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if got := d.Name() + " " + d.Features().Version.String(); got != v.is {
			t.Errorf("%s is taken for %s, not %s", v.name, got, v.is)
		}
		if again, err := known(v); err != nil || again != d {
			t.Errorf("%s is another dialect the second time (%v)", v.name, err)
		}
		flat[v.name] = flatten("", reflect.ValueOf(*d.Features()))
		if v.than == "" {
			continue
		}
		than, ok := flat[v.than]
		if !ok {
			t.Errorf("%s is compared with %q, which does not stand before it", v.name, v.than)
		}
		keys := slices.Collect(maps.Keys(flat[v.name]))
		for k := range than {
			if _, ok := flat[v.name][k]; !ok {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		n := 0
		for _, k := range keys {
			has, ok := flat[v.name][k]
			other, otherHas := than[k]
			if has == other && ok == otherHas || k == "Version" {
				continue
			}
			if !ok {
				has = "(as it is written)"
			}
			source := sources[v.name+"\t"+k]
			if source == "" {
				t.Errorf("%s: %s is %q, and %q on %s: which section of the manual says so?", v.name, k, has, other, v.than)
			}
			fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", v.name, k, has, source)
			n++
		}
		if n == 0 {
			fmt.Fprintf(&b, "%s\t(nothing)\tas %s\t\n", v.name, v.than)
		}
	}
	if *update {
		if err := os.WriteFile(variantsFile, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(old) {
		t.Errorf("%s is stale: run the test with -update and look at the difference", variantsFile)
	}
}

// known lets the scheme's dialect find out which server it is.
func known(v variant) (dialect.Dialect, error) {
	d, err := dialect.Lookup(v.scheme)
	if err != nil {
		return nil, err
	}
	return d.ForServer(context.Background(), &reported{row: v.row})
}

// flatten lists the fields of a struct with their values, and the entries of its maps.
func flatten(prefix string, v reflect.Value) map[string]string {
	out := map[string]string{}
	for i := range v.NumField() {
		name, f := prefix+v.Type().Field(i).Name, v.Field(i)
		switch {
		case f.Type() == reflect.TypeFor[dialect.Version]():
		case f.Kind() == reflect.Struct && f.Type().NumField() > 0 && f.Type().Field(0).IsExported():
			maps.Copy(out, flatten(name+".", f))
		case f.Kind() == reflect.Map && f.Type().Elem().Kind() != reflect.String: // a set of words
			out[name] = fmt.Sprintf("%d words", f.Len())
		case f.Kind() == reflect.Map:
			for _, k := range f.MapKeys() {
				out[fmt.Sprintf("%s[%v]", name, k)] = fmt.Sprintf("%q", f.MapIndex(k))
			}
		default:
			out[name] = fmt.Sprintf("%+v", f)
			if f.Kind() == reflect.String {
				out[name] = fmt.Sprintf("%q", f)
			}
		}
	}
	return out
}

// The schemes of variants are accepted as what they are, on the port that is theirs.
func TestVariantSchemes(t *testing.T) {
	for scheme, want := range map[string]struct{ name, address string }{
		"postgres":    {"postgres", "h:5432"},
		"postgresql":  {"postgres", "h:5432"},
		"cockroachdb": {"cockroachdb", "h:26257"},
		"yugabytedb":  {"yugabytedb", "h:5433"},
		"mysql":       {"mysql", "h:3306"},
		"mariadb":     {"mariadb", "h:3306"},
		"tidb":        {"tidb", "h:4000"},
		"sqlserver":   {"mssql", "h:1433"},
		"mssql":       {"mssql", "h:1433"},
		"oracle":      {"oracle", "h:1521"},
	} {
		d, err := dialect.Lookup(scheme)
		if err != nil || d.Name() != want.name {
			t.Errorf("%s: %v, %v", scheme, d, err)
			continue
		}
		u, err := dialect.ParseURL(scheme + "://ada:secret@h/shop")
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.OpenConnector(u, dialect.ConnectConfig{})
		if err != nil {
			t.Errorf("%s: %v", scheme, err)
			continue
		}
		if !strings.Contains(c.Address(), want.address) {
			t.Errorf("%s: the address is %q, not %q", scheme, c.Address(), want.address)
		}
		eng, err := engine.Open(scheme + "://ada:secret@h/shop")
		if err != nil {
			t.Errorf("%s: %v", scheme, err)
			continue
		}
		if got := eng.Dialect().Name(); got != want.name {
			t.Errorf("%s: the engine renders for %s", scheme, got)
		}
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What a variant refuses, the dialect refuses before anything is sent; what
// can be run again is told by the variant's own codes.
func TestVariantRefusals(t *testing.T) {
	of := func(name string) dialect.Dialect {
		i := slices.IndexFunc(variants, func(v variant) bool { return v.name == name })
		d, err := known(variants[i])
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, x := range []struct {
		variant string
		level   dialect.Isolation
		has     bool
	}{
		{"TiDB 8.5", dialect.Serializable, false}, // TiDB Transaction Isolation Levels
		{"TiDB 8.5", dialect.ReadUncommitted, false},
		{"TiDB 8.5", dialect.RepeatableRead, true},
		{"MySQL 8.4", dialect.Serializable, true},
		{"CockroachDB 25.2", dialect.Serializable, true},
		{"Oracle 19c", dialect.RepeatableRead, false}, // Database Concepts, Data Concurrency and Consistency
		{"Babelfish", dialect.Serializable, false},
		{"SQLite 3.51", dialect.ReadCommitted, false},
	} {
		if got := of(x.variant).Features().Isolation.Has(x.level); got != x.has {
			t.Errorf("%s has %v: %v", x.variant, x.level, got)
		}
	}
	for name, want := range map[string]bool{"PostgreSQL 18": true, "MySQL 8.4": true, "MariaDB 10.6": true,
		"CockroachDB 25.2": false, "YugabyteDB 2025.1": false, "TiDB 8.5": false, "SQLite 3.51": false} {
		d := of(name)
		if err := dialect.CheckPreparedID(d, "a"); (err == nil) != want || err != nil && !errors.Is(err, dialect.ErrUnsupported) {
			t.Errorf("a transaction in two phases on %s: %v", name, err)
		}
	}
	for _, x := range []struct {
		variant string
		err     kindValue
	}{
		{"CockroachDB 25.2", pg("40001", "restart transaction: TransactionRetryWithProtoRefreshError: WriteTooOldError", said)},
		{"CockroachDB 25.2", pg("CR000", "restart transaction", said)},
		{"YugabyteDB 2025.1", pg("40001", "could not serialize access due to concurrent update", said)},
		{"YugabyteDB 2025.1", pg("40P01", "deadlock detected", dialect.Error{Kind: dialect.ErrDeadlock})},
		{"TiDB 8.5", my(9007, "Write conflict, txnStartTS=416617006551793665", said)},
		{"TiDB 8.5", my(8022, "Error: KV error safe to retry", said)},
		{"TiDB 8.5", my(8028, "Information schema is changed during the execution of the statement", said)},
		{"TiDB 8.5", my(8002, "[%d] can not retry select for update statement", said)},
		{"MariaDB 11.4", my(1020, "Record has changed since last read in table 't'", said)},
		{"SQL Server 2022", ms(41302, "The current transaction attempted to update a record that has been updated since this transaction started.", said)},
		{"Oracle 23ai", ora(8177, "ORA-08177: can't serialize access for this transaction", said)},
	} {
		if x.err.want.Kind == dialect.ErrOther {
			x.err.want.Kind = dialect.ErrSerialization
		}
		e := of(x.variant).Classify(x.err.err)
		checkKind(t, e, x.err.want, x.variant)
		if !e.Retryable() {
			t.Errorf("%s: %v can be run again", x.variant, e)
		}
	}
	ambiguous := of("CockroachDB 25.2").Classify(pg("40003", "result is ambiguous", said).err)
	if ambiguous.Retryable() || !ambiguous.MayHaveRun {
		t.Errorf("an ambiguous result is run again: %v", ambiguous)
	}
}

// Servers that are too old, or no such servers, are refused with their version.
func TestVariantsRefused(t *testing.T) {
	for _, x := range []struct {
		scheme string
		row    []any
		says   string
	}{
		{"sqlserver", []any{"10.50.6000.34", 3, 100, "", ""}, "2012"},
		{"oracle", []any{"11.2.0.4.0"}, "12.1"},
		{"postgres", pgSays("Redshift 1.0"), "Redshift"},
		{"mysql", mySays("5.5.62", "MySQL Community Server (GPL)"), "5.7"},
		{"mysql", mySays("5.5.5-10.1.48-MariaDB", ""), "10.2"},
		{"postgres", pgSays("PostgreSQL 10.23 on x86_64"), "11"},
		{"sqlite", []any{"3.8.7", ""}, "3.24"},
	} {
		_, err := known(variant{scheme: x.scheme, row: x.row})
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s %v: %v", x.scheme, x.row[0], err)
		}
	}
}
