package mssql

import (
	"cmp"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// defaultPort is where SQL Server listens.
const defaultPort = 1433

// settings are what a URL says beyond the driver's configuration.
type settings struct {
	connectTimeout time.Duration
	initSQL        string // run on each new and each reset session
	accessToken    bool   // the password is a token of Microsoft Entra ID
	texts          int    // that a connection keeps
}

// config makes the driver's configuration of a URL. It reads the files that
// options name, and nothing else.
func config(u *dialect.URL, cfg dialect.ConnectConfig) (msdsn.Config, settings, error) {
	r := dialect.ReadOptions(u)
	var s settings
	password, _ := u.Password()
	c := msdsn.Config{
		Host:     "localhost",
		Database: u.Database,
		User:     u.Username,
		Password: password,
		AppName:  r.String("app_name", "sqlayer"),
		Instance: r.String("instance", ""),

		DialTimeout:         r.Duration("dial_timeout", 15*time.Second),
		KeepAlive:           r.Duration("keep_alive", 30*time.Second),
		PacketSize:          uint16(r.Int("packet_size", 0, 512, 32767)),
		ReadOnlyIntent:      r.Choice("application_intent", "ReadWrite", "ReadWrite", "ReadOnly") == "ReadOnly",
		MultiSubnetFailover: r.Bool("multi_subnet_failover", false),
		FailOverPartner:     r.String("failover_partner", ""),
		FailOverPort:        uint64(r.Int("failover_port", 0, 1, 65535)),
		ServerSPN:           r.String("server_spn", ""),
		Workstation:         r.String("workstation_id", ""),

		Protocols:          []string{"tcp"},
		ProtocolParameters: map[string]any{},
		Parameters:         map[string]string{},
		BrowserMessage:     msdsn.BrowserAllInstances,
		DisableRetry:       true, // never behind the program's back
		ActivityID:         make([]byte, 16),
		Encoding:           msdsn.EncodeParameters{Timezone: time.UTC},
	}
	if _, err := rand.Read(c.ActivityID); err != nil {
		return c, s, err
	}
	if c.Workstation == "" {
		c.Workstation, _ = os.Hostname() // it is for the server's lists only
	}
	switch len(u.Hosts) {
	case 0:
	case 1:
		h := u.Hosts[0]
		if strings.HasPrefix(h.Name, "/") {
			return c, s, dialect.Errorf(dialect.ErrURL, "mssql: SQL Server has no unix sockets; give a host")
		}
		if h.Name != "" {
			c.Host = h.Name
		}
		c.Port = uint64(h.Port)
	default:
		return c, s, dialect.Errorf(dialect.ErrURL, "mssql: a URL has one host; give a second one as failover_partner=host")
	}
	if c.Instance != "" && c.Port != 0 {
		r.Fail("instance", c.Instance, "needed with a port: give one of the two")
	}
	if c.ReadOnlyIntent && c.Database == "" {
		r.Fail("application_intent", "ReadOnly", "possible without a database in the URL")
	}
	if c.ServerSPN == "" { // for integrated login; the driver leaves it to who resolves the host
		c.ServerSPN = "MSSQLSvc/" + c.Host + ":" + cmp.Or(c.Instance, strconv.FormatUint(cmp.Or(c.Port, defaultPort), 10))
	}
	s.connectTimeout = r.Duration("connect_timeout", 30*time.Second)
	s.texts = r.Int("statement_cache", cachedTexts, 0, 1<<14)
	s.accessToken = r.Choice("auth", "password", "password", "access_token") == "access_token"
	s.initSQL = sessionSQL(r)
	tlsOptions(r, &c, cfg.TLS)
	return c, s, r.Err()
}

// sessionSQL makes the texts that set up a session: lock_timeout, and
// set.NAME=value for SET NAME value.
func sessionSQL(r *dialect.OptionReader) string {
	var b strings.Builder
	if r.Has("lock_timeout") {
		fmt.Fprintf(&b, "SET LOCK_TIMEOUT %d;", r.Duration("lock_timeout", 0).Milliseconds())
	}
	for _, o := range r.Rest("set.") {
		name := strings.ToUpper(strings.TrimPrefix(o.Name, "set."))
		switch {
		case name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "":
			r.Fail(o.Name, o.Value, "a setting: its name has letters and underscores only")
		case o.Value == "" || strings.Trim(strings.ToLower(o.Value), "abcdefghijklmnopqrstuvwxyz0123456789_-+ ") != "":
			r.Fail(o.Name, o.Value, "a word or a number")
		default:
			b.WriteString("SET " + name + " " + o.Value + ";")
		}
	}
	return b.String()
}

// tlsOptions sets encryption: on, and the server's certificate checked, unless the URL
// says otherwise.
func tlsOptions(r *dialect.OptionReader, c *msdsn.Config, given *tls.Config) {
	mode := r.Choice("encrypt", "true", "true", "false", "strict", "disable")
	trust := r.Bool("trust_server_certificate", false)
	certificate := r.String("certificate", "")
	exact := r.String("server_certificate", "")
	host := r.String("host_name_in_certificate", "")
	minimum := r.Choice("tls_min", "1.2", "1.0", "1.1", "1.2", "1.3")
	c.TrustServerCertificate = trust
	c.HostInCertificateProvided = host != ""
	if host == "" {
		host = c.Host
	}
	switch mode {
	case "true":
		c.Encryption = msdsn.EncryptionRequired
	case "strict":
		c.Encryption = msdsn.EncryptionStrict
	case "false": // the login only, and without a check
		c.Encryption = msdsn.EncryptionOff
		trust = trust || certificate == "" && exact == ""
	case "disable":
		c.Encryption = msdsn.EncryptionDisabled
	}
	if exact != "" && certificate != "" {
		r.Fail("server_certificate", exact, "possible beside certificate: give one of the two")
		return
	}
	switch {
	case given != nil:
		c.TLSConfig = given.Clone()
		if c.TLSConfig.ServerName == "" {
			c.TLSConfig.ServerName = host
		}
		if c.Encryption != msdsn.EncryptionStrict {
			c.Encryption = msdsn.EncryptionRequired
		}
	case c.Encryption != msdsn.EncryptionDisabled:
		t, err := msdsn.SetupTLS(certificate, exact, trust, host, minimum)
		if err != nil {
			name, value := "certificate", certificate
			if exact != "" {
				name, value = "server_certificate", exact
			}
			r.Fail(name, value, "a certificate that can be read: "+err.Error())
			return
		}
		c.TLSConfig = t
	}
}

// address says where a configuration dials.
func address(c *msdsn.Config) string {
	if c.Instance != "" && c.Port == 0 {
		return c.Host + `\` + c.Instance
	}
	return net.JoinHostPort(c.Host, strconv.FormatUint(cmp.Or(c.Port, defaultPort), 10))
}
