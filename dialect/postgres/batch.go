package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// Batch implements [dialect.Batcher]: one round trip for statements that the
// connection has kept, and one more, for all of them together, where it has not.
// With query_mode exec or simple the statements run one by one, within a
// transaction.
func (c *Conn) Batch(ctx context.Context, stmts []*dialect.Compiled, each func(i int, rows dialect.Rows) error) error {
	if len(stmts) == 0 {
		return nil
	}
	if err := c.over(); err != nil {
		return err
	}
	if c.mode == modeExec || c.mode == modeSimple || c.cache.size == 0 {
		return c.oneByOne(ctx, stmts, each)
	}
	plans, err := c.prepareAll(ctx, stmts)
	if err != nil {
		return err
	}
	encoded := make([]argBuf, len(stmts))
	for i, q := range stmts { // all mistakes before anything is sent
		err := checkCount(len(plans[i].sd.ParamOIDs), q.Args())
		if err == nil {
			err = encoded[i].encode(c, plans[i].sd.ParamOIDs, q.Args())
		}
		if err != nil {
			return &dialect.BatchError{Index: i, Err: err}
		}
	}
	p := c.pg.StartPipeline(ctx)
	for i, q := range stmts {
		a, st := &encoded[i], plans[i]
		if c.mode == modeDescribe {
			p.SendQueryParams(q.Text(), a.values, st.sd.ParamOIDs, a.formats, st.formats)
		} else {
			p.SendQueryStatement(st.sd, a.values, a.formats, st.formats)
		}
	}
	if err := p.Sync(); err != nil {
		return c.closePipeline(ctx, p, &dialect.BatchError{Err: err})
	}
	for i := range stmts {
		results, err := p.GetResults()
		rr, ok := results.(*pgconn.ResultReader)
		if err != nil || !ok {
			if err == nil {
				err = errors.New("postgres: the server's answers do not match the statements of the batch")
				c.kill()
			}
			if pe := failPg(err); pe != nil {
				c.stale(pe, plans[i])
			}
			return c.closePipeline(ctx, p, &dialect.BatchError{Index: i, Err: err})
		}
		r := &rows{c: c, ctx: ctx, rr: rr, st: plans[i], piped: true}
		if fields := rr.FieldDescriptions(); len(fields) > 0 && !sameFields(plans[i].sd.Fields, fields) {
			r.st = describe(c.types, &pgconn.StatementDescription{SQL: plans[i].text, Fields: append([]pgconn.FieldDescription(nil), fields...)}, false)
		}
		var eachErr error
		if each != nil {
			eachErr = each(i, r)
		}
		if !r.done {
			r.drain(false)
		}
		if r.serverErr != nil {
			return c.closePipeline(ctx, p, &dialect.BatchError{Index: i, Err: r.serverErr})
		}
		if eachErr != nil {
			if err := c.closePipeline(ctx, p, nil); err != nil {
				return errors.Join(eachErr, err)
			}
			return eachErr
		}
	}
	return c.closePipeline(ctx, p, nil)
}

// closePipeline ends a pipeline and describes its first error: be, or one that
// came with the end (a deferred constraint).
func (c *Conn) closePipeline(ctx context.Context, p *pgconn.Pipeline, be *dialect.BatchError) error {
	err := p.Close()
	if be == nil {
		return c.finish(ctx, err)
	}
	be.Err = c.finish(ctx, be.Err)
	return be
}

// prepareAll returns the plans of the statements, and lets the server describe those
// that are not kept in one round trip. Statements that the batch itself needs
// are not evicted: the cache may be larger than its size until the next one.
func (c *Conn) prepareAll(ctx context.Context, stmts []*dialect.Compiled) ([]*stmt, error) {
	plans := make([]*stmt, len(stmts))
	var missing []int
	first := map[string]int{}
	for i, q := range stmts {
		text := q.Text()
		if plans[i] = c.cache.get(text); plans[i] != nil {
			continue
		}
		if _, ok := first[text]; ok {
			continue
		}
		if err := c.refuseScript(text); err != nil {
			return nil, &dialect.BatchError{Index: i, Err: err}
		}
		first[text] = len(missing)
		missing = append(missing, i)
	}
	if len(missing) == 0 {
		return plans, nil
	}
	p := c.pg.StartPipeline(ctx)
	unwanted := c.unwanted
	for _, name := range unwanted {
		p.SendDeallocate(name)
	}
	names := make([]string, len(missing))
	for k, i := range missing {
		if c.mode == modeCache {
			names[k] = c.cache.name()
		}
		p.SendPrepare(names[k], stmts[i].Text(), nil)
	}
	if err := p.Sync(); err != nil {
		return nil, c.closePipeline(ctx, p, &dialect.BatchError{Index: missing[0], Err: err})
	}
	c.unwanted = nil
	for range unwanted {
		if _, err := p.GetResults(); err != nil {
			return nil, c.closePipeline(ctx, p, &dialect.BatchError{Index: missing[0], Err: err})
		}
	}
	made := make([]*stmt, len(missing))
	for k, i := range missing {
		results, err := p.GetResults()
		sd, ok := results.(*pgconn.StatementDescription)
		if err == nil && !ok {
			err = errors.New("postgres: the server did not describe a statement")
			c.kill()
		}
		if err != nil {
			c.keepAll(made[:k])
			be := &dialect.BatchError{Index: i, Err: err}
			p.Close() // repeats err
			c.settle()
			be.Err = c.fail(ctx, be.Err, false)
			return nil, be
		}
		sd.Name, sd.SQL = names[k], stmts[i].Text()
		made[k] = describe(c.types, sd, true)
	}
	if err := c.closePipeline(ctx, p, nil); err != nil {
		return nil, err
	}
	c.keepAll(made)
	for i, q := range stmts {
		if plans[i] == nil {
			plans[i] = made[first[q.Text()]]
		}
	}
	return plans, nil
}

// keepAll puts statements that the server has prepared into the cache.
func (c *Conn) keepAll(made []*stmt) {
	for n := len(c.cache.byTxt) + len(made) - c.cache.size; n > 0 && len(c.cache.byTxt) > 0; n-- {
		c.drop(c.cache.ring.newer)
	}
	for _, st := range made {
		c.cache.put(st)
	}
}

// oneByOne is Batch where nothing is kept on the server.
func (c *Conn) oneByOne(ctx context.Context, stmts []*dialect.Compiled, each func(i int, rows dialect.Rows) error) (err error) {
	if c.pg.TxStatus() == 'I' {
		if err := c.Begin(ctx, dialect.TxOptions{}); err != nil {
			return err
		}
		defer func() {
			var be *dialect.BatchError
			if errors.As(err, &be) {
				err = errors.Join(err, c.Rollback(context.WithoutCancel(ctx)))
				return
			}
			err = errors.Join(err, c.Commit(ctx))
		}()
	}
	for i, q := range stmts {
		rows, err := c.Query(ctx, q)
		if err != nil {
			return &dialect.BatchError{Index: i, Err: err}
		}
		var eachErr error
		if each != nil {
			eachErr = each(i, rows)
		}
		cerr := rows.Close()
		if e := rows.Err(); e != nil {
			cerr = e
		}
		if cerr != nil {
			return &dialect.BatchError{Index: i, Err: cerr}
		}
		if eachErr != nil {
			return eachErr
		}
	}
	return nil
}
