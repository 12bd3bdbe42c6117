package main

import (
	"context"
	"fmt"
	"strings"
)

type workload struct {
	name, what string
	backend    string // only this one, "" for all
	fill       int    // rows in ins_users before every slice; -1: leave it alone
	check      func(ctx context.Context, be *Backend, s Session) error
	op         func(ctx context.Context, s Session, i int) error
	rows       []InsUser
	parallel   int
}

func idFor(i int) int64 { return int64(uint32(i)*2654435761%nUsers) + 1 }

func workloads() []*workload {
	selectN := func(name string, n int64) *workload {
		return &workload{name: name, what: fmt.Sprintf("%d rows into a slice of structs", n), fill: -1,
			check: func(ctx context.Context, be *Backend, s Session) error {
				x, err := s.SelectN(ctx, n)
				if err != nil {
					return err
				}
				return verifyUsers(x, 1, n)
			},
			op: func(ctx context.Context, s Session, i int) error { _, err := s.SelectN(ctx, n); return err },
		}
	}
	get := func(name, what, backend string, parallel int) *workload {
		return &workload{name: name, what: what, fill: -1, backend: backend, parallel: parallel,
			check: func(ctx context.Context, be *Backend, s Session) error {
				for _, id := range []int64{1, 42, nUsers} {
					x, err := s.GetByPK(ctx, id)
					if err != nil {
						return err
					}
					if err := verifyUsers(x, id, 1); err != nil {
						return err
					}
				}
				return nil
			},
			op: func(ctx context.Context, s Session, i int) error { _, err := s.GetByPK(ctx, idFor(i)); return err },
		}
	}
	bulk := func(name, what string, ids bool) *workload {
		rows := newRows(1000)
		insert := func(ctx context.Context, s Session) error {
			for i := range rows {
				rows[i].ID = 0
			}
			if ids {
				return s.InsertBulkIDs(ctx, rows)
			}
			return s.InsertBulk(ctx, rows)
		}
		return &workload{name: name, what: what, rows: rows,
			check: func(ctx context.Context, be *Backend, s Session) error {
				if err := insert(ctx, s); err != nil {
					return err
				}
				return be.checkIns(ctx, rows, ids)
			},
			op: func(ctx context.Context, s Session, i int) error { return insert(ctx, s) },
		}
	}
	one := newRows(1000)
	return []*workload{
		get("W1", "get one row by primary key", "", 0),
		selectN("W2", 100),
		selectN("W3", 10000),
		{name: "W4", what: "insert one row, its id read back",
			check: func(ctx context.Context, be *Backend, s Session) error {
				us := newRows(3)
				for i := range us {
					if err := s.InsertOne(ctx, &us[i]); err != nil {
						return err
					}
				}
				return be.checkIns(ctx, us, true)
			},
			op: func(ctx context.Context, s Session, i int) error {
				u := &one[i%len(one)]
				u.ID = 0
				return s.InsertOne(ctx, u)
			},
		},
		bulk("W5", "insert 1000 rows in one transaction", false),
		bulk("W5b", "the same, every id read back", true),
		{name: "W6", what: "update two columns of one row by primary key", fill: 1000,
			check: func(ctx context.Context, be *Backend, s Session) error {
				if err := s.UpdateOne(ctx, 7, 123.5, "changed"); err != nil {
					return err
				}
				var n int
				if err := be.admin.QueryRowContext(ctx, "select count(*) from ins_users where score = 123.5 and note = 'changed'").Scan(&n); err != nil {
					return err
				}
				if n != 1 {
					return fmt.Errorf("%d rows changed", n)
				}
				return nil
			},
			op: func(ctx context.Context, s Session, i int) error {
				return s.UpdateOne(ctx, idFor(i)%1000+1, float64(i), "changed")
			},
		},
		{name: "W7", what: "100 parents with 10 children each, in nested slices", fill: -1,
			check: func(ctx context.Context, be *Backend, s Session) error {
				x, err := s.Eager(ctx, 100)
				if err != nil {
					return err
				}
				return verifyParents(x, 100)
			},
			op: func(ctx context.Context, s Session, i int) error { _, err := s.Eager(ctx, 100); return err },
		},
		get("W9", "W1 from 64 goroutines on 8 connections", Postgres, 64),
	}
}

func (be *Backend) checkIns(ctx context.Context, us []InsUser, ids bool) error {
	rows, err := be.admin.QueryContext(ctx, "select "+userCols+" from ins_users order by id")
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var u InsUser
		if err := rows.Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.CreatedAt, &u.Note); err != nil {
			return err
		}
		if n >= len(us) {
			return fmt.Errorf("more than %d rows", len(us))
		}
		w := wantUser(int64(n + 1))
		if u.Name != w.Name || u.Email != w.Email || u.Age != w.Age || u.Score != w.Score || u.Active != w.Active ||
			!u.CreatedAt.Equal(w.CreatedAt) || (u.Note == nil) != (w.Note == nil) || (u.Note != nil && *u.Note != *w.Note) {
			return fmt.Errorf("row %d: %+v, want %+v", n, u, w)
		}
		if ids && us[n].ID != u.ID {
			return fmt.Errorf("row %d: id %d read back, it is %d", n, us[n].ID, u.ID)
		}
		n++
	}
	if n != len(us) {
		return fmt.Errorf("%d rows, want %d", n, len(us))
	}
	return rows.Err()
}

// prepare returns what is to be done before each slice of the workload.
func (w *workload) prepare(ctx context.Context, be *Backend) func() error {
	return func() error {
		if w.fill < 0 {
			return nil
		}
		return be.emptyIns(ctx, w.fill)
	}
}

func (w *workload) entrant(ctx context.Context, name string, s Session) *entrant {
	return &entrant{name: name, op: func(i int) error { return w.op(ctx, s, i) }}
}

// entrant prepares the compiler for a race, after comparing what it makes with
// what W8 is.
func (c Compiler) entrant() (*entrant, error) {
	build, err := c.New()
	if err != nil {
		return nil, fmt.Errorf("W8 %s: %w", c.Name, err)
	}
	q, args, err := build()
	if err == nil {
		err = checkCompiled(q, args)
	}
	if err != nil {
		return nil, fmt.Errorf("W8 %s: %w", c.Name, err)
	}
	return &entrant{name: c.Name, op: func(int) error { _, _, err := build(); return err }}, nil
}

// checkCompiled sees to it that no part of the query of W8 is missing; how it
// is written differs.
func checkCompiled(q string, args []any) error {
	plain := strings.NewReplacer(`"`, "", "`", "", "(", " ", ")", " ", "left outer join", "left join").Replace(strings.ToLower(q))
	plain = strings.Join(strings.Fields(plain), " ")
	for _, part := range []string{"select u.id", "u.name", "count i.id", "from users", "join orders", "left join items", "o.user_id", "i.order_id",
		"where", "u.active", "u.age", "o.status in", "u.name like", "group by", "order by", "desc", "limit"} {
		if !strings.Contains(plain, part) {
			return fmt.Errorf("no %q in %s", part, q)
		}
	}
	if len(args) > 6 {
		return fmt.Errorf("%d arguments in %s", len(args), q)
	}
	return nil
}
