package dialecttest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// Config says what to test. Only URL is needed.
type Config struct {
	// URL names a live database, which the suite may create tables in. The
	// dialect of its scheme must be registered.
	URL string

	// Connect is what a program gives a connector beside the URL.
	Connect dialect.ConnectConfig

	// Name is the database's name in the report; empty: the dialect's.
	Name string

	// Session lists what a user may leave behind on a session, in the words
	// of this database. The suite checks that [dialect.Conn.Reset] undoes it.
	Session []SessionChange

	// Limit bounds each case; zero is a minute.
	Limit time.Duration

	// Records is a folder of files PRODUCT.tsv, which say what each case came
	// to: passed, or skipped and for want of what. A run whose outcome differs
	// fails, so that a case is not skipped unseen from one day to the next.
	// With [UpdateVar] in the environment a whole run writes its file instead.
	// A file for another major version is not compared, which is reported.
	// Empty: no record.
	Records string
}

// SessionChange is something that stays on a session until it is undone: a
// setting, a temporary table, a lock.
type SessionChange struct {
	Name string
	// Change makes it.
	Change string
	// Show is a query that tells a session with the change from one without
	// it, without being a change itself.
	Show string
	// Unseen says that nothing tells the change from a plain query (a
	// function that takes a lock, say): Reset undoes it, but nobody knows
	// that a Reset is due unless the program says so.
	Unseen bool
}

// Run tests the dialect of cfg.URL on the database behind it, each case as a
// subtest of t. It fails t where a case fails, and logs two lines: how many cases
// passed, were skipped for want of a feature, and failed; and the same for the
// 530 methods of SQLAlchemy's suite, each counted by the case that pins it:
//
//	cases sqlite 3.50.4: 620 passed, 60 skipped by feature, 0 failed
//	conformance sqlite: 470 passed, 60 skipped by feature, 0 pending, 0 failed
//
// Under go test -run only some cases may run; what did not is counted apart. A
// database that cannot be reached fails t at once.
func Run(t *testing.T, cfg Config) {
	t.Helper()
	tg, err := open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("dialecttest: %v", err)
	}
	defer func() {
		if err := tg.close(); err != nil {
			t.Errorf("dialecttest: closing the database: %v", err)
		}
	}()
	table, err := methods()
	if err != nil {
		t.Fatalf("dialecttest: %v", err)
	}
	outcomes := map[string]outcome{}
	var n tally
	all := groups(tg)
	for _, g := range all {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases {
				t.Run(c.name, func(t *testing.T) {
					defer func() {
						o := passed
						switch {
						case t.Failed():
							o = failed
						case t.Skipped():
							o = skipped
						}
						outcomes[g.name+"/"+c.name] = o
						n.add(o)
					}()
					if !c.needs.met(tg) {
						t.Skipf("needs %s", c.needs.flag)
					}
					defer func() { // of an answer that nobody has thought of, one case fails
						if r := recover(); r != nil {
							t.Errorf("panic: %v\n%s", r, debug.Stack())
						}
					}()
					tg.run(t, c)
				})
			}
		})
	}
	testenv.Report(t, "cases %s: %d passed, %d skipped by feature, %d failed", tg.name, n.passed, n.skipped, n.failed)
	testenv.Report(t, "conformance %s: %s", tg.product(), ofMethods(table, outcomes))
	if cfg.Records != "" {
		r, failures, cases := recorded(tg, all, outcomes)
		r.keep(t, cfg.Records, failures, cases)
	}
}

// testCase is one fact that every dialect keeps. Its name says which.
type testCase struct {
	name  string
	needs need // a case is skipped by this alone, never by a dialect's name
	run   func(t *T)
}

type group struct {
	name  string
	cases []testCase
}

// groups returns the suite, in the order in which it runs.
func groups(tg *target) []group {
	return []group{
		{"connect", connectCases},
		{"server", serverCases},
		{"types", typeCases},
		{"unicode", nationalCases},
		{"texts", textCases},
		{"dates", dateCases},
		{"whole numbers", integerCases},
		{"division", divisionCases},
		{"decimals", decimalCases},
		{"booleans", booleanCases},
		{"json", jsonCases},
		{"json paths", pathCases},
		{"arrays", arrayCases},
		{"binary", binaryCases},
		{"enumerations", enumCases},
		{"uuids", uuidCases},
		{"intervals", intervalCases},
		{"own types", customCases},
		{"row counts", rowcountCases},
		{"results", fetchCases},
		{"basics", basicCases},
		{"difficult names", toughCases},
		{"isolation", isolationCases},
		{"autocommit", autocommitCases},
		{"default schema", defaultSchemaCases},
		{"returning", guardCases},
		{"catalogue names", namesCases},
		{"catalogue columns", columnsCases},
		{"catalogue keys", reflectKeyCases},
		{"catalogue indexes", indexCases},
		{"catalogue comments", commentCases},
		{"catalogue kinds", kindCases},
		{"ddl", ddlCases},
		{"names beyond ASCII", foreignNameCases},
		{"sequences", sequenceCases},
		{"views", viewCases},
		{"inserts", insertCases},
		{"common tables", cteCases},
		{"selects", selectCases},
		{"shapes", shapeCases},
		{"operands", operandCases},
		{"windows", windowCases},
		{"generated", generatedCases},
		{"lists", listCases},
		{"likes", likeCases},
		{"null", nullCases},
		{"scan", scanCases},
		{"rows", rowsCases},
		{"params", paramCases},
		{"literal", literalCases},
		{"identifiers", identifierCases},
		{"tx", txCases},
		{"savepoint", savepointCases},
		{"two-phase", twoPhaseCases},
		{"errors", errorCases},
		{"locks", lockCases},
		{"keys", keyCases},
		{"paging", pagingCases},
		{"limits", limitCases},
		{"upsert", upsertCases},
		{"features", featureCases},
		{"refused", refusedCases},
		{"functions", functionCases},
		{"bulk", bulkCases},
		{"copies", copiesCases},
		{"cancel", cancelCases},
		{"reset", append(resetCases, sessionCases(tg)...)},
		{"engine", engineCases},
	}
}

// need is what a database must have for a case.
type need struct {
	flag string // what it is, for the report
	has  func(tg *target) bool
}

func (n need) met(tg *target) bool { return n.has == nil || n.has(tg) }

// feature is a need of something in Features.
func feature(flag string, has func(f *dialect.Features) bool) need {
	return need{"Features." + flag, func(tg *target) bool { return has(tg.f) }}
}

// without is the need that something is not in Features: for the cases that
// check that it is refused then.
func without(flag string, lacks func(f *dialect.Features) bool) need {
	return need{"nothing: Features has " + flag, func(tg *target) bool { return lacks(tg.f) }}
}

// typeNeed is the need of a type: the dialect has a name for it.
func typeNeed(typ dialect.Type) need {
	return need{"the type " + typ.String(), func(tg *target) bool {
		_, err := tg.d.TypeName(&typ)
		return err == nil
	}}
}

// both needs two things.
func both(a, b need) need {
	return need{a.flag + " and " + b.flag, func(tg *target) bool { return a.met(tg) && b.met(tg) }}
}

// overNetwork is the need of a server that is reached over a network.
var overNetwork = need{"a server on a network", func(tg *target) bool {
	return len(tg.url.Hosts) > 0 && !strings.HasPrefix(tg.url.Hosts[0].Name, "/")
}}

// target is the database under test.
type target struct {
	cfg       Config
	name      string
	url       *dialect.URL
	base      dialect.Dialect // as registered
	connector dialect.Connector
	d         dialect.Dialect // as ForServer says
	f         *dialect.Features
	limit     time.Duration
	prefix    string
	tables    int
	admin     dialect.Conn // for DDL; opened when it is needed
	// engineOfAll is what T.shared gives; nil until it is asked for.
	engineOfAll *engine.Engine
	// wrap puts something around each connection; nil: nothing.
	wrap func(dialect.Conn) dialect.Conn
}

// open connects once, to learn what the server is.
func open(ctx context.Context, cfg Config) (*target, error) {
	u, err := dialect.ParseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	d, err := dialect.Lookup(u.Scheme)
	if err != nil {
		return nil, err
	}
	return openDialect(ctx, cfg, u, d)
}

func openDialect(ctx context.Context, cfg Config, u *dialect.URL, d dialect.Dialect) (*target, error) {
	connector, err := d.OpenConnector(u, cfg.Connect)
	if err != nil {
		return nil, err
	}
	tg := &target{cfg: cfg, url: u, base: d, connector: connector, d: d, f: d.Features(), limit: cfg.Limit}
	if tg.limit <= 0 {
		tg.limit = time.Minute
	}
	var random [3]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	tg.prefix = "dt" + hex.EncodeToString(random[:]) + "x"
	ctx, cancel := context.WithTimeout(ctx, tg.limit)
	defer cancel()
	c, err := connector.Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	if tg.d, err = d.ForServer(ctx, c); err != nil {
		return nil, fmt.Errorf("asking the server what it is: %w", joined(err, c.Close()))
	}
	tg.f, tg.admin = tg.d.Features(), c
	tg.name = cfg.Name
	if tg.name == "" {
		tg.name = tg.d.Name()
	}
	if v := tg.f.Version.String(); v != "" {
		tg.name += " " + v
	}
	return tg, nil
}

// product is the database's name in the report, without its version.
func (tg *target) product() string {
	if tg.cfg.Name != "" {
		return tg.cfg.Name
	}
	return tg.d.Name()
}

func (tg *target) close() error {
	err := joined(tg.closeShared(), tg.admin.Close())
	if c, ok := tg.connector.(interface{ Close() error }); ok {
		err = joined(err, c.Close())
	}
	return err
}

// run runs one case and undoes what it made.
func (tg *target) run(t tb, c testCase) {
	ctx, cancel := context.WithTimeout(context.Background(), tg.limit)
	defer cancel()
	h := &T{tb: t, target: tg, ctx: ctx}
	defer h.cleanUp()
	c.run(h)
}
