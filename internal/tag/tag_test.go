package tag

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	tests := []struct {
		in      string
		want    Tag
		problem string
	}{
		{in: "", want: Tag{}},
		{in: "-", want: Tag{Skip: true}},
		{in: "id", want: Tag{Name: "id"}},
		{in: ",pk,identity", want: Tag{Options: []Option{{"pk", ""}, {"identity", ""}}}},
		{in: "n,type:decimal(12,2),null", want: Tag{Name: "n", Options: []Option{{"type", "decimal(12,2)"}, {"null", ""}}}},
		{in: ",default:'a, ''b'''", want: Tag{Options: []Option{{"default", "a, 'b'"}}}},
		{in: ",check:'x IN (1,2)'", want: Tag{Options: []Option{{"check", "x IN (1,2)"}}}},
		{in: ",fk:User.ID,ondelete:cascade", want: Tag{Options: []Option{{"fk", "User.ID"}, {"ondelete", "cascade"}}}},
		{in: ",pkk", problem: `unknown option "pkk" (did you mean "pk"?)`},
		{in: ",pk,pk", problem: "given twice"},
		{in: ",pk:1", problem: "takes no value"},
		{in: ",size", problem: "needs a value"},
		{in: ",default:'a", problem: "quote is not closed"},
		{in: ",type:decimal(1", problem: "parenthesis is not closed"},
		{in: ",type:decimal1)", problem: "without an opening"},
		{in: ",default:'a'b", problem: "after the closing quote"},
	}
	for _, tt := range tests {
		got, err := Parse(tt.in)
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("Parse(%q): error %v, want one with %q", tt.in, err, tt.problem)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"ID": "id", "UserID": "user_id", "HTTPServer": "http_server", "CreatedAt": "created_at",
		"Line2": "line2", "UserIDs": "user_ids", "A": "a", "already_snake": "already_snake", "X_Y": "x_y"} {
		if got := Snake(in); got != want {
			t.Errorf("Snake(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"User": "users", "Address": "addresses", "Category": "categories", "Day": "days",
		"Box": "boxes", "OrderItem": "order_items", "Batch": "batches"} {
		if got := Table(in); got != want {
			t.Errorf("Table(%q) = %q, want %q", in, got, want)
		}
	}
}

type base struct {
	ID      int64
	Created time.Time
}
type city struct{ Name string }
type person struct {
	base
	*Extra
	Name    string `db:"full_name"`
	Email   *string
	Home    city `db:",embed,prefix:home_"`
	Work    *city
	Visited []*city
	skipped int
	Memo    string `db:"-"`
	Tags    map[string]string
}

// Extra is embedded by pointer.
type Extra struct{ Note string }

func TestFields(t *testing.T) {
	fields, err := Fields(reflect.TypeFor[person]())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.Name+"="+f.Column)
	}
	want := "base.ID=id base.Created=created Extra.Note=note Name=full_name Email=email Home.Name=home_name Work=work Visited=visited Tags=tags"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("fields:\n got %s\nwant %s", s, want)
	}
	if f := fields[2]; len(f.Pointers) != 1 || f.Offset != 0 || f.Pointers[0].Offset != reflect.TypeFor[base]().Size() {
		t.Errorf("Extra.Note: offset %d by %v", f.Offset, f.Pointers)
	}
	if fields[6].Shape != Struct || fields[7].Shape != StructList || fields[8].Shape != Other || fields[4].Shape != Value {
		t.Errorf("shapes: %+v", fields)
	}
	p := person{}
	_ = p.skipped
}

func TestFieldsRefuses(t *testing.T) {
	type two struct {
		A string `db:"x"`
		B string `db:"x"`
	}
	type unexported struct {
		a int `db:"a"`
	}
	type unknown struct {
		A int `db:",nul"`
	}
	_ = unexported{}.a
	for _, tt := range []struct {
		t    reflect.Type
		want string
	}{
		{reflect.TypeFor[two](), "fields A and B both"},
		{reflect.TypeFor[unexported](), "not exported"},
		{reflect.TypeFor[unknown](), `did you mean "null"`},
		{reflect.TypeFor[int](), "not a struct"},
	} {
		if _, err := Fields(tt.t); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.t, err, tt.want)
		}
	}
}
