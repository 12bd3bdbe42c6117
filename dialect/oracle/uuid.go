package oracle

import "github.com/sqlayer-go/sqlayer/internal/sqldriver"

// uuidArg is the argument for a column of UUIDs, which are RAW(16), in the
// order of their text.
func uuidArg(v any) (any, error) {
	u, ok, err := sqldriver.UUIDArg(v)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return untyped(v)
	}
	return u[:], nil
}
