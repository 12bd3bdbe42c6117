package engine

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// types asks what the columns are, and finds out whether they are there.
func (cp *copying) types(ctx context.Context, t *Tx) ([]*dialect.Type, error) {
	schema := cp.target(&t.c.eng.settings)
	key, version := columnsKey{t.c.d, schema, cp.table, strings.Join(cp.columns, "\x00")}, ""
	known := t.c.eng.copied.get(key)
	by, versions := t.c.d.(dialect.ColumnVersioner)
	ask := func() (version string, err error) {
		_, err = t.Run(ctx, asked{by.WriteVersion, schema, cp.table}, func(rows dialect.Rows) error {
			version, err = by.ReadVersion(rows)
			return err
		})
		return version, err
	}
	if versions && !known.hidden {
		var err error
		version, err = ask()
		switch {
		case errors.Is(err, ErrPermission):
			t.c.eng.copied.put(key, knownColumns{hidden: true})
		case err != nil:
			return nil, cp.failed(err)
		case version != "" && version == known.version:
			return known.types, nil
		}
	}
	var cols []dialect.Column
	if by, ok := t.c.d.(dialect.ColumnDescriber); ok {
		_, err := t.Run(ctx, asked{by.WriteDescribe, schema, cp.table}, func(rows dialect.Rows) (err error) {
			cols, err = by.ReadColumns(rows, cp.columns)
			return err
		})
		if err != nil {
			return nil, cp.failed(err)
		}
		if cols == nil {
			version = "" // the probe says what is missing
		}
	}
	if cols == nil {
		_, err := t.Run(ctx, probe{cp}, func(rows dialect.Rows) error {
			cols = rows.Columns()
			return nil
		})
		if err != nil {
			return nil, cp.failed(err)
		}
	}
	if len(cols) != len(cp.columns) {
		return nil, dialect.Errorf(ErrOther, "engine: copy into %s: %d columns are %d in the database", cp.table, len(cp.columns), len(cols))
	}
	types := make([]*dialect.Type, len(cols))
	for i := range cols {
		types[i] = cols[i].Type
	}
	if version != "" {
		if now, err := ask(); err != nil {
			return nil, cp.failed(err)
		} else if now != version { // changed while it was described
			return types, nil
		}
		t.c.eng.copied.put(key, knownColumns{version: version, types: types})
	}
	return types, nil
}

// asked is a statement about a table that the dialect writes.
type asked struct {
	write         func(w *dialect.Writer, schema, table string)
	schema, table string
}

func (s asked) CompileSQL(c *dialect.Compiled) error {
	s.write(&c.Writer, s.schema, s.table)
	return nil
}

// probe asks for the types of the columns, and finds out whether they are there.
type probe struct{ cp *copying }

func (s probe) CompileSQL(c *dialect.Compiled) error {
	c.WriteString("SELECT ")
	s.cp.names(&c.Writer)
	c.WriteString(" FROM ")
	c.InSchema(s.cp.schema, s.cp.table)
	c.WriteString(" WHERE 1 = 0")
	return nil
}

// columnsKey is what the columns of a table were asked for.
type columnsKey struct {
	d                      dialect.Dialect
	schema, table, columns string
}

// copiedColumns are the types of columns that rows were copied into, where the
// database tells that they are still the same.
type copiedColumns struct {
	mu    sync.Mutex
	known map[columnsKey]knownColumns
}

type knownColumns struct {
	version string
	types   []*dialect.Type
	hidden  bool // the version may not be asked for
}

// mostCopied is how many tables are remembered.
const mostCopied = 256

func (k *copiedColumns) get(key columnsKey) knownColumns {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[key]
}

func (k *copiedColumns) put(key columnsKey, c knownColumns) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.known[key]; k.known == nil || len(k.known) >= mostCopied && !ok {
		k.known = make(map[columnsKey]knownColumns)
	}
	k.known[key] = c
}
