package schema_test

import (
	"context"
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// Tables of which the program knows no more than the name.
func ExampleReflect() {
	ctx := context.Background()
	eng, err := engine.Open("sqlite://")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() {
		if err := eng.Close(); err != nil {
			fmt.Println(err)
		}
	}()
	for _, text := range []string{
		"CREATE TABLE pets (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, born DATE)",
		"CREATE INDEX ix_pets_lower ON pets (lower(name))",
		"INSERT INTO pets (name) VALUES ('Rex'), ('Tom')",
	} {
		if _, err := eng.Run(ctx, dialect.Text(text), nil); err != nil {
			fmt.Println(err)
			return
		}
	}
	meta, err := schema.Reflect(ctx, eng, "pets")
	if err != nil {
		fmt.Println(err)
		return
	}
	pets := meta.Table("pets")
	for _, c := range pets.Info().Columns {
		fmt.Println(c.Name, &c.Type, c.Null)
	}
	fmt.Println(meta.Notes())

	name := schema.C[string](pets, "name")
	names, err := engine.All[string](ctx, eng, expr.Select(name).From(pets).Where(schema.C[int64](pets, "id").Gt(1)))
	fmt.Println(names, err)

	// An Inspector has all that the database says.
	table, err := schema.NewInspector(eng).Table(ctx, "pets")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Indexes[0].Columns[0].Expression)
	// Output:
	// id bigint false
	// name varchar(50) false
	// born date true
	// []
	// [Tom] <nil>
	// lower(name)
}
