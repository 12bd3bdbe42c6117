package sqlite

import (
	"regexp"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite has the operator REGEXP and no function behind it. Here it is Go's
// package regexp, as is regexp_replace(text, pattern, by), which replaces every
// match; by may name groups of it by $1.

// maxPatterns bounds the compiled patterns that a connection keeps.
const maxPatterns = 64

// defineRegexp gives the connection its functions of regular expressions.
func (c *conn) defineRegexp() error {
	const flags = lib.SQLITE_UTF8 | lib.SQLITE_DETERMINISTIC | lib.SQLITE_INNOCUOUS
	for _, f := range []struct {
		name string
		args int32
		call uintptr
	}{{"regexp", 2, callback(onRegexp)}, {"regexp_replace", 3, callback(onRegexpReplace)}} {
		name, err := c.h.cString(f.name)
		if err != nil {
			return err
		}
		rc := lib.Xsqlite3_create_function_v2(c.h.TLS, c.h.DB, name, f.args, flags, 0, f.call, 0, 0, 0)
		c.h.free(name)
		if rc != lib.SQLITE_OK {
			return c.h.failure(rc)
		}
	}
	return nil
}

// pattern returns a compiled pattern.
func (c *conn) pattern(text string) (*regexp.Regexp, error) {
	if re := c.patterns[text]; re != nil {
		return re, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	if c.patterns == nil || len(c.patterns) >= maxPatterns {
		c.patterns = map[string]*regexp.Regexp{}
	}
	c.patterns[re.String()] = re
	return re, nil
}

// call is a call of a function of ours.
type call struct {
	tls       *libc.TLS
	ctx, argv uintptr
}

// text returns argument i; ok is false for NULL. It is valid until the call
// returns.
func (f call) text(i int) (s string, ok bool) {
	v := pointerAt(f.argv + uintptr(i)*8)
	if lib.Xsqlite3_value_type(f.tls, v) == lib.SQLITE_NULL {
		return "", false
	}
	p := lib.Xsqlite3_value_text(f.tls, v)
	return textAt(p, int(lib.Xsqlite3_value_bytes(f.tls, v))), true
}

// compiled returns the pattern that is argument i, having reported what is
// wrong with it; nil where there is none.
func (f call) compiled(i int) *regexp.Regexp {
	text, ok := f.text(i)
	c := connOf(lib.Xsqlite3_context_db_handle(f.tls, f.ctx))
	if !ok || c == nil {
		lib.Xsqlite3_result_null(f.tls, f.ctx)
		return nil
	}
	re := c.patterns[text]
	if re != nil {
		return re
	}
	re, err := c.pattern(string([]byte(text)))
	if err != nil {
		f.result(err.Error(), lib.Xsqlite3_result_error)
		return nil
	}
	return re
}

// result hands a text to SQLite.
func (f call) result(s string, set func(tls *libc.TLS, ctx, z uintptr, n int32)) {
	h := Handle{TLS: f.tls}
	p, err := h.cString(s)
	if err != nil {
		lib.Xsqlite3_result_error_nomem(f.tls, f.ctx)
		return
	}
	set(f.tls, f.ctx, p, int32(len(s)))
	h.free(p)
}

func onRegexp(tls *libc.TLS, ctx uintptr, _ int32, argv uintptr) {
	f := call{tls, ctx, argv}
	re := f.compiled(0)
	if re == nil {
		return
	}
	text, ok := f.text(1)
	switch {
	case !ok:
		lib.Xsqlite3_result_null(tls, ctx)
	case re.MatchString(text):
		lib.Xsqlite3_result_int(tls, ctx, 1)
	default:
		lib.Xsqlite3_result_int(tls, ctx, 0)
	}
}

func onRegexpReplace(tls *libc.TLS, ctx uintptr, _ int32, argv uintptr) {
	f := call{tls, ctx, argv}
	re := f.compiled(1)
	if re == nil {
		return
	}
	text, ok := f.text(0)
	by, given := f.text(2)
	if !ok || !given {
		lib.Xsqlite3_result_null(tls, ctx)
		return
	}
	f.result(re.ReplaceAllString(text, by), func(tls *libc.TLS, ctx, z uintptr, n int32) {
		lib.Xsqlite3_result_text(tls, ctx, z, n, ^uintptr(0)) // SQLITE_TRANSIENT: it copies
	})
}
