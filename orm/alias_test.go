package orm_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/orm"
)

// An alias is kept alive by what uses it, and by nothing else.
func TestAliasesAreNotKept(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	u := orm.Ref[User]()
	freed := make(chan struct{}, 1000)
	var kept []orm.Query[User]
	for i := range 1000 {
		boss := orm.Alias[User]("boss")
		runtime.AddCleanup(boss, func(int) { freed <- struct{}{} }, i)
		if q := orm.Select(u).Join(&u.Boss, boss).Where(orm.F(&boss.Name).Eq("x")); i%100 == 0 {
			kept = append(kept, q)
		}
	}
	for n := 0; n < 990; { // the test ends by its own time limit if they are not freed
		runtime.GC()
		select {
		case <-freed:
			n++
		case <-t.Context().Done():
			t.Fatalf("%d of 990 were freed", n)
		}
		for len(freed) > 0 {
			<-freed
			n++
		}
	}
	for _, q := range kept {
		if n, err := q.Count(b.ctx, b.eng); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	}
	runtime.KeepAlive(kept)
	// An object at an address that an alias had is no alias.
	for range 1000 {
		if _, err := orm.Select(&User{}).Count(b.ctx, b.eng); err == nil {
			t.Fatal("an object passes for a prototype")
		}
	}
}

func TestStmtCarriesMistakes(t *testing.T) {
	b := sqliteBed(t, tourTypes...)
	_, err := b.eng.Run(b.ctx, orm.Select(&User{}).Stmt(), nil)
	if err == nil || !strings.Contains(err.Error(), "not a prototype, but an object") {
		t.Errorf("%v", err)
	}
}
