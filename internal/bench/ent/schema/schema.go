// Package schema is the input of ent's code generator, which the program
// above runs with -generate.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

func userFields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("name"),
		field.String("email"),
		field.Int("age"),
		field.Float("score"),
		field.Bool("active"),
		field.Time("created_at"),
		field.String("note").Optional().Nillable(),
	}
}

type User struct{ ent.Schema }

func (User) Fields() []ent.Field { return userFields() }
func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "users"}}
}

type InsUser struct{ ent.Schema }

func (InsUser) Fields() []ent.Field { return userFields() }
func (InsUser) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "ins_users"}}
}

type Parent struct{ ent.Schema }

func (Parent) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("name"),
		field.Time("created_at"),
	}
}
func (Parent) Edges() []ent.Edge { return []ent.Edge{edge.To("children", Child.Type)} }
func (Parent) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "parents"}}
}

type Child struct{ ent.Schema }

func (Child) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.Int64("parent_id"),
		field.String("title"),
		field.Int("qty"),
		field.Float("price"),
	}
}
func (Child) Edges() []ent.Edge {
	return []ent.Edge{edge.From("parent", Parent.Type).Ref("children").Field("parent_id").Unique().Required()}
}
func (Child) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "children"}}
}
