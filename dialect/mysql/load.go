package mysql

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// loads numbers the readers, which the driver finds by name.
var loads atomic.Int64

// load copies by LOAD DATA LOCAL INFILE from memory. LOCAL makes warnings of
// all errors, and skips rows whose key is there (MySQL 8.4 Reference Manual,
// 15.2.9), so the first warning is the error of the copy, which the transaction
// around it undoes.
func (v values) load(ctx context.Context, c *sqldriver.Conn, t *sqldriver.Copying) (int64, error) {
	name := "sqlayer" + strconv.FormatInt(loads.Add(1), 10)
	r := &loadReader{t: t, loc: v.loc, form: make([]loadForm, len(t.Columns))}
	mysql.RegisterReaderHandler(name, func() io.Reader { return r })
	defer mysql.DeregisterReaderHandler(name)
	res, err := c.Do(ctx, r.text(name), nil)
	if r.err != nil {
		return 0, r.err // the driver's only repeats it
	}
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	if err := warned(ctx, c); err != nil {
		return 0, err
	}
	if n != t.Row() {
		return 0, dialect.Errorf(dialect.ErrData, "mysql: %d of %d rows were loaded, and the server does not say why (max_error_count is 0)", n, t.Row())
	}
	return n, nil
}

var atRow = regexp.MustCompile(` at row (\d+)$`)

// warned returns the first warning as the error that it would have been.
func warned(ctx context.Context, c *sqldriver.Conn) error {
	var found error
	err := c.Ask(ctx, "SHOW WARNINGS", func(rows dialect.Rows) error {
		var level, message string
		var code uint16
		for rows.Next() {
			if err := rows.ScanRow([]any{&level, &code, &message}); err != nil {
				return err
			}
			if level == "Note" || found != nil {
				continue
			}
			found = &mysql.MySQLError{Number: code, Message: message}
			if m := atRow.FindStringSubmatch(message); m != nil {
				if n, err := strconv.ParseInt(m[1], 10, 64); err == nil && n > 0 {
					found = &dialect.RowsError{First: n, Last: n, Err: found}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return found
}

// loadForm is how a column's values are written.
type loadForm uint8

const (
	loadText loadForm = iota
	loadHex           // bytes
	loadBits          // BIT(n)
)

// loadReader writes rows as LOAD DATA reads them by default: separated by tabs
// and line feeds, with \ before what is special, and \N for NULL.
type loadReader struct {
	t    *sqldriver.Copying
	loc  *time.Location
	form []loadForm
	buf  []byte
	pos  int
	done bool
	err  error
}

// text is the statement. Bytes and bits go through variables, as the data is
// text in one character set.
func (r *loadReader) text(name string) string {
	into, set := make([]string, len(r.t.Columns)), []string(nil)
	for i := range r.t.Columns {
		col := &r.t.Columns[i]
		column := "`" + strings.ReplaceAll(col.Name, "`", "``") + "`"
		into[i] = column
		switch {
		case col.DatabaseType == "BIT":
			r.form[i] = loadBits
		case col.Type != nil && (col.Type.Kind == dialect.Binary || col.Type.Kind == dialect.Varbinary || col.Type.Kind == dialect.Blob):
			r.form[i] = loadHex
		}
		if r.form[i] != loadText {
			into[i] = "@v" + strconv.Itoa(i)
			call := "UNHEX(" + into[i] + ")"
			if r.form[i] == loadBits {
				call = "CAST(" + into[i] + " AS UNSIGNED)"
			}
			set = append(set, column+" = "+call)
		}
	}
	text := "LOAD DATA LOCAL INFILE 'Reader::" + name + "' INTO TABLE " + r.t.Target +
		" CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'09' ESCAPED BY X'5C' LINES TERMINATED BY X'0A' (" + strings.Join(into, ", ") + ")"
	if set != nil {
		text += " SET " + strings.Join(set, ", ")
	}
	return text
}

// Read implements io.Reader.
func (r *loadReader) Read(p []byte) (int, error) {
	for len(r.buf)-r.pos < len(p) && !r.done {
		if r.pos > 0 {
			r.buf = r.buf[:copy(r.buf, r.buf[r.pos:])]
			r.pos = 0
		}
		row, err := r.t.Next()
		if err == nil && row != nil {
			err = r.row(row)
		}
		if err != nil {
			r.err = err
			return 0, err
		}
		r.done = row == nil
	}
	n := copy(p, r.buf[r.pos:])
	r.pos += n
	if n == 0 && r.done {
		return 0, io.EOF
	}
	return n, nil
}

func (r *loadReader) row(row []any) error {
	for i, v := range row {
		if i > 0 {
			r.buf = append(r.buf, '\t')
		}
		if err := r.value(i, v); err != nil {
			return r.t.Failed(fmt.Errorf("column %s: %w", r.t.Columns[i].Name, err))
		}
	}
	r.buf = append(r.buf, '\n')
	return nil
}

func (r *loadReader) value(i int, v any) error {
	switch x := v.(type) {
	case nil:
		r.buf = append(r.buf, `\N`...)
	case bool:
		if x {
			r.buf = append(r.buf, '1')
		} else {
			r.buf = append(r.buf, '0')
		}
	case int:
		r.buf = strconv.AppendInt(r.buf, int64(x), 10)
	case int64:
		r.buf = strconv.AppendInt(r.buf, x, 10)
	case uint64:
		r.buf = strconv.AppendUint(r.buf, x, 10)
	case float64:
		r.buf = strconv.AppendFloat(r.buf, x, 'g', -1, 64)
	case time.Time:
		r.buf = x.In(r.loc).AppendFormat(r.buf, "2006-01-02 15:04:05.000000")
	case string:
		r.string(i, x)
	case []byte:
		if x == nil {
			r.buf = append(r.buf, `\N`...)
			return nil
		}
		switch {
		case r.form[i] == loadHex:
			r.buf = hex.AppendEncode(r.buf, x)
		case r.form[i] == loadBits && len(x) <= 8:
			var n uint64
			for _, b := range x {
				n = n<<8 | uint64(b)
			}
			r.buf = strconv.AppendUint(r.buf, n, 10)
		default:
			r.string(i, string(x))
		}
	default:
		return dialect.Errorf(dialect.ErrArguments, "a %T cannot be loaded", v)
	}
	return nil
}

func (r *loadReader) string(i int, s string) {
	if r.form[i] == loadHex {
		r.buf = hex.AppendEncode(r.buf, []byte(s))
		return
	}
	for at := 0; at < len(s); at++ {
		switch b := s[at]; b {
		case '\\', '\t', '\n':
			r.buf = append(r.buf, '\\', b)
		case 0:
			r.buf = append(r.buf, '\\', '0')
		default:
			r.buf = append(r.buf, b)
		}
	}
}
