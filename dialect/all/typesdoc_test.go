package all_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

const typesIntro = `# Types

This page is written by a test from the dialects' data: ` + "`go test ./dialect/all -run TestTypesPage -update`" + `.

## Names in DDL

`

const typesRules = `
## What a value must be

A value that INSERT or UPDATE of package expr or the ORM stores in a column is checked against the column's type before anything is sent: what
the column would refuse, cut, round or fill up is an error that names the column, the value and the limit.
What a condition compares with need not fit: no row has it.

SQLite keeps what it is given whatever a column's length, precision and width say, so only what it does not have is
refused there; so are whole numbers on Oracle. A decimal that fits is kept there as text with the digits of its column, 1.5 as 1.50, so
that equal ones are one to UNIQUE, GROUP BY and DISTINCT; it is compared and ordered as a number, to about 15 digits.

- Whole numbers are within the range of their type.
- Text is UTF-8 (SQLite keeps any) and not longer than its column, blanks at the end included. Bytes that are not text go as ` + "`[]byte`" + ` into a binary column.
- Exact decimals have no more digits, before and after the point, than their column. A float64 is rounded to its scale.
- A ` + "`time.Time`" + ` is an instant. A column without a zone keeps its time in UTC; a date and a time of day are those that it shows in its own zone.
  Digits of a second beyond the column's precision are cut off.
- Text for a column with a zone has one; text for a timestamp without a zone has none.
- Text for a VARCHAR of SQL Server's own is within its code page, where its collation is known (reflection, a copy, the
  database's own collation).
- UUIDs, JSON and the values of an enumeration are checked in Go; a value that is not a member is an error that lists them. A struct's tag says ` + "`type:enum('red','blue')`" + `.
- A type of your own has the methods of ` + "`driver.Valuer` and `sql.Scanner`, or is given to `dialect.Decorate`" + ` with two functions.

## What a database does not have

`

const typesGo = `
## Go values

What goes into a column of the type, and what it is read into, on every database that has the type. A pointer to each of
them, or a ` + "`sql.Null`" + ` of it, may be NULL; types that a program defines as one of them are taken too. Others go through their
own methods (` + "`driver.Valuer`, `sql.Scanner`" + `) or ` + "`dialect.Decorate`" + `.

| Type | takes | is read into |
|---|---|---|
`

const typesAny = `
## What an any gets

What a ` + "`*any`" + ` holds after reading a column of the type through package expr or the ORM. A ` + "`[]any`" + ` has the elements that a ` + "`*any`" + ` would get one by one.

`

const typesBack = `
## What reflection gives back

The type of a column that was made with the first one, as ` + "`schema.Reflect`" + ` reads it. An enumeration that is a type of its own (PostgreSQL) comes back as itself.

`

const typesSent = `
## What SQL Server and Oracle are sent

How a parameter for a column of the type is declared, whatever the length of the value, and for NULL too: one text has one
plan, and no column is converted to be compared (but for Oracle's DATE, of which its driver knows no parameter). A value that the column cannot hold goes as the next larger type. A column that is reflected as one of SQL Server's own types (` + "`VARCHAR`, `DATETIME`, `SMALLDATETIME`" + `) has
parameters of that type.

| Type | mssql | oracle |
|---|---|---|
`

// heading begins a table with a column for each database.
func heading(b *strings.Builder, first string) {
	fmt.Fprintf(b, "| %s |", first)
	for _, d := range five() {
		fmt.Fprintf(b, " %s |", d.Name())
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(five())) + "\n")
}

// row writes what each database says of a type. One that it has not is
// refused, or, if it is another database's own, not spoken of.
func row(b *strings.Builder, w *typeWay, all bool, say func(w *typeWay, d dialect.Dialect) string) {
	fmt.Fprintf(b, "| %s |", w.typ.String())
	for _, d := range five() {
		what := ""
		switch {
		case w.reflected(d) != absent:
			what = say(w, d)
		case all && w.typ.Kind != dialect.Native:
			what = say(w, d)
		}
		fmt.Fprintf(b, " %s |", what)
	}
	b.WriteString("\n")
}

// goName is a Go type as programs write it; those of this test stand for any of the kind.
func goName(name string) string {
	name = strings.NewReplacer("uint8", "byte", "interface {}", "any", "all_test.wayName", "string kind", "*all_test.wayStruct", "*struct",
		"all_test.wayStruct", "struct", "map[string][]int", "map").Replace(name)
	if name == "byte" {
		name = "uint8"
	}
	if name == "string kind" || name == "struct" || name == "*struct" || name == "map" {
		return map[string]string{"string kind": "a named string", "struct": "a struct", "*struct": "a pointer to a struct", "map": "a map"}[name]
	}
	return "`" + name + "`"
}

// TestTypesPage: docs/types.md is what the dialects say.
func TestTypesPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(typesIntro)
	heading(&b, "Type")
	for i := range typeWays {
		row(&b, &typeWays[i], true, func(w *typeWay, d dialect.Dialect) string {
			name, err := d.TypeName(&w.typ)
			if err != nil {
				return "refused"
			}
			return "`" + name + "`"
		})
	}
	b.WriteString(typesGo)
	for i := range typeWays {
		w := &typeWays[i]
		if w.typ.Kind == dialect.Native {
			continue
		}
		var binds, scans []string
		for _, v := range w.binds {
			if name := goName(fmt.Sprintf("%T", v)); !slices.Contains(binds, name) {
				binds = append(binds, name)
			}
		}
		for _, to := range w.scans {
			scans = append(scans, goName(to.name))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", w.typ.String(), strings.Join(binds, ", "), strings.Join(scans, ", "))
	}
	b.WriteString(typesAny)
	heading(&b, "Type")
	for i := range typeWays {
		row(&b, &typeWays[i], false, func(w *typeWay, d dialect.Dialect) string { return goName(w.any(d)) })
	}
	b.WriteString(typesBack)
	heading(&b, "Type")
	for i := range typeWays {
		row(&b, &typeWays[i], false, func(w *typeWay, d dialect.Dialect) string {
			if back := w.reflected(d); back != "DATE" {
				return back
			}
			return "`DATE`"
		})
	}
	b.WriteString(typesSent)
	sentTDS, sentTNS := sentToSQLServer(t), sentToOracle(t)
	for i := range typeWays {
		if w := &typeWays[i]; sentTDS[i] != "" || sentTNS[i] != "" {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", w.typ.String(), sentTDS[i], sentTNS[i])
		}
	}
	b.WriteString(typesRules)
	heading(&b, "")
	yes := func(has bool) string {
		if has {
			return "yes"
		}
		return "no"
	}
	for _, row := range []struct {
		what string
		say  func(f *dialect.Features) string
	}{
		{"holds a column to its length, precision and scale", func(f *dialect.Features) string { return yes(!f.Limits.Loose) }},
		{"length of text counts", func(f *dialect.Features) string {
			if f.Limits.UTF16 {
				return "units of UTF-16"
			}
			return "characters"
		}},
		{"NUL in text", func(f *dialect.Features) string { return yes(!f.Limits.NoNUL) }},
		{"NaN", func(f *dialect.Features) string { return yes(!f.Limits.NoNaN) }},
		{"infinities", func(f *dialect.Features) string { return yes(!f.Limits.NoInfinity) }},
		{"the empty string is not NULL", func(f *dialect.Features) string { return yes(!f.EmptyIsNull) }},
		{"years", func(f *dialect.Features) string { return fmt.Sprintf("%d to %d", f.Limits.MinYear, f.Limits.MaxYear) }},
		{"parameters of one statement", func(f *dialect.Features) string { return fmt.Sprint(f.MaxParams) }},
	} {
		fmt.Fprintf(&b, "| %s |", row.what)
		for _, d := range five() {
			fmt.Fprintf(&b, " %s |", row.say(d.Features()))
		}
		b.WriteString("\n")
	}
	const page = "../../docs/types.md"
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Errorf("%s is stale; write it again with -update", page)
	}
}
