package corpus

import (
	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

var quoteCases = cases{
	"mixed-1":    same(expr.Select(Group.ID, Group.DisplayName).From(Group).Where(Group.ID.Eq(1))),
	"reserved-1": same(expr.Select(Group.Select, Group.Order).From(Group).OrderBy(Group.Order)),
	"space-1":    same(expr.Select(Group.UnitPrice).From(Group).Where(Group.UnitPrice.Gt("2.5"), Group.Plain.Eq(0))),
	"alias-1": by(func(target) dialect.Statement {
		g := schema.As(Group, "G")
		return expr.Select(g.Plain).From(g).Where(g.ID.Gt(3))
	}),
	"insert-1": same(expr.Insert(Group).Values(Group.ID.Set(9), Group.Select.Set("a"), Group.Order.Set(2),
		Group.DisplayName.Set("Nine"), Group.UnitPrice.Set("3.25"))),
	"schema-1": same(expr.Select(LogEntries.ID, LogEntries.Action).From(LogEntries).Where(LogEntries.UserID.Eq(4))),
	"schema-2": same(expr.Select(Users.Name, LogEntries.Detail).From(Users).
		Join(LogEntries, expr.Eq(LogEntries.UserID, Users.ID))),
	"forced-1": by(func(target) dialect.Statement {
		t := expr.NewTable(expr.TableDef{Name: "users", Columns: []expr.ColumnDef{{Name: "id", Quote: true}}, Quote: true})
		return expr.Select(expr.Columns(t)...).From(t)
	}),
	"embedded-1": same(expr.Select(Users.ID.As("it\"s`a]b")).From(Users)),
}
