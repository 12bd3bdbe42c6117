package dialect

import (
	"context"
	"iter"
)

// Statement is anything that can be said to a database as one text: raw text
// ([Text]), the statements of package expr, and those that the ORM makes.
// A Statement is immutable and safe for concurrent use.
type Statement interface {
	// CompileSQL appends the statement to c: its text and arguments
	// through c's Writer, and what is known of its result. All mistakes
	// made while the statement was composed are reported here, joined.
	CompileSQL(c *Compiled) error
}

// Runner can run statements. An Engine, a connection, a transaction and an
// ORM session are Runners.
type Runner interface {
	// Run compiles s for the dialect of the connection that will run it,
	// and runs it. Where rows is nil, the rows that the statement may give
	// are dropped; otherwise rows is called once, with Rows that are valid until
	// it returns and that Run closes. The error of rows, of the iteration
	// and of Close come back joined; the Result is valid if the error is nil.
	Run(ctx context.Context, s Statement, rows func(Rows) error) (Result, error)
}

// Lease is a Runner whose statements all run on one connection, one after the
// other.
type Lease interface {
	Runner
	// Dialect is the dialect of the server at the other end.
	Dialect() Dialect
	// Conn is the connection itself, for its capabilities. It must not be
	// used while rows are open.
	Conn() Conn
}

// Leaser is a Runner that can keep a connection for several statements:
// each Runner of package engine is one.
type Leaser interface {
	Runner
	// WithLease calls f with a Lease that is valid until f returns. On a
	// connection or in a transaction it is that one; an Engine takes one from its
	// pool.
	WithLease(ctx context.Context, f func(Lease) error) error
}

// Script is what takes several statements: the DDL of a schema, an insert
// beyond the limits of one statement, keys that are read back. A Script is
// immutable and safe for concurrent use.
type Script interface {
	// Steps yields the statements for d in their order. A step may see the
	// result of those before it. The first error yielded ends the script.
	Steps(d Dialect) iter.Seq2[Step, error]
}

// Step is one statement of a Script and what is done with its result.
type Step struct {
	Statement Statement
	// Rows gets the statement's rows; nil drops them.
	Rows func(Rows) error
	// Done gets the statement's result; it may be nil.
	Done func(Result) error
}

// RunScript runs the steps of s on one connection of r, in order, until the
// first error. It begins no transaction: give it one where all or nothing is
// wanted. The Result is the sum of the rows affected.
func RunScript(ctx context.Context, r Runner, s Script) (Result, error) {
	var total int64
	known := true
	run := func(l Lease) error {
		for step, err := range s.Steps(l.Dialect()) {
			if err != nil {
				return err
			}
			res, err := l.Run(ctx, step.Statement, step.Rows)
			if err != nil {
				return err
			}
			if n := res.RowsAffected(); n >= 0 {
				total += n
			} else {
				known = false
			}
			if step.Done != nil {
				if err := step.Done(res); err != nil {
					return err
				}
			}
		}
		return nil
	}
	var err error
	switch r := r.(type) {
	case Leaser:
		err = r.WithLease(ctx, run)
	case Lease:
		err = run(r)
	default:
		err = Errorf(ErrUnsupported, "dialect: a script needs a Runner that can keep a connection (dialect.Leaser); %T cannot", r)
	}
	if !known {
		total = -1
	}
	return NewResult(total), err
}

// Arg is one argument of a statement.
type Arg struct {
	// Value is what the program gave. A connection converts it to what its
	// driver takes, after Type where it is set; a driver.Valuer is always
	// asked.
	Value any
	// Type is the type of the column that the value meets, nil where it is
	// not known.
	Type *Type
	// Name is the parameter's name, for messages and for databases that
	// bind by name; it may be empty.
	Name string
	// Column is the column that the value is stored in, by INSERT or UPDATE:
	// what it would not hold is refused before anything is sent ([ValueLimits]).
	// It is empty where the value is compared or computed with.
	Column string
	// Out is true for a parameter that the database writes (RETURNING …
	// INTO). Value is then nil.
	Out bool
}

// Compiled is a statement as it will be sent. Values come from a pool
// ([Compile]); what is in one is valid until it is released.
type Compiled struct {
	// Writer has the text and the arguments.
	Writer

	// Before and After are statements that have to be sent around this one, in
	// one batch with it: what SQL Server wants before it takes a value for an
	// identity. They are no part of the text; [Compiled.Sent] is all three.
	Before, After string

	// Columns are the result's, as far as the statement knows them; nil
	// where it does not. For Out arguments they name the row that these
	// make up, in order.
	Columns []Column

	// Keys says where generated keys come from.
	Keys KeySource

	// Counted takes the place of the number of rows that the database counts,
	// where it counts some twice and others not at all (an upsert of MySQL): 0
	// leaves that number, and a negative one means that it is not known.
	Counted int64

	// Writes is true for a statement that may change data. Text sets it by
	// its first keyword.
	Writes bool

	// Session is true for a statement that may leave something on the
	// session (SET, a temporary table, LOCK, BEGIN, or a text whose first
	// keyword is not known). The connection is then Reset on its return.
	Session bool

	// Ends is the word by which a text would end the transaction that it runs
	// in, or begin another: "COMMIT", "BEGIN". The engine refuses such a text
	// in a transaction. It is empty for any other statement.
	Ends string
}

// KeySource says where the keys that a statement generates come from.
type KeySource uint8

// The sources of generated keys.
const (
	NoKeys         KeySource = iota
	KeysFromRows             // RETURNING, OUTPUT, RETURNING … INTO: read the rows
	KeysFromResult           // the Result's LastInsertID
)

// Compile compiles s for d. The caller gives the Compiled back with its
// Release method once its text and arguments are not needed any more; on an
// error there is nothing to release.
func Compile(d Dialect, s Statement) (*Compiled, error) {
	if d == nil {
		return nil, Errorf(ErrStatement, "dialect: a statement needs a dialect to be compiled for; got nil")
	}
	if s == nil {
		return nil, Errorf(ErrStatement, "dialect: nil statement")
	}
	c := newCompiled(d)
	if err := s.CompileSQL(c); err != nil {
		c.Release()
		return nil, err
	}
	if err := c.Err(); err != nil {
		c.Release()
		return nil, err
	}
	keepText(d, c)
	return c, nil
}

// Named holds the arguments of a [Text] by name.
type Named map[string]any
