package dialecttest

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"
)

// uid is a UUID as programs have it: sixteen bytes that bind as their text and
// read whatever a driver gives.
type uid [16]byte

// uidOf reads the text of a UUID.
func uidOf(text string) (u uid, err error) {
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err == nil && copy(u[:], b) != len(u) {
		err = fmt.Errorf("%q is no UUID", text)
	}
	return u, err
}

func (u uid) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func (u uid) Value() (driver.Value, error) { return u.String(), nil }

func (u *uid) Scan(v any) (err error) {
	switch v := v.(type) {
	case string:
		*u, err = uidOf(v)
	case []byte:
		if len(v) == len(u) {
			copy(u[:], v)
			return nil
		}
		*u, err = uidOf(string(v))
	case [16]byte:
		*u = v
	default:
		err = fmt.Errorf("a %T is no UUID", v)
	}
	return err
}
