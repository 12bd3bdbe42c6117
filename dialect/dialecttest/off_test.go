package dialecttest

import (
	"bufio"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
	"github.com/sqlayer-go/sqlayer/dialect/mysql"
	"github.com/sqlayer-go/sqlayer/dialect/oracle"
)

// TestOff holds testdata/off.tsv: beside each flag that is off for a database
// without a server at hand stands the section of its manual that shows that the
// database has no such thing. With a server, the probe of the flag tells.
func TestOff(t *testing.T) {
	sections := offSections(t)
	form := map[string]bool{}
	for _, why := range []string{"form", "behaviour"} {
		for flag := range strings.FieldsSeq(noProbe[why]) {
			form[flag] = true
		}
	}
	form["DDL.NoDropKey"] = true // it says what a database has not
	off := map[string]int{}
	for _, of := range []struct {
		name  string
		d     dialect.Dialect
		newer string // whose rows hold for this one too
	}{
		{"mysql", mysql.Dialect(mysql.Version(8, 4)), ""},
		{"mssql", mssql.Dialect(), ""},
		{"oracle19", oracle.Dialect(oracle.Version(19)), "oracle"},
		{"oracle", oracle.Dialect(oracle.Version(23)), ""},
	} {
		for _, flag := range flags(reflect.TypeFor[dialect.Features](), "") {
			key := [2]string{of.name, flag}
			_, listed := sections[key]
			_, inherited := sections[[2]string{of.newer, flag}]
			switch has := flagOf(of.d.Features(), flag); {
			case form[flag], strings.HasPrefix(flag, "Limits."): // it says how, not whether
			case !has && !listed && !inherited:
				t.Errorf("Features.%s is off for %s, and no section of the manual says why: testdata/off.tsv", flag, of.name)
			case listed && inherited:
				t.Errorf("testdata/off.tsv: %s of %s is that of %s", flag, of.name, of.newer)
			case !has:
				off[of.name]++
				delete(sections, key)
			case listed, inherited:
				t.Errorf("Features.%s is on for %s, and testdata/off.tsv says that it has no such thing", flag, of.name)
				delete(sections, key)
			}
		}
	}
	for key := range sections {
		t.Errorf("%s: %s is no flag that says what %[1]s can", key[0], key[1])
	}
	t.Logf("flags that are off, with a section of the manual: %v", off)
}

// offSections reads testdata/off.tsv: sections of manuals by dialect and flag.
func offSections(t *testing.T) map[[2]string]string {
	t.Helper()
	file, err := os.Open("testdata/off.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sections := map[[2]string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 3 || f[2] == "" {
			t.Errorf("not a dialect, a flag and a section: %q", lines.Text())
			continue
		}
		if _, ok := sections[[2]string{f[0], f[1]}]; ok {
			t.Errorf("%s stands twice for %s", f[1], f[0])
		}
		sections[[2]string{f[0], f[1]}] = f[2]
	}
	return sections
}
