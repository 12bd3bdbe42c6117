package all_test

import (
	"context"
	"io"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssqldb "github.com/microsoft/go-mssqldb"
	"github.com/sijms/go-ora/v2/network"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
)

// The drivers' errors, with the texts that the servers give.

func pg(code, message string, want dialect.Error) kindValue {
	want.Code = code
	return kindValue{&pgconn.PgError{Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: code, Message: message,
		TableName: want.Table, ColumnName: want.Column, ConstraintName: want.Constraint}, want}
}

func my(number uint16, message string, want dialect.Error) kindValue {
	return kindValue{&mysql.MySQLError{Number: number, Message: message}, want}
}

func ms(number int32, message string, want dialect.Error) kindValue {
	return kindValue{mssqldb.Error{Number: number, Class: 16, Message: message}, want}
}

func ora(code int, message string, want dialect.Error) kindValue {
	err := network.NewOracleError(code)
	err.ErrMsg = message
	return kindValue{err, want}
}

func made(p provocation, about dialect.Error) kindCell { return kindCell{provoke: p, about: about} }
func plain(about dialect.Error) kindCell               { return kindCell{about: about} } // by the portable provocation
func real(v ...kindValue) kindCell                     { return kindCell{values: v} }
func never(why string) kindCell                        { return kindCell{never: why} }

// said is nothing beside the kind.
var said dialect.Error

const (
	noExclusion = "it has no exclusion constraints"
	noServer    = "it is a library: there is no server, and nobody logs in"
)

var kindTable = []kindRow{
	{dialect.ErrUniqueViolation, says("INSERT INTO {P} (id, code, n) VALUES (3, 'a', 1)"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Code: "2067", Table: kindParent, Column: "code"}),
		"postgres": plain(dialect.Error{Code: "23505", Table: kindParent, Constraint: kindUnique}),
		"mariadb":  plain(dialect.Error{Code: "1062", Constraint: kindUnique}),
		"mysql":    real(my(1062, "Duplicate entry 'a' for key 'p.uq'", dialect.Error{Table: "p", Constraint: "uq"})),
		"mssql": real(
			ms(2627, "Violation of UNIQUE KEY constraint 'uq'. Cannot insert duplicate key in object 'dbo.p'. The duplicate key value is (a).",
				dialect.Error{Schema: "dbo", Table: "p", Constraint: "uq"}),
			ms(2627, `Verletzung der UNIQUE KEY-Einschränkung "uq". Ein doppelter Schlüssel kann in das dbo.p-Objekt nicht eingefügt werden.`,
				dialect.Error{Constraint: "uq"}),
			ms(2627, "Violation de la contrainte UNIQUE KEY « uq ». Impossible d'insérer une clé en double dans l'objet « dbo.p ».",
				dialect.Error{Schema: "dbo", Table: "p", Constraint: "uq"}),
			ms(2601, "Cannot insert duplicate key row in object 'dbo.p' with unique index 'uq'. The duplicate key value is (a).",
				dialect.Error{Schema: "dbo", Table: "p", Constraint: "uq"}),
			ms(2601, "一意のインデックス 'uq' を含むオブジェクト 'dbo.p' に重複するキー行を挿入できません。",
				dialect.Error{Schema: "dbo", Table: "p", Constraint: "uq"})),
		"oracle": real(
			ora(1, "ORA-00001: unique constraint (ADA.UQ) violated", dialect.Error{Schema: "ada", Constraint: "uq"}),
			ora(1, "ORA-00001: Unique Constraint (ADA.UQ) verletzt", dialect.Error{Schema: "ada", Constraint: "uq"}),
			ora(1, "ORA-00001: unique constraint (ADA.UQ) violated on table ADA.P columns (CODE, N)",
				dialect.Error{Schema: "ada", Table: "p", Column: "code, n", Constraint: "uq"})),
	}},
	{dialect.ErrForeignKeyViolation, says("INSERT INTO {C} (id, p_id) VALUES (1, 99)"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Code: "787"}), // it names nothing
		"postgres": plain(dialect.Error{Code: "23503", Table: kindChild, Constraint: kindFK}),
		"mariadb":  plain(dialect.Error{Code: "1452", Table: kindChild, Column: "p_id", Constraint: kindFK}),
		"mysql": real(my(1452, "Cannot add or update a child row: a foreign key constraint fails (`shop`.`c`, CONSTRAINT `fk` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`))",
			dialect.Error{Schema: "shop", Table: "c", Column: "p_id", Constraint: "fk"}),
			my(1451, "Cannot delete or update a parent row: a foreign key constraint fails (`shop`.`c`, CONSTRAINT `fk` FOREIGN KEY (`p_id`) REFERENCES `p` (`id`))",
				dialect.Error{Schema: "shop", Table: "c", Column: "p_id", Constraint: "fk"})),
		"mssql": real(
			ms(547, `The INSERT statement conflicted with the FOREIGN KEY constraint "fk". The conflict occurred in database "shop", table "dbo.p", column 'id'.`,
				dialect.Error{Schema: "dbo", Table: "p", Column: "id", Constraint: "fk"}),
			ms(547, `Die INSERT-Anweisung steht in Konflikt mit der FOREIGN KEY-Einschränkung "fk". Der Konflikt trat in der "shop"-Datenbank, Tabelle "dbo.p", column 'id' auf.`,
				dialect.Error{Schema: "dbo", Table: "p", Column: "id", Constraint: "fk"}),
			ms(547, `The DELETE statement conflicted with the REFERENCE constraint "fk". The conflict occurred in database "shop", table "dbo.c", column 'p_id'.`,
				dialect.Error{Schema: "dbo", Table: "c", Column: "p_id", Constraint: "fk"})),
		"oracle": real(
			ora(2291, "ORA-02291: integrity constraint (ADA.FK) violated - parent key not found", dialect.Error{Schema: "ada", Constraint: "fk"}),
			ora(2292, "ORA-02292: integrity constraint (ADA.FK) violated - child record found", dialect.Error{Schema: "ada", Constraint: "fk"})),
	}},
	{dialect.ErrNotNullViolation, says("INSERT INTO {P} (id, n) VALUES (3, NULL)"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Code: "1299", Table: kindParent, Column: "n"}),
		"postgres": plain(dialect.Error{Code: "23502", Table: kindParent, Column: "n"}),
		"mariadb":  plain(dialect.Error{Code: "1048", Column: "n"}),
		"mysql": real(my(1048, "Column 'n' cannot be null", dialect.Error{Column: "n"}),
			my(1364, "Field 'n' doesn't have a default value", dialect.Error{Column: "n"})),
		"mssql": real(
			ms(515, "Cannot insert the value NULL into column 'n', table 'shop.dbo.p'; column does not allow nulls. INSERT fails.",
				dialect.Error{Schema: "dbo", Table: "p", Column: "n"}),
			ms(515, "Impossible d'insérer la valeur NULL dans la colonne 'n', table 'shop.dbo.p'. Cette colonne n'accepte pas les valeurs NULL. Échec de INSERT.",
				dialect.Error{Schema: "dbo", Table: "p", Column: "n"}),
			ms(515, "テーブル 'shop.dbo.p' の列 'n' に値 NULL を挿入できません。この列では NULL 値が許可されていません。INSERT は失敗します。",
				dialect.Error{Schema: "dbo", Table: "p", Column: "n"})),
		"oracle": real(
			ora(1400, `ORA-01400: cannot insert NULL into ("ADA"."P"."N")`, dialect.Error{Schema: "ada", Table: "p", Column: "n"}),
			ora(1407, `ORA-01407: cannot update ("ADA"."P"."N") to NULL`, dialect.Error{Schema: "ada", Table: "p", Column: "n"}),
			ora(1400, `ORA-01400: Einfügen von NULL in ("ADA"."P"."N") nicht möglich`, dialect.Error{Schema: "ada", Table: "p", Column: "n"})),
	}},
	{dialect.ErrCheckViolation, says("INSERT INTO {P} (id, n) VALUES (3, -1)"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Code: "275", Constraint: kindCheck}),
		"postgres": plain(dialect.Error{Code: "23514", Table: kindParent, Constraint: kindCheck}),
		"mariadb":  plain(dialect.Error{Code: "4025", Table: kindParent, Constraint: kindCheck}),
		"mysql":    real(my(3819, "Check constraint 'ck' is violated.", dialect.Error{Constraint: "ck"})),
		"mssql": real(ms(547, `The INSERT statement conflicted with the CHECK constraint "ck". The conflict occurred in database "shop", table "dbo.p", column 'n'.`,
			dialect.Error{Schema: "dbo", Table: "p", Column: "n", Constraint: "ck"})),
		"oracle": real(ora(2290, "ORA-02290: check constraint (ADA.CK) violated", dialect.Error{Schema: "ada", Constraint: "ck"})),
	}},
	{dialect.ErrExclusionViolation, nil, map[string]kindCell{
		"sqlite": never(noExclusion),
		"postgres": made(func(p *provoking) error {
			table := "ke" + kindRun
			p.must(p.eng, "CREATE TABLE "+table+" (r int4range, CONSTRAINT "+table+"_x EXCLUDE USING gist (r WITH &&))")
			p.Cleanup(func() { must(p.T, p.eng, "DROP TABLE "+table) })
			p.must(p.eng, "INSERT INTO "+table+" VALUES ('[1,5)')")
			_, err := p.eng.Exec(p.Context(), "INSERT INTO "+table+" VALUES ('[4,6)')")
			return err
		}, dialect.Error{Code: "23P01", Table: "ke" + kindRun, Constraint: "ke" + kindRun + "_x"}),
		"mariadb": never(noExclusion), "mysql": never(noExclusion), "mssql": never(noExclusion), "oracle": never(noExclusion),
	}},
	{dialect.ErrTooLong, says("INSERT INTO {P} (id, code, n) VALUES (3, 'abcdef', 1)"), map[string]kindCell{
		"sqlite":   made(says("SELECT zeroblob(2000000000)"), dialect.Error{Code: "18"}), // columns have no length
		"postgres": plain(dialect.Error{Code: "22001"}),                                  // it names nothing
		"mariadb":  plain(dialect.Error{Code: "1406", Column: "code"}),
		"mysql":    real(my(1406, "Data too long for column 'code' at row 1", dialect.Error{Column: "code"})),
		"mssql": real(ms(2628, "String or binary data would be truncated in table 'shop.dbo.p', column 'code'. Truncated value: 'abcde'.",
			dialect.Error{Schema: "dbo", Table: "p", Column: "code"}),
			ms(8152, "String or binary data would be truncated.", said)), // before 2019
		"oracle": real(ora(12899, `ORA-12899: value too large for column "ADA"."P"."CODE" (actual: 6, maximum: 5)`,
			dialect.Error{Schema: "ada", Table: "p", Column: "code"})),
	}},
	{dialect.ErrOutOfRange, nil, map[string]kindCell{
		"sqlite":   made(says("SELECT abs(-9223372036854775807 - 1)"), said),
		"postgres": made(says("INSERT INTO {P} (id, n) VALUES (3, 2147483648)"), dialect.Error{Code: "22003"}),
		"mariadb":  made(says("INSERT INTO {P} (id, n) VALUES (3, 2147483648)"), dialect.Error{Code: "1264", Column: "n"}),
		"mysql": real(my(1264, "Out of range value for column 'n' at row 1", dialect.Error{Column: "n"}),
			my(1690, "BIGINT value is out of range in '(9223372036854775807 + 1)'", said)),
		"mssql": real(ms(8115, "Arithmetic overflow error converting expression to data type int.", said),
			ms(220, "Arithmetic overflow error for data type smallint, value = 40000.", said),
			ms(242, "The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.", said)),
		"oracle": real(ora(1438, "ORA-01438: value larger than specified precision allowed for this column", said),
			ora(1426, "ORA-01426: numeric overflow", said)),
	}},
	{dialect.ErrDivisionByZero, nil, map[string]kindCell{
		"sqlite":   never("it makes NULL of it (Built-In Mathematical SQL Functions, Operators)"),
		"postgres": made(says("SELECT 1 / 0"), dialect.Error{Code: "22012"}),
		"mariadb":  made(says("INSERT INTO {P} (id, n) VALUES (3, 1 / 0)"), dialect.Error{Code: "1365"}), // a SELECT gives NULL
		"mysql":    real(my(1365, "Division by 0", said)),
		"mssql":    real(ms(8134, "Divide by zero error encountered.", said)),
		"oracle":   real(ora(1476, "ORA-01476: divisor is equal to zero", said)),
	}},
	{dialect.ErrInvalidText, nil, map[string]kindCell{
		"sqlite":   made(says("SELECT json('{')"), said),
		"postgres": made(says("INSERT INTO {P} (id, n) VALUES (3, 'x')"), dialect.Error{Code: "22P02"}),
		"mariadb":  made(says("INSERT INTO {P} (id, n) VALUES (3, 'x')"), dialect.Error{Code: "1366", Table: kindParent, Column: "n"}),
		"mysql": real(my(1366, "Incorrect integer value: 'x' for column 'n' at row 1", dialect.Error{Column: "n"}),
			my(3140, `Invalid JSON text: "Invalid value." at position 0 in value for column 'p.j'.`, said),
			my(1292, "Incorrect datetime value: 'x' for column 'd' at row 1", dialect.Error{Column: "d"})),
		"mssql": real(ms(245, "Conversion failed when converting the varchar value 'x' to data type int.", said),
			ms(8169, "Conversion failed when converting from a character string to uniqueidentifier.", said),
			ms(241, "Conversion failed when converting date and/or time from character string.", said)),
		"oracle": real(ora(1722, "ORA-01722: invalid number", said), ora(1858, "ORA-01858: a non-numeric character was found where a numeric was expected", said)),
	}},
	{dialect.ErrUndefinedTable, says("SELECT * FROM no_such_table"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Table: "no_such_table"}),
		"postgres": plain(dialect.Error{Code: "42P01"}), // only its message names it
		"mariadb":  plain(dialect.Error{Code: "1146", Table: "no_such_table"}),
		"mysql":    real(my(1146, "Table 'shop.nothing' doesn't exist", dialect.Error{Schema: "shop", Table: "nothing"})),
		"mssql": real(ms(208, "Invalid object name 'dbo.nothing'.", dialect.Error{Schema: "dbo", Table: "nothing"}),
			ms(3701, "Cannot drop the table 'nothing', because it does not exist or you do not have permission.", dialect.Error{Table: "nothing"}),
			ms(4902, `Cannot find the object "dbo.nothing" because it does not exist or you do not have permissions.`, dialect.Error{Schema: "dbo", Table: "nothing"})),
		"oracle": real(ora(942, "ORA-00942: table or view does not exist", said),
			ora(942, `ORA-00942: table or view "ADA"."NOTHING" does not exist`, dialect.Error{Schema: "ada", Table: "nothing"})),
	}},
	{dialect.ErrUndefinedColumn, says("SELECT no_such_column FROM {P}"), map[string]kindCell{
		"sqlite":   plain(dialect.Error{Column: "no_such_column"}),
		"postgres": plain(dialect.Error{Code: "42703"}), // only its message names it
		"mariadb":  plain(dialect.Error{Code: "1054", Column: "no_such_column"}),
		"mysql":    real(my(1054, "Unknown column 'p.nope' in 'field list'", dialect.Error{Table: "p", Column: "nope"})),
		"mssql": real(ms(207, "Invalid column name 'nope'.", dialect.Error{Column: "nope"}),
			ms(207, "Nom de colonne non valide : 'nope'.", dialect.Error{Column: "nope"}),
			ms(4104, `The multi-part identifier "p.nope" could not be bound.`, dialect.Error{Table: "p", Column: "nope"})),
		"oracle": real(ora(904, `ORA-00904: "P"."NOPE": invalid identifier`, dialect.Error{Table: "p", Column: "nope"})),
	}},
	{dialect.ErrUndefinedFunction, says("SELECT no_such_function(id) FROM {P}"), map[string]kindCell{
		"sqlite":   plain(said),
		"postgres": plain(dialect.Error{Code: "42883"}),
		"mariadb":  plain(dialect.Error{Code: "1305"}),
		"mysql":    real(my(1305, "FUNCTION shop.nope does not exist", said)),
		"mssql": real(ms(195, "'nope' is not a recognized built-in function name.", said),
			ms(4121, `Cannot find either column "dbo" or the user-defined function or aggregate "dbo.nope", or the name is ambiguous.`, said),
			ms(2812, "Could not find stored procedure 'nope'.", said)),
		"oracle": real(ora(6576, "ORA-06576: not a valid function or procedure name", said)), // of CALL; in a query it is ORA-00904, as a column
	}},
	{dialect.ErrSyntax, says("SELEC 1"), map[string]kindCell{
		"sqlite": plain(said), "postgres": plain(dialect.Error{Code: "42601"}), "mariadb": plain(dialect.Error{Code: "1064"}),
		"mysql": real(my(1064, "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'SELEC 1' at line 1", said)),
		"mssql": real(ms(102, "Incorrect syntax near '1'.", said), ms(156, "Incorrect syntax near the keyword 'WHERE'.", said),
			ms(105, "Unclosed quotation mark after the character string 'x'.", said)),
		"oracle": real(ora(900, "ORA-00900: invalid SQL statement", said), ora(923, "ORA-00923: FROM keyword not found where expected", said),
			ora(1756, "ORA-01756: quoted string not properly terminated", said)),
	}},
	{dialect.ErrPermission, nil, map[string]kindCell{
		"sqlite":   {why: "its one permission, the authorizer, is a function that this dialect does not set", values: []kindValue{{sqliteCode(23), said}}},
		"postgres": made(postgresDenied, dialect.Error{Code: "42501"}), // only its message names the table
		"mariadb":  made(mysqlDenied, dialect.Error{Code: "1142", Table: "user"}),
		"mysql": real(my(1142, "SELECT command denied to user 'ada'@'localhost' for table 'secrets'", dialect.Error{Table: "secrets"}),
			my(1143, "SELECT command denied to user 'ada'@'localhost' for column 'pin' in table 'secrets'", dialect.Error{Table: "secrets", Column: "pin"}),
			my(1227, "Access denied; you need (at least one of) the SUPER privilege(s) for this operation", said)),
		"mssql": real(ms(229, "The SELECT permission was denied on the object 'secrets', database 'shop', schema 'dbo'.", dialect.Error{Schema: "dbo", Table: "secrets"}),
			ms(230, "The SELECT permission was denied on the column 'pin' of the object 'secrets', database 'shop', schema 'dbo'.",
				dialect.Error{Schema: "dbo", Table: "secrets", Column: "pin"}),
			ms(262, "CREATE TABLE permission denied in database 'shop'.", said)),
		"oracle": real(ora(1031, "ORA-01031: insufficient privileges", said), ora(41900, "ORA-41900: missing SELECT privilege on \"ADA\".\"SECRETS\"", said)),
	}},
	{dialect.ErrAuthentication, nil, map[string]kindCell{
		"sqlite":   never(noServer),
		"postgres": made(nobody, dialect.Error{Code: "28000"}),
		"mariadb":  made(nobody, dialect.Error{Code: "1045"}),
		"mysql":    real(my(1045, "Access denied for user 'ada'@'localhost' (using password: YES)", said)),
		"mssql":    real(ms(18456, "Login failed for user 'ada'.", said), ms(18488, "Login failed for user 'ada'.  Reason: The password of the account must be changed.", said)),
		"oracle":   real(ora(1017, "ORA-01017: invalid username/password; logon denied", said), ora(28000, "ORA-28000: the account is locked", said)),
	}},
	{dialect.ErrUndefinedDatabase, nil, map[string]kindCell{
		"sqlite":   made(nowhere, dialect.Error{Code: "14"}),
		"postgres": made(nowhere, dialect.Error{Code: "3D000"}),
		"mariadb":  made(nowhere, dialect.Error{Code: "1049"}),
		"mysql":    real(my(1049, "Unknown database 'nowhere'", said)),
		"mssql": real(kindValue{mssqldb.Error{Number: 18456, Class: 14, Message: "Login failed for user 'ada'.", All: []mssqldb.Error{
			{Number: 4060, Class: 11, Message: `Cannot open database "nowhere" requested by the login. The login failed.`}, {Number: 18456, Class: 14}}},
			dialect.Error{Code: "4060"}},
			ms(911, "Database 'nowhere' does not exist. Make sure that the name is entered correctly.", said)),
		"oracle": real(ora(12514, "ORA-12514: TNS:listener does not currently know of service requested in connect descriptor", said),
			ora(12505, "ORA-12505: TNS:listener does not currently know of SID given in connect descriptor", said)),
	}},
	{dialect.ErrReadOnly, readOnly, map[string]kindCell{
		"sqlite":   made(sqliteWith("mode", "ro", "DELETE FROM {C}"), dialect.Error{Code: "8"}),
		"postgres": plain(dialect.Error{Code: "25006"}),
		"mariadb":  plain(dialect.Error{Code: "1792"}),
		"mysql": real(my(1792, "Cannot execute statement in a READ ONLY transaction.", said),
			my(1290, "The MySQL server is running with the --super-read-only option so it cannot execute this statement", said),
			my(1836, "Running in read-only mode", said)),
		"mssql": real(ms(3906, `Failed to update database "shop" because the database is read-only.`, said)),
		"oracle": real(ora(1456, "ORA-01456: may not perform insert/delete/update operation inside a READ ONLY transaction", said),
			ora(16000, "ORA-16000: database or pluggable database open for read-only access", said)),
	}},
	{dialect.ErrTooManyConnections, nil, map[string]kindCell{
		"sqlite":   never(noServer),
		"postgres": made(postgresCrowded, dialect.Error{Code: "53300"}),
		"mariadb":  made(mysqlCrowded, dialect.Error{Code: "1226"}),
		"mysql":    real(my(1040, "Too many connections", said), my(1203, "User ada already has more than 'max_user_connections' active connections", said)),
		"mssql": real(ms(17809, "Could not connect because the maximum number of '1' user connections has already been reached.", said),
			ms(10928, "Resource ID: 1. The request limit for the database is 60 and has been reached.", said)),
		"oracle": real(ora(20, "ORA-00020: maximum number of processes (300) exceeded", said), ora(18, "ORA-00018: maximum number of sessions exceeded", said),
			ora(2391, "ORA-02391: exceeded simultaneous SESSIONS_PER_USER limit", said), ora(12520, "ORA-12520: TNS:listener could not find available handler for requested type of server", said)),
	}},
	{dialect.ErrDiskFull, nil, map[string]kindCell{
		"sqlite": made(sqliteWith("pragma.max_page_count", "1", "INSERT INTO {C} (id, p_id) SELECT n, NULL FROM (WITH RECURSIVE s (n) AS "+
			"(SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT 100000) SELECT n FROM s)"), dialect.Error{Code: "13"}),
		"postgres": {provoke: postgresFull, about: dialect.Error{Code: "53100"}, values: []kindValue{
			pg("53100", `could not extend file "base/5/16384": No space left on device`, said)}},
		"mariadb": made(memoryFull, dialect.Error{Code: "1114", Table: "kt" + kindRun}),
		"mysql": real(my(1114, "The table 't' is full", dialect.Error{Table: "t"}),
			my(1021, "Disk full (/tmp/#sql); waiting for someone to free some space... (errno: 28 - No space left on device)", said)),
		"mssql": real(ms(1105, "Could not allocate space for object 'dbo.p' in database 'shop' because the 'PRIMARY' filegroup is full.", said),
			ms(9002, "The transaction log for database 'shop' is full due to 'LOG_BACKUP'.", said)),
		"oracle": real(ora(1653, "ORA-01653: unable to extend table ADA.P by 128 in tablespace USERS", said),
			ora(1652, "ORA-01652: unable to extend temp segment by 128 in tablespace TEMP", said), ora(257, "ORA-00257: archiver error. Connect internal only, until freed.", said)),
	}},
	{dialect.ErrSerialization, nil, map[string]kindCell{
		"sqlite":   made(sqliteSnapshot, dialect.Error{Code: "517"}),
		"postgres": made(overtaken(engine.RepeatableRead), dialect.Error{Code: "40001"}),
		"mariadb":  made(snapshotIsolation, dialect.Error{Code: "1020", Table: kindParent}),
		"mysql":    never("its REPEATABLE READ writes to what others have committed, and its SERIALIZABLE locks: it comes as a deadlock (InnoDB Transaction Isolation Levels)"),
		"mssql": real(ms(3960, "Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to access table 'dbo.p' directly or indirectly in database 'shop'.", said),
			ms(41302, "The current transaction attempted to update a record that has been updated since this transaction started.", said)),
		"oracle": real(ora(8177, "ORA-08177: can't serialize access for this transaction", said)),
	}},
	{dialect.ErrDeadlock, nil, map[string]kindCell{
		"sqlite":   never("one transaction writes at a time; a wait that could not end is refused at once, as ErrBusy (sqlite3_busy_handler)"),
		"postgres": made(deadlocked("SET LOCAL deadlock_timeout = '10ms'"), dialect.Error{Code: "40P01"}),
		"mariadb":  made(deadlocked(), dialect.Error{Code: "1213"}),
		"mysql":    real(my(1213, "Deadlock found when trying to get lock; try restarting transaction", said)),
		"mssql": real(ms(1205, "Transaction (Process ID 52) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
			said)),
		"oracle": real(ora(60, "ORA-00060: deadlock detected while waiting for resource", said)),
	}},
	{dialect.ErrLockTimeout, nil, map[string]kindCell{
		"sqlite": {provoke: sqliteLocked, about: dialect.Error{Kind: dialect.ErrBusy, Code: "5"},
			why: "the lock is the whole database's: after busy_timeout it is ErrBusy, and the transaction can be run again"},
		"postgres": made(locked("SET LOCAL lock_timeout = '10ms'"), dialect.Error{Code: "55P03"}),
		"mariadb":  made(locked("SET innodb_lock_wait_timeout = 1"), dialect.Error{Code: "1205"}),
		"mysql": real(my(1205, "Lock wait timeout exceeded; try restarting transaction", said),
			my(3572, "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.", said)),
		"mssql": real(ms(1222, "Lock request time out period exceeded.", said)),
		"oracle": real(ora(54, "ORA-00054: resource busy and acquire with NOWAIT specified or timeout expired", said),
			ora(30006, "ORA-30006: resource busy; acquire with WAIT timeout expired", said)),
	}},
	{dialect.ErrStatementTimeout, nil, map[string]kindCell{
		"sqlite":   never("it has no limit of its own: a context or engine.WithStatementTimeout ends a statement, which is ErrCancelled"),
		"postgres": made(within("SET statement_timeout = '10ms'", "SELECT pg_sleep(60)"), dialect.Error{Code: "57014"}),
		"mariadb":  made(within("SET max_statement_time = 0.01", "SELECT SLEEP(60) FROM DUAL"), dialect.Error{Code: "1969"}),
		"mysql":    real(my(3024, "Query execution was interrupted, maximum statement execution time exceeded", said)),
		"mssql":    never("it has no limit of its own for a statement: the client's is an attention, which is ErrCancelled (remote query timeout and query governor cost limit are others)"),
		"oracle":   real(ora(40, "ORA-00040: active time limit exceeded - call aborted", said)), // of a resource plan
	}},
	{dialect.ErrCancelled, nil, map[string]kindCell{
		"sqlite":   made(cancelled("WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s"), said),
		"postgres": made(cancelled("SELECT pg_sleep(60)"), said),
		"mariadb":  made(cancelled("SELECT SLEEP(60)"), said),
		"mysql":    real(my(1317, "Query execution was interrupted", said), kindValue{context.Canceled, said}),
		"mssql":    real(kindValue{context.DeadlineExceeded, said}, kindValue{context.Canceled, said}), // the driver sends an attention, and gives the context's error
		"oracle":   real(ora(1013, "ORA-01013: user requested cancel of current operation", said), kindValue{context.Canceled, said}),
	}},
	{dialect.ErrConnectionLost, nil, map[string]kindCell{
		"sqlite":   never("there is no connection to lose; after an I/O error, or where the file was moved away, Error.Lost is true"),
		"postgres": made(killed("SELECT pg_backend_pid()", "SELECT pg_terminate_backend(%d)"), dialect.Error{Lost: true}),
		"mariadb":  made(killed("SELECT CONNECTION_ID()", "KILL %d"), dialect.Error{Lost: true}),
		"mysql": real(my(4031, "The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.",
			dialect.Error{Lost: true}), my(1053, "Server shutdown in progress", dialect.Error{Lost: true}), kindValue{mysql.ErrInvalidConn, dialect.Error{Lost: true}}),
		"mssql": real(kindValue{io.EOF, dialect.Error{Lost: true}}, kindValue{mssqldb.Error{Number: 596, Class: 21,
			Message: "Cannot continue the execution because the session is in the kill state."}, dialect.Error{Lost: true}},
			ms(40197, "The service has encountered an error processing your request. Please try again. Error code 40143.", dialect.Error{Lost: true})),
		"oracle": real(kindValue{io.EOF, dialect.Error{Lost: true}}, ora(3113, "ORA-03113: end-of-file on communication channel", dialect.Error{Lost: true}),
			ora(28, "ORA-00028: your session has been killed", dialect.Error{Lost: true}), ora(2396, "ORA-02396: exceeded maximum idle time, please connect again", dialect.Error{Lost: true}),
			ora(12537, "ORA-12537: TNS:connection closed", dialect.Error{Lost: true})),
	}},
}

// sqliteCode is the error of another driver of SQLite, by its result code.
type sqliteCode int

func (c sqliteCode) Error() string { return "authorization denied" }
func (c sqliteCode) Code() int     { return int(c) }

// postgresDenied reads a table as a role that every server has, and that has no right to it.
func postgresDenied(p *provoking) error {
	tx := p.tx()
	p.must(tx, "SET LOCAL ROLE pg_monitor")
	_, err := tx.Exec(p.Context(), "SELECT * FROM "+kindParent)
	return err
}

// snapshotIsolation overtakes a transaction that is isolated by its snapshot, which
// MariaDB is from 10.6.18, 10.11.8 and 11.0.6 on where a variable says so.
func snapshotIsolation(p *provoking) error {
	return overtaken(engine.RepeatableRead, "SET innodb_snapshot_isolation = ON")(p)
}
