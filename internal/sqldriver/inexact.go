package sqldriver

import (
	"database/sql/driver"
	"sync"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Inexact is about a protocol whose texts do not carry the values of some
// columns as they are: MySQL's FLOAT has six digits there. Which columns a text
// has, only the server knows; so a text without arguments whose rows are wanted
// is prepared where it is new to the connections of one Config, and sent as
// text from then on if that has shown none of these columns.
//
// The functions are set before the first connection.
type Inexact struct {
	// Column reports that texts do not carry the values of such a column.
	Column func(col *dialect.Column) bool
	// Free reports that a statement has no such column, whatever the tables
	// are, or cannot be prepared.
	Free func(q *dialect.Compiled) bool
	// Unprepared reports that the server does not prepare such a statement.
	Unprepared func(err error) bool

	mu    sync.RWMutex
	texts map[string]way
	bytes int
}

// way is how a text without arguments is run for its rows.
type way uint8

const (
	unknown  way = iota
	asText       // it has none of the columns, or cannot be prepared
	prepared     // it has one
)

// learnedBytes is how long the texts of which a Config knows the way are
// together.
const learnedBytes = 1 << 20

// known returns how a text is run, if that is known.
func (x *Inexact) known(text string) way {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.texts[text]
}

// way returns how a statement without arguments is run.
func (x *Inexact) way(q *dialect.Compiled, text string) way {
	w := x.known(text)
	if w == unknown && x.Free(q) {
		w = asText
		x.learn(text, w)
	}
	return w
}

// learn keeps the way of a text. When there are too many, it begins anew.
func (x *Inexact) learn(text string, w way) {
	if len(text) > longText {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.texts == nil || x.bytes+len(text) > learnedBytes {
		x.texts, x.bytes = map[string]way{}, 0
	}
	if x.texts[text] == unknown {
		x.bytes += len(text)
	}
	x.texts[text] = w
}

func (x *Inexact) has(cols []dialect.Column) bool {
	for i := range cols {
		if x.Column(&cols[i]) {
			return true
		}
	}
	return false
}

// guard has the values refused that came as text although nobody expected such
// a column: the table was changed since the text was prepared, or the statement
// cannot be.
func (x *Inexact) guard(text string, s *shape) {
	if x == nil || !x.has(s.cols) {
		return
	}
	if text != "" {
		x.learn(text, prepared)
	}
	if s.decoders == nil {
		s.decoders = make([]Decoder, len(s.cols))
	}
	for i := range s.cols {
		if x.Column(&s.cols[i]) {
			s.decoders[i] = refuseInexact
		}
	}
}

// refuseInexact is a [Decoder].
func refuseInexact(any, driver.Value) (driver.Value, bool, error) {
	return nil, false, errInexact
}

var errInexact = dialect.Errorf(dialect.ErrScan, "the value came with six digits only, as the server writes it in text, because the statement "+
	"cannot be prepared, or had no such column before: run it again, or read the column as CAST(… AS DOUBLE)")
