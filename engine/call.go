package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// CallOption is a setting of one statement: [Timeout], [Tag] or [Schemas]. (Isolation
// belongs to a transaction; see [Engine.Transact].)
type CallOption interface{ call(*callOptions) }

type callOption func(*callOptions)

func (o callOption) call(c *callOptions) { o(c) }

type callOptions struct {
	timeout time.Duration
	tags    []queryTag
	schemas map[string]string
	err     error

	schemasSet bool
}

// Options returns s with settings for every run of it:
//
//	stmt := engine.Options(engine.Text("SELECT …"), engine.Timeout(time.Second), engine.Tag("job", "nightly"))
//	rows, err := engine.All[Row](ctx, eng, stmt)
//
// A mistake in opts is reported by the run.
func Options(s Statement, opts ...CallOption) Statement {
	o := &optioned{inner: s}
	if in, ok := s.(*optioned); ok {
		o.inner, o.o = in.inner, in.o
		o.o.tags = slices.Clone(in.o.tags)
	}
	for _, opt := range opts {
		if opt == nil {
			o.o.err = dialect.Errorf(ErrArguments, "engine: nil option of a statement")
			continue
		}
		opt.call(&o.o)
	}
	return o
}

type optioned struct {
	inner Statement
	o     callOptions
}

// CompileSQL compiles the statement within. An Engine sees to the options.
func (o *optioned) CompileSQL(c *dialect.Compiled) error {
	switch {
	case o.o.err != nil:
		return o.o.err
	case o.inner == nil:
		return dialect.Errorf(ErrStatement, "engine: nil statement")
	}
	if o.o.schemasSet {
		return dialect.InSchemas(o.inner, o.o.schemas).CompileSQL(c)
	}
	return o.inner.CompileSQL(c)
}

// Timeout bounds a statement, from before it is sent until its rows were read;
// waiting for a connection is not part of it. A statement that takes longer is
// an [ErrCancelled] that is context.DeadlineExceeded too.
func Timeout(d time.Duration) CallOption {
	return callOption(func(c *callOptions) {
		if d <= 0 {
			c.err = dialect.Errorf(ErrArguments, "engine: Timeout(%v): the duration must be positive", d)
			return
		}
		c.timeout = d
	})
}

// WithStatementTimeout is [Timeout] for all statements that have none of their own.
func WithStatementTimeout(d time.Duration) DefaultOption {
	return defaultOption(func(c *config) {
		if c.positive("WithStatementTimeout", d) {
			c.timeout = d
		}
	})
}

// queryTag is a key and its value, both encoded.
type queryTag struct{ key, value string }

// Tag adds a tag to a statement, which the server sees in a comment at its end,
// in the form of sqlcommenter: /*controller='index',route='%2Fusers'*/. Key and
// value are encoded, so that no value can end the comment. Connections keep
// prepared statements by their text, so a value that changes with each run
// makes them prepare with each run.
func Tag(key, value string) CallOption {
	return callOption(func(c *callOptions) {
		if key == "" {
			c.err = dialect.Errorf(ErrArguments, "engine: Tag(%q, %q): the key is empty", key, value)
			return
		}
		c.tags = put(c.tags, queryTag{encode(key), encode(value)})
	})
}

// WithTag is [Tag] for all statements. A tag of the statement itself takes its place.
func WithTag(key, value string) DefaultOption {
	return defaultOption(func(c *config) {
		if key == "" {
			c.bad("WithTag(%q, %q): the key is empty", key, value)
			return
		}
		c.tags = put(slices.Clone(c.tags), queryTag{encode(key), encode(value)})
	})
}

// WithTagger asks f for more tags when a statement runs: a route or a trace
// that is known by the context. They take the place of those of [WithTag] with
// the same key.
func WithTagger(f func(ctx context.Context) map[string]string) DefaultOption {
	return defaultOption(func(c *config) {
		if f == nil {
			c.bad("WithTagger(nil): give a function")
		}
		c.tagger = f
	})
}

// put adds a tag, in the order of keys.
func put(tags []queryTag, t queryTag) []queryTag {
	i, found := slices.BinarySearchFunc(tags, t, func(a, b queryTag) int { return strings.Compare(a.key, b.key) })
	if found {
		tags[i] = t
		return tags
	}
	return slices.Insert(tags, i, t)
}

// encode leaves nothing but letters, digits and -_.~ as it is.
func encode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// compile makes the text of st for d, with its tags, and returns its options,
// which may be nil. A rewrite of nil calls no hooks.
func (s *settings) compile(ctx context.Context, d dialect.Dialect, st Statement, rewrite *rewriting) (*dialect.Compiled, *callOptions, error) {
	var o *callOptions
	if in, ok := st.(*optioned); ok {
		o = &in.o
	}
	if len(s.schemas) > 0 && st != nil {
		st = dialect.InSchemas(st, s.schemas)
	}
	c, err := dialect.Compile(d, st)
	if err != nil {
		return nil, nil, err
	}
	if rewrite != nil && len(s.hooks) > 0 {
		if err := s.rewrite(ctx, c, rewrite); err != nil {
			c.Release()
			return nil, nil, err
		}
	}
	if rewrite != nil {
		if err := rewrite.mayRun(c); err != nil {
			c.Release()
			return nil, nil, err
		}
	}
	tags := s.tags
	if o != nil && len(o.tags) > 0 || s.tagger != nil {
		tags = slices.Clone(tags)
		if s.tagger != nil {
			for k, v := range s.tagger(ctx) {
				if k != "" {
					tags = put(tags, queryTag{encode(k), encode(v)})
				}
			}
		}
		if o != nil {
			for _, t := range o.tags {
				tags = put(tags, t)
			}
		}
	}
	if len(tags) > 0 {
		c.SetText(tagged(c.Text(), tags))
	}
	return c, o, nil
}

// tagged writes the comment after a text, which may end within a comment that
// goes to the end of its line.
func tagged(text string, tags []queryTag) string {
	var b strings.Builder
	text = strings.TrimRight(text, " \t\r\n")
	b.WriteString(text)
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if strings.Contains(last, "--") || strings.Contains(last, "#") {
		b.WriteByte('\n')
	} else {
		b.WriteByte(' ')
	}
	for i, t := range tags {
		if i == 0 {
			b.WriteString("/*")
		} else {
			b.WriteByte(',')
		}
		b.WriteString(t.key + "='" + t.value + "'")
	}
	b.WriteString("*/")
	return b.String()
}

// errTimeout is the cause of a context that ends by Timeout.
type errTimeout time.Duration

func (e errTimeout) Error() string {
	return "engine: the statement took longer than its time-out of " + time.Duration(e).String()
}

func (errTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// bound puts the time-out on cu's context.
func (cu *cursor) bound(o *callOptions) {
	d := cu.eng.timeout
	if o != nil && o.timeout > 0 {
		d = o.timeout
	}
	cu.timeout = d
}
