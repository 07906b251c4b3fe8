package gateway

import (
	"log/slog"
	"os"
	"path/filepath"
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
		t.Errorf("a file that is there: %q, %v", again, err)
	}
	if _, err := MakeTokens(filepath.Join(path, "none")); err == nil {
		t.Error("a folder that is none")
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
