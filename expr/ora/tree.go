package ora

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

const noTree = "use a recursive common table expression, expr.Recursive"

// ConnectBy is START WITH start CONNECT BY step: the rows that start holds for, and from
// each row those that step leads to, where [Prior] is what the row before has. A
// zero start is every row. A loop is an error; see [ConnectByNoCycle]. (Oracle
// SQL Language Reference, Hierarchical Queries.)
//
//	expr.Select(Staff.Name, ora.Level()).From(Staff).
//		Clause(ora.ConnectBy(Staff.BossID.IsNull(), expr.Eq(ora.Prior(Staff.ID), Staff.BossID)))
func ConnectBy(start, step expr.Cond) expr.Clause { return connectBy("CONNECT BY ", start, step) }

// ConnectByNoCycle is [ConnectBy] that visits no row twice on its way; see
// [ConnectByIsCycle].
func ConnectByNoCycle(start, step expr.Cond) expr.Clause {
	return connectBy("CONNECT BY NOCYCLE ", start, step)
}

func connectBy(words string, start, step expr.Cond) expr.Clause {
	children := []expr.Any{step}
	if start != (expr.Cond{}) {
		children = append(children, start)
	}
	return expr.NewClause(expr.ClauseDef{Name: "CONNECT BY", Own: own.Key("CONNECT BY"), Instead: noTree, Place: expr.AfterWhere,
		Print: func(w *dialect.Writer, part func(int)) {
			if len(children) > 1 {
				w.WriteString("START WITH ")
				part(1)
				w.WriteString(" ")
			}
			w.WriteString(words)
			part(0)
		}}, children...)
}

var (
	prior         = own.Named("CONNECT BY", "PRIOR {0}", noTree)
	root          = own.Named("CONNECT BY", "CONNECT_BY_ROOT {0}", noTree)
	pathOf        = own.Named("CONNECT BY", "SYS_CONNECT_BY_PATH({0}, {1})", noTree)
	level         = own.Named("CONNECT BY", "LEVEL", noTree)
	connectLeaf   = own.Named("CONNECT BY", "CONNECT_BY_ISLEAF", noTree)
	connectCycles = own.Named("CONNECT BY", "CONNECT_BY_ISCYCLE", noTree)
	rownum        = own.Named("ROWNUM", "ROWNUM", "use Limit, or expr.RowNumber")
)

// Prior is what the row before in the tree has, within [ConnectBy].
func Prior[T any](e expr.Of[T]) expr.Expr[T] { return expr.Fill[T](prior, e) }

// ConnectByRoot is the value of e in the root of the row's tree.
func ConnectByRoot[T any](e expr.Of[T]) expr.Expr[T] { return expr.Fill[T](root, e) }

// SysConnectByPath is the texts of the rows from the root to this one, each after
// the separator.
func SysConnectByPath(e expr.Of[string], separator string) expr.Expr[string] {
	return expr.Fill[string](pathOf, e, expr.Literal(separator))
}

// Level is how deep in the tree the row is, from 1.
func Level() expr.Expr[int64] { return expr.Fill[int64](level) }

// ConnectByIsLeaf is 1 for a row without children, and 0 otherwise.
func ConnectByIsLeaf() expr.Expr[int64] { return expr.Fill[int64](connectLeaf) }

// ConnectByIsCycle is 1 for a row that has one of its ancestors as a child, and
// 0 otherwise. It needs [ConnectByNoCycle].
func ConnectByIsCycle() expr.Expr[int64] { return expr.Fill[int64](connectCycles) }

// Rownum is the number of the row as it is found, from 1, before ORDER BY. Of its
// comparisons, those that leave out the first row find nothing.
func Rownum() expr.Expr[int64] { return expr.Fill[int64](rownum) }

// RowID is where a row of a table is kept, the fastest way to it.
func RowID(t expr.Relation) expr.Expr[string] {
	return expr.PseudoColumn[string](t, own.Key("ROWID"), "ROWID")
}

// RowSCN is the system change number of a row's last change, or its block's.
func RowSCN(t expr.Relation) expr.Expr[int64] {
	return expr.PseudoColumn[int64](t, own.Key("ORA_ROWSCN"), "ORA_ROWSCN")
}
