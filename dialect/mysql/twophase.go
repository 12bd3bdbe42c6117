package mysql

import (
	"encoding/hex"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/sqldriver"
)

// xidFormat is the format of transaction ids that name none, and so that of
// those made here.
const xidFormat = 1

// twoPhase are the XA statements. An id is the global part of an xid, without a branch.
var twoPhase = &sqldriver.TwoPhase{
	Begin: func(id string, o dialect.TxOptions) ([]string, error) {
		texts, err := begin(o)
		if err != nil {
			return nil, err
		}
		if o.ReadOnly { // XA START has no such word
			texts = append([]string{"SET TRANSACTION READ ONLY"}, texts...)
		}
		texts[len(texts)-1] = "XA START " + xid(id)
		return texts, nil
	},
	End:      func(id string) string { return "XA END " + xid(id) },
	Prepare:  func(id string) string { return "XA PREPARE " + xid(id) },
	OnePhase: func(id string) string { return "XA COMMIT " + xid(id) + " ONE PHASE" },
	Commit:   func(id string) string { return "XA COMMIT " + xid(id) },
	Rollback: func(id string) string { return "XA ROLLBACK " + xid(id) },
	List:     "XA RECOVER",
	Read: func(rows dialect.Rows) (string, error) {
		var format, global, branch int64
		var data []byte
		if err := rows.ScanRow([]any{&format, &global, &branch, &data}); err != nil {
			return "", err
		}
		if format != xidFormat || branch != 0 {
			return "", nil // another manager's, which cannot be named by its global part
		}
		return string(data), nil
	},
	Gone: func(err error) bool { return number(err) == 1397 },
}

// xid writes an id so that no character of it means anything.
func xid(id string) string { return "X'" + hex.EncodeToString([]byte(id)) + "'" }
