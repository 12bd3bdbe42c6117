package all_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
)

var update = flag.Bool("update", false, "write the golden files")

// canned are the rows that a catalogue query gives.
type canned struct {
	rows [][]any
	at   int
}

func (c *canned) Columns() []dialect.Column { return nil }
func (c *canned) Next() bool                { c.at++; return c.at <= len(c.rows) }
func (c *canned) Err() error                { return nil }
func (c *canned) Close() error              { return nil }
func (c *canned) Result() dialect.Result    { return dialect.Result{} }
func (c *canned) ScanRow(dst []any) error {
	row := c.rows[c.at-1]
	if len(row) != len(dst) {
		return fmt.Errorf("row %d has %d values for %d columns: %v", c.at, len(row), len(dst), row)
	}
	for i, d := range dst {
		if err := d.(sql.Scanner).Scan(row[i]); err != nil {
			return err
		}
	}
	return nil
}

// inspected is what a server's catalogue says, query by query.
type inspected struct {
	name    string
	d       dialect.Dialect
	answers [][][]any
}

type rows = [][]any

const every = dialect.InspectSchemas | dialect.InspectTables | dialect.InspectViews | dialect.InspectDetails | dialect.InspectSequences | dialect.InspectEnums |
	dialect.InspectSynonyms

var servers = []inspected{
	{"mssql", mssql.Dialect(), []rows{
		{{"dbo"}}, {{"audit"}, {"dbo"}},
		{{"children", "U ", "it's a table", nil, 1}, {"parents", "U ", nil, nil, nil}, {"seen", "V ", nil, "CREATE VIEW seen AS SELECT id FROM parents", nil}},
		{
			{"children", "a", "int", false, "sys", 4, 10, 0, false, nil, nil, nil, nil, false, nil, nil, nil, nil},
			{"children", "name", "nvarchar", false, "sys", 100, 0, 0, true, "(N'it''s')", "df_name", nil, nil, false, nil, nil, "Latin1_General_BIN2", "a name"},
			{"children", "narrow", "varchar", false, "sys", -1, 0, 0, true, nil, nil, nil, nil, false, nil, nil, nil, nil},
			{"children", "twice", "int", false, "sys", 4, 10, 0, true, nil, nil, "([a]*(2))", true, false, nil, nil, nil, nil},
			{"children", "at", "datetimeoffset", false, "sys", 10, 34, 0, true, "(sysutcdatetime())", "DF__children__at__1A2B3C4D", nil, nil, false, nil, nil, nil, nil},
			{"children", "price", "decimal", false, "sys", 9, 12, 2, true, nil, nil, nil, nil, false, nil, nil, nil, nil},
			{"children", "phone", "Phone", true, "dbo", 20, 0, 0, true, nil, nil, nil, nil, false, nil, nil, nil, nil},
			{"parents", "id", "bigint", false, "sys", 8, 19, 0, false, nil, nil, nil, nil, true, 5, 2, nil, nil},
			{"parents", "code", "nvarchar", false, "sys", -1, 0, 0, true, nil, nil, nil, nil, false, nil, nil, nil, nil},
			{"seen", "id", "bigint", false, "sys", 8, 19, 0, false, nil, nil, nil, nil, false, nil, nil, nil, nil}},
		{{"children", "pk", "PK", 1, "narrow", nil}, {"children", "pk", "PK", 1, "a", nil}, {"parents", "pk_parents", "PK", 2, "id", nil},
			{"parents", "uq", "UQ", 1, "code", "a key"}},
		{{"children", "fk", "a", "dbo", "parents", "id", "SET_NULL", "NO_ACTION", nil, false, true}},
		{{"children", "ck", "([a]>(0))", "a check", true, true}},
		{{"children", "ix", 2, "NONCLUSTERED", true, "a", true, false, "([a]>(5))", nil}, {"children", "ix", 2, "NONCLUSTERED", true, "name", false, true, "([a]>(5))", nil},
			{"parents", "cs", 6, "NONCLUSTERED COLUMNSTORE", false, "code", false, true, nil, "fast"}},
		{{"counted", 1, 1, "1", "9", nil, true, false, nil}, {"tickets", 100, 5, "1", "99999999999999999999", 20, true, true, nil}, {"uncached", 1, 1, "1", "9", nil, false, false, nil}},
		{{"folk", nil, nil, "dbo", "parents"}, {"near", nil, "other", nil, "t"}, {"far", "srv", "other", "dbo", "t"}},
	}},
	{"oracle", oracle.Dialect(oracle.Version(19)), []rows{
		{{"APP"}}, {{"APP"}, {"Other"}},
		{{"PARENTS", nil, nil, "N", nil, nil}, {"CHILDREN", "it's a table", "1", "N", nil, "RANGE (AT)"}, {"Mixed", nil, nil, "Y", "SYS$SESSION", " ()"}},
		{{"SEEN", nil, "SELECT id FROM parents"}}, {{"KEPT", "a copy", "SELECT 1 AS one FROM dual"}},
		{
			{"CHILDREN", "A", "NUMBER", nil, "22", "0", nil, "10", "0", "N", "NO", nil, nil, nil, nil},
			{"CHILDREN", "NAME", "VARCHAR2", nil, "80", "20", "C", nil, nil, "Y", "NO", "a name", nil, nil, "'it''s' "},
			{"CHILDREN", "BYTES", "VARCHAR2", nil, "80", "80", "B", nil, nil, "Y", "NO", nil, nil, nil, "NULL"},
			{"CHILDREN", "TWICE", "NUMBER", nil, "22", "0", nil, nil, "0", "Y", "YES", nil, nil, nil, `"A"*2`},
			{"CHILDREN", "AT", "TIMESTAMP(6) WITH TIME ZONE", nil, "13", "0", nil, nil, "6", "Y", "NO", nil, nil, nil, "SYSTIMESTAMP"},
			{"CHILDREN", "DAY", "DATE", nil, "7", "0", nil, nil, nil, "Y", "NO", nil, nil, nil, nil},
			{"CHILDREN", "OK", "NUMBER", nil, "22", "0", nil, "1", "0", "Y", "NO", nil, nil, nil, "1"},
			{"CHILDREN", "PRICE", "NUMBER", nil, "22", "0", nil, "12", "2", "Y", "NO", nil, nil, nil, nil},
			{"CHILDREN", "SHAPE", "SDO_GEOMETRY", "MDSYS", "1", "0", nil, nil, nil, "Y", "NO", nil, nil, nil, nil},
			{"PARENTS", "ID", "NUMBER", nil, "22", "0", nil, "19", "0", "N", "NO", nil, "ALWAYS",
				"START WITH: 5, INCREMENT BY: 2, MAX_VALUE: 9999999999999999999999999999, MIN_VALUE: 1, CYCLE_FLAG: N, CACHE_SIZE: 20, ORDER_FLAG: N", `"APP"."ISEQ$$_1".nextval`},
			{"Mixed", "select", "RAW", nil, "16", "0", nil, nil, nil, "N", "NO", nil, nil, nil, nil}},
		{
			{"CHILDREN", "CK", "C", "A", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "DISABLED", "NOT VALIDATED", "a > 0 OR name = 'x'"},
			{"CHILDREN", "CK", "C", "NAME", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "DISABLED", "NOT VALIDATED", "a > 0 OR name = 'x'"},
			{"CHILDREN", "FK", "R", "A", "APP", "PARENTS", "ID", "CASCADE", "DEFERRABLE", "DEFERRED", "ENABLED", "NOT VALIDATED", nil},
			{"CHILDREN", "PK_CHILDREN", "P", "NAME", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "ENABLED", "VALIDATED", nil},
			{"CHILDREN", "PK_CHILDREN", "P", "A", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "ENABLED", "VALIDATED", nil},
			{"CHILDREN", "SYS_C1", "C", "A", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "ENABLED", "VALIDATED", `"A" IS NOT NULL`},
			{"CHILDREN", "UQ", "U", "PRICE", nil, nil, nil, nil, "NOT DEFERRABLE", "IMMEDIATE", "ENABLED", "VALIDATED", nil}},
		{
			{"CHILDREN", "IX_BITS", "BITMAP", "NONUNIQUE", "OK", "ASC", nil},
			{"CHILDREN", "IX_DESC", "FUNCTION-BASED NORMAL", "UNIQUE", "SYS_NC00011$", "DESC", `"AT"`},
			{"CHILDREN", "IX_DESC", "FUNCTION-BASED NORMAL", "UNIQUE", "SYS_NC00012$", "ASC", `UPPER("NAME")`},
			{"CHILDREN", "IX_DESC", "FUNCTION-BASED NORMAL", "UNIQUE", "PRICE", "ASC", nil},
			{"CHILDREN", "IX_TWICE", "FUNCTION-BASED NORMAL", "NONUNIQUE", "TWICE", "ASC", `"A"*2`}},
		{{"TICKETS", "5", "1", "9999999999999999999999999999", "20", "Y"}, {"UNCACHED", "1", "1", "99", "0", "N"}},
		{{"FOLK", "APP", "PARENTS", nil}, {"Far", "HR", "Mixed", "SALES.EXAMPLE.COM"}},
	}},
	{"mysql", mysql.Dialect(mysql.Version(8, 4)), []rows{
		{{"app"}}, {{"app"}},
		{{"parents", "BASE TABLE", "", "utf8mb4_0900_ai_ci", nil, 0, "InnoDB", "", 0}, {"children", "BASE TABLE", "it's a table", "utf8mb4_0900_ai_ci", nil, 1, "MyISAM", "row_format=DYNAMIC partitioned", 1},
			{"seen", "VIEW", "VIEW", nil, "select 1 AS `one`", 0, nil, nil, nil}},
		{{"children", "p0", nil, "HASH", "`id`", nil, nil, nil, ""}, {"children", "p1", nil, "HASH", "`id`", nil, nil, nil, ""}},
		{
			{"children", "id", "bigint unsigned", "NO", false, nil, "auto_increment", nil, "", ""},
			{"children", "name", "varchar(20)", "YES", true, "it's", "", "utf8mb4_bin", "a name", ""},
			{"children", "empty", "varchar(20)", "NO", true, "", "", "utf8mb4_0900_ai_ci", "", ""},
			{"children", "n", "int", "YES", true, "-1", "", nil, "", ""},
			{"children", "sum", "int", "YES", true, `(1 + length(_utf8mb4\'x\'))`, "DEFAULT_GENERATED", nil, "", ""},
			{"children", "made", "datetime(6)", "NO", true, "CURRENT_TIMESTAMP(6)", "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)", nil, "", ""},
			{"children", "low", "varchar(20)", "YES", false, nil, "STORED GENERATED", "utf8mb4_0900_ai_ci", "", "(concat(`name`,_utf8mb4\\'it\\'))"},
			{"children", "kind", "enum('a','it''s')", "YES", true, "a", "", "utf8mb4_0900_ai_ci", "", ""},
			{"children", "bits", "bit(3)", "YES", true, "b'101'", "", nil, "", ""},
			{"children", "j", "json", "YES", false, nil, "", nil, "", ""},
			{"children", "big", "varchar(20000)", "YES", false, nil, "", "latin1_swedish_ci", "", ""},
			{"parents", "id", "int", "NO", false, nil, "", nil, "", ""}},
		{
			{"children", "PRIMARY", 0, "id", "A", nil, "BTREE", "", nil},
			{"children", "ix_expr", 0, nil, "A", nil, "BTREE", "", "lower(`name`)"},
			{"children", "ix_expr", 0, "n", "D", nil, "BTREE", "", nil},
			{"children", "uq", 0, "name", "A", nil, "BTREE", "a key", nil}},
		{{"children", "fk", "n", "other", "parents", "id", "SET NULL", "NO ACTION"}},
		{{"children", "ck", "(`name` <> _utf8mb4\\'x\\')", "NO"}},
	}},
}

// The queries of the catalogue, and what is made of their answers, for
// databases that need not be at hand.
func TestInspectGolden(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			var out bytes.Buffer
			read := func(q dialect.Inspection, answers [][][]any) *dialect.Catalog {
				c := &dialect.Catalog{}
				n := 0
				for step, err := range s.d.(dialect.Inspector).Inspect(q, c).Steps(s.d) {
					if err != nil {
						t.Fatal(err)
					}
					text, err := dialect.Compile(s.d, step.Statement)
					if err != nil {
						t.Fatal(err)
					}
					fmt.Fprintf(&out, "%s\n--", text.Text())
					for _, a := range text.Args() {
						fmt.Fprintf(&out, " %v", a.Value)
					}
					out.WriteString("\n\n")
					if text.Writes || text.Session {
						t.Errorf("reading the catalogue writes: %s", text.Text())
					}
					text.Release()
					if n >= len(answers) {
						t.Fatalf("query %d has no answer: %s", n+1, text.Text())
					}
					if err := step.Rows(&canned{rows: answers[n]}); err != nil {
						t.Fatal(err)
					}
					n++
				}
				if n != len(answers) {
					t.Errorf("%d queries for %d answers", n, len(answers))
				}
				return c
			}
			c := read(dialect.Inspection{Parts: every}, s.answers)
			for _, table := range c.Tables {
				for _, col := range table.Columns {
					if col.Type.Kind == dialect.Native {
						continue
					}
					name, err := s.d.TypeName(&col.Type)
					if err != nil {
						t.Errorf("%s.%s: %v", table.Name, col.Name, err)
					}
					fmt.Fprintf(&out, "%s.%s: %s is %s\n", table.Name, col.Name, col.DatabaseType, name)
				}
			}
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			if err := enc.Encode(c); err != nil {
				t.Fatal(err)
			}
			// The names of some tables alone.
			named := read(dialect.Inspection{Schema: "audit", Tables: []string{"parents", "none"}, Parts: dialect.InspectTables},
				[][][]any{s.answers[0], s.answers[2]})
			if len(named.Tables) != 1 || named.Tables[0].Name != "parents" || named.Schema != "audit" {
				t.Errorf("%+v", named)
			}
			if own := s.d.Features().DDL.TemporarySchema; own != "" {
				c := read(dialect.Inspection{Schema: own, Tables: []string{"#mine"}, Parts: every &^ dialect.InspectSchemas}, [][][]any{s.answers[0],
					{{"#mine", "U ", nil, nil, nil}}, {{"#mine", "id", "int", false, "sys", 4, 10, 0, false, nil, nil, nil, nil, false, nil, nil, nil, nil}},
					{{"#mine", "pk", "PK", 1, "id", nil}}, {}, {}, {}})
				if len(c.Tables) != 1 || c.Schema != own || c.Tables[0].Schema != own || len(c.Tables[0].Columns) != 1 || c.Tables[0].PrimaryKey == nil {
					t.Errorf("%+v", c)
				}
			}
			file := filepath.Join("testdata", "inspect_"+s.name+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out.Bytes(), want) {
				t.Errorf("got\n%s", out.Bytes())
			}
		})
	}
}

// The name of a type that was read makes the type again: its name is the one
// that was read, or (after =) another one of the same type.
func TestParseTypeRoundTrip(t *testing.T) {
	for _, c := range []struct {
		d     dialect.Dialect
		types []string
	}{
		{sqlite.Dialect(), []string{"BOOLEAN", "SMALLINT", "INTEGER", "BIGINT", "BIGINT UNSIGNED", "REAL", "DOUBLE PRECISION", "DECIMAL_TEXT(10,2)", "DECIMAL_TEXT",
			"CHAR(3)", "NCHAR(3)", "VARCHAR(20)", "NVARCHAR(20)", "TEXT", "BINARY(4)", "VARBINARY(4)", "BLOB", "DATE", "TIME(3)", "TIMESTAMP(3)", "TIMESTAMPTZ", "INTERVAL",
			"UUID_TEXT", "JSON_TEXT", "GEOMETRY(3)", "TINYINT=SMALLINT"}},
		{postgres.Dialect(), []string{"boolean", "smallint", "integer", "bigint", "real", "double precision", "numeric(10,2)", "numeric", "numeric(2,-3)",
			"character(3)=char(3)", "character varying(20)=varchar(20)", "character varying=varchar", "text", "bytea", "date", "time without time zone=time",
			"time(3) without time zone=time(3)", "time with time zone", "timestamp without time zone=timestamp", "timestamp(0) without time zone=timestamp(0)",
			"timestamp(3) with time zone", "interval", "interval(3)", "interval day to second(2)", "uuid", "json", "jsonb", "integer[]", "character varying(5)[]=varchar(5)[]",
			"json[]", "bit(3)", "\"char\"", "name", "inet", "int4range", "tsvector", "audit.\"Mood\""}},
		{mysql.Dialect(), []string{"tinyint(1)=bool", "tinyint", "tinyint unsigned", "smallint", "int=integer", "int unsigned=integer unsigned", "int(11)=integer", "mediumint",
			"bigint unsigned", "int(5) unsigned zerofill", "float", "float unsigned", "float(7,4)", "double", "double(7,4)", "decimal(10,2)=decimal(10, 2)", "decimal(5,1) unsigned",
			"char(3)", "varchar(20)", "varchar(20000)", "tinytext", "text", "mediumtext", "longtext", "binary(4)", "varbinary(4)", "blob", "longblob", "date", "time=time(0)",
			"time(3)", "datetime=datetime(0)", "datetime(6)", "timestamp", "timestamp(3)", "year", "json", "bit(3)", "point", "set('a','b')", "enum('a','it''s','b)')"}},
		{mssql.Dialect(), []string{"bit", "tinyint", "smallint", "int=integer", "bigint", "real", "float=float(53)", "decimal(12,2)=numeric(12, 2)", "numeric(5,0)=numeric(5, 0)",
			"money", "nchar(3)", "nvarchar(20)", "nvarchar(max)", "char(3)", "varchar(20)", "varchar(max)", "text", "binary(4)", "varbinary(4)", "varbinary(max)", "date", "time(7)",
			"time(0)", "datetime2(3)", "datetime", "smalldatetime", "datetimeoffset(7)", "uniqueidentifier", "xml", "sql_variant", "timestamp", "hierarchyid", "dbo.[Phone]"}},
		{oracle.Dialect(oracle.Version(19)), []string{"NUMBER(1)", "NUMBER(*,0)=INTEGER", "NUMBER(19)", "NUMBER", "NUMBER(12,2)=NUMERIC(12, 2)", "NUMBER(5)=NUMERIC(5, 0)",
			"NUMBER(5,-2)", "NUMBER(*,3)", "FLOAT(126)", "BINARY_FLOAT", "BINARY_DOUBLE", "VARCHAR2(20 CHAR)", "VARCHAR2(20 BYTE)", "VARCHAR2(32767 CHAR)", "NVARCHAR2(20)", "CHAR(3 CHAR)",
			"CHAR(3 BYTE)", "NCHAR(3)", "CLOB", "NCLOB", "BLOB", "LONG", "RAW(16)", "RAW(32767)", "DATE", "TIMESTAMP(6)", "TIMESTAMP(0)", "TIMESTAMP(3) WITH TIME ZONE",
			"TIMESTAMP(6) WITH LOCAL TIME ZONE", "INTERVAL DAY(2) TO SECOND(6)=INTERVAL DAY TO SECOND", "INTERVAL YEAR(2) TO MONTH", "ROWID", "XMLTYPE", "BOOLEAN"}},
	} {
		p := c.d.(dialect.TypeParser)
		for _, text := range c.types {
			text, want, other := strings.Cut(text, "=")
			if !other {
				want = text
			}
			parsed, err := p.ParseType(text)
			if err != nil {
				t.Errorf("%s: %s: %v", c.d.Name(), text, err)
				continue
			}
			if got, err := c.d.TypeName(&parsed); err != nil || !strings.EqualFold(got, want) {
				t.Errorf("%s: %s is read as %s, whose name is %s (%v)", c.d.Name(), text, &parsed, got, err)
			}
		}
		if none, err := p.ParseType(" "); err != nil || none != (dialect.Type{}) {
			t.Errorf("%s: nothing is read as %v, %v", c.d.Name(), none, err)
		}
	}
}
