package oracle

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"reflect"
	"strconv"
	"strings"

	go_ora "github.com/sijms/go-ora/v2"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

const (
	arrayRows  = 1000    // of one array bind
	arrayBytes = 1 << 20 // of text and bytes in one
)

// arrayCopy copies by array binding: one INSERT, with an array of values a
// column, for up to 1,000 rows. The driver takes a column's type and character
// set from the last of its values, NULL too, and sends all of them as that:
// rows whose values are of another type begin a new array, and NULL takes the
// type of the others. LOBs go row by row.
func arrayCopy(ctx context.Context, c *sqldriver.Conn, t *sqldriver.Copying) (int64, error) {
	var marks strings.Builder
	for i := range t.Columns {
		if i > 0 {
			marks.WriteString(", ")
		}
		marks.WriteString(":" + strconv.Itoa(i+1))
	}
	a := &arrays{ctx: ctx, c: c, text: "INSERT INTO " + t.Target + " (" + t.Names + ") VALUES (" + marks.String() + ")",
		columns: make([][]driver.Value, len(t.Columns)), types: make([]reflect.Type, len(t.Columns))}
	for {
		row, err := t.Next()
		if err != nil {
			return 0, err
		}
		if row == nil {
			break
		}
		single := false
		for i, v := range row {
			typ := arrayType(v)
			single = single || isLOB(v)
			if typ != nil && a.types[i] != nil && typ != a.types[i] {
				if err := a.flush(); err != nil {
					return 0, err
				}
			}
		}
		if single {
			if err := a.flush(); err != nil {
				return 0, err
			}
		}
		a.add(row)
		if single || len(a.columns[0]) == arrayRows || a.bytes > arrayBytes {
			if err := a.flush(); err != nil {
				return 0, err
			}
		}
	}
	err := a.flush()
	return a.rows, err
}

// arrays are the values of the next INSERT.
type arrays struct {
	ctx     context.Context
	c       *sqldriver.Conn
	text    string
	columns [][]driver.Value
	types   []reflect.Type // nil: only NULLs so far
	bytes   int
	rows    int64 // inserted
}

func (a *arrays) add(row []any) {
	for i, v := range row {
		if typ := arrayType(v); typ != nil {
			a.types[i] = typ
		}
		switch x := v.(type) {
		case string:
			a.bytes += len(x)
		case []byte:
			a.bytes += len(x)
		}
		a.columns[i] = append(a.columns[i], v)
	}
}

// flush inserts what is there. A single row goes without arrays.
func (a *arrays) flush() error {
	n := len(a.columns[0])
	if n == 0 {
		return nil
	}
	args := make([]driver.NamedValue, len(a.columns))
	for i, values := range a.columns {
		args[i].Ordinal = i + 1
		if n == 1 {
			args[i].Value = values[0]
			continue
		}
		list := append([]driver.Value(nil), values...)
		if null, ok := nulls[a.types[i]]; ok {
			for j, v := range list {
				if arrayType(v) == nil {
					list[j] = null
				}
			}
		}
		args[i].Value = go_ora.NewBatch(list)
	}
	if _, err := a.c.Do(a.ctx, a.text, args); err != nil {
		return &dialect.RowsError{First: a.rows + 1, Last: a.rows + int64(n), Err: err}
	}
	a.rows += int64(n)
	for i := range a.columns {
		clear(a.columns[i])
		a.columns[i], a.types[i] = a.columns[i][:0], nil
	}
	a.bytes = 0
	return nil
}

// number stands for all that the driver sends as a NUMBER.
var number = reflect.TypeFor[go_ora.Number]()

// nulls is NULL as a value of each type.
var nulls = map[reflect.Type]driver.Value{
	number:                                sql.NullInt64{},
	reflect.TypeFor[string]():             sql.NullString{},
	reflect.TypeFor[go_ora.NVarChar]():    go_ora.NullNVarChar{},
	reflect.TypeFor[[]byte]():             []byte(nil),
	reflect.TypeFor[go_ora.TimeStamp]():   go_ora.NullTimeStamp{},
	reflect.TypeFor[go_ora.TimeStampTZ](): go_ora.NullTimeStampTZ{},
}

// arrayType is the type that the values of a column must share; nil for NULL.
func arrayType(v any) reflect.Type {
	switch x := v.(type) {
	case nil, sql.NullInt64, sql.NullTime: // what null makes
		return nil
	case []byte:
		if x == nil {
			return nil
		}
	case bool, int, int64, uint64, float64, go_ora.Number:
		return number
	}
	return reflect.TypeOf(v)
}

func isLOB(v any) bool {
	switch v.(type) {
	case go_ora.Clob, go_ora.NClob, go_ora.Blob:
		return true
	}
	return false
}
