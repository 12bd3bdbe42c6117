package corpus

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/sqlayer-go/sqlayer/expr/schema"
)

// The tables of the corpus.

// number is a decimal, as text.
type number string

type users struct {
	schema.Table `db:"users"`
	ID           schema.Col[int64]     `db:",pk,identity,type:integer"`
	Name         schema.Col[string]    `db:",type:varchar(50)"`
	Nickname     schema.Col[string]    `db:",null,type:varchar(50)"`
	Email        schema.Col[string]    `db:",unique,type:varchar(120)"`
	Age          schema.Col[int64]     `db:",null,type:integer"`
	IsActive     schema.Col[bool]      `db:""`
	Balance      schema.Col[number]    `db:",null,type:decimal(12,2) inexact"`
	Score        schema.Col[float64]   `db:",null"`
	BirthDate    schema.Col[time.Time] `db:",null,type:date"`
	CreatedAt    schema.Col[time.Time] `db:",null,type:timestamp"`
	ReferrerID   schema.Col[int64]     `db:",null,type:integer,fk:users.id"`
}

type addresses struct {
	schema.Table `db:"addresses"`
	ID           schema.Col[int64]  `db:",pk,identity,type:integer"`
	UserID       schema.Col[int64]  `db:",type:integer,fk:users.id,ondelete:cascade"`
	Kind         schema.Col[string] `db:",type:varchar(20)"`
	Street       schema.Col[string] `db:",null,type:varchar(200)"`
	City         schema.Col[string] `db:",type:varchar(80)"`
	PostalCode   schema.Col[string] `db:",null,type:varchar(12)"`
	Country      schema.Col[string] `db:",type:varchar(2)"`
}

type categories struct {
	schema.Table `db:"categories"`
	ID           schema.Col[int64]  `db:",pk,identity,type:integer"`
	ParentID     schema.Col[int64]  `db:",null,type:integer,fk:categories.id"`
	Name         schema.Col[string] `db:",type:varchar(80)"`
	Position     schema.Col[int64]  `db:",null,type:integer"`
}

type products struct {
	schema.Table `db:"products"`
	ID           schema.Col[int64]     `db:",pk,identity,type:integer"`
	CategoryID   schema.Col[int64]     `db:",null,type:integer,fk:categories.id"`
	SKU          schema.Col[string]    `db:"sku,unique,type:varchar(32)"`
	Name         schema.Col[string]    `db:",type:varchar(100)"`
	Description  schema.Col[string]    `db:",null,type:text"`
	Price        schema.Col[number]    `db:",type:decimal(10,2) inexact"`
	Weight       schema.Col[float64]   `db:",null"`
	Stock        schema.Col[int64]     `db:",null,type:integer"`
	Discontinued schema.Col[bool]      `db:",null"`
	AddedOn      schema.Col[time.Time] `db:",null,type:date"`
}

type orders struct {
	schema.Table  `db:"orders"`
	ID            schema.Col[int64]     `db:",pk,identity,type:integer"`
	UserID        schema.Col[int64]     `db:",type:integer,fk:users.id"`
	ShipAddressID schema.Col[int64]     `db:",null,type:integer,fk:addresses.id"`
	Status        schema.Col[string]    `db:",type:varchar(20)"`
	Total         schema.Col[number]    `db:",null,type:decimal(12,2) inexact"`
	PlacedAt      schema.Col[time.Time] `db:",null,type:timestamp"`
	ShippedAt     schema.Col[time.Time] `db:",null,type:timestamp"`
}

type orderItems struct {
	schema.Table `db:"order_items"`
	OrderID      schema.Col[int64]  `db:",pk,type:integer,fk:orders.id,ondelete:cascade"`
	LineNo       schema.Col[int64]  `db:",pk,type:integer"`
	ProductID    schema.Col[int64]  `db:",type:integer,fk:products.id"`
	Quantity     schema.Col[int64]  `db:",type:integer"`
	UnitPrice    schema.Col[number] `db:",type:decimal(10,2) inexact"`
	Discount     schema.Col[number] `db:",null,type:decimal(5,2) inexact"`
}

type inventory struct {
	schema.Table `db:"inventory"`
	WarehouseID  schema.Col[int64]     `db:",pk,type:integer"`
	ProductID    schema.Col[int64]     `db:",pk,type:integer,fk:products.id"`
	Quantity     schema.Col[int64]     `db:",type:integer"`
	Reserved     schema.Col[int64]     `db:",null,type:integer"`
	UpdatedAt    schema.Col[time.Time] `db:",null,type:timestamp"`
}

type pageHits struct {
	schema.Table `db:"page_hits"`
	Path         schema.Col[string]    `db:",pk,type:varchar(200)"`
	Hits         schema.Col[int64]     `db:",type:integer"`
	LastSeen     schema.Col[time.Time] `db:",null,type:timestamp"`
}

type events struct {
	schema.Table `db:"events"`
	ID           schema.Col[int64]           `db:",pk,identity"`
	UserID       schema.Col[int64]           `db:",null,type:integer,fk:users.id"`
	Kind         schema.Col[string]          `db:",type:varchar(40)"`
	Payload      schema.Col[json.RawMessage] `db:",null"`
	OccurredAt   schema.Col[time.Time]       `db:",null"`
}

type logEntries struct {
	schema.Table `db:"audit.log_entries"`
	ID           schema.Col[int64]     `db:",pk,identity"`
	UserID       schema.Col[int64]     `db:",null,type:integer"`
	Action       schema.Col[string]    `db:",type:varchar(30)"`
	Detail       schema.Col[string]    `db:",null,type:text"`
	LoggedAt     schema.Col[time.Time] `db:",null,type:timestamp"`
}

// group has names that need quotes.
type group struct {
	schema.Table `db:"Group"`
	ID           schema.Col[int64]  `db:"Id,pk,identity,type:integer"`
	Select       schema.Col[string] `db:"select,null,type:varchar(30)"`
	Order        schema.Col[int64]  `db:"order,null,type:integer"`
	DisplayName  schema.Col[string] `db:"displayName,null,type:varchar(60)"`
	UnitPrice    schema.Col[number] `db:"unit price,null,type:decimal(8,2) inexact"`
	Plain        schema.Col[int64]  `db:"plain,null,type:integer"`
}

// documents is PostgreSQL's alone.
type documents struct {
	schema.Table `db:"documents"`
	ID           schema.Col[int64]           `db:",pk,identity,type:integer"`
	Title        schema.Col[string]          `db:",type:varchar(100)"`
	Tags         schema.Col[[]string]        `db:",null,type:varchar(30)[]"`
	Scores       schema.Col[[]int64]         `db:",null,type:integer[]"`
	Attrs        schema.Col[json.RawMessage] `db:",null,type:jsonb"`
	Ref          schema.Col[uuid.UUID]       `db:",null"`
}

var (
	Users      = schema.Define[users]()
	Addresses  = schema.Define[addresses]()
	Categories = schema.Define[categories]()
	Products   = schema.Define[products]()
	Orders     = schema.Define[orders]()
	OrderItems = schema.Define[orderItems]()
	Inventory  = schema.Define[inventory]()
	PageHits   = schema.Define[pageHits]()
	Events     = schema.Define[events]()
	LogEntries = schema.Define[logEntries]()
	Group      = schema.Define[group]()
	Documents  = schema.Define[documents]()
)
