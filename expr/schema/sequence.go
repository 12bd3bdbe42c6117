package schema

import (
	"strconv"
	"strings"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr"
)

// Sequence is an object of the database that counts. Counting says how; what
// it leaves zero is the database's own choice.
type Sequence struct {
	Schema, Name string
	dialect.Counting
	// Comment is written by a [Metadata] where the database has comments of
	// sequences.
	Comment string
}

// NewSequence is a sequence of that name, perhaps with a schema before it.
func NewSequence(name string, how ...dialect.Counting) *Sequence {
	s := &Sequence{}
	s.Schema, s.Name = splitName(name)
	if len(how) > 0 {
		s.Counting = how[0]
	}
	return s
}

// Next is the next value of a sequence, as an expression: in a statement, or
// as the default of a column.
func Next(s *Sequence) expr.Expr[int64] {
	return expr.Custom[int64]("the next value of a sequence", s.writeNext)
}

func (s *Sequence) writeNext(w *dialect.Writer, _ func(int)) {
	template := w.Features().DDL.NextValue
	switch {
	case s == nil:
		w.Failf("schema: the next value of no sequence")
		return
	case template == "":
		w.Unsupported("a sequence", "use an identity, or count in a table of its own")
		return
	}
	w.Template(template, func(hole int) {
		if hole == 0 {
			w.InSchema(s.Schema, s.Name)
			return
		}
		name := dialect.NewWriter(w.Dialect())
		name.Qualified(w.Schema(s.Schema), s.Name)
		if err := name.Err(); err != nil {
			w.Fail(err)
		}
		w.StringLiteral(name.Text())
	})
}

// CreateSequence is the CREATE SEQUENCE of a sequence. It takes IfNotExists.
func CreateSequence(s *Sequence, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfNotExists, "CREATE SEQUENCE")
		if !p.sequence(s) {
			return
		}
		p.WriteString("CREATE SEQUENCE ")
		p.ifNotExists(have, "a sequence", p.can(p.f.DDL.IfNotExists, dialect.SequenceObject))
		p.InSchema(s.Schema, s.Name)
		for _, said := range p.counting(&s.Counting) {
			p.WriteByte(' ')
			p.WriteString(said)
		}
	})
}

// DropSequence is the DROP SEQUENCE of a sequence. It takes IfExists.
func DropSequence(s *Sequence, how ...Flag) dialect.Statement {
	have := flags(how)
	return statement(func(p *ddl) {
		p.only(have, IfExists, "DROP SEQUENCE")
		if !p.sequence(s) {
			return
		}
		p.WriteString("DROP SEQUENCE ")
		p.ifExists(have, "a sequence", p.can(p.f.DDL.IfExists, dialect.SequenceObject))
		p.InSchema(s.Schema, s.Name)
	})
}

// sequence refuses a sequence where there are none.
func (p *ddl) sequence(s *Sequence) bool {
	switch {
	case s == nil:
		p.Failf("schema: no sequence")
	case p.f.DDL.NextValue == "":
		p.Unsupported("a sequence", "use an identity, or count in a table of its own")
	default:
		return true
	}
	return false
}

// counting are the words for how something counts.
func (p *ddl) counting(n *dialect.Counting) []string {
	var said []string
	say := func(word string, n int64) { said = append(said, word+" "+strconv.FormatInt(n, 10)) }
	if n.Increment != 0 {
		say("INCREMENT BY", n.Increment)
	}
	if n.Start != 0 {
		say("START WITH", n.Start)
	}
	for _, limit := range [...]struct{ word, text string }{{"MINVALUE", n.Min}, {"MAXVALUE", n.Max}} {
		if limit.text == "" {
			continue
		}
		if !isDecimal(limit.text) || strings.Contains(limit.text, ".") {
			p.Failf("schema: %s %q of a sequence is not a whole number", limit.word, limit.text)
		}
		said = append(said, limit.word+" "+limit.text)
	}
	switch {
	case n.Cache > 1:
		say("CACHE", n.Cache)
	case n.Cache == 1 && p.f.DDL.NoSequenceCache != "":
		said = append(said, p.f.DDL.NoSequenceCache)
	case n.Cache == 1:
		say("CACHE", 1)
	case n.Cache < 0:
		p.Failf("schema: the cache of a sequence is %d", n.Cache)
	}
	if n.Cycle {
		said = append(said, "CYCLE")
	}
	return said
}

// start is the first number; 0 where it is the database's choice.
func (i *Identity) start() int64 { return start(&i.Counting) }

func start(n *dialect.Counting) int64 {
	if n.Start == 0 && n.Increment >= 0 {
		return number(n.Min)
	}
	return n.Start
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
