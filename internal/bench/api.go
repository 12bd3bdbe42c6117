package main

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Backend names.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
	MariaDB  = "mariadb"
)

// ErrUnsupported is what a Session returns for a workload it does not do.
var ErrUnsupported = errors.New("unsupported")

// Contender is one peer. A new one is one file: implement this and call
// Register from init.
type Contender interface {
	Name() string
	Backends() []string // the backends it runs on
	Open(ctx context.Context, be *Backend) (Session, error)
}

// Session is a contender opened on one backend. Read methods return what they
// loaded (a struct, pointer or slice of either: verify.go walks it by field
// name, ent's Edges included). Embed Unsupported for what it cannot do.
type Session interface {
	GetByPK(ctx context.Context, id int64) (any, error)                        // W1, W9: one of users
	SelectN(ctx context.Context, n int64) (any, error)                         // W2, W3: users where id <= n order by id
	InsertOne(ctx context.Context, u *InsUser) error                           // W4: sets u.ID
	InsertBulk(ctx context.Context, us []InsUser) error                        // W5: one transaction, ids not needed
	InsertBulkIDs(ctx context.Context, us []InsUser) error                     // W5b: one transaction, sets every ID
	UpdateOne(ctx context.Context, id int64, score float64, note string) error // W6: two columns of ins_users by pk
	Eager(ctx context.Context, n int64) (any, error)                           // W7: parents with id <= n, children in nested slices
	Close() error
}

// OneConn marks sessions of one connection of their own, which sit out the
// concurrent workload.
type OneConn interface{ OneConn() }

// Unsupported is embedded by sessions to skip workloads.
type Unsupported struct{}

func (Unsupported) GetByPK(context.Context, int64) (any, error)             { return nil, ErrUnsupported }
func (Unsupported) SelectN(context.Context, int64) (any, error)             { return nil, ErrUnsupported }
func (Unsupported) InsertOne(context.Context, *InsUser) error               { return ErrUnsupported }
func (Unsupported) InsertBulk(context.Context, []InsUser) error             { return ErrUnsupported }
func (Unsupported) InsertBulkIDs(context.Context, []InsUser) error          { return ErrUnsupported }
func (Unsupported) UpdateOne(context.Context, int64, float64, string) error { return ErrUnsupported }
func (Unsupported) Eager(context.Context, int64) (any, error)               { return nil, ErrUnsupported }
func (Unsupported) Close() error                                            { return nil }

// Compiler is one peer of W8: it builds the query of compileWant from its
// parts and renders it, without a database.
type Compiler struct {
	Name string
	// New prepares what lives for the whole process (tables, mappers).
	New func() (func() (string, []any, error), error)
}

var (
	contenders []Contender
	compilers  []Compiler
)

func Register(c Contender)        { contenders = append(contenders, c) }
func RegisterCompiler(c Compiler) { compilers = append(compilers, c) }

// The models, with the tags of every peer that shares them. ent generates its
// own (ent/schema).

type User struct {
	ID        int64     `db:"id" gorm:"primaryKey" bun:"id,pk,autoincrement" xorm:"pk autoincr 'id'"`
	Name      string    `db:"name" xorm:"'name'"`
	Email     string    `db:"email" xorm:"'email'"`
	Age       int       `db:"age" xorm:"'age'"`
	Score     float64   `db:"score" xorm:"'score'"`
	Active    bool      `db:"active" xorm:"'active'"`
	CreatedAt time.Time `db:"created_at" xorm:"DATETIME(6) 'created_at'"`
	Note      *string   `db:"note" xorm:"'note'"`
}

func (User) TableName() string { return "users" }

type InsUser struct {
	ID        int64     `db:"id" gorm:"primaryKey" bun:"id,pk,autoincrement" xorm:"pk autoincr 'id'"`
	Name      string    `db:"name" xorm:"'name'"`
	Email     string    `db:"email" xorm:"'email'"`
	Age       int       `db:"age" xorm:"'age'"`
	Score     float64   `db:"score" xorm:"'score'"`
	Active    bool      `db:"active" xorm:"'active'"`
	CreatedAt time.Time `db:"created_at" xorm:"DATETIME(6) 'created_at'"`
	Note      *string   `db:"note" xorm:"'note'"`
}

func (InsUser) TableName() string { return "ins_users" }

type Parent struct {
	ID        int64     `db:"id" gorm:"primaryKey" bun:"id,pk,autoincrement" xorm:"pk autoincr 'id'"`
	Name      string    `db:"name" xorm:"'name'"`
	CreatedAt time.Time `db:"created_at" xorm:"DATETIME(6) 'created_at'"`
	Children  []Child   `db:"-" gorm:"foreignKey:ParentID" bun:"rel:has-many,join:id=parent_id" xorm:"-"`
}

func (Parent) TableName() string { return "parents" }

type Child struct {
	ID       int64   `db:"id" gorm:"primaryKey" bun:"id,pk,autoincrement" xorm:"pk autoincr 'id'"`
	ParentID int64   `db:"parent_id" xorm:"'parent_id'"`
	Title    string  `db:"title" xorm:"'title'"`
	Qty      int     `db:"qty" xorm:"'qty'"`
	Price    float64 `db:"price" xorm:"'price'"`
}

func (Child) TableName() string { return "children" }

const (
	userCols   = "id, name, email, age, score, active, created_at, note"
	insCols    = "name, email, age, score, active, created_at, note"
	parentCols = "id, name, created_at"
	childCols  = "id, parent_id, title, qty, price"
)

func insArgs(dst []any, u *InsUser) []any {
	return append(dst, u.Name, u.Email, u.Age, u.Score, u.Active, u.CreatedAt, u.Note)
}

// attach hands children, sorted by parent, to their parents: what a person
// writes by hand for W7 where the peer has no loader.
func attach(ps []Parent, cs []Child) {
	at := make(map[int64]*Parent, len(ps))
	for i := range ps {
		at[ps[i].ID] = &ps[i]
	}
	for _, c := range cs {
		p := at[c.ParentID]
		p.Children = append(p.Children, c)
	}
}

func parentIDs(ps []Parent) []int64 {
	ids := make([]int64, len(ps))
	for i := range ps {
		ids[i] = ps[i].ID
	}
	return ids
}

// openDB opens a database/sql pool on the backend, sized as everyone's.
func (be *Backend) openDB() (*sql.DB, error) {
	db, err := sql.Open(be.Driver, be.DSN)
	if err != nil {
		return nil, err
	}
	be.size(db)
	return db, nil
}

func (be *Backend) size(db *sql.DB) {
	db.SetMaxOpenConns(poolSize)
	db.SetMaxIdleConns(poolSize)
}

const poolSize = 8
