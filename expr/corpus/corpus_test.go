package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/expr"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/sends"
)

// statement is a case of the corpus.
type statement struct {
	ID          string              `json:"id"`
	Category    string              `json:"category"`
	Description string              `json:"description"`
	Python      []string            `json:"python"`
	Kind        string              `json:"kind"`
	Dialects    map[string]rendered `json:"dialects"`
}

// rendered is what SQLAlchemy makes of a case for a dialect, and what is known
// of it.
type rendered struct {
	SQL        string   `json:"sql"`
	Statements []string `json:"statements"`
	Params     []param  `json:"params"`

	Unsupported    bool      `json:"unsupported"`
	Rejected       bool      `json:"rejected"`
	KnownInvalid   string    `json:"known_invalid"`
	MariaDBRejects string    `json:"mariadb_rejects"`
	MariaDB        *rendered `json:"mariadb"`
}

// texts are the statements, none where SQLAlchemy has no text.
func (r rendered) texts() []string {
	if r.SQL != "" {
		return []string{r.SQL}
	}
	return r.Statements
}

// want returns what the corpus says of a case for a database. MariaDB's is that
// of MySQL but where it has its own.
func (s *statement) want(on target) rendered {
	if on.name != "mariadb" {
		return s.Dialects[on.name]
	}
	r := s.Dialects["mysql"]
	if own := r.MariaDB; own != nil {
		own.Unsupported = own.Unsupported || r.Unsupported && own.SQL == ""
		return *own
	}
	return r
}

// mayRefuse reports whether the corpus has no text for the database that it
// would accept.
func (s *statement) mayRefuse(on target) bool {
	r := s.want(on)
	if on.name == "mariadb" {
		m := s.Dialects["mysql"]
		return m.MariaDBRejects != "" || m.KnownInvalid != "" || m.Rejected || r.Unsupported || r.Rejected || r.KnownInvalid != ""
	}
	return r.Unsupported || r.Rejected || r.KnownInvalid != ""
}

// name is the part of the id that the category's map is keyed by.
func (s *statement) name() string { return strings.TrimPrefix(s.ID, s.Category+"/") }

// corpus reads all cases.
func corpus(t *testing.T) []*statement {
	t.Helper()
	var all []*statement
	for _, name := range []string{"corpus.json", "corpus_more.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		var list []*statement
		if err := json.Unmarshal(text, &list); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, list...)
	}
	if len(all) != 308 {
		t.Fatalf("%d cases, not 308", len(all))
	}
	return all
}

// compiled is a statement of ours.
type compiled struct {
	text string // what is compared
	sent string // what is judged: with the statements that are sent around it
	args []dialect.Arg
}

// compile builds a case for a database. The error is what a statement of it
// says.
func compile(on target, b builder) ([]compiled, error) {
	stmts, err := b(on)
	if err != nil {
		return nil, err
	}
	if len(stmts) == 0 {
		return nil, errors.New("no statement")
	}
	var list []compiled
	for _, s := range stmts {
		c, err := dialect.Compile(on.d, s)
		if err != nil {
			return nil, err
		}
		list = append(list, compiled{strings.Clone(c.Text()), strings.Clone(c.Sent()), slices.Clone(c.Args())})
		c.Release()
	}
	return list, nil
}

// tally is a closing line.
type tally struct {
	cases, expected, different, refused, missing int

	ran      bool // the texts were judged
	rejected int
}

func (n tally) line(on target) string {
	s := fmt.Sprintf("corpus %s: %d cases, %d as expected, %d different on purpose, %d refused",
		on.name, n.cases, n.expected, n.different, n.refused)
	if n.ran {
		s += fmt.Sprintf(", %d rejected", n.rejected)
	} else {
		s += ", rejected not run"
	}
	if n.missing > 0 {
		s += fmt.Sprintf(", %d missing", n.missing)
	}
	return s
}

// run is what a run of the test knows.
type run struct {
	differences differences
	texts       map[key][]compiled // of what was not refused
}

func TestCorpus(t *testing.T) {
	all := corpus(t)
	known := map[string]bool{}
	var missing []string
	for _, s := range all {
		known[s.ID] = true
		if builders[s.Category][s.name()] == nil {
			missing = append(missing, s.ID)
		}
	}
	for category, cs := range builders {
		for name := range cs {
			if id := category + "/" + name; !known[id] {
				t.Errorf("%s: the corpus has no such case", id)
			}
		}
	}
	for _, list := range []map[string]string{noRows, unordered} {
		for id := range list {
			if !known[id] {
				t.Errorf("%s: the corpus has no such case, whose rows would not be compared", id)
			}
		}
	}
	for id := range before {
		if !known[id] {
			t.Errorf("%s: the corpus has no such case to prepare", id)
		}
	}
	r := run{texts: map[key][]compiled{}}
	intro := ""
	intro, r.differences = readDifferences(t)
	for k := range r.differences {
		if !known[k.id] || !slices.ContainsFunc(targets, func(on target) bool { return on.name == k.database }) {
			t.Errorf("docs/differences.md: no case %s of %s", k.id, k.database)
		}
	}
	tallies := map[string]*tally{}
	for _, on := range targets {
		n := &tally{missing: len(missing)}
		tallies[on.name] = n
		for _, s := range all {
			n.cases++
			if b := builders[s.Category][s.name()]; b != nil {
				t.Run(on.name+"/"+s.ID, func(t *testing.T) { r.check(t, on, s, b, n) })
			}
		}
		if most := mostDifferences[on.name]; n.different > most {
			over := t.Errorf
			if len(missing) > 0 { // to be settled with the last case
				over = t.Logf
			}
			over("%s: %d differences, at most %d are allowed", on.name, n.different, most)
		}
	}
	if *update || *differ != "" {
		writeDifferences(t, intro, r.differences, all)
	}
	r.live(t, all, tallies)
	for _, on := range []string{"mysql", "mssql", "oracle"} {
		r.judged(t, on, all, tallies[on])
	}
	for _, on := range targets {
		t.Log(tallies[on.name].line(on))
	}
	if len(missing) > 0 {
		t.Logf("missing: %s", strings.Join(missing, " "))
	}
}

// check compares a case with the corpus.
func (r *run) check(t *testing.T, on target, s *statement, b builder, n *tally) {
	want := s.want(on)
	k := key{s.ID, on.name}
	row, different := r.differences[k]
	got, err := compile(on, b)
	if err != nil {
		switch {
		case !errors.Is(err, dialect.ErrUnsupported):
			t.Errorf("%v", err)
		case !s.mayRefuse(on):
			t.Errorf("refused: %v\nwant %s", err, strings.Join(want.texts(), ";\n     "))
		case different:
			t.Errorf("refused, and has a row in docs/differences.md: %v", err)
		default:
			n.refused++
			unsent(t, on, b)
		}
		return
	}
	r.texts[k] = got
	stmts, err := b(on)
	must(t, err)
	for _, x := range stmts {
		raw, err := rawOf(on, x)
		if must(t, err); raw != nil && !s.mayBeRaw() {
			t.Errorf("raw text where the Python has none: %q", raw)
		}
	}
	difference := s.differs(on, got)
	switch {
	case difference == "" && different && *update:
		delete(r.differences, k)
		n.expected++
	case difference == "" && different:
		t.Errorf("as expected, and has a row in docs/differences.md")
	case difference == "":
		n.expected++
	case !different && added(s.ID, on.name):
		d := s.differenceOf(on, got)
		d.why = *why
		r.differences[k] = d
		n.different++
	case !different:
		t.Error(difference)
	default:
		n.different++
		d := s.differenceOf(on, got)
		d.why = row.why
		switch {
		case d == row:
		case *update:
			r.differences[k] = d
		default:
			t.Errorf("not what docs/differences.md says:\n got %s\nwant %s\n got parameters %s\nwant parameters %s", d.text, row.text, d.params, row.params)
		}
	}
}

// unsent checks that nothing is sent of the statements that are refused.
func unsent(t *testing.T, on target, b builder) {
	t.Helper()
	stmts, err := b(on)
	if err != nil {
		return // refused before there was one
	}
	c := sends.New(on.d)
	eng, err := engine.Open("", engine.WithConnector(c))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, s := range stmts {
		before := c.Sent()
		if _, err := eng.Run(t.Context(), s, nil); !errors.Is(err, sends.Err) && c.Sent() != before {
			t.Errorf("sent, and refused: %v", err)
		} else if errors.Is(err, dialect.ErrUnsupported) {
			return
		}
	}
	t.Error("the engine refuses none of them")
}

// differs says how our statements differ from the corpus's; empty: they don't.
func (s *statement) differs(on target, got []compiled) string {
	want := s.want(on)
	texts := want.texts()
	if len(texts) == 0 {
		return "the corpus has no text; ours is " + got[0].text
	}
	if len(texts) != len(got) {
		return fmt.Sprintf("%d statements, not %d", len(got), len(texts))
	}
	for i := range texts {
		if !sameText(got[i].text, texts[i], s.Description) {
			return fmt.Sprintf("\n got %s\nwant %s", got[i].text, texts[i])
		}
	}
	if len(texts) == 1 {
		return sameParams(on, got[0].args, want.Params)
	}
	return ""
}

func TestTables(t *testing.T) {
	for _, r := range []expr.Relation{Users, Addresses, Categories, Products, Orders, OrderItems, Inventory, PageHits, Events, LogEntries, Group, Documents} {
		if err := schema.Validate(r); err != nil {
			t.Error(err)
		}
	}
}
