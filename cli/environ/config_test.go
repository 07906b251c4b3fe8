package environ

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// TestOrder: flags over environment over configuration file over defaults.
func TestOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("typed: file\nset: file\nread: file\nwait: 3s\nnumber: 7\nlist: [a, b]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("X_TYPED", "environment")
	t.Setenv("X_SET", "environment")
	var c struct {
		Typed, Set, Read, Left string `default:"default"`
		Wait                   time.Duration
		Number                 int
		List                   []string
	}
	parser, err := kong.New(&c, kong.DefaultEnvars("X"), kong.Configuration(Flags, file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"--typed", "flag"}); err != nil {
		t.Fatal(err)
	}
	if c.Typed != "flag" || c.Set != "environment" || c.Read != "file" || c.Left != "default" || c.Wait != 3*time.Second || c.Number != 7 || len(c.List) != 2 {
		t.Errorf("%+v", c)
	}
}

func TestUnknownNamesAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("theme: dark\nthme: light\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var c struct {
		Show struct{ Theme string } `cmd:""`
		Hide struct{}               `cmd:""`
	}
	parser, err := kong.New(&c, kong.Configuration(Flags, file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"hide"}); err == nil || !strings.Contains(err.Error(), "no flag is called thme") {
		t.Errorf("%v", err)
	}
}
