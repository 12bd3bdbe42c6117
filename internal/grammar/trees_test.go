package grammar

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/expr/schema"
	"github.com/sqlayer-go/sqlayer/internal/agree"
)

var (
	seeds = flag.Uint64("grammar.seeds", 0, "how many seeds TestTrees takes; SQLAYER_SEEDS says so too")
	from  = flag.Uint64("grammar.from", 0, "the first seed of TestTrees")
)

// seedsOf is how many seeds there are to take.
func seedsOf(t *testing.T) uint64 {
	n := *seeds
	if s := os.Getenv("SQLAYER_SEEDS"); n == 0 && s != "" {
		var err error
		if n, err = strconv.ParseUint(s, 10, 32); err != nil {
			t.Fatal("SQLAYER_SEEDS:", err)
		}
	}
	return cmp.Or(n, 120)
}

// TestTrees judges statements and tables made by chance, as each version says them. A text
// that its grammar rejects fails, unless that is because of the constructs of this package
// alone.
func TestTrees(t *testing.T) {
	all := seedsOf(t)
	for _, name := range []string{"mssql", "mysql", "oracle", "oracle19"} {
		n := all
		if family(name) == "oracle" { // whose grammar takes ten times as long
			n = (n + 7) / 8
		}
		t.Run(name, func(t *testing.T) {
			texts, excused, refused, failed := 0, 0, 0, 0
			seen := map[string]bool{}
			judge := func(seed uint64, text string) {
				if seen[text] {
					return
				}
				seen[text] = true
				texts++
				why, err := judgeParts(name, text)
				if why != "" {
					excused++
				}
				if err == nil {
					return
				}
				failed++
				t.Errorf("seed %d: %v\n%s", seed, err, text)
			}
			for seed := *from; seed < *from+n && failed < 10; seed++ {
				for _, d := range versions[name] {
					for _, s := range agree.Statements(seed) {
						c, err := dialect.Compile(d, s)
						switch {
						case errors.Is(err, dialect.ErrUnsupported), errors.Is(err, dialect.ErrOutOfRange):
							refused++
						case err != nil:
							failed++
							t.Errorf("seed %d: %v", seed, err)
						default:
							judge(seed, c.Text())
							c.Release()
						}
					}
					if seed%10 != 0 {
						continue
					}
					list, err := schema.CreateSQL(agree.Tables(seed/10), d)
					switch {
					case errors.Is(err, dialect.ErrUnsupported):
						refused++
					case err != nil:
						failed++
						t.Errorf("seed %d: %v", seed/10, err)
					}
					for _, text := range list {
						judge(seed/10, text)
					}
				}
			}
			if failed == 0 && texts < int(n) {
				t.Errorf("only %d texts of %d seeds", texts, n)
			}
			t.Logf("trees %s: %d texts of %d seeds, %d false rejections, %d refused before, %d rejected", name, texts, n, excused, refused, failed)
		})
	}
}
