package dialect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestAssignByteArrays(t *testing.T) {
	want := [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	type named [16]byte
	for _, v := range []any{"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B8109DAD11D180B400C04FD430C8", want[:],
		[]byte("6ba7b810-9dad-11d1-80b4-00c04fd430c8")} {
		var got [16]byte
		var other named
		var p *[16]byte
		for _, dst := range []any{&got, &other, &p} {
			if err := dialect.Assign(dst, v); err != nil {
				t.Errorf("%T from %v: %v", dst, v, err)
			}
		}
		if got != want || other != named(want) || p == nil || *p != want {
			t.Errorf("%v: %x %x %x", v, got, other, p)
		}
	}
	got := want
	for _, v := range []any{"6ba7b810", "6ba7b810-9dad-11d1-80b4-00c04fd430cx", "6ba7b810x9dad-11d1-80b4-00c04fd430c8", "", []byte{1, 2}} {
		err := dialect.Assign(&got, v)
		if !errors.Is(err, dialect.ErrScan) || !strings.Contains(err.Error(), "[16]uint8") {
			t.Errorf("%v: %v", v, err)
		}
	}
	if got != want {
		t.Errorf("a failure has changed the array: %x", got)
	}
	var three [3]byte
	if err := dialect.Assign(&three, []byte{1, 2, 3}); err != nil || three != [3]byte{1, 2, 3} {
		t.Error(three, err)
	}
	if err := dialect.Assign(&three, "abc"); !errors.Is(err, dialect.ErrScan) {
		t.Error(err)
	}
}
