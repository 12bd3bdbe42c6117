package agree

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// roundTrip creates tables, reads them, creates them again from what was read,
// and compares both with what was declared.
func roundTrip(t *testing.T, l *lease, seed uint64) (err error) {
	meta := Tables(seed)
	drop := func(meta *schema.Metadata) {
		if back := meta.DropAll(t.Context(), l); back != nil && err == nil {
			err = back
		}
	}
	texts, err := schema.CreateSQL(meta, l.d)
	if errors.Is(err, dialect.ErrUnsupported) {
		return errRefused
	}
	fail := func(what string, err error) error {
		return fmt.Errorf("%s: %w\n%s", what, err, strings.Join(texts, "\n"))
	}
	if err != nil {
		return err
	}
	if err := meta.CreateAll(t.Context(), l); err != nil {
		drop(meta)
		return fail("create", err)
	}
	compare := func(what string, with *schema.Metadata) error {
		diff, err := schema.Compare(t.Context(), l, with)
		if err == nil && len(diff) > 0 {
			err = errors.New(diff.String())
		}
		if err != nil {
			return fail(what, err)
		}
		return nil
	}
	if compare("another one", Tables(seed+1)) == nil {
		t.Errorf("seed %d: no difference to another schema", seed)
	}
	var read *schema.Metadata
	if err = compare("what was declared", meta); err == nil {
		if read, err = schema.Reflect(t.Context(), l); err == nil {
			err = compare("what was read", read)
		}
	}
	drop(meta)
	if err != nil {
		return err
	}
	if texts, err = schema.CreateSQL(read, l.d); err != nil {
		return fail("what was read", err)
	}
	if err := read.CreateAll(t.Context(), l); err != nil {
		drop(read)
		return fail("create what was read", err)
	}
	defer drop(read)
	return compare("created from what was read", meta)
}

var schemas = flag.Uint64("agree.schemas", 6, "how many schemas a test makes")

// Tables come back from the database as they were declared, and can be made again from that.
func TestSchemas(t *testing.T) {
	testenv.Each(t, func(t *testing.T, b testenv.Backend) {
		l := connect(t, b)
		refused, failed := 0, 0
		for seed := *from; seed < *from+*schemas && failed < enough; seed++ {
			err := roundTrip(t, l, seed)
			if errors.Is(err, errRefused) {
				refused++
			} else if err != nil {
				failed++
				t.Errorf("%s, seed %d: %v", l.name, seed, err)
			}
		}
		t.Logf("%d schemas, %d refused", *schemas, refused)
	})
}
