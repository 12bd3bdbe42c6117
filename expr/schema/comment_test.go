package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// SQL Server leaves a backslash before the end of a line out of a constant,
// and takes one constant alone for a comment.
func TestCommentsKeepTheirText(t *testing.T) {
	for _, text := range []string{"a\\\nb", "a\\\r\nb", "a\\ \nb"} {
		meta := schema.NewMetadata(schema.New("notes", schema.BigInt("id").PrimaryKey(), schema.Comment(text)))
		for _, d := range dialects {
			stmts, err := schema.CreateSQL(meta, d)
			spoilt := d.Features().Comments == dialect.ExtendedProperty && !strings.Contains(text, " ")
			switch {
			case spoilt && (!errors.Is(err, dialect.ErrStatement) || !strings.Contains(err.Error(), "comment of notes")):
				t.Errorf("%s, %q: %v, %v", d.Name(), text, stmts, err)
			case !spoilt && err != nil:
				t.Errorf("%s, %q: %v", d.Name(), text, err)
			}
		}
	}
}
