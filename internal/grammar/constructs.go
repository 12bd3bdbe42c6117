package grammar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// construct is something that a database accepts and its grammar here does
// not know. What replaces it is something that the grammar does know, so that the rest
// of a text is judged nevertheless.
type construct struct {
	name     string
	dialects []string
	section  string // of the manual that allows it
	find     *regexp.Regexp
	replace  string
}

var constructs = []construct{
	{"IS [NOT] DISTINCT FROM", []string{"mssql"}, "Transact-SQL reference (SQL Server 2022), IS [NOT] DISTINCT FROM",
		regexp.MustCompile(`\bIS (?:NOT )?DISTINCT FROM\b`), "="},
	{"EXCEPT or INTERSECT after parentheses", []string{"mssql"}, "Transact-SQL reference, Set operators: EXCEPT and INTERSECT, { <query_specification> | ( <query_expression> ) }",
		regexp.MustCompile(`\) (?:EXCEPT|INTERSECT) `), ") UNION "},
	{"CREATE SEQUENCE with START WITH after other options", []string{"mssql"}, "Transact-SQL reference, CREATE SEQUENCE",
		regexp.MustCompile(`^(CREATE SEQUENCE \S+)(.*?)( START WITH -?\d+)`), "$1$3$2"},
	{"the alias neg", []string{"mysql"}, "MySQL 8.4 Reference Manual, 11.3 Keywords and Reserved Words",
		regexp.MustCompile(`\bAS neg\b`), "AS negative"},
	{"a quoted name that holds its quote", []string{"mysql"}, "MySQL 8.4 Reference Manual, 11.2 Schema Object Names",
		regexp.MustCompile("(`[^`]*)``([^`]*`)"), "${1}x${2}"},
	{"a virtual column", []string{"postgres"}, "PostgreSQL 18, CREATE TABLE, GENERATED ALWAYS AS (…) VIRTUAL",
		regexp.MustCompile(`\bVIRTUAL\b`), "STORED"},
	{"a virtual column", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, CREATE TABLE, virtual_column_definition",
		regexp.MustCompile(` GENERATED ALWAYS AS \((?:[^()']|'[^']*'|\([^()]*\))*\) VIRTUAL`), ""},
	{"UPDATE … FROM", []string{"oracle"}, "Oracle SQL Language Reference 23ai, UPDATE, from_using_clause",
		regexp.MustCompile(`^(UPDATE [^()]*?) FROM [^()]*? WHERE `), "$1 WHERE "},
	{"UPDATE … FROM a table", []string{"oracle"}, "Oracle SQL Language Reference 23ai, UPDATE, from_using_clause",
		regexp.MustCompile(`^(UPDATE .*?) FROM \w+ \w+ WHERE `), "$1 WHERE "},
	{"DELETE … FROM", []string{"oracle"}, "Oracle SQL Language Reference 23ai, DELETE, from_using_clause",
		regexp.MustCompile(`^(DELETE FROM \w+) FROM \w+ \w+ WHERE `), "$1 WHERE "},
	{"ALL of MINUS and INTERSECT", []string{"oracle"}, "Oracle SQL Language Reference 23ai, The Set Operators",
		regexp.MustCompile(`\b(MINUS|INTERSECT) ALL\b`), "$1"},
	{"IS [NOT] TRUE and IS [NOT] FALSE", []string{"oracle"}, "Oracle SQL Language Reference 23ai, Conditions, BOOLEAN Test Condition",
		regexp.MustCompile(`(?i)\bIS (?:NOT )?(?:TRUE|FALSE)\b`), "= 1"},
	{"IF EXISTS", []string{"oracle"}, "Oracle SQL Language Reference 23ai, DROP TABLE, IF EXISTS",
		regexp.MustCompile(`^(DROP \w+) IF EXISTS `), "$1 "},
	{"CROSS APPLY and OUTER APPLY", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, SELECT, cross_outer_apply_clause",
		regexp.MustCompile(`\b(?:CROSS|OUTER) APPLY \(`), "CROSS JOIN ("},
	{"<< and >>", []string{"mssql"}, "Transact-SQL reference (SQL Server 2022), << (Left Shift), >> (Right Shift)",
		regexp.MustCompile(` (?:<<|>>) `), " + "},
	{"IGNORE NULLS and RESPECT NULLS", []string{"mssql"}, "Transact-SQL reference (SQL Server 2022), LAG, LEAD, FIRST_VALUE, LAST_VALUE",
		regexp.MustCompile(`\) (?:IGNORE|RESPECT) NULLS OVER `), ") OVER "},
	{"IGNORE NULLS and RESPECT NULLS behind the parenthesis", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, LAG, LEAD, NTH_VALUE",
		regexp.MustCompile(`\) (?:IGNORE|RESPECT) NULLS OVER `), ") OVER "},
	{"an identity that counts down", []string{"mssql"}, "Transact-SQL reference, IDENTITY (Property)",
		regexp.MustCompile(`\bIDENTITY\((-?\d+),-(\d+)\)`), "IDENTITY(1,$2)"},
	{"INSERT BULK", []string{"mssql"}, "MS-TDS, 2.2.6.1 Bulk Load BCP",
		regexp.MustCompile(`^INSERT BULK .*$`), "SELECT 1 AS n"},
	{"an identity that counts down", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, CREATE SEQUENCE, INCREMENT BY",
		regexp.MustCompile(`\b(INCREMENT BY|MINVALUE|MAXVALUE) -(\d+)`), "$1 $2"},
	{"CREATE INDEX IF NOT EXISTS", []string{"oracle"}, "Oracle SQL Language Reference 23ai, CREATE INDEX, IF NOT EXISTS",
		regexp.MustCompile(`^CREATE INDEX IF NOT EXISTS `), "CREATE INDEX "},
	{"VALUES as a table", []string{"oracle"}, "Oracle SQL Language Reference 23ai, SELECT, values_clause",
		regexp.MustCompile(`\(VALUES \([^()]*\)(?:, \([^()]*\))*\) \w+ \([^()]*\)`), "(SELECT 1 AS one FROM DUAL) v"},
	{"VALUES in WITH", []string{"oracle"}, "Oracle SQL Language Reference 23ai, SELECT, subquery_factoring_clause, values_clause",
		regexp.MustCompile(`\bAS \(VALUES \([^()]*\)(?:, \([^()]*\))*\)`), "AS (SELECT 1, 2 FROM DUAL)"},
	{"several CROSS JOIN", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, SELECT, inner_cross_join_clause",
		regexp.MustCompile(` CROSS JOIN (\w+ \w+)`), ", $1"},
	{"COLLATE", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, Operators, COLLATE Operator",
		regexp.MustCompile(` COLLATE \w+`), ""},
	{"LATERAL", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, SELECT, table_reference, LATERAL",
		regexp.MustCompile(`\bLATERAL \(`), "("},
	{"a window that refines another", []string{"mssql", "oracle"}, "Transact-SQL reference, SELECT - WINDOW clause; Oracle SQL Language Reference 21c, SELECT, window_clause: existing_window_name before a frame",
		regexp.MustCompile(`\bOVER \(\w+ (ROWS|RANGE|GROUPS) `), "OVER (ORDER BY a $1 "},
	{"a window by its name", []string{"mssql", "oracle"}, "Transact-SQL reference, OVER clause, window_name; Oracle SQL Language Reference 21c, Analytic Functions, window_name",
		regexp.MustCompile(`\bOVER [a-z]\w*`), "OVER (ORDER BY a)"},
	{"WINDOW", []string{"mssql", "oracle"}, "Transact-SQL reference, SELECT - WINDOW clause; Oracle SQL Language Reference 21c, SELECT, window_clause",
		regexp.MustCompile(` WINDOW [a-z]\w* AS \([^()]*\)`), ""},
	{"GROUPS in a window", []string{"oracle"}, "Oracle SQL Language Reference 21c, Analytic Functions, windowing_clause",
		regexp.MustCompile(` GROUPS BETWEEN `), " ROWS BETWEEN "},
	{"NTH_VALUE without FROM FIRST", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, NTH_VALUE: FROM and NULLS may be left out",
		regexp.MustCompile(`\bnth_value\(([^(),]*), :?\d+\) OVER `), "first_value($1) OVER "},
	{"IS [NOT] TRUE and FALSE", []string{"oracle"}, "Oracle SQL Language Reference 23ai, Boolean Test Condition",
		regexp.MustCompile(` IS (?:NOT )?(?:true|false)\b`), " = 1"},
	{"INTERSECT ALL, MINUS ALL", []string{"oracle"}, "Oracle SQL Language Reference 21c, The Set Operators",
		regexp.MustCompile(` (?:INTERSECT|MINUS) ALL `), " UNION ALL "},
	{"UPDATE … FROM a query", []string{"oracle"}, "Oracle SQL Language Reference 23ai, UPDATE, from_using_clause",
		regexp.MustCompile(`^(UPDATE [^()]*?) FROM (\(.*\)) \w+ WHERE `), "$1 WHERE EXISTS $2 AND "},
	{"DELETE … FROM", []string{"oracle"}, "Oracle SQL Language Reference 23ai, DELETE, from_using_clause",
		regexp.MustCompile(`^(DELETE FROM \S+) FROM [^()]*? WHERE `), "$1 WHERE "},
	{"FORMAT JSON", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, JSON_OBJECT, entry: expr FORMAT JSON",
		regexp.MustCompile(` FORMAT JSON\b`), ""},
	{"SELECT without FROM", []string{"oracle"}, "Oracle SQL Language Reference 23ai, SELECT: FROM may be left out",
		regexp.MustCompile(`^SELECT (:?\d+)$`), "SELECT $1 FROM DUAL"},
	{"VERSIONS BETWEEN", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, SELECT, flashback_query_clause",
		regexp.MustCompile(` VERSIONS BETWEEN (?:SCN|TIMESTAMP) :\d+ AND :\d+`), ""},
	{"the name sets", []string{"mssql"}, "Transact-SQL reference, Reserved keywords",
		regexp.MustCompile(`\bsets\b`), "setting"},
	{"FOR SYSTEM_TIME", []string{"mssql"}, "Transact-SQL reference, FROM clause, FOR <system_time>",
		regexp.MustCompile(` FOR SYSTEM_TIME (?:ALL|AS OF @p\d+|BETWEEN @p\d+ AND @p\d+)`), ""},
	{"WITH after ON", []string{"mssql"}, "Transact-SQL reference, CREATE TABLE, <table_option>",
		regexp.MustCompile(`^(CREATE TABLE .*\) ON \w+) WITH \(DATA_COMPRESSION = \w+\)$`), "$1"},
	{"ORGANIZATION INDEX", []string{"oracle", "oracle19"}, "Oracle SQL Language Reference, CREATE TABLE, physical_properties",
		regexp.MustCompile(` ORGANIZATION INDEX\b`), ""},
}

// Verdict is what is known of a text.
type Verdict struct {
	Verdict string `json:"verdict"` // OK, FalseRejection or Rejected
	Reason  string `json:"reason,omitempty"`
}

// The verdicts.
const (
	OK             = "ok"
	FalseRejection = "false rejection"
	Rejected       = "rejected"
)

// Listed are the texts that a grammar rejects wrongly, by dialect and letter by
// letter.
type Listed map[string][]string

// Judge gives the verdict on a text. A rejection is false where it is due to
// constructs that the grammar does not know, the rest of the text is accepted, and the
// text is listed.
func (l Listed) Judge(dialect, text string) Verdict {
	err := Judge(dialect, text)
	if err == nil {
		return Verdict{Verdict: OK}
	}
	why, ok := excuse(dialect, text)
	switch {
	case !ok:
		return Verdict{Rejected, err.Error()}
	case !slices.Contains(l[dialect], text):
		return Verdict{Rejected, fmt.Sprintf("%v; it may be a false rejection because of %s, but the text is not listed", err, why)}
	}
	return Verdict{FalseRejection, why}
}

// excuse names the constructs for which a grammar rejects a text that is sound
// otherwise.
func excuse(dialect, text string) (why string, ok bool) {
	var names []string
	for _, c := range constructs {
		if slices.Contains(c.dialects, dialect) && c.find.MatchString(text) {
			text = c.find.ReplaceAllString(text, c.replace)
			names = append(names, c.name+" ("+c.section+")")
		}
	}
	if len(names) == 0 || Judge(dialect, text) != nil {
		return "", false
	}
	return strings.Join(names, "; "), true
}
