package corpus

import (
	"encoding/json"

	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/pg"
)

var jsonCases = cases{
	"path-1":   same(expr.Select(expr.JSON(Events.Payload).Key("ip").AsString().As("ip")).From(Events)),
	"path-2":   same(expr.Select(Events.ID).From(Events).Where(expr.JSON(Events.Payload).Key("meta").Key("tries").AsInt().Gt(1))),
	"path-3":   same(expr.Select(Events.ID).From(Events).Where(expr.JSON(Events.Payload).Key("meta").Key("device").AsString().Eq("phone"))),
	"path-5":   same(expr.Select(Events.ID).From(Events).Where(expr.JSON(Events.Payload).Key("ok").AsBool().Eq(true), expr.JSON(Events.Payload).Key("score").AsFloat().Ge(1.5))),
	"insert-1": same(expr.Insert(Events).Values(Events.ID.Set(50), Events.Kind.Set("signup"), Events.Payload.Set(json.RawMessage(`{"plan": "pro", "seats": 3}`)))),
	"jsonb-1":  same(expr.Select(Documents.ID).From(Documents).Where(pg.JSONContains(Documents.Attrs, map[string]string{"k": "v"}))),
	"jsonb-2":  same(expr.Select(Documents.ID).From(Documents).Where(pg.HasKey(Documents.Attrs, "k"), pg.HasAnyKey(Documents.Attrs, "a", "b"))),
}
