package dialect

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sqlayer-go/sqlayer/internal/suggest"
)

// OptionReader takes the options of a URL one by one and finds, at the end,
// those that nobody asked for. A dialect's OpenConnector asks for each option
// that it knows and returns Err.
//
//	r := dialect.ReadOptions(u)
//	size := r.Int("statement_cache", 256, 0, 1<<16)
//	mode := r.Choice("sslmode", "prefer", "disable", "prefer", "require")
//	if err := r.Err(); err != nil { … }
type OptionReader struct {
	u     *URL
	known []string
	errs  []error
}

// ReadOptions returns a reader of u's options.
func ReadOptions(u *URL) *OptionReader { return &OptionReader{u: u} }

// lookup finds the option of that name.
func (r *OptionReader) lookup(name string) (string, bool) {
	r.known = append(r.known, name)
	for i := len(r.u.Options) - 1; i >= 0; i-- {
		if r.u.Options[i].Name == name {
			return r.u.Options[i].Value, true
		}
	}
	return "", false
}

func (r *OptionReader) fail(name, value, want string) {
	r.errs = append(r.errs, Errorf(ErrURL, "%s URL: option %s=%q is not %s", r.u.Scheme, name, value, want))
}

// Fail adds a mistake in an option that the caller found itself.
func (r *OptionReader) Fail(name, value, want string) { r.fail(name, value, want) }

// String returns the option, or def where the URL does not have it.
func (r *OptionReader) String(name, def string) string {
	if v, ok := r.lookup(name); ok {
		return v
	}
	return def
}

// Has reports whether the URL has the option, and makes it known.
func (r *OptionReader) Has(name string) bool {
	_, ok := r.lookup(name)
	return ok
}

// Int returns the option as a number from lo to hi.
func (r *OptionReader) Int(name string, def, lo, hi int) int {
	v, ok := r.lookup(name)
	if !ok {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < lo || n > hi {
		r.fail(name, v, fmt.Sprintf("a number from %d to %d", lo, hi))
		return def
	}
	return n
}

// Bool returns the option as a truth value: true, false, 1, 0, on, off, yes, no.
func (r *OptionReader) Bool(name string, def bool) bool {
	v, ok := r.lookup(name)
	if !ok {
		return def
	}
	switch strings.ToLower(v) {
	case "true", "1", "on", "yes":
		return true
	case "false", "0", "off", "no":
		return false
	}
	r.fail(name, v, "true or false")
	return def
}

// Duration returns the option as a time.Duration, not negative: "5s", "250ms";
// a plain number counts seconds.
func (r *OptionReader) Duration(name string, def time.Duration) time.Duration {
	v, ok := r.lookup(name)
	if !ok {
		return def
	}
	d, err := time.ParseDuration(v)
	if n, e := strconv.Atoi(v); e == nil && int64(n) <= int64(math.MaxInt64/time.Second) {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil || d < 0 {
		r.fail(name, v, "a duration such as 5s or 250ms")
		return def
	}
	return d
}

// Choice returns the option, which must be one of values.
func (r *OptionReader) Choice(name, def string, values ...string) string {
	v, ok := r.lookup(name)
	if !ok {
		return def
	}
	for _, c := range values {
		if strings.EqualFold(v, c) {
			return c
		}
	}
	r.fail(name, v, "one of "+strings.Join(values, ", ")+suggest.Hint(v, values))
	return def
}

// Rest returns the options that have not been asked for and whose name has
// the prefix, and makes them known: a dialect that hands on session settings uses it.
func (r *OptionReader) Rest(prefix string) []Option {
	var rest []Option
	for _, o := range r.u.Options {
		if strings.HasPrefix(o.Name, prefix) && !r.knows(o.Name) {
			rest = append(rest, o)
		}
	}
	for _, o := range rest {
		r.known = append(r.known, o.Name)
	}
	return rest
}

func (r *OptionReader) knows(name string) bool {
	for _, k := range r.known {
		if k == name {
			return true
		}
	}
	return false
}

// Err returns all mistakes: malformed values, and options that are not known,
// each with the nearest name.
func (r *OptionReader) Err() error {
	errs := r.errs
	for _, o := range r.u.Options {
		if !r.knows(o.Name) {
			errs = append(errs, Errorf(ErrURL, "%s URL: unknown option %q%s", r.u.Scheme, o.Name, suggest.Hint(o.Name, r.known)))
		}
	}
	return errors.Join(errs...)
}
