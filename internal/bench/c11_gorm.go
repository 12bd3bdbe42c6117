//go:build peers

package main

import (
	"context"
	"database/sql"
	"io"
	"log"

	"gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// gorm: as it comes. gorm-tuned: PrepareStmt, SkipDefaultTransaction, no
// logger. On sqlite the official dialector gets a pool of the modernc driver
// as its Conn, so the driver is everyone's.
func init() {
	Register(gormContender{})
	Register(gormContender{tuned: true})
	RegisterCompiler(Compiler{"gorm DryRun", func() (func() (string, []any, error), error) {
		db, err := sql.Open("pgx", "") // never used: DryRun
		if err != nil {
			return nil, err
		}
		g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{DryRun: true, SkipDefaultTransaction: true, Logger: logger.Discard, DisableAutomaticPing: true})
		if err != nil {
			return nil, err
		}
		type row struct {
			ID   int64
			Name string
			N    int64
		}
		return func() (string, []any, error) {
			var out []row
			st := g.Table("users AS u").
				Select("u.id, u.name, count(i.id) AS n").
				Joins("JOIN orders AS o ON o.user_id = u.id").
				Joins("LEFT JOIN items AS i ON i.order_id = o.id").
				Where("u.active = ?", true).Where("u.age >= ?", 21).
				Where("o.status IN ?", []string{"paid", "sent"}).Where("u.name LIKE ?", "A%").
				Group("u.id, u.name").Order("n DESC").Limit(10).Find(&out).Statement
			return st.SQL.String(), st.Vars, g.Error
		}, nil
	}})
}

type gormContender struct{ tuned bool }

func (c gormContender) Name() string {
	if c.tuned {
		return "gorm-tuned"
	}
	return "gorm"
}
func (gormContender) Backends() []string { return []string{SQLite, Postgres, MariaDB} }
func (c gormContender) Open(ctx context.Context, be *Backend) (Session, error) {
	db, err := be.openDB()
	if err != nil {
		return nil, err
	}
	var d gorm.Dialector
	switch be.Name {
	case SQLite:
		d = sqlite.New(sqlite.Config{Conn: db})
	case Postgres:
		d = postgres.New(postgres.Config{Conn: db})
	case MariaDB:
		d = mysql.New(mysql.Config{Conn: db})
	}
	cfg := &gorm.Config{Logger: logger.New(log.New(io.Discard, "", 0), logger.Config{SlowThreshold: 200e6, LogLevel: logger.Warn})}
	if c.tuned {
		cfg = &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true, PrepareStmt: true}
	}
	g, err := gorm.Open(d, cfg)
	if err != nil {
		return nil, err
	}
	return &gormSession{g: g, db: db}, nil
}

type gormSession struct {
	g  *gorm.DB
	db *sql.DB
}

func (s *gormSession) Close() error { return s.db.Close() }

func (s *gormSession) GetByPK(ctx context.Context, id int64) (any, error) {
	var u User
	err := s.g.WithContext(ctx).Take(&u, id).Error
	return &u, err
}

func (s *gormSession) SelectN(ctx context.Context, n int64) (any, error) {
	var us []User
	err := s.g.WithContext(ctx).Where("id <= ?", n).Order("id").Find(&us).Error
	return us, err
}

func (s *gormSession) InsertOne(ctx context.Context, u *InsUser) error {
	return s.g.WithContext(ctx).Create(u).Error
}

func (s *gormSession) InsertBulk(ctx context.Context, us []InsUser) error {
	return s.g.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return tx.Create(&us).Error })
}

// gorm always reads the ids back.
func (s *gormSession) InsertBulkIDs(ctx context.Context, us []InsUser) error {
	return s.InsertBulk(ctx, us)
}

func (s *gormSession) UpdateOne(ctx context.Context, id int64, score float64, note string) error {
	return s.g.WithContext(ctx).Model(&InsUser{ID: id}).Select("Score", "Note").Updates(&InsUser{Score: score, Note: &note}).Error
}

func (s *gormSession) Eager(ctx context.Context, n int64) (any, error) {
	var ps []Parent
	err := s.g.WithContext(ctx).Preload("Children").Where("id <= ?", n).Find(&ps).Error
	return ps, err
}
