package corpus

import (
	"time"

	"github.com/sqlayer-go/sqlayer/expr"
)

// home is a row for /home.
var home = expr.Insert(PageHits).Values(PageHits.Path.Set("/home"), PageHits.Hits.Set(1))

var upsertCases = cases{
	"do-nothing-1": same(home.OnConflict().DoNothing()),
	"do-update-1":  same(home.OnConflict(PageHits.Path).DoUpdate(expr.Set(PageHits.Hits, expr.Inserted(PageHits.Hits)))),
	"do-update-2": same(home.OnConflict(PageHits.Path).
		DoUpdate(expr.Set(PageHits.Hits, PageHits.Hits.Add(1)), PageHits.LastSeen.Set(time.Date(2024, 5, 5, 10, 0, 0, 0, time.UTC))).
		Where(PageHits.Hits.Lt(1000))),
	"do-update-4": same(expr.Insert(Users).Values(Users.Name.Set("Hal"), Users.Email.Set("hal@example.org"), Users.IsActive.Set(true)).
		OnConflict(Users.Email).Where(expr.True(Users.IsActive)).DoUpdate(expr.Set(Users.Name, expr.Inserted(Users.Name)))),
	"do-update-5": same(expr.Insert(PageHits).Values(PageHits.Path.Set("/z"), PageHits.Hits.Set(2)).
		OnConstraint("page_hits_pkey").DoUpdate(expr.Set(PageHits.Hits, expr.Inserted(PageHits.Hits)))),
	"on-duplicate-1": same(home.OnConflict().DoUpdate(expr.Set(PageHits.Hits, expr.Inserted(PageHits.Hits)))),
	"on-duplicate-3": same(expr.Insert(PageHits).
		Values(PageHits.Path.Set("/a"), PageHits.Hits.Set(1)).
		Values(PageHits.Path.Set("/b"), PageHits.Hits.Set(2)).
		OnConflict().DoUpdate(expr.Set(PageHits.Hits, expr.Add(PageHits.Hits, expr.Inserted(PageHits.Hits))))),
}
