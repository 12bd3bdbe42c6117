package mysql_test

import (
	driver "github.com/go-sql-driver/mysql"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// driverConfig is a configuration of the driver as a program may have it,
// with the driver's own defaults.
func driverConfig(u *dialect.URL) *driver.Config {
	c := driver.NewConfig()
	c.User = u.Username
	c.Passwd, _ = u.Password()
	c.Net, c.Addr = "tcp", u.Hosts[0].Address(3306)
	c.DBName = u.Database
	return c
}
