package mysql_test

import (
	"context"
	"net"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/internal/testenv"
)

// withoutFiles is a connection whose client says that it reads no files, which
// the server answers as it does where local_infile is off.
type withoutFiles struct {
	net.Conn
	greeted bool
}

func (c *withoutFiles) Write(b []byte) (int, error) {
	const localFiles = 0x80
	if !c.greeted && len(b) > 4 {
		c.greeted = true
		b[4] &^= localFiles
	}
	return c.Conn.Write(b)
}

func TestLoadWhereTheServerForbidsIt(t *testing.T) {
	c := connect(t, connector(t, testenv.MySQL(t), dialect.ConnectConfig{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &withoutFiles{Conn: conn}, nil
	}}))
	c.table("sqlayer_my_forbidden", "id INT PRIMARY KEY")
	rows := func() func() ([]any, error) {
		n := 0
		return func() ([]any, error) {
			if n++; n > 3 {
				return nil, nil
			}
			return []any{n}, nil
		}
	}
	for _, inTx := range []bool{false, true} {
		if inTx {
			if err := c.Begin(t.Context(), dialect.TxOptions{}); err != nil {
				t.Fatal(err)
			}
			c.exec("INSERT INTO sqlayer_my_forbidden VALUES (9)")
		}
		_, err := c.Conn.(dialect.Copier).CopyFrom(t.Context(), "", "sqlayer_my_forbidden", []string{"id"}, rows())
		if e := c.d.Classify(err); e == nil || e.Kind != dialect.ErrUnsupported || e.Lost {
			t.Errorf("a load that the server forbids ends as %v", err)
		}
		if n := one[int](c, "SELECT COUNT(*) FROM sqlayer_my_forbidden"); n != map[bool]int{true: 1}[inTx] {
			t.Errorf("%d rows after it", n)
		}
	}
	if err := c.Commit(t.Context()); err != nil {
		t.Error(err)
	}
}
