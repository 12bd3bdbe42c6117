package all_test

import (
	"fmt"
	"os"
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
refused there; so are whole numbers on Oracle.

- Whole numbers are within the range of their type.
- Text is UTF-8 (SQLite keeps any) and not longer than its column, blanks at the end included. Bytes that are no text go as ` + "`[]byte`" + ` into a binary column.
- Exact decimals have no more digits, before and after the point, than their column. A float64 is rounded to its scale.
- A ` + "`time.Time`" + ` is an instant. A column without a zone keeps its time in UTC; a date and a time of day are those that it shows in its own zone.
  Digits of a second beyond the column's precision are cut off.
- Text for a column with a zone has one; text for a timestamp without a zone has none.
- UUIDs, JSON and the values of an enumeration are checked in Go.
- A type of your own has the methods of ` + "`driver.Valuer` and `sql.Scanner`, or is given to `dialect.Decorate`" + ` with two functions.

## What a database has not

`

// TestTypesPage: docs/types.md is what the dialects say.
func TestTypesPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(typesIntro)
	b.WriteString("| Type |")
	for _, d := range five() {
		fmt.Fprintf(&b, " %s |", d.Name())
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(five())) + "\n")
	enum := &dialect.EnumValues{List: []string{"a", "b"}}
	elem := &dialect.Type{Kind: dialect.Integer}
	for _, typ := range []dialect.Type{
		{Kind: dialect.Boolean}, {Kind: dialect.SmallInt}, {Kind: dialect.Integer}, {Kind: dialect.BigInt}, {Kind: dialect.BigInt, Unsigned: true},
		{Kind: dialect.Real}, {Kind: dialect.Double}, {Kind: dialect.Decimal}, {Kind: dialect.Decimal, Precision: 10, Scale: 2},
		{Kind: dialect.Char, Length: 5}, {Kind: dialect.Varchar}, {Kind: dialect.Varchar, Length: 50}, {Kind: dialect.Varchar, Length: 50, National: true}, {Kind: dialect.Clob},
		{Kind: dialect.Binary, Length: 16}, {Kind: dialect.Varbinary, Length: 50}, {Kind: dialect.Blob},
		{Kind: dialect.Date}, {Kind: dialect.Time}, {Kind: dialect.Timestamp}, {Kind: dialect.Timestamp, Precision: 3}, {Kind: dialect.TimestampTZ}, {Kind: dialect.Interval},
		{Kind: dialect.UUID}, {Kind: dialect.JSON}, {Kind: dialect.Enum, Values: enum}, {Kind: dialect.Array, Elem: elem},
	} {
		fmt.Fprintf(&b, "| %s |", typ.String())
		for _, d := range five() {
			name, err := d.TypeName(&typ)
			if err != nil {
				name = "refused"
			} else {
				name = "`" + name + "`"
			}
			fmt.Fprintf(&b, " %s |", name)
		}
		b.WriteString("\n")
	}
	b.WriteString(typesRules)
	b.WriteString("| |")
	for _, d := range five() {
		fmt.Fprintf(&b, " %s |", d.Name())
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(five())) + "\n")
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
