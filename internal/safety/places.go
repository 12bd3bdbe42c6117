package safety

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/lite"
	"github.com/sqlayer-go/sqlayer/expr/ms"
	"github.com/sqlayer-go/sqlayer/expr/my"
	"github.com/sqlayer-go/sqlayer/expr/ora"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Role is what a string is at a place.
type Role uint8

// The roles.
const (
	Identifier Role = iota
	Constant        // a literal of the text
	Parameter       // sent beside the text
	Remark          // a comment
	Keyword         // what can be but a word, and is refused otherwise
)

// Place is where a string goes into a statement.
type Place struct {
	Name string
	Role Role
	// Stmt is the statement with s in its place.
	Stmt func(s string) dialect.Statement
	// Inside is what stands there for s; nil: s itself.
	Inside func(s string) string
}

// Harmless is a string that needs quotes as a name, and is nothing special otherwise.
const Harmless = "harm less"

func table(name string, parts ...schema.Part) *schema.Dynamic {
	d := *schema.Info(schema.New("t", append([]schema.Part{schema.BigInt("id").PrimaryKey()}, parts...)...))
	d.Name = name
	return schema.Build(&d)
}

func inSchema(name string) *schema.Dynamic {
	d := *schema.Info(table("t"))
	d.Schema = name
	return schema.Build(&d)
}

func text(t expr.Relation, column string) expr.Col[string] { return expr.C[string](t, column) }

func id(t expr.Relation) expr.Col[int64] { return expr.C[int64](t, "id") }

// Places are those of every kind of statement.
func Places() []Place {
	plain := table("t", schema.Varchar("name", 200), schema.JSON("doc"))
	name := text(plain, "name")
	named := func(s string) *schema.Dynamic { return table("t", schema.Varchar(s, 200)) }
	from := expr.Select(id(plain)).From(plain)
	where := func(c expr.Cond) dialect.Statement { return from.Where(c) }
	return []Place{
		{"table", Identifier, func(s string) dialect.Statement { t := table(s); return expr.Select(id(t)).From(t) }, nil},
		{"schema", Identifier, func(s string) dialect.Statement { t := inSchema(s); return expr.Select(id(t)).From(t) }, nil},
		{"column", Identifier, func(s string) dialect.Statement {
			t := named(s)
			return expr.Select(text(t, s)).From(t).OrderBy(text(t, s))
		}, nil},
		{"alias of a table", Identifier, func(s string) dialect.Statement { t := expr.As(plain, s); return expr.Select(id(t)).From(t) }, nil},
		{"label", Identifier, func(s string) dialect.Statement { return expr.Select(name.As(s)).From(plain) }, nil},
		{"ORDER BY a label", Identifier, func(s string) dialect.Statement {
			return expr.Union(expr.Select(name.As(s)).From(plain), from).OrderBy(expr.Name[string](s))
		}, nil},
		{"derived table", Identifier, func(s string) dialect.Statement { t := from.As(s); return expr.Select(id(t)).From(t) }, nil},
		{"CTE", Identifier, func(s string) dialect.Statement { t := expr.CTE(s, from); return expr.Select(id(t)).From(t).With(t) }, nil},
		{"column of a CTE", Identifier, func(s string) dialect.Statement {
			t := expr.CTE("c", from, s)
			return expr.Select(expr.C[int64](t, s)).From(t).With(t)
		}, nil},
		{"window", Identifier, func(s string) dialect.Statement {
			return expr.Select(expr.RowNumber().Over(expr.WindowNamed(s))).From(plain).Window(s, expr.PartitionBy(name).OrderBy(name))
		}, nil},
		{"INSERT", Identifier, func(s string) dialect.Statement {
			t := named(s)
			return expr.Insert(t).Columns(id(t), text(t, s)).Flat([]any{1, "a"})
		}, nil},
		{"UPDATE", Identifier, func(s string) dialect.Statement {
			t := named(s)
			return expr.Update(t).Set(text(t, s).Set("a")).Where(text(t, s).Eq("b"))
		}, nil},
		{"DELETE", Identifier, func(s string) dialect.Statement { t := table(s); return expr.Delete(t).Where(id(t).Eq(1)) }, nil},
		{"upsert", Identifier, func(s string) dialect.Statement {
			t := named(s)
			return expr.Insert(t).Columns(id(t), text(t, s)).Flat([]any{1, "a"}).OnConflict(id(t)).DoUpdate(expr.Set(text(t, s), expr.Inserted(text(t, s))))
		}, nil},
		{"constraint of an upsert", Identifier, func(s string) dialect.Statement {
			return expr.Insert(plain).Columns(id(plain), name).Flat([]any{1, "a"}).OnConstraint(s).DoNothing()
		}, nil},
		{"FOR UPDATE OF", Identifier, func(s string) dialect.Statement {
			t := expr.As(plain, s)
			return expr.Select(id(t)).From(t).ForUpdate(expr.LockOf(t))
		}, nil},
		{"collation", Identifier, func(s string) dialect.Statement { return from.OrderBy(expr.Collate(name, s)) }, nil},
		{"index hint of MySQL", Identifier, func(s string) dialect.Statement { return from.Hint(my.UseIndex(plain, s)) }, nil},
		{"index hint of SQL Server", Identifier, func(s string) dialect.Statement { return from.Hint(ms.Index(plain, s)) }, nil},
		{"index hint of SQLite", Identifier, func(s string) dialect.Statement { return from.Hint(lite.IndexedBy(plain, s)) }, nil},
		{"CREATE TABLE", Identifier, func(s string) dialect.Statement { return schema.CreateTable(table(s)) }, nil},
		{"DROP TABLE", Identifier, func(s string) dialect.Statement { return schema.DropTable(table(s)) }, nil},
		{"column of CREATE TABLE", Identifier, func(s string) dialect.Statement { return schema.CreateTable(named(s)) }, nil},
		{"unique constraint", Identifier, func(s string) dialect.Statement {
			d := *schema.Info(plain)
			d.Unique = []schema.Key{{Name: s, Columns: []string{"name"}}}
			return schema.CreateTable(schema.Build(&d))
		}, nil},
		{"check constraint", Identifier, func(s string) dialect.Statement {
			return schema.CreateTable(table("t", schema.Check(s, expr.Literal[int64](1).Gt(0))))
		}, nil},
		{"DROP CONSTRAINT", Identifier, func(s string) dialect.Statement { return schema.DropConstraint(plain, s) }, nil},
		{"index", Identifier, func(s string) dialect.Statement { return schema.CreateIndex(plain, schema.IndexOn(s, "name")) }, nil},
		{"column of a view", Identifier, func(s string) dialect.Statement { return schema.CreateView("v", expr.Select(name.As(s)).From(plain)) }, nil},

		{"literal", Constant, func(s string) dialect.Statement { return expr.Select(expr.Literal(s), id(plain)).From(plain) }, nil},
		{"literal in WHERE", Constant, func(s string) dialect.Statement { return where(expr.Eq(name, expr.Literal(s))) }, nil},
		{"separator", Constant, func(s string) dialect.Statement { return expr.Select(expr.StringAgg(name, s)).From(plain) }, nil},
		{"default", Constant, func(s string) dialect.Statement {
			return schema.CreateTable(table("t", schema.Varchar("name", max(200, len(s))).Default(s)))
		}, nil},
		{"literal of a CHECK", Constant, func(s string) dialect.Statement {
			return schema.CreateTable(table("t", schema.Varchar("name", 200), schema.Check("c", schema.Self[string]("name").Ne(s))))
		}, nil},
		{"value of an enumeration", Constant, func(s string) dialect.Statement {
			return schema.CreateTable(table("t", schema.Enum("kind", "", s, "other")))
		}, nil},
		{"enumeration of its own", Constant, func(s string) dialect.Statement { return schema.CreateEnum("e", s, "other") }, nil},
		{"comment of a table", Constant, func(s string) dialect.Statement { return schema.CreateTable(table("t", schema.Comment(s))) }, nil},
		{"comment of a column", Constant, func(s string) dialect.Statement {
			return schema.CreateTable(table("t", schema.Varchar("name", 200).Comment(s)))
		}, nil},
		{"key of a JSON object", Constant, func(s string) dialect.Statement {
			return expr.Select(expr.JSONObject(expr.Member(s, id(plain)))).From(plain)
		}, nil},

		{"value", Parameter, func(s string) dialect.Statement { return where(name.Eq(s)) }, nil},
		{"IN", Parameter, func(s string) dialect.Statement { return where(name.In(s, "other")) }, nil},
		{"LIKE", Parameter, func(s string) dialect.Statement { return where(name.Like(s)) }, nil},
		{"starts with", Parameter, func(s string) dialect.Statement { return where(name.StartsWith(s)) }, nil},
		{"contains", Parameter, func(s string) dialect.Statement { return where(expr.Or(name.Contains(s), name.IContains(s))) }, nil},
		{"INSERT of a value", Parameter, func(s string) dialect.Statement {
			return expr.Insert(plain).Columns(id(plain), name).Flat([]any{1, s})
		}, nil},
		{"parameter with a name", Parameter, func(s string) dialect.Statement { return where(expr.Eq(name, expr.Param("p", s))) }, nil},
		{"name of a parameter", Parameter, func(s string) dialect.Statement { return where(expr.Eq(name, expr.Param(s, "v"))) }, nil},
		{"argument of a text", Parameter, func(s string) dialect.Statement { return where(expr.TextCond("name = {0}", s)) }, nil},
		{"named argument of a text", Parameter, func(s string) dialect.Statement {
			return where(expr.TextCond("name = :p", dialect.Named{"p": s}))
		}, nil},
		{"key of a JSON path", Constant, func(s string) dialect.Statement {
			return expr.Select(expr.JSON(expr.C[any](plain, "doc")).Key(s).AsString()).From(plain)
		}, func(s string) string {
			pairs := []string{`"`, `\"`, `\`, `\\`, "\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`}
			for c := range ' ' {
				pairs = append(pairs, string(c), fmt.Sprintf(`\u%04x`, c))
			}
			return strings.NewReplacer(pairs...).Replace(s)
		}},

		{"comment", Remark, func(s string) dialect.Statement { return from.Comment(s) }, nil},
		{"comment of an UPDATE", Remark, func(s string) dialect.Statement {
			return expr.Update(plain).Set(name.Set("a")).EveryRow().Comment(s)
		}, nil},
		{"hint of MySQL", Keyword, func(s string) dialect.Statement { return from.Hint(my.Hint(s)) }, nil},
		{"hint of Oracle", Keyword, func(s string) dialect.Statement { return from.Hint(ora.Hint(s)) }, nil},
		{"function", Keyword, func(s string) dialect.Statement { return expr.Select(expr.Func[int](s, id(plain))).From(plain) }, nil},
		{"prefix", Keyword, func(s string) dialect.Statement { return from.Prefix(expr.NewPrefix(s)) }, nil},
		{"storage engine", Keyword, func(s string) dialect.Statement { return schema.CreateTable(table("t", my.Engine(s))) }, nil},
	}
}

// Strings are what has ended literals, names and comments somewhere.
func Strings() []string {
	return []string{
		"", " ", "a", "A", "select", "it's", `say "so"`, "back`tick", "a]b", "[a]", `\`, `a\`, `\'`, `\"`, `'\`, `\\'`, "''", `""`, "``", "]]",
		"'; DROP TABLE t; --", `"; DROP TABLE t; --`, "`; DROP TABLE t; --", "]; DROP TABLE t; --", `\'; DROP TABLE t; -- `, "' OR '1'='1", "x' OR 1=1 #",
		"--", "-- ", "/*", "*/", "/* a */", "/*! 1 */", "*/ DROP TABLE t /*", "#", ";", "a;b", "a.b", "a,b", "(", ")", "?", "$1", ":1", "@p1", ":name", "{0}", "{*}",
		"$$", "$a$", "q'[", "E'", "N'", "%", "_", "/", "a\nb", "a\rb", "a\tb", "a\\\nb", "a\\\r\nb", "\x00", "a\x00b", "\xff", "\xbf'", "\xbf\\", "a\xc3", "é'", "你`", "你\\",
		"名前", "ʼ", "＇", "’", "\u00a0", "\u2028", "\ufeff", "😀", "a\u0301", "\x1a", "\x7f", "\b", "trailing ", " leading", "null", "NULL", "0", "1a", "_a", "a$b", "*", "==",
		"\u0130", "ſelect", strings.Repeat("x", 70), strings.Repeat("'", 30), strings.Repeat("é", 40),
	}
}

// Generated returns n strings made of what matters, the same for the same seed.
func Generated(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 5))
	pieces := append(Strings()[1:90], "'", `"`, "`", "]", `\`, "a", " ", "\n", "*", "/", "-", "0", "é", "\xbf")
	list := make([]string, n)
	for i := range list {
		var b strings.Builder
		for range 1 + r.IntN(5) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		list[i] = b.String()
	}
	return list
}
