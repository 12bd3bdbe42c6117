package dialect

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sqlayer-go/sqlayer/internal/recycle"
)

// Writer builds the text of one statement and collects its arguments. It
// knows the dialect: it quotes identifiers, numbers placeholders and fills
// templates as that database wants. Mistakes are collected and reported
// together by Err.
//
// A Writer belongs to one goroutine. Printers get one from [Compile], as part
// of a [Compiled]; [NewWriter] makes one for DDL and for tests.
type Writer struct {
	d    Dialect
	f    *Features
	buf  []byte
	text string // the text, where it was given as a whole or has been made
	args []Arg
	own  []Arg // what args was, while these are lent by UseArgs
	lent bool
	errs []error
	lits bool // write values as literals
	at   Placer

	schemas map[string]string // see InSchemas
}

var pool = sync.Pool{New: func() any { return &Compiled{} }}

// usualArgs is how many arguments a Compiled in the pool has room for at most;
// the room of statements with more is in manyArgs.
const usualArgs = 1 << 12

var manyArgs recycle.Slices[Arg]

// newCompiled takes an empty Compiled from the pool.
func newCompiled(d Dialect) *Compiled {
	c := pool.Get().(*Compiled)
	c.Reset(d)
	return c
}

// Release gives c back. Neither c nor anything in it may be used afterwards,
// but for the string that Text returned. A second Release does nothing, unless
// somebody has c already.
func (c *Compiled) Release() {
	if c.d == nil {
		return
	}
	c.Reset(nil)
	if cap(c.buf) > 1<<16 {
		return // leave what is unusually large to the collector
	}
	if cap(c.args) > usualArgs {
		manyArgs.Put(c.args)
		c.args = nil
	}
	pool.Put(c)
}

// Reset empties c for another statement in dialect d.
func (c *Compiled) Reset(d Dialect) {
	c.Writer.reset(d)
	c.Columns, c.Keys, c.Counted, c.Writes, c.Session = nil, NoKeys, 0, false, false
	c.Before, c.After, c.Ends = "", "", ""
}

// Sent is what a connection sends: the text, with Before and After around it
// where there are any.
func (c *Compiled) Sent() string {
	text := c.Text()
	if c.Before == "" && c.After == "" {
		return text
	}
	var b strings.Builder
	if c.Before != "" {
		b.WriteString(c.Before)
		b.WriteString("; ")
	}
	b.WriteString(text)
	if c.After != "" {
		if !strings.HasSuffix(text, ";") {
			b.WriteByte(';')
		}
		b.WriteByte(' ')
		b.WriteString(c.After)
	}
	return b.String()
}

func (w *Writer) reset(d Dialect) {
	w.ownArgs()
	clear(w.args)
	w.d, w.f = d, nil
	if d != nil {
		w.f = d.Features()
	}
	w.buf, w.args, w.errs, w.text, w.lits, w.schemas, w.at = w.buf[:0], w.args[:0], nil, "", false, nil, nil
}

// NewWriter returns a Writer for d that is not part of a pool.
func NewWriter(d Dialect) *Writer {
	w := &Writer{}
	w.reset(d)
	return w
}

// Dialect returns the dialect that is written for.
func (w *Writer) Dialect() Dialect { return w.d }

// Features returns the dialect's features.
func (w *Writer) Features() *Features { return w.f }

// Text returns the text so far.
func (w *Writer) Text() string {
	if w.text == "" && len(w.buf) > 0 {
		w.text = string(w.buf)
	}
	return w.text
}

// SetText gives the whole text at once, without a copy.
func (w *Writer) SetText(s string) {
	w.buf, w.text = w.buf[:0], s
}

// Args returns the arguments so far, in placeholder order. The slice is the
// Writer's own.
func (w *Writer) Args() []Arg { return w.args }

// AddArg appends an argument whose placeholder is in the text already, as in
// text that uses the database's own placeholders.
func (w *Writer) AddArg(a Arg) { w.args = append(w.args, a) }

// SetArgs gives all arguments at once. The slice is copied.
func (w *Writer) SetArgs(args []Arg) {
	w.ownArgs()
	clear(w.args)
	w.args = append(w.args[:0], args...)
}

// UseArgs is SetArgs without a copy: args must stay as they are until the
// statement has been sent and w is used no more.
func (w *Writer) UseArgs(args []Arg) {
	w.SetArgs(nil)
	w.own, w.args, w.lent = w.args, slices.Clip(args), true
}

// ownArgs gives back what UseArgs has lent.
func (w *Writer) ownArgs() {
	if w.lent {
		w.args, w.own, w.lent = w.own, nil, false
	}
}

// GrowArgs makes room for n more arguments, where their number is known to be
// large.
func (w *Writer) GrowArgs(n int) {
	if n += len(w.args); n > usualArgs && cap(w.args) < n {
		w.args = append(manyArgs.Get(n), w.args...)
		return
	}
	w.args = slices.Grow(w.args, n-len(w.args))
}

// Len returns the length of the text in bytes.
func (w *Writer) Len() int { return max(len(w.buf), len(w.text)) }

// grow makes buf hold the text again if it was given by SetText or made by
// Text, before more is appended.
func (w *Writer) grow() {
	if w.text != "" {
		if len(w.buf) == 0 {
			w.buf = append(w.buf, w.text...)
		}
		w.text = ""
	}
}

// Write appends p; it makes a Writer an io.Writer and never fails.
func (w *Writer) Write(p []byte) (int, error) {
	w.grow()
	w.buf = append(w.buf, p...)
	return len(p), nil
}

// WriteString appends s as it stands. It never fails.
func (w *Writer) WriteString(s string) (int, error) {
	if w.text != "" {
		w.grow()
	}
	w.buf = append(w.buf, s...)
	return len(s), nil
}

// WriteByte appends one byte. It never fails.
func (w *Writer) WriteByte(b byte) error {
	if w.text != "" {
		w.grow()
	}
	w.buf = append(w.buf, b)
	return nil
}

// WriteInt appends n in decimal.
func (w *Writer) WriteInt(n int64) {
	w.grow()
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// Cut removes everything after the first n bytes of the text, and returns it.
func (w *Writer) Cut(n int) string {
	w.grow()
	n = min(max(n, 0), len(w.buf))
	tail := string(w.buf[n:])
	w.buf = w.buf[:n]
	return tail
}

// Mark is a place in what has been written, see [Writer.Rewind].
type Mark struct{ text, args, errs int }

// Mark returns the place that has been reached.
func (w *Writer) Mark() Mark { return Mark{w.Len(), len(w.args), len(w.errs)} }

// Rewind removes what was written since a mark: text, arguments and mistakes.
func (w *Writer) Rewind(m Mark) {
	w.grow()
	w.buf = w.buf[:m.text]
	if !w.lent {
		clear(w.args[m.args:])
	}
	w.args, w.errs = w.args[:m.args], w.errs[:m.errs]
}

// InsertAt puts s into the text, before its byte n. The text must have
// numbered placeholders, or s none, since the order of the arguments stays.
func (w *Writer) InsertAt(n int, s string) {
	w.grow()
	w.buf = slices.Insert(w.buf, min(max(n, 0), len(w.buf)), []byte(s)...)
}

// Fail adds a mistake. Writing goes on, so that all mistakes are reported.
func (w *Writer) Fail(err error) {
	if err != nil {
		w.errs = append(w.errs, err)
	}
}

// Failf adds a mistake of kind [ErrStatement].
func (w *Writer) Failf(format string, args ...any) {
	w.errs = append(w.errs, Errorf(ErrStatement, format, args...))
}

// Unsupported adds the refusal of a construct; see [Unsupported].
func (w *Writer) Unsupported(construct, instead string) {
	w.errs = append(w.errs, Unsupported(w.d, construct, instead))
}

// Mistakes returns the number of mistakes so far, to tell whether what is
// written next has any.
func (w *Writer) Mistakes() int { return len(w.errs) }

// Err returns all mistakes so far, joined, or nil. One that was found again
// where the same part is written twice is there once.
func (w *Writer) Err() error {
	if len(w.errs) < 2 {
		if len(w.errs) == 1 {
			return w.errs[0]
		}
		return nil
	}
	seen := make(map[string]bool, len(w.errs))
	var errs []error
	for _, err := range w.errs {
		if text := err.Error(); !seen[text] {
			seen[text] = true
			errs = append(errs, err)
		}
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// Placer knows where in the statement the printer is, for mistakes that the
// Writer finds itself, such as a name over the limit.
type Placer interface {
	// Place returns err with the place before it.
	Place(err error) error
}

// PlaceBy makes at say where mistakes are; nil, as after Reset, leaves the
// place out. It returns who said so before.
func (w *Writer) PlaceBy(at Placer) (before Placer) {
	before, w.at = w.at, at
	return before
}

// found adds a mistake that w has found.
func (w *Writer) found(err error) {
	if w.at != nil {
		err = w.at.Place(err)
	}
	w.Fail(err)
}

// Ident appends a name as an identifier, quoted where the dialect needs
// quotes to keep it as it is. An empty name, one that is too long, and one
// that holds a NUL byte or invalid UTF-8 are mistakes.
func (w *Writer) Ident(name string) {
	if w.text != "" {
		w.grow()
	}
	f := w.f
	if !f.needsQuotes(name) {
		w.buf = append(w.buf, name...)
		return
	}
	w.Quoted(name)
}

// Quoted appends a name in quotes, whether it needs them or not: on a database
// that folds unquoted names, it is another name in quotes.
func (w *Writer) Quoted(name string) {
	if w.text != "" {
		w.grow()
	}
	f := w.f
	if err := f.checkIdent(name); err != nil {
		w.found(err)
	}
	w.buf = append(w.buf, f.QuoteOpen)
	for i := 0; i < len(name); i++ {
		if name[i] == f.QuoteClose {
			if f.NoQuoteInIdent {
				w.found(Unsupported(w.d, "the mark "+string(f.QuoteClose)+" in the identifier "+shorten(strconv.Quote(name), 80), "use another name"))
			}
			w.buf = append(w.buf, f.QuoteClose)
		}
		w.buf = append(w.buf, name[i])
	}
	w.buf = append(w.buf, f.QuoteClose)
}

// Qualified appends the names joined by dots, without the empty ones.
func (w *Writer) Qualified(names ...string) {
	first := true
	for _, n := range names {
		if n == "" {
			continue
		}
		if !first {
			w.WriteByte('.')
		}
		first = false
		w.Ident(n)
	}
	if first {
		w.found(Errorf(ErrStatement, "dialect: empty identifier"))
	}
}

// IdentLen is the length of a name as MaxIdent counts it: in bytes, in
// characters, or in units of UTF-16.
func (f *Features) IdentLen(name string) int {
	if !f.IdentLimitRunes {
		return len(name)
	}
	n := utf8.RuneCountInString(name)
	if f.Limits.UTF16 {
		for _, r := range name {
			if r > 0xFFFF {
				n++
			}
		}
	}
	return n
}

// checkIdent returns why name cannot be an identifier.
func (f *Features) checkIdent(name string) error {
	switch {
	case name == "":
		return Errorf(ErrStatement, "dialect: empty identifier")
	case strings.IndexByte(name, 0) >= 0:
		return Errorf(ErrStatement, "dialect: identifier %q holds a NUL byte", name)
	case !utf8.ValidString(name):
		return Errorf(ErrStatement, "dialect: identifier %q is not valid UTF-8", name)
	case f.MaxIdent > 0 && f.IdentLen(name) > f.MaxIdent:
		return Errorf(ErrStatement, "dialect: identifier %q is longer than the limit of %d", shorten(name, 80), f.MaxIdent)
	case f.IdentTrimmed && (cutOff(name[0]) || cutOff(name[len(name)-1])):
		return Errorf(ErrStatement, "dialect: identifier %q begins or ends with white space or a control character, which this database cuts off; use another name", name)
	case f.IdentTrimmed && strings.ContainsFunc(name, func(r rune) bool { return r > 0xFFFF }):
		return Errorf(ErrStatement, "dialect: identifier %q holds a character beyond U+FFFF, which this database's names cannot; use another name", name)
	}
	return nil
}

// cutOff reports whether a byte is white space or a control character.
func cutOff(c byte) bool { return c <= ' ' || c == 0x7f }

// needsQuotes reports whether name must be quoted to stay what it is, and is
// true for everything that checkIdent has to look at.
func (f *Features) needsQuotes(name string) bool {
	if name == "" || f.MaxIdent > 0 && len(name) > f.MaxIdent {
		return true
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z' || c == '_' && (i > 0 || !f.NoLeadingUnderscore):
		case '0' <= c && c <= '9':
			if i == 0 {
				return true
			}
		default:
			return true
		}
	}
	_, reserved := f.Reserved[name]
	return reserved
}

// Literals makes Bind write literals from now on (or not any more), for texts
// that cannot have parameters, such as DDL. It returns what was set before.
func (w *Writer) Literals(on bool) (before bool) {
	before, w.lits = w.lits, on
	return before
}

// Bind appends a placeholder and its argument, and returns the argument's
// index. A nil t says that the type is not known.
func (w *Writer) Bind(v any, t *Type) int {
	return w.BindArg(Arg{Value: v, Type: t})
}

// BindArg is Bind for a whole Arg. A value that the database does not have, or
// that its column would not keep as it is, is a mistake of the statement
// ([ValueLimits]).
func (w *Writer) BindArg(a Arg) int {
	if w.lits {
		w.Literal(a.Value, a.Type)
		return -1
	}
	if !a.Out {
		err := w.fits(&a)
		if err == nil {
			err = w.Check(&a)
		}
		if err != nil {
			w.found(err)
			a.Value = nil
		}
	}
	w.args = append(w.args, a)
	return w.added()
}

// Check is what BindArg does to a value before it takes it: it refuses what the
// database does not have, or what a.Column would not keep as it is, and makes
// a.Value what is to be sent. It is for values that go another way than beside
// a placeholder of w, such as those of a [Copier].
func (w *Writer) Check(a *Arg) error {
	if w.kept(a) {
		return nil
	}
	for range 2 { // a type of the program's own may stand in a sql.Null
		v, t, err := undecorate(a.Value)
		if t != nil && a.Type == nil {
			a.Type = t
		}
		if err != nil {
			return w.refuse(a, ErrArguments, err.Error())
		}
		a.Value = resolved(v, a.Type)
	}
	v, err := w.check(a)
	if err != nil {
		return err
	}
	a.Value = v
	return nil
}

// Fits refuses a value that is longer than a server takes beside a placeholder,
// which Check does not look at.
func (w *Writer) Fits(a *Arg) error { return w.fits(a) }

// Take is BindArg where the placeholder is in the text already, and reports
// whether the value is one that the database has. If it is not, w is as it was.
func (w *Writer) Take(v any, t *Type) bool {
	a := Arg{Value: v, Type: t}
	if !w.f.Takes(v, t) && (w.fits(&a) != nil || w.Check(&a) != nil) {
		return false
	}
	w.args = append(w.args, a)
	return true
}

// Fresh reports whether nothing was written so far, and what will be is neither
// to have literals in the place of parameters nor other schemas than it says.
func (w *Writer) Fresh() bool {
	return len(w.buf) == 0 && w.text == "" && len(w.args) == 0 && len(w.errs) == 0 && !w.lits && len(w.schemas) == 0
}

// added writes the placeholder of the last argument.
func (w *Writer) added() int {
	i := len(w.args) - 1
	if limit := w.f.MaxParams; limit > 0 && i == limit {
		w.found(Errorf(ErrStatement, "%s: more than %d parameters in one statement%s", w.d.Name(), limit, w.wayOut()))
	}
	w.placeholder(i)
	return i
}

// wayOut says what to do where a statement would have too many parameters.
func (w *Writer) wayOut() string {
	const parts = "; send it in several, with a part of the list or of the rows each (slices.Chunk, Batches of an INSERT), or fill a table with the values and join it"
	if w.f.AnyArray {
		return parts + ", or give a list as one array (AnyOf)"
	}
	return parts
}

// BindAgain appends a placeholder for the argument of an earlier Bind: the
// same number where the database numbers its placeholders and lets one stand
// twice, a copy of the argument elsewhere.
func (w *Writer) BindAgain(i int) int {
	if i < 0 || w.lits {
		return i
	}
	if w.f.ReusePlaceholders {
		w.placeholder(i)
		return i
	}
	w.args = append(w.args, w.args[i])
	return w.added()
}

// Placeholder appends the placeholder of argument i, from 0, whose value comes
// in another way: a text that is made once for many runs holds no values.
func (w *Writer) Placeholder(i int) { w.placeholder(i) }

func (w *Writer) placeholder(i int) {
	if w.text != "" {
		w.grow()
	}
	switch w.f.Placeholder {
	case Dollar:
		w.buf = append(w.buf, '$')
	case AtP:
		w.buf = append(w.buf, "@p"...)
	case Colon:
		w.buf = append(w.buf, ':')
	default:
		w.buf = append(w.buf, '?')
		return
	}
	w.buf = strconv.AppendInt(w.buf, int64(i+1), 10)
}

// NextPart takes the next piece off a template such as
// "DATE_TRUNC({0}, {1})": the text before the next hole, the hole's number
// (-1 at the end), and the rest. "{*}" is hole [AllParts]: all operands,
// separated by commas. A brace that begins no hole stands for itself.
func NextPart(template string) (text string, hole int, rest string) {
	for i := 0; i < len(template); i++ {
		if template[i] != '{' {
			continue
		}
		if end := strings.IndexByte(template[i:], '}'); end > 1 {
			name := template[i+1 : i+end]
			if name == "*" {
				return template[:i], AllParts, template[i+end+1:]
			}
			if n, err := strconv.Atoi(name); err == nil && n >= 0 {
				return template[:i], n, template[i+end+1:]
			}
		}
	}
	return template, -1, ""
}

// AllParts is the hole "{*}" of a template.
const AllParts = 1 << 30

// Template appends a template of [Features], calling part for each hole.
func (w *Writer) Template(template string, part func(hole int)) {
	for template != "" {
		text, hole, rest := NextPart(template)
		w.WriteString(text)
		if hole >= 0 {
			part(hole)
		}
		template = rest
	}
}
