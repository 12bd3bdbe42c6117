package schema

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// RawSQL is a text of the program's own within a statement of DDL: a check, a
// default, a computed column or a part of an index that was given as SQL.
type RawSQL string

// Walk calls visit for everything that the text of a DDL statement holds, in a
// dialect, beside names and types, in the order of the text: an [expr.Any] for
// each check, default, computed column, part or condition of an index and
// argument of an option, an [expr.Query] for that of a view or a table, and a
// [RawSQL] for what was given as text. expr.Walk goes on from the first two. A
// statement that is no DDL of this package is an error, and so is one that the
// dialect refuses.
func Walk(s dialect.Statement, d dialect.Dialect, visit func(part any)) error {
	write, ok := s.(statement)
	if !ok {
		return dialect.Errorf(dialect.ErrStatement, "schema: Walk: a %T is not DDL of this package", s)
	}
	if visit == nil {
		return dialect.Errorf(dialect.ErrStatement, "schema: Walk: nil function")
	}
	c, err := dialect.Compile(d, statement(func(p *ddl) {
		p.visit = visit
		write(p)
	}))
	if err != nil {
		return fmt.Errorf("schema: Walk: %w", err)
	}
	c.Release()
	return nil
}

// raw writes a text of the program's own.
func (p *ddl) raw(sql string) {
	p.visited(RawSQL(sql))
	p.WriteString(sql)
}

// query writes the query of a view or a table; see [expr.DDLQuery].
func (p *ddl) query(q expr.Query, into func()) {
	p.visited(q)
	expr.DDLQuery(p.c, q, into)
}

func (p *ddl) visited(part any) {
	if p.visit != nil {
		p.visit(part)
	}
}
