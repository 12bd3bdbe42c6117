package all_test

import (
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/orm"
)

type shirt struct {
	ID     int64  `db:",pk"`
	Colour string `db:",type:enum('red','it''s, blue')"`
}

// An enumeration in a tag is one on every database: a type of its own where it
// has one, else a text, and no other value is sent.
func TestEnumTags(t *testing.T) {
	shirts := orm.Table[shirt]()
	id, colour := schema.C[int64](shirts, "id"), schema.C[string](shirts, "colour")
	names := map[string]string{"postgres": "colour VARCHAR(10)", "mysql": "colour ENUM('red','it''s, blue')", "sqlite": "colour TEXT",
		"mssql": "colour NVARCHAR(10)", "oracle": "colour VARCHAR2(10 CHAR)"}
	for _, d := range five() {
		text, _, err := expr.SQL(schema.CreateTable(shirts), d)
		if err != nil || !strings.Contains(text, names[d.Name()]) {
			t.Errorf("%s: %v, %s", d.Name(), err, text)
		}
		for value, sound := range map[string]bool{"red": true, "it's, blue": true, "green": false, "": false} {
			_, err := dialect.Compile(d, expr.Insert(shirts).Values(id.Set(1), colour.Set(value)))
			if (err == nil) != sound || err != nil && (!strings.Contains(err.Error(), "colour") || !strings.Contains(err.Error(), "red")) {
				t.Errorf("%s: %q: %v", d.Name(), value, err)
			}
		}
	}
}
