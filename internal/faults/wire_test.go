package faults

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sqlayer-go/sqlayer/engine"
	"github.com/sqlayer-go/sqlayer/internal/wireproxy"
)

// A wireFault breaks or stalls the connection at a message while a row is
// written.
type wireFault struct {
	name string
	// when is at which of the messages that the protocols have.
	pg, my wireproxy.Fault
	cold   bool // the connection is new, and does not know the statement
	text   bool // the statement has no parameters
	dials  bool // it is at the login: there is no connection yet
	tx     bool // in a transaction, in every layer
	begin  bool // at its beginning
	undo   bool // which is rolled back
	stall  bool // the caller's context ends
	want   want
	// inTx is want for a layer or a case that has a transaction around it
	// and does not come to its commit; nil is like want.
	inTx *want
	// only is for the layers it is about, nil for all.
	only []string
}

func (f wireFault) at(s *server) wireproxy.Fault {
	if s.name == "mysql" {
		return f.my
	}
	return f.pg
}

func client(message string, do wireproxy.Action) wireproxy.Fault {
	return wireproxy.Fault{From: wireproxy.Client, Message: message, Do: do}
}

func fromServer(message string, do wireproxy.Action) wireproxy.Fault {
	return wireproxy.Fault{From: wireproxy.Server, Message: message, Do: do}
}

// of narrows a fault to the message that holds a text.
func of(text string, f wireproxy.Fault) wireproxy.Fault { f.Contains = text; return f }

func nth(n int, f wireproxy.Fault) wireproxy.Fault { f.Nth = n; return f }

var (
	lost      = []engine.Kind{engine.ErrConnectionLost}
	cancelled = []engine.Kind{engine.ErrCancelled}
	connect   = []engine.Kind{engine.ErrConnect}

	undone = &want{lost, either, no}
)

const (
	cutBefore   = wireproxy.CutBefore
	cutMiddle   = wireproxy.CutMiddle
	cutAfter    = wireproxy.CutAfter
	resetBefore = wireproxy.ResetBefore
	resetMiddle = wireproxy.ResetMiddle
	resetAfter  = wireproxy.ResetAfter
	stalled     = wireproxy.Stall
)

// wireFaults are the faults at one message. Where a statement is in a
// transaction, the row is gone with the connection. What the server got whole it
// executes, unless the cancel request that pgx sends when a connection breaks
// overtakes it.
var wireFaults = []wireFault{
	{name: "login: cut at the first answer", dials: true,
		pg: fromServer("Authentication", cutBefore), my: fromServer("Greeting", cutBefore), want: want{connect, no, no}},
	{name: "login: reset in the middle of the answer", dials: true,
		pg: fromServer("ParameterStatus", resetMiddle), my: fromServer("Greeting", resetMiddle), want: want{connect, no, no}},
	{name: "login: cut at its end", dials: true,
		pg: fromServer("ReadyForQuery", cutBefore), my: fromServer("OK", cutBefore), want: want{connect, no, no}},

	{name: "prepare: cut before", cold: true,
		pg: of("INSERT", client("Parse", cutBefore)), my: of("INSERT", client("COM_STMT_PREPARE", cutBefore)), want: want{lost, no, no}},
	{name: "prepare: reset before its answer", cold: true,
		pg: fromServer("ParseComplete", resetBefore), my: fromServer("PrepareOK", resetBefore), want: want{lost, no, no}},
	{name: "prepare: cut in the middle of its answer", cold: true,
		pg: fromServer("ParameterDescription", cutMiddle), my: fromServer("PrepareOK", cutMiddle), want: want{lost, no, no}},

	{name: "statement: cut before",
		pg: of("INSERT", client("Bind", cutBefore)), my: of("INSERT", client("COM_STMT_EXECUTE", cutBefore)), want: want{lost, yes, no}},
	{name: "statement: reset in the middle",
		pg: of("INSERT", client("Bind", resetMiddle)), my: of("INSERT", client("COM_STMT_EXECUTE", resetMiddle)), want: want{lost, yes, no}},
	{name: "statement: cut after",
		pg: client("Sync", cutAfter), my: of("INSERT", client("COM_STMT_EXECUTE", cutAfter)), want: want{lost, yes, either}, inTx: undone},
	{name: "statement: reset after",
		pg: client("Sync", resetAfter), my: of("INSERT", client("COM_STMT_EXECUTE", resetAfter)), want: want{lost, yes, either}, inTx: undone},
	{name: "statement: cut before the answer",
		pg: fromServer("BindComplete", cutBefore), my: nth(1, fromServer("OK", cutBefore)), want: want{lost, yes, yes}, inTx: undone},
	{name: "statement: reset in the middle of the answer",
		pg: fromServer("CommandComplete", resetMiddle), my: nth(1, fromServer("OK", resetMiddle)), want: want{lost, yes, yes}, inTx: undone},
	{name: "statement: cut at the end of the answer",
		pg: fromServer("ReadyForQuery", cutBefore), my: nth(1, fromServer("OK", cutMiddle)), want: want{lost, yes, yes}, inTx: undone},

	{name: "text: cut before", text: true,
		pg: of("INSERT", client("Query", cutBefore)), my: of("INSERT", client("COM_QUERY", cutBefore)), want: want{lost, yes, no}},
	{name: "text: reset after", text: true,
		pg: of("INSERT", client("Query", resetAfter)), my: of("INSERT", client("COM_QUERY", resetAfter)), want: want{lost, yes, either}, inTx: undone},
	{name: "text: cut before the answer", text: true,
		pg: fromServer("CommandComplete", cutBefore), my: fromServer("OK", cutBefore), want: want{lost, yes, yes}, inTx: undone},
	{name: "text: reset in the middle of the answer", text: true,
		pg: fromServer("CommandComplete", resetMiddle), my: fromServer("OK", resetMiddle), want: want{lost, yes, yes}, inTx: undone},

	{name: "begin: reset before", tx: true, begin: true,
		pg: of("BEGIN", client("Query", resetBefore)), my: of("START", client("COM_QUERY", resetBefore)), want: want{lost, either, no}},
	{name: "begin: cut before the answer", tx: true, begin: true,
		pg: fromServer("CommandComplete", cutBefore), my: fromServer("OK", cutBefore), want: want{lost, either, no}},

	{name: "commit: cut before", tx: true,
		pg: of("COMMIT", client("Query", cutBefore)), my: of("COMMIT", client("COM_QUERY", cutBefore)), want: want{lost, yes, no}},
	{name: "commit: reset in the middle", tx: true,
		pg: of("COMMIT", client("Query", resetMiddle)), my: of("COMMIT", client("COM_QUERY", resetMiddle)), want: want{lost, yes, no}},
	{name: "commit: cut after", tx: true,
		pg: of("COMMIT", client("Query", cutAfter)), my: of("COMMIT", client("COM_QUERY", cutAfter)), want: want{lost, yes, either}},
	{name: "commit: reset after", tx: true,
		pg: of("COMMIT", client("Query", resetAfter)), my: of("COMMIT", client("COM_QUERY", resetAfter)), want: want{lost, yes, either}},
	{name: "commit: cut before the answer", tx: true,
		pg: nth(3, fromServer("CommandComplete", cutBefore)), my: nth(3, fromServer("OK", cutBefore)), want: want{lost, yes, yes}},
	{name: "commit: reset in the middle of the answer", tx: true,
		pg: nth(3, fromServer("CommandComplete", resetMiddle)), my: nth(3, fromServer("OK", resetMiddle)), want: want{lost, yes, yes}},

	{name: "rollback: cut before", tx: true, undo: true,
		pg: of("ROLLBACK", client("Query", cutBefore)), my: of("ROLLBACK", client("COM_QUERY", cutBefore)), want: want{nil, either, no}, only: layers[1:]},
	{name: "rollback: reset before the answer", tx: true, undo: true,
		pg: nth(3, fromServer("CommandComplete", resetBefore)), my: nth(3, fromServer("OK", resetBefore)), want: want{nil, either, no}, only: layers[1:]},

	{name: "login: no answer", dials: true, stall: true,
		pg: fromServer("Authentication", stalled), my: fromServer("Greeting", stalled), want: want{cancelled, no, no}},
	{name: "prepare: no answer until the context ends", cold: true, stall: true,
		pg: fromServer("ParseComplete", stalled), my: fromServer("PrepareOK", stalled), want: want{cancelled, no, no}},
	{name: "statement: stalled until the context ends", stall: true,
		pg: of("INSERT", client("Bind", stalled)), my: of("INSERT", client("COM_STMT_EXECUTE", stalled)), want: want{cancelled, yes, no}},
	{name: "statement: no answer until the context ends", stall: true,
		pg: fromServer("BindComplete", stalled), my: nth(1, fromServer("OK", stalled)), want: want{cancelled, yes, yes}, inTx: &want{cancelled, either, no}},
	{name: "begin: no answer until the context ends", tx: true, begin: true, stall: true,
		pg: fromServer("CommandComplete", stalled), my: fromServer("OK", stalled), want: want{cancelled, either, no}},
	{name: "commit: stalled until the context ends", tx: true, stall: true,
		pg: of("COMMIT", client("Query", stalled)), my: of("COMMIT", client("COM_QUERY", stalled)), want: want{cancelled, yes, no}},
	{name: "commit: no answer until the context ends", tx: true, stall: true,
		pg: nth(3, fromServer("CommandComplete", stalled)), my: nth(3, fromServer("OK", stalled)), want: want{cancelled, yes, yes}},
	{name: "rollback: no answer until the time-out of closing", tx: true, undo: true, stall: true,
		pg: of("ROLLBACK", client("Query", stalled)), my: of("ROLLBACK", client("COM_QUERY", stalled)), want: want{nil, either, no}, only: layers[1:]},
}

var errUndo = errors.New("undo")

func (f wireFault) run(t testing.TB, s *server, layer string) {
	c := newCell(t, s, layer, settings{})
	tx := f.tx || c.always()
	fault := f.at(s)
	switch {
	case f.dials:
	case f.cold:
		free, err := c.u.hold(t.Context())
		check(t, err)
		check(t, free())
	default:
		c.warm(1)
	}
	// What precedes the INSERT where a transaction is around it.
	if tx && !f.tx && !f.dials && fault.From == wireproxy.Server {
		switch fault.Message {
		case "OK", "CommandComplete", "ReadyForQuery":
			fault.Nth = 2
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	injected := c.p.Inject(fault)
	var undo func() error
	switch {
	case f.undo && f.stall: // the rollback works under a bound of its own
		undo = func() error { cancel(); return errUndo }
	case f.undo:
		undo = func() error { return errUndo }
	case f.stall:
		go func() {
			select {
			case <-injected.Reached():
			case <-ctx.Done():
			}
			cancel()
		}()
	}
	id := keys.Add(1)
	text := insert
	if f.text {
		text = fmt.Sprintf("INSERT INTO faults_rows (id) VALUES (%d)", id)
	}
	var err error
	soon(c, "the write", time.Minute, func() { err = c.u.run(ctx, text, id, f.tx, undo) })
	select {
	case <-injected.Reached():
	default:
		t.Fatalf("the fault was not reached; err %v\n%v", err, c.p.Messages())
	}
	w := f.want
	if f.begin && layer != "pool" {
		w.may = no // nothing of the transaction was sent
	}
	if c.always() && !f.tx && f.inTx != nil {
		w = *f.inTx
	}
	if f.undo {
		if !errors.Is(err, errUndo) {
			t.Errorf("the error of the function is not there: %v", err)
		}
		if s.there(t, id) {
			t.Error("the row is there")
		}
	} else {
		c.judge(id, err, w)
	}
	if f.stall {
		injected.Release() // a dial goes on without its caller; what is broken can end
	}
	c.finish()
}
