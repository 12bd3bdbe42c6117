package dialect_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestKindOf(t *testing.T) {
	inner := dialect.Errorf(dialect.ErrOutOfRange, "too much")
	for _, tc := range []struct {
		err  error
		want dialect.Kind
	}{
		{nil, dialect.ErrOther},
		{errors.New("of another"), dialect.ErrOther},
		{dialect.ErrDeadlock, dialect.ErrDeadlock},
		{fmt.Errorf("argument 1: %w", inner), dialect.ErrOutOfRange},
		{dialect.Errorf(dialect.ErrArguments, "argument 1: %w", inner), dialect.ErrArguments}, // the outer one
		{errors.Join(errors.New("a"), inner), dialect.ErrOutOfRange},
		{fmt.Errorf("x: %w", dialect.Unsupported(question, "this", "")), dialect.ErrUnsupported},
		{fmt.Errorf("x: %w", &dialect.Error{Kind: dialect.ErrUniqueViolation}), dialect.ErrUniqueViolation},
	} {
		if got := dialect.KindOf(tc.err); got != tc.want {
			t.Errorf("%v: %v, want %v", tc.err, got, tc.want)
		}
	}
}
