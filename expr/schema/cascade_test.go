package schema_test

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Actions that come to each table once are taken everywhere.
func TestCascadesThatAreTrees(t *testing.T) {
	id := schema.BigInt("id").PrimaryKey()
	ref := func(name, to string, how ...schema.OnChange) schema.Part {
		return schema.BigInt(name).Null().References(to, how...)
	}
	gone, null, restrict, changed := schema.OnDelete(schema.Cascade), schema.OnDelete(schema.SetNull), schema.OnDelete(schema.Restrict), schema.OnUpdate(schema.Cascade)
	for name, tables := range map[string][]expr.Relation{
		"a chain":                         {schema.New("a", id), schema.New("b", id, ref("a", "a.id", gone)), schema.New("c", id, ref("b", "b.id", gone))},
		"two parents":                     {schema.New("a", id), schema.New("b", id), schema.New("c", id, ref("a", "a.id", gone), ref("b", "b.id", gone))},
		"two ways, one of them nothing":   {schema.New("a", id), schema.New("b", id, ref("a", "a.id", gone)), schema.New("c", id, ref("a", "a.id"), ref("b", "b.id", gone))},
		"two ways, one of them refuses":   {schema.New("a", id), schema.New("b", id, ref("a", "a.id", gone)), schema.New("c", id, ref("a", "a.id", restrict), ref("b", "b.id", gone))},
		"what becomes NULL deletes none":  {schema.New("a", id), schema.New("b", id, ref("a", "a.id", null)), schema.New("c", id, ref("a", "a.id", gone), ref("b", "b.id", gone))},
		"a delete and an update":          {schema.New("a", id), schema.New("c", id, ref("a", "a.id", gone), ref("b", "a.id", changed))},
		"its own, which refuses":          {schema.New("a", id, ref("up", "a.id"))},
		"a key that the update leaves be": {schema.New("a", id), schema.New("b", id, ref("a", "a.id", changed)), schema.New("c", id, ref("a", "a.id", changed), ref("b", "b.id", changed))},
	} {
		if _, err := schema.CreateSQL(schema.NewMetadata(tables...), mssql.Dialect()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := schema.New("a", id, ref("up", "a.id", gone))
	if text, _, err := expr.SQL(schema.CreateTable(own), mssql.Dialect()); err == nil {
		t.Errorf("a table by itself: %s", text)
	}
}
