package door

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/node/gateway/door/doortest"
)

func TestACertificateIsReadAgainWhenItChanges(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	var said bytes.Buffer
	k := &keyPair{cert: filepath.Join(dir, "cert"), key: filepath.Join(dir, "key"), worry: worry{log: slog.New(slog.NewTextHandler(&said, nil)), what: "worried"}}
	if _, err := k.current(nil); err == nil {
		t.Error("there is none yet")
	}
	serial := func() int64 {
		pair, err := k.current(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	for i := int64(1); i <= 2; i++ {
		doortest.WritePair(t, dir, i, now.Add(time.Duration(i)*time.Minute))
		if n := serial(); n != i {
			t.Errorf("certificate %d, want %d", n, i)
		}
	}
	// One that is older than what it takes the place of is another one, too.
	doortest.WritePair(t, dir, 3, now.Add(-time.Hour))
	if err := os.Chtimes(k.key, now, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 3 {
		t.Errorf("certificate %d, want the older one that was put in place", n)
	}
	if err := os.WriteFile(k.cert, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n := serial(); n != 3 {
			t.Errorf("certificate %d after rubbish was written", n)
		}
	}
	if n := strings.Count(said.String(), "worried"); n != 1 {
		t.Errorf("the rubbish was spoken of %d times, want once:\n%s", n, said.String())
	}
}
