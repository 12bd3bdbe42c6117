// Package expr is SQL as Go values: statements are composed from typed columns
// and rendered for a database by its dialect. It knows no connection; what it
// makes is a dialect.Statement, which package engine and every other
// dialect.Runner can run.
//
//	type users struct {
//		schema.Table `db:"users"`
//		ID           schema.Col[int64]  `db:",pk,identity"`
//		Name         schema.Col[string] `db:",type:varchar(50)"`
//		Email        schema.Col[string] `db:",null,unique"`
//	}
//	var Users = schema.Define[users]()
//
//	stmt := expr.Select(Users.ID, Users.Name).
//		From(Users).
//		Where(Users.Name.StartsWith("a"), expr.Or(Users.ID.Gt(10), Users.Email.IsNull())).
//		OrderBy(Users.Name.Asc().NullsLast()).
//		Limit(20)
//	found, err := engine.All[User](ctx, eng, stmt)
//	text, args, err := expr.SQL(stmt, postgres.Dialect()) // for any dialect, with no database
//
// # Expressions
//
// A column is a [Col] of the Go type of its values, and an expression an
// [Expr]. Their methods take Go values, which become parameters, always:
// Users.ID.Eq(7). Functions of the same name take two expressions of one type:
// expr.Eq(Orders.UserID, Users.ID). Comparing unlike types does not compile.
// The type is that of a value that is not NULL, so that a column that may be
// NULL compares with one that may not. Where the types are known only when
// the program runs, there is [Column], a Col[any].
//
// Conditions are of type [Cond] and not of Expr[bool]; [True] makes one of a
// boolean value. The zero Cond is a mistake, never "no condition": an optional
// filter is [When].
//
// Raw SQL enters through [Text], [TextCond] and, for constants, [Literal];
// nothing else that takes a string writes it into the text unquoted. A program
// adds expressions with a [Template], which says what each database writes,
// with an operator ([Op]), or, where a text cannot say it, with [Custom].
//
// # Functions
//
// The functions of text ([Substring], [Lpad] …), numbers ([Round], [Greatest]
// …), times ([Extract], [DateAdd], [DateDiff] …) and conditions ([Coalesce],
// [If], [Case] …) have one name and mean the same on every database: the
// dialect's Features have the text. [Func] calls every other by its name.
// [JSON] is a path into a document, [JSONObject] and [JSONArray] make one. A
// function that gives rows stands in FROM by [TableFunc]. Window functions pass
// over NULLs with IgnoreNulls. What one database alone has, PostgreSQL's arrays
// and Oracle's CONNECT BY among it, is in the packages below this one: pg, my,
// lite, ms and ora.
//
// # Statements
//
// [Select], [Insert], [Update] and [Delete] begin statements, [Union] and its
// like combine queries. Statements are immutable values: every method returns
// a new one and shares what did not change, so a base query can be kept in a
// variable, extended in different ways, and used by many goroutines.
//
// [Select2] to [Select8] begin a SELECT whose rows have a Go type: tuples,
// which engine.AllOf and the like read with no struct declared.
//
// A query that names itself is [Recursive]; [DepthFirst], [BreadthFirst] and
// [MarkCycle] add columns that say how its rows were reached.
//
// UPDATE and DELETE without WHERE are refused, unless they say EveryRow.
//
// [Prepare] makes the text of a statement once, for values that change.
//
// # Looking into statements
//
// [Nodes] goes through everything that a statement is composed of, [Equal]
// compares two statements, and [Rewrite], [ReplaceTable] and [FilterTables]
// make new ones of it: with another table in the place of one, or with a
// condition on every table. [Debug] is the text with its values, for people.
//
// # Mistakes
//
// Methods return no error and do not panic. A mistake (a column of a table that
// is not in FROM, a nil operand, an empty VALUES, a text method on a number, a
// negative limit) travels with the statement and is reported when it is
// compiled, together with all others of the statement, each naming its clause
// and the part that it is in. They match dialect.ErrStatement, and nothing is
// sent.
//
// # Databases
//
// One value renders for each database as that database says it: LIMIT, TOP,
// OFFSET … FETCH; ON CONFLICT, ON DUPLICATE KEY UPDATE, MERGE; RETURNING,
// OUTPUT, RETURNING … INTO. Where a database lacks something, an equivalent is
// written if there is one (NULLS LAST by a CASE, ILIKE by LOWER, FILTER by a
// CASE); otherwise compiling gives a dialect.UnsupportedError that says what
// to do instead, before anything is sent.
//
// # Speed
//
// A SELECT may be composed anew for each request. Its table keeps the texts of
// the statements that come again, by all that they are made of but their
// values, so that a later one takes its text from there and adds its own values.
// Only what is made of columns, functions and plain values is kept like this; the
// rest is printed each time, and the text is the same either way. [Prepare] is for
// a statement that is composed once.
//
// # What it is not for
//
// It maps no rows to structs and tracks no objects: that is package orm's. It
// sends nothing: that is package engine's. It does not parse SQL.
package expr
