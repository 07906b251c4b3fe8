package connect

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/kafkabus/embedded"
)

func TestWrongFlagsAreNamed(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no PEM\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		flags Flags
		want  string
	}{
		"broker without a port":  {Flags{Brokers: []string{"kafka"}}, `--brokers "kafka": must be host:port`},
		"broker without a host":  {Flags{Brokers: []string{":9092"}}, `--brokers ":9092": must be host:port`},
		"no such port":           {Flags{Brokers: []string{"kafka:99999"}}, `--brokers "kafka:99999": must be host:port`},
		"long prefix":            {Flags{Prefix: strings.Repeat("a", maxPrefix+1)}, `--prefix "` + strings.Repeat("a", maxPrefix+1) + `": must be at most 200 letters`},
		"prefix":                 {Flags{Prefix: "a b"}, `--prefix "a b": must be at most 200 letters`},
		"unknown mechanism":      {Flags{SASL: "GSSAPI", User: "u"}, `--kafka-sasl "GSSAPI": must be PLAIN`},
		"mechanism without user": {Flags{SASL: "PLAIN"}, "--kafka-sasl: needs --kafka-user"},
		"user without mechanism": {Flags{User: "u"}, "--kafka-user: needs --kafka-sasl"},
		"no password file":       {Flags{SASL: "PLAIN", User: "u", PasswordFile: dir + "/none"}, "--kafka-password-file " + dir + "/none: no such file"},
		"invalid CA":             {Flags{CA: text}, "--kafka-ca " + text + ": holds no PEM certificate"},
		"certificate alone":      {Flags{Cert: text}, "--kafka-cert and --kafka-key: give both"},
		"invalid key":            {Flags{Cert: text, Key: text}, "--kafka-cert: tls: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.flags, dir, slog.New(slog.DiscardHandler), nil)
			var usage *exit.UsageError
			if !errors.As(err, &usage) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s…", err, c.want)
			}
		})
	}
}

func TestPasswordWithoutLineEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(" secret \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Flags{SASL: "plain", User: "u", PasswordFile: file}.config(nil)
	if err != nil || c.Password != " secret " || c.TLS != nil {
		t.Errorf("password %q, TLS %v, error %v", c.Password, c.TLS, err)
	}
}

func TestBrokerOfThisMachineIsFound(t *testing.T) {
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	if _, err := Open(t.Context(), Flags{}, dir, log, nil); !errors.Is(err, ErrNoBroker) {
		t.Fatalf("error %v, want %v", err, ErrNoBroker)
	}
	b, err := embedded.Start(embedded.Config{Dir: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := Open(t.Context(), Flags{}, dir, log, nil)
	if err != nil {
		t.Fatal(err)
	}
	bus.Close()
	b.Close()
	if _, err := Open(t.Context(), Flags{}, dir, log, nil); !errors.Is(err, ErrNoBroker) {
		t.Errorf("after it stopped: error %v, want %v", err, ErrNoBroker)
	}
}

func TestSecondStartJoinsTheFirst(t *testing.T) {
	config := embedded.Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"}
	first, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
	if addr, running := embedded.Find(config.Dir); second.Addr() != first.Addr() || !running || addr != first.Addr() {
		t.Errorf("second at %s, found %s (%v), want %s", second.Addr(), addr, running, first.Addr())
	}
}
