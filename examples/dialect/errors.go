package quarry

import "github.com/sqlayer-go/sqlayer/dialect"

// kinds are the codes that Quarry has beside those of PostgreSQL.
var kinds = map[string]dialect.Kind{
	"QY001": dialect.ErrUnsupported, // not a part of Quarry
	"QY053": dialect.ErrDiskFull,    // the tenant's space is used up
}

// Classify implements [dialect.Dialect].
func (q *quarry) Classify(err error) *dialect.Error {
	e := q.Dialect.Classify(err)
	kind, own := kinds[e.Code]
	if !own || e.Kind == kind {
		return e
	}
	known := *e
	known.Kind = kind
	return &known
}
