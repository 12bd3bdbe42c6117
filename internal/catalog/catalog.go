package catalog

import (
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Text is a destination for texts; NULL is empty.
type Text string

// Scan implements sql.Scanner.
func (t *Text) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = ""
	case string:
		*t = Text(v)
	case []byte:
		*t = Text(v)
	default:
		*t = Text(fmt.Sprint(v))
	}
	return nil
}

// Int is a destination for whole numbers; NULL is 0.
type Int int64

// Scan implements sql.Scanner.
func (n *Int) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*n = 0
		return nil
	case int64:
		*n = Int(v)
		return nil
	case bool:
		*n = 0
		if v {
			*n = 1
		}
		return nil
	}
	var text Text
	if err := text.Scan(v); err != nil {
		return err
	}
	x, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	*n = Int(x)
	return nil
}

// Flag is a destination for truth values: booleans, numbers, YES, Y and
// TRUE; NULL is false.
type Flag bool

// Scan implements sql.Scanner.
func (f *Flag) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*f = false
		return nil
	case bool:
		*f = Flag(v)
		return nil
	case int64:
		*f = v != 0
		return nil
	}
	var text Text
	if err := text.Scan(v); err != nil {
		return err
	}
	switch strings.ToUpper(string(text)) {
	case "1", "YES", "Y", "TRUE", "T":
		*f = true
	case "0", "NO", "N", "FALSE", "F", "":
		*f = false
	default:
		return fmt.Errorf("catalogue: %q is neither yes nor no", string(text))
	}
	return nil
}

// MaxNames is how many names of tables a query is limited to; beyond, all
// tables of the schema are read and the others left out.
const MaxNames = 100

// Queries is a script of catalogue queries. Its function is called when the
// script runs and asks one query after the other, until one returns false.
type Queries func(q *Asker)

// Steps implements dialect.Script.
func (f Queries) Steps(d dialect.Dialect) iter.Seq2[dialect.Step, error] {
	return func(yield func(dialect.Step, error) bool) {
		f(&Asker{Dialect: d, Args: dialect.Named{}, yield: yield})
	}
}

// Asker asks queries.
type Asker struct {
	Dialect dialect.Dialect
	// Args has the values of the parameters that queries may name.
	Args dialect.Named

	yield func(dialect.Step, error) bool
	ended bool
}

// TypeOf reads a column's type, as the dialect does that runs the script: one that stands
// on the Inspector's may have types of its own. What it cannot read is a
// native type of that name.
func (q *Asker) TypeOf(text string) dialect.Type {
	if p, ok := dialect.As[dialect.TypeParser](q.Dialect); ok {
		if t, err := p.ParseType(text); err == nil {
			return t
		}
	}
	return dialect.Type{Kind: dialect.Native, Name: text}
}

var parameter = regexp.MustCompile(`(^|[^:]):([a-z]+)`)

// Ask runs a query with those of the arguments that it names, and calls each
// for every row, which has been read into dst. It returns false when the
// script has to end.
func (q *Asker) Ask(text string, each func() error, dst ...any) bool {
	if q.ended {
		return false
	}
	args := dialect.Named{}
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		if v, ok := q.Args[m[2]]; ok {
			args[m[2]] = v
		}
	}
	s := dialect.Text(text, args)
	if len(args) == 0 {
		s = dialect.Text(text)
	}
	q.ended = !q.yield(dialect.Step{Statement: s, Rows: func(rows dialect.Rows) error {
		for rows.Next() {
			if err := rows.ScanRow(dst); err != nil {
				return err
			}
			if err := each(); err != nil {
				return err
			}
		}
		return rows.Err()
	}}, nil)
	return !q.ended
}

// Fail ends the script with an error.
func (q *Asker) Fail(err error) {
	if !q.ended {
		q.ended = true
		q.yield(dialect.Step{}, err)
	}
}

// Last returns a pointer to the last element of s, and nil where it has none.
func Last[T any](s []T) *T {
	if len(s) == 0 {
		return nil
	}
	return &s[len(s)-1]
}

// Unwrap takes away parentheses that enclose a whole expression.
func Unwrap(sql string) string {
	sql = strings.TrimSpace(sql)
	for len(sql) > 1 && sql[0] == '(' && Closing(sql) == len(sql)-1 {
		sql = strings.TrimSpace(sql[1 : len(sql)-1])
	}
	return sql
}

// Closing returns where the parenthesis ends that sql begins with, and -1
// where it does not. Quotes of all kinds are left alone.
func Closing(sql string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(sql); i++ {
		c := sql[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// Action returns a foreign key's action as ForeignKeyInfo has it.
func Action(word string) string {
	word = strings.ToUpper(strings.ReplaceAll(word, "_", " "))
	if word == "NO ACTION" {
		return ""
	}
	return word
}
