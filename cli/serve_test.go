package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/cli/exit"
	"landfall/node/gateway/access/accesstest"
)

// Files that cannot be used are reported before a broker is contacted.
func TestServeChecksItsFiles(t *testing.T) {
	dir := t.TempDir()
	accesstest.WritePair(t, dir, 1, time.Now())
	cert, key, none := filepath.Join(dir, "cert"), filepath.Join(dir, "key"), filepath.Join(dir, "none")
	if err := (&serveCmd{TLSCert: cert, TLSKey: key}).checkFiles(); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]*serveCmd{
		"--token-file": {TokenFile: none}, "--tls-cert": {TLSCert: none, TLSKey: key}, "--tls-key": {TLSCert: cert, TLSKey: cert},
	} {
		if err := c.checkFiles(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		args := []string{"serve", "--brokers", "127.0.0.1:1", "--token-file=" + c.TokenFile, "--tls-cert=" + c.TLSCert, "--tls-key=" + c.TLSKey}
		if _, code, err := typed(t, args...); code != exit.Usage {
			t.Errorf("%q: exit %d, %v", args, code, err)
		}
	}
}

// A token file is created once, and never replaced.
func TestServeMakesTokensOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	c := &serveCmd{TokenFile: path, MakeToken: true}
	for range 2 {
		if err := c.makeTokens(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "operator") {
			t.Fatalf("%s, %v", text, err)
		}
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&serveCmd{MakeToken: true}).makeTokens(); codeOf(err) != exit.Usage {
		t.Errorf("without a file: %v", err)
	}
	if err := (&serveCmd{TokenFile: path + "/x"}).makeTokens(); err != nil {
		t.Errorf("not asked for: %v", err)
	}
}
