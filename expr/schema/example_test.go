package schema_test

import (
	"fmt"

	"github.com/sqlayer-go/sqlayer/dialect/postgres"
	"github.com/sqlayer-go/sqlayer/dialect/sqlite"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
)

type author struct {
	schema.Table `db:"authors"`
	ID           schema.Col[int64]  `db:",pk,identity"`
	Name         schema.Col[string] `db:",size:50"`
}

type book struct {
	schema.Table `db:"books"`
	ISBN         schema.Col[string] `db:"isbn,pk,type:char(13)"`
	Title        schema.Col[string] `db:",size:200,index"`
	AuthorID     schema.Col[int64]  `db:",null,fk:author.ID,ondelete:set null"`
}

var (
	Authors = schema.Define[author]()
	Books   = schema.Define[book]()
)

// The DDL of some tables, in an order in which it can run, without a database.
func ExampleCreateSQL() {
	texts, err := schema.CreateSQL(schema.NewMetadata(Books, Authors), sqlite.Dialect())
	if err != nil {
		fmt.Println(err)
	}
	for _, text := range texts {
		fmt.Println(text)
	}
	// Output:
	// CREATE TABLE authors (id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, PRIMARY KEY (id))
	// CREATE TABLE books (isbn CHAR(13) NOT NULL, title VARCHAR(200) NOT NULL, author_id BIGINT, PRIMARY KEY (isbn), FOREIGN KEY(author_id) REFERENCES authors (id) ON DELETE SET NULL)
	// CREATE INDEX ix_books_title ON books (title)
}

// Two roles of one table.
func ExampleAs() {
	other := schema.As(Books, "other")
	stmt := expr.Select(Books.Title, other.Title.As("another")).
		From(Books).
		Join(other, expr.And(expr.Eq(other.AuthorID, Books.AuthorID), expr.Ne(other.ISBN, Books.ISBN)))
	text, _, _ := expr.SQL(stmt, postgres.Dialect())
	fmt.Println(text)
	// Output:
	// SELECT books.title, other.title AS another FROM books JOIN books AS other ON other.author_id = books.author_id AND other.isbn != books.isbn
}
