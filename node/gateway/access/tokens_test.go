package access

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMakeTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	made, err := MakeTokens(path)
	if err != nil || len(made) < 26 {
		t.Fatalf("%q, %v", made, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	list, err := readTokens(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if who, ok := list.find(made); !ok || who.role != operator {
		t.Errorf("%+v %v", who, ok)
	}
	if again, err := MakeTokens(path); again != "" || err != nil {
		t.Errorf("an existing file: %q, %v", again, err)
	}
	if _, err := MakeTokens(filepath.Join(path, "none")); err == nil {
		t.Error("a path below a file is accepted")
	}
}

// TestTokenFileBecomesInvalid: the previous tokens stay valid, no others do, and there is one warning.
func TestTokenFileBecomesInvalid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, []byte("ann operator 0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	k, err := readTokens(path, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for name, corrupt := range map[string]func() error{
		"invalid": func() error { return os.WriteFile(path, []byte("eve operator short"), 0o600) },
		"missing": func() error { return os.Remove(path) },
	} {
		log.Reset()
		if err := corrupt(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if who, ok := k.find("0123456789abcdef"); !ok || who.name != "ann" {
				t.Errorf("%s: ann is refused", name)
			}
			if _, ok := k.find("short"); ok {
				t.Errorf("%s: eve is admitted", name)
			}
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 {
			t.Errorf("%s: %d warnings:\n%s", name, n, log.String())
		}
	}
}

func FuzzParseTokens(f *testing.F) {
	f.Add([]byte("ann operator 0123456789abcdef\n# bob\n\nbob viewer fedcba9876543210"))
	f.Add([]byte("\x1b[2J viewer 0123456789abcdef"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := parseTokens(text)
		if err != nil {
			return
		}
		if len(list) == 0 {
			t.Fatal("no token, and no error")
		}
		for _, k := range list {
			if k.role != viewer && k.role != operator || len(k.name) > 4*64 {
				t.Fatalf("%+v", k.caller)
			}
		}
	})
}
