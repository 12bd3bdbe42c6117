package serverinfo

import (
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

func TestVersion(t *testing.T) {
	for text, want := range map[string]dialect.Version{
		"16.0.1000.6":          {Major: 16, Patch: 1000},
		"19.0.0.0.0":           {Major: 19},
		"17beta1":              {Major: 17},
		"15.14":                {Major: 15, Minor: 14},
		"2.21.0.0-b545":        {Major: 2, Minor: 21},
		"10.11.6-MariaDB-1":    {Major: 10, Minor: 11, Patch: 6},
		"8.":                   {Major: 8},
		"":                     {},
		"sixteen":              {},
		".5":                   {},
		"99999999999999999999": {},
	} {
		if got := Version(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
