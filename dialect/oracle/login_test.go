package oracle_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
	"github.com/sqlayer-go/sqlayer/internal/tnsfake"
)

// A login whose context ends ends with it, wherever it stands, and leaves no
// connection behind.
func TestLoginCancelledAnywhere(t *testing.T) {
	testenv.CheckLeaks(t)
	srv := tnsfake.Start(t, nil)
	for at := int64(0); ; at++ {
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		var steps atomic.Int64
		var last net.Conn
		c, err := connector(t, "oracle://ada:"+tnsfake.Password+"@"+srv.Addr+"/shop", dialect.ConnectConfig{
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				nc, err := (&net.Dialer{}).DialContext(ctx, network, address)
				last = nc
				return stepConn{nc, func() {
					if steps.Add(1) == at+1 {
						cancel(enough)
					}
				}}, err
			},
		}).Connect(ctx)
		cancelled := context.Cause(ctx) != nil
		cancel(nil)
		switch {
		case !cancelled && err == nil:
			if at < 10 {
				t.Errorf("a login has %d steps", at)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			return
		case !cancelled, err == nil, !errors.Is(err, enough):
			t.Fatalf("cancelled at step %d: %v", at, err)
		}
		if _, err := last.Write(nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("cancelled at step %d: the network connection is open", at)
		}
	}
}

// stepConn says when it is about to read or to write.
type stepConn struct {
	net.Conn
	step func()
}

func (c stepConn) Read(b []byte) (int, error)  { c.step(); return c.Conn.Read(b) }
func (c stepConn) Write(b []byte) (int, error) { c.step(); return c.Conn.Write(b) }
