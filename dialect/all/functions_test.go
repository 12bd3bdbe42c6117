package all_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

// portable has the portable functions with their number of arguments; -1 is any.
var portable = map[string]int{
	"length": 1, "char_length": 1, "octet_length": 1, "trim": 1, "substring": 3, "left": 2, "right": 2, "lpad": 3, "rpad": 3,
	"strpos": 2, "repeat": 2, "reverse": 1, "chr": 1, "concat_ws": -1,
	"ceil": 1, "trunc": 1, "ln": 1, "log10": 1, "power": 2, "log": 2, "round": 2, "round_float": 2,
	"pi": 0, "atan2": 2, "degrees": 1, "radians": 1, "random": 0, "greatest": -1, "least": -1,
	"now": 0, "current_timestamp": 0, "localtimestamp": 0, "current_date": 0, "current_time": 0,
	"extract_year": 1, "extract_quarter": 1, "extract_month": 1, "extract_week": 1, "extract_day": 1, "extract_hour": 1,
	"extract_minute": 1, "extract_second": 1, "extract_doy": 1, "extract_dow": 1, "extract_isodow": 1, "extract_isoyear": 1, "extract_epoch": 1,
	"date_trunc_year": 1, "date_trunc_quarter": 1, "date_trunc_month": 1, "date_trunc_week": 1, "date_trunc_day": 1,
	"date_trunc_hour": 1, "date_trunc_minute": 1, "date_trunc_second": 1,
	"date_add_year": 2, "date_add_quarter": 2, "date_add_month": 2, "date_add_week": 2, "date_add_day": 2,
	"date_add_hour": 2, "date_add_minute": 2, "date_add_second": 2,
	"date_diff_year": 2, "date_diff_quarter": 2, "date_diff_month": 2, "date_diff_week": 2, "date_diff_day": 2,
	"date_diff_hour": 2, "date_diff_minute": 2, "date_diff_second": 2, "make_date": 3,
	"string_agg": 2, "array_agg": 1, "json_agg": 1, "json_object_agg": 2, "bool_and": 1, "bool_or": 1, "any_value": 1,
	"stddev": 1, "stddev_samp": 1, "stddev_pop": 1, "variance": 1, "var_samp": 1, "var_pop": 1,
	"gen_random_uuid": 0, "current_user": 0,
}

// dialects are the five of them, in their newest and oldest versions.
func dialects() []dialect.Dialect {
	return []dialect.Dialect{
		postgres.Dialect(), postgres.Dialect(postgres.Version(11)), mysql.Dialect(), mysql.Dialect(mysql.Version(5, 7)),
		mysql.Dialect(mysql.MariaDB(11, 4)), mysql.Dialect(mysql.MariaDB(10, 2)), mysql.Dialect(mysql.TiDB(8, 5)),
		sqlite.Dialect(), sqlite.Dialect(sqlite.Version(3, 24)), mssql.Dialect(), mssql.Dialect(mssql.Version(11)), mssql.Dialect(mssql.Azure()),
		oracle.Dialect(), oracle.Dialect(oracle.Version(12, 1)),
	}
}

// lacks are the functions that a dialect does not have in its newest version.
var lacks = map[string]string{
	"postgres": "",
	"mysql":    "array_agg",
	"mariadb":  "array_agg",
	"tidb":     "array_agg",
	"sqlite":   "array_agg current_user stddev stddev_pop stddev_samp var_pop var_samp variance",
	"mssql":    "array_agg json_agg json_object_agg",
	"oracle":   "array_agg concat_ws current_time",
}

// Every dialect says of each portable name what it is there, or that there is
// none, and has no other names.
func TestPortableFunctions(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range dialects() {
		f := d.Features()
		var none []string
		for _, name := range slices.Sorted(maps.Keys(portable)) {
			text, ok := f.Functions[name]
			if !ok {
				t.Errorf("%s %v does not say what %s is", d.Name(), f.Version, name)
				continue
			}
			if text == "" {
				none = append(none, name)
				continue
			}
			used := map[int]bool{}
			for rest := text; rest != ""; {
				var hole int
				if _, hole, rest = dialect.NextPart(rest); hole >= 0 {
					used[hole] = true
				}
			}
			want := map[int]bool{}
			for i := range portable[name] {
				want[i] = true
			}
			if portable[name] < 0 {
				want[dialect.AllParts] = true
			}
			if !maps.Equal(used, want) {
				t.Errorf("%s %v: %s takes %d arguments, and its template is %q", d.Name(), f.Version, name, portable[name], text)
			}
			if strings.Count(text, "(") != strings.Count(text, ")") {
				t.Errorf("%s %v: %s: parentheses of %q", d.Name(), f.Version, name, text)
			}
		}
		for name := range f.Functions {
			if _, ok := portable[name]; !ok {
				t.Errorf("%s %v has %s, which is no portable name", d.Name(), f.Version, name)
			}
		}
		if seen[d.Name()] {
			continue // an older version
		}
		seen[d.Name()] = true
		if got := strings.Join(none, " "); got != lacks[d.Name()] {
			t.Errorf("%s has no %q, expected %q", d.Name(), got, lacks[d.Name()])
		}
	}
	if len(seen) != len(lacks) {
		t.Errorf("%v seen of %v", seen, fmt.Sprint(slices.Sorted(maps.Keys(lacks))))
	}
}
