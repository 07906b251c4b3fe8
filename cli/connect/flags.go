package connect

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"landfall/cli/exit"
	"landfall/kafkabus"
	"landfall/loadgen/field"
	"landfall/node/secretfile"
)

// Flags are the flags for connecting to Kafka.
type Flags struct {
	Brokers      []string `placeholder:"HOST:PORT" help:"Kafka brokers (the embedded broker of this machine; see landfall broker)."`
	Prefix       string   `default:"landfall." help:"Topic prefix."`
	SASL         string   `name:"kafka-sasl" placeholder:"MECHANISM" help:"SASL mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."`
	User         string   `name:"kafka-user" placeholder:"NAME" help:"SASL user name."`
	PasswordFile string   `name:"kafka-password-file" placeholder:"FILE" help:"File with the SASL password."`
	TLS          bool     `name:"kafka-tls" help:"Use TLS; implied by the three flags below."`
	CA           string   `name:"kafka-ca" placeholder:"FILE" help:"PEM file of CA certificates to trust (the system store)."`
	Cert         string   `name:"kafka-cert" placeholder:"FILE" help:"PEM file of the client certificate."`
	Key          string   `name:"kafka-key" placeholder:"FILE" help:"PEM file of the private key of --kafka-cert."`

	Keys KeyFlags `embed:""`

	Dial map[string]string `name:"kafka-dial" mapsep:"," hidden:"" placeholder:"ADVERTISED=ACTUAL" help:"Address to dial instead of an advertised one: host:port, or unix:PATH."`
}

// maxPrefix leaves room for the names of our topics in the 249 characters that Kafka allows.
const maxPrefix = 200

// prefix matches what Kafka allows in the name of a topic.
var prefix = field.Pattern(`^[A-Za-z0-9._-]*$`)

var mechanisms = []string{"", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}

// Check reads the files that the flags name. An error is an [exit.UsageError] and names the flag.
func (f Flags) Check() error {
	if _, err := f.config(nil); err != nil {
		return &exit.UsageError{Err: err}
	}
	return nil
}

// config reads the files that the flags name. Its errors name the flag.
func (f Flags) config(log *slog.Logger) (kafkabus.Config, error) {
	c := kafkabus.Config{Brokers: f.Brokers, Prefix: f.Prefix, SASL: f.SASL, User: f.User, Log: log, Dial: f.Dial}
	for _, b := range f.Brokers {
		host, port, err := net.SplitHostPort(b)
		if n, wrong := strconv.ParseUint(port, 10, 16); err != nil || host == "" || wrong != nil || n == 0 {
			return c, fmt.Errorf("--brokers %q: must be host:port, separated by commas", b)
		}
	}
	if len(f.Prefix) > maxPrefix || !prefix().MatchString(f.Prefix) {
		return c, fmt.Errorf("--prefix %q: must be at most 200 letters, digits, dots, dashes or underscores", f.Prefix)
	}
	if !slices.Contains(mechanisms, strings.ToUpper(f.SASL)) {
		return c, fmt.Errorf("--kafka-sasl %q: must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", f.SASL)
	}
	if f.SASL != "" && f.User == "" {
		return c, errors.New("--kafka-sasl: needs --kafka-user")
	}
	if f.SASL == "" && (f.User != "" || f.PasswordFile != "") {
		return c, errors.New("--kafka-user: needs --kafka-sasl")
	}
	if log != nil {
		secretfile.Warn(log, f.PasswordFile, f.Key)
	}
	if f.PasswordFile != "" {
		password, err := os.ReadFile(f.PasswordFile)
		if err != nil {
			return c, exit.Unread("--kafka-password-file", err)
		}
		c.Password = strings.TrimRight(string(password), "\r\n")
	}
	var err error
	c.TLS, err = f.tls()
	return c, err
}

func (f Flags) tls() (*tls.Config, error) {
	if !f.TLS && f.CA == "" && f.Cert == "" && f.Key == "" {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if f.CA != "" {
		pem, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, exit.Unread("--kafka-ca", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--kafka-ca %s: holds no PEM certificate", f.CA)
		}
	}
	if (f.Cert == "") != (f.Key == "") {
		return nil, errors.New("--kafka-cert and --kafka-key: give both")
	}
	if f.Cert != "" {
		pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
		if err != nil {
			return nil, fmt.Errorf("--kafka-cert: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
