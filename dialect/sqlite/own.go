package sqlite

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// own are the functions and clauses of SQLite's own, and ownJSON those of
// builds with JSON.
var (
	own = dialect.Owned("lite", `fts5 highlight snippet bm25 rowid glob typeof hex quote unicode printf total strftime datetime date julianday
		last_insert_rowid changes randomblob zeroblob likely unlikely sqlite_version`)
	ownJSON = dialect.Owned("lite", `json_set json_insert json_replace json_remove json_patch json_type json_valid json_each json_tree`)
)

func ownOf(v dialect.Version, json bool) map[string]struct{} {
	set := maps.Clone(own)
	if json {
		maps.Copy(set, ownJSON)
	}
	if v.AtLeast(3, 38) {
		set["lite.unixepoch"] = struct{}{}
	}
	return set
}
