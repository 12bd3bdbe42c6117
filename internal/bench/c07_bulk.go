package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// Ways to insert many rows by hand through database/sql, W5 and W5b only:
//
//	bulk-row       the one-row statement, prepared, in a loop
//	bulk-25        a prepared statement of 25 rows, forty times
//	bulk-100       a prepared statement of 100 rows, ten times
//	bulk-1000      the text of 1000 rows built once, not prepared
//	bulk-array     one array an argument: unnest (postgres), json_each (sqlite)
//	bulk-infile    LOAD DATA LOCAL INFILE (mariadb)
func init() {
	for _, how := range []string{"row", "25", "100", "1000", "array", "infile"} {
		Register(bulkContender{how})
	}
}

type bulkContender struct{ how string }

func (c bulkContender) Name() string { return "bulk-" + c.how }
func (c bulkContender) Backends() []string {
	switch c.how {
	case "row":
		return []string{Postgres, MariaDB} // sqlite: sql-stmt
	case "25":
		return []string{SQLite}
	case "array":
		return []string{SQLite, Postgres}
	case "infile":
		return []string{MariaDB}
	}
	return []string{SQLite, Postgres, MariaDB}
}

func (c bulkContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	s := &bulkSession{how: c.how, be: be, db: db}
	switch c.how {
	case "row":
		s.chunk = 1
	case "25":
		s.chunk = 25
	case "100":
		s.chunk = 100
	case "1000":
		s.chunk, s.text = 1000, true
	}
	if s.chunk > 0 {
		s.q, s.qids = multiInsert(be, s.chunk), multiInsert(be, s.chunk)+" RETURNING id"
		if s.st, err = db.PrepareContext(ctx, s.q); err != nil {
			return nil, err
		}
		if s.stIDs, err = db.PrepareContext(ctx, s.qids); err != nil {
			return nil, err
		}
	}
	return s, nil
}

type bulkSession struct {
	Unsupported
	how       string
	be        *Backend
	db        *sql.DB
	chunk     int
	text      bool
	q, qids   string
	st, stIDs *sql.Stmt
}

func (s *bulkSession) Close() error { return s.db.Close() }

func (s *bulkSession) in(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

const jsonInsert = "INSERT INTO ins_users (" + insCols + ") SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?)"

var infiles atomic.Int64

func (s *bulkSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.in(ctx, func(tx *sql.Tx) error {
		switch {
		case s.how == "infile":
			name := fmt.Sprintf("rows%d", infiles.Add(1))
			mysqldriver.RegisterReaderHandler(name, func() io.Reader { return strings.NewReader(tsv(us)) })
			defer mysqldriver.DeregisterReaderHandler(name)
			_, err := tx.ExecContext(ctx, "LOAD DATA LOCAL INFILE 'Reader::"+name+"' INTO TABLE ins_users CHARACTER SET utf8mb4 ("+insCols+")")
			return err
		case s.how == "array" && s.be.Name == Postgres:
			_, err := tx.ExecContext(ctx, strings.TrimSuffix(unnestInsert, " RETURNING id"), columns(us)...)
			return err
		case s.how == "array":
			b, err := jsonRows(us)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, jsonInsert, b)
			return err
		}
		for at := 0; at < len(us); at += s.chunk {
			args := insArgsAll(us[at : at+s.chunk])
			var err error
			if s.text {
				_, err = tx.ExecContext(ctx, s.q, args...)
			} else {
				_, err = tx.StmtContext(ctx, s.st).ExecContext(ctx, args...)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *bulkSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	if s.how == "infile" {
		return ErrUnsupported
	}
	return s.in(ctx, func(tx *sql.Tx) error {
		var rows *sql.Rows
		var err error
		if s.how == "array" {
			if s.be.Name == Postgres {
				rows, err = tx.QueryContext(ctx, unnestInsert, columns(us)...)
			} else {
				var b string
				if b, err = jsonRows(us); err != nil {
					return err
				}
				rows, err = tx.QueryContext(ctx, jsonInsert+" WHERE true RETURNING id", b)
			}
			if err != nil {
				return err
			}
			return scanIDs(rows, us)
		}
		for at := 0; at < len(us); at += s.chunk {
			part := us[at : at+s.chunk]
			args := insArgsAll(part)
			if s.text {
				rows, err = tx.QueryContext(ctx, s.qids, args...)
			} else {
				rows, err = tx.StmtContext(ctx, s.stIDs).QueryContext(ctx, args...)
			}
			if err != nil {
				return err
			}
			if err := scanIDs(rows, part); err != nil {
				return err
			}
		}
		return nil
	})
}

const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

func jsonRows(us []InsUser) (string, error) {
	rows := make([][7]any, len(us))
	for i := range us {
		u := &us[i]
		rows[i] = [7]any{u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt.Format(sqliteTime), u.Note}
	}
	b, err := json.Marshal(rows)
	return string(b), err
}

func tsv(us []InsUser) string {
	esc := strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n")
	var b strings.Builder
	for i := range us {
		u := &us[i]
		note := `\N`
		if u.Note != nil {
			note = esc.Replace(*u.Note)
		}
		active := 0
		if u.Active {
			active = 1
		}
		fmt.Fprintf(&b, "%s\t%s\t%d\t%v\t%d\t%s\t%s\n", esc.Replace(u.Name), esc.Replace(u.Email), u.Age, u.Score, active, u.CreatedAt.UTC().Format("2006-01-02 15:04:05.999999"), note)
	}
	return b.String()
}
