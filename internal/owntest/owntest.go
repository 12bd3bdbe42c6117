package owntest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testspace"
)

// Case is a statement and what comes of it.
type Case struct {
	// Funcs are the functions of the package that the case is for, with spaces between.
	Funcs string
	// Before are run first, in order; the case's own tables are made here.
	Before []dialect.Statement
	Stmt   dialect.Statement
	// Want are the rows: cells with a space between, rows with a comma and a
	// space. It may have the form "~text", of which the rows have a part. Not
	// looked at where Check is there.
	Want string
	// Check looks at the rows.
	Check func(rows string) error
	// Refused is a part of the error of a database that does not have it: the case is one
	// of another version.
	Refused string
	// Fails is a part of the server's own error, where it has the thing but not
	// what it needs.
	Fails string
	// Advice says that other databases leave it out, or one of them has it too.
	Advice bool
}

// Lease is one connection to a database.
type Lease struct {
	D    dialect.Dialect
	c    dialect.Conn
	last string
}

// Connect opens a connection, which is closed with the test.
func Connect(t *testing.T, url string) *Lease {
	t.Helper()
	c, d := testspace.Connect(t, url)
	return &Lease{D: d, c: c}
}

// Space makes a namespace of the test's own, by the word that makes one
// (SCHEMA, DATABASE) and the statement that goes there.
func (l *Lease) Space(t *testing.T, word, use string) {
	t.Helper()
	name := fmt.Sprintf("own_%d_%s", os.Getpid(), strings.ToLower(t.Name()))
	l.Exec(t, dialect.Text("CREATE "+word+" "+name))
	l.Exec(t, dialect.Text(use+" "+name))
	t.Cleanup(func() {
		text := "DROP " + word + " " + name
		if word == "SCHEMA" {
			text += " CASCADE"
		}
		if _, err := l.rows(context.Background(), dialect.Text(text)); err != nil {
			t.Error(err)
		}
	})
}

// Exec runs statements.
func (l *Lease) Exec(t *testing.T, list ...dialect.Statement) {
	t.Helper()
	for _, s := range list {
		if _, err := l.rows(t.Context(), s); err != nil {
			t.Fatalf("%v\n%s", err, l.last)
		}
	}
}

// rows runs a statement and gives its rows as a text.
func (l *Lease) rows(ctx context.Context, s dialect.Statement) (string, error) {
	c, err := dialect.Compile(l.D, s)
	if err != nil {
		return "", err
	}
	defer c.Release()
	l.last = strings.Clone(c.Text())
	r, err := l.c.Query(ctx, c)
	if err != nil {
		return "", err
	}
	cells := make([]any, len(r.Columns()))
	for i := range cells {
		cells[i] = new(*string)
	}
	var list []string
	for err == nil && r.Next() {
		if err = r.ScanRow(cells); err != nil {
			break
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = "NULL"
			if p := *c.(**string); p != nil {
				row[i] = *p
			}
		}
		list = append(list, strings.Join(row, " "))
	}
	return strings.Join(list, ", "), errors.Join(err, r.Err(), r.Close())
}

// Run runs the cases.
func (l *Lease) Run(t *testing.T, cases []Case) {
	for _, c := range cases {
		t.Run(strings.ReplaceAll(c.Funcs, " ", "+"), func(t *testing.T) {
			if c.Refused == "" {
				l.Exec(t, c.Before...)
			}
			got, err := l.rows(t.Context(), c.Stmt)
			switch {
			case c.Refused != "":
				if !errors.Is(err, dialect.ErrUnsupported) || !strings.Contains(err.Error(), c.Refused) {
					t.Errorf("got %q and %v, not the refusal of %s", got, err, c.Refused)
				}
			case c.Fails != "" && err != nil && strings.Contains(err.Error(), c.Fails):
			case err != nil || c.Fails != "":
				t.Errorf("%v\n%s", err, l.last)
			case c.Check != nil:
				if err := c.Check(got); err != nil {
					t.Errorf("%v\n%s", err, l.last)
				}
			case strings.HasPrefix(c.Want, "~") && strings.Contains(got, c.Want[1:]):
			case got != c.Want:
				t.Errorf("got %q, want %q\n%s", got, c.Want, l.last)
			}
		})
	}
}

// Elsewhere fails where one of the dialects takes a case that is not its own, or
// has a mistake to report and no refusal.
func Elsewhere(t *testing.T, cases []Case, others ...dialect.Dialect) {
	t.Helper()
	for _, c := range cases {
		for _, d := range others {
			refused := c.Advice
			for _, s := range append(c.Before[:len(c.Before):len(c.Before)], c.Stmt) {
				if reflect.TypeOf(s) == raw {
					continue
				}
				x, err := dialect.Compile(d, s)
				if err == nil {
					x.Release()
				} else if !errors.Is(err, dialect.ErrUnsupported) {
					t.Errorf("%s on %s: %v", c.Funcs, d.Name(), err)
				}
				refused = refused || err != nil
			}
			if !refused {
				t.Errorf("%s is not refused on %s", c.Funcs, d.Name())
			}
		}
	}
}

// raw is the type of a statement that is a text.
var raw = reflect.TypeOf(dialect.Text(""))

var update = flag.Bool("update", false, "write the golden files")

// Golden compares the texts of the cases with testdata/<dialect>.golden, which the
// grammar of the database judges. Texts of the test's own are left out.
func Golden(t *testing.T, d dialect.Dialect, cases []Case) {
	t.Helper()
	var b strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&b, "-- %s\n", c.Funcs)
		for _, s := range append(c.Before[:len(c.Before):len(c.Before)], c.Stmt) {
			if reflect.TypeOf(s) == raw {
				continue
			}
			x, err := dialect.Compile(d, s)
			switch {
			case errors.Is(err, dialect.ErrUnsupported):
				fmt.Fprintf(&b, "! %s\n", strings.ReplaceAll(err.Error(), "\n", " / "))
			case err != nil:
				t.Errorf("%s: %v", c.Funcs, err)
			default:
				fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(x.Text(), "\n", " "))
				x.Release()
			}
		}
	}
	file := filepath.Join("testdata", d.Name()+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("%s is stale: run the test with -update and look at the difference\n%s", file, b.String())
	}
}

// All fails where a function of the package in the directory has no case.
func All(t *testing.T, dir string, cases []Case) {
	t.Helper()
	has := map[string]bool{}
	for _, c := range cases {
		for _, name := range strings.Fields(c.Funcs) {
			has[name] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of a package in %s: %v", dir, err)
	}
	known := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				if known[f.Name.Name] = true; !has[f.Name.Name] {
					t.Errorf("%s has no case", f.Name.Name)
				}
			}
		}
	}
	for name := range has {
		if !known[name] {
			t.Errorf("there is no function %s", name)
		}
	}
}
