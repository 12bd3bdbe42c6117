package all_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// The URLs that internal/compose.yaml and the README tell to export are sound,
// and lead to the ports that the containers have.
func TestComposeURLs(t *testing.T) {
	compose, err := os.ReadFile("../../internal/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	exports := regexp.MustCompile(`export SQLAYER_TEST_(\w+)='([^']+)'`).FindAllStringSubmatch(string(compose), -1)
	if len(exports) != 2 {
		t.Fatalf("the file exports %q", exports)
	}
	for _, e := range exports {
		u, err := dialect.ParseURL(e[2])
		if err != nil {
			t.Fatal(err)
		}
		d, err := dialect.Lookup(u.Scheme)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name() != strings.ToLower(e[1]) {
			t.Errorf("%s is a URL of %s", e[2], d.Name())
		}
		c, err := d.OpenConnector(u, dialect.ConnectConfig{})
		if err != nil {
			t.Errorf("%s: %v", e[1], err)
			continue
		}
		if !strings.Contains(string(compose), `"`+c.Address()+":") {
			t.Errorf("%s dials %s, which no container has", e[1], c.Address())
		}
	}
}
