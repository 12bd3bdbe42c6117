// Package orm maps structs to tables: it loads objects, keeps one for each row,
// and writes what has changed in them, in the right order and in few statements.
//
//	type User struct {
//		ID        int64      `db:",pk"`
//		Name      string     `db:",size:50"`
//		Email     *string    `db:",unique"` // a pointer or sql.Null[T] may be NULL, nothing else
//		Addresses []*Address `db:",has-many,fk:UserID,cascade:all+delete-orphan"`
//	}
//	type Address struct {
//		ID     int64 `db:",pk"`
//		City   string
//		UserID int64 `db:",fk:User.ID"`
//		User   *User `db:",belongs-to,fk:UserID"`
//	}
//
//	sess := orm.NewSession(eng)
//	defer sess.Close()
//
//	ada := &User{Name: "ada", Addresses: []*Address{{City: "London"}, {City: "Paris"}}}
//	sess.Add(ada)
//	err = sess.Commit(ctx) // users first, then addresses with the new key
//
//	ada.Name = "Ada" // plain Go
//	ada.Addresses = ada.Addresses[:1]
//	err = sess.Commit(ctx) // UPDATE users …; DELETE FROM addresses …
//
//	u, a := orm.Ref[User](), orm.Ref[Address]()
//	list, err := orm.Select(u).
//		Where(orm.F(&u.Name).StartsWith("A")).
//		Where(orm.Has(&u.Addresses, orm.F(&a.City).Eq("London"))).
//		With(&u.Addresses).
//		All(ctx, sess)
//
// # What it is not for
//
// It does nothing behind the program's back: no relation is loaded, no change is
// flushed and no query runs unless a method with a context is called for it. It
// has no hooks and no lazy fields. Reports, bulk changes and whatever is about rows
// and not about objects belong to packages expr and engine, which work within a
// session too: a [Session] is a dialect.Runner.
//
// # Mapping
//
// A type is mapped by its db tags, read once. Its table is called after the type
// in snake_case and the plural (OrderItem is order_items), or as its method
// TableName says. The options of columns are those of package expr/schema, and
//
//	pk             part of the primary key; several fields make a composite one
//	identity       the database generates the key. A primary key of one whole number
//	               that is no foreign key is one by itself; zero then means "not set"
//	fk:User.ID     a foreign key, by Go type and field, or by table.column
//	version        a whole number that each UPDATE raises and asks for: who comes
//	               second gets a [StaleError]
//	json           any Go value, stored as JSON
//	readonly       never written
//	computed:…     made by the database, read back after each write
//	embed, prefix: the columns of a struct in its place
//	-              not mapped
//
// A field is NOT NULL unless its type has room for NULL: a pointer, sql.Null[T]
// and its like, or, with the option null, []byte and types with a codec of their own.
//
// An INSERT writes every column, zero values too, but for: an identity that is
// zero, and a column with a default whose field is a nil pointer, an invalid
// sql.Null, or the zero time.Time. These the database makes, and they are read back
// into the object. An UPDATE writes what has changed and nothing else.
//
// Relations are pointers and slices of pointers:
//
//	Boss      *User      `db:",belongs-to,fk:BossID"`  // the foreign key is here
//	Addresses []*Address `db:",has-many,fk:UserID"`    // the foreign key is there
//	Cover     *Cover     `db:",has-one,fk:DocID"`      // there, and at most one
//
// with the options order:'City, ID desc' and cascade, made of save-update (the
// default: what is reached from an added object is added), delete, all (both),
// delete-orphan (what leaves the relation is deleted) and none, joined by +.
// Many-to-many is two has-many to a mapped type in between.
//
// # Columns are fields
//
// [Ref] returns a prototype, and the address of a prototype's field stands for its
// column: orm.F(&u.Name) is an expression with all methods of package expr; for
// pointer fields there is [P]. A typo does not compile, nor does a value of
// another type. Another role of a table is an [Alias], which [Query.Join] and
// [HasAs] bring in.
//
// Join is for conditions on the other side and gives a row for each match; [Has]
// filters without repeating objects; [Query.With] and [Session.Load] load relations,
// one query for each, whatever the number of objects. None of the three implies
// another: With does not filter, Join does not load.
//
// # The session
//
// A Session has one object for each row: a query that meets a row again gives the
// object that is there, as it is. Its transaction begins with the first statement and
// ends with Commit or Rollback. Flush compares objects with what was read, so
// fields are plain Go and nothing has to be called when one changes. What counts
// is what has changed: an object that is added to a collection, or a new pointer
// in a belongs-to, sets the foreign key; so does the foreign key's own field.
// Two that say different things are an error. Objects that are deleted leave the
// collections of the session's objects.
//
// Flush inserts tables in the order of their references, each with one INSERT
// where the database gives generated keys back (RETURNING); it then updates, and
// deletes in the opposite order. Rows that refer to each other in a circle are
// inserted with NULL and updated afterwards. So a unique value that moves from a row
// that is deleted to a new one needs a Flush in between; a primary key does not, nor
// does the foreign key of a has-one that is replaced, which makes room first (if no
// other table refers to its own). Flush reads only what it cannot do without: the
// rows that a deletion cascades to, and the former one of a has-one that is set
// without having been loaded.
//
// When Flush or Commit fails, the transaction is rolled back and the session is as
// before: nothing is lost, generated keys are taken back, and Commit may be
// called again once the cause is gone. [Session.Rollback] gives up what is not
// committed, and objects get back the values they had.
//
// After Commit objects keep their values: they are not read again until Refresh.
// On SQLite, where a transaction that may write keeps others from writing, a session
// that only reads is best made with engine.ReadOnly().
package orm
