package access

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/node/gateway/access/accesstest"
)

func TestCertificateIsReloaded(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	var log bytes.Buffer
	k := &keyPair{cert: filepath.Join(dir, "cert"), key: filepath.Join(dir, "key"), failures: failureLog{log: slog.New(slog.NewTextHandler(&log, nil)), what: "unusable"}}
	if _, err := k.current(nil); err == nil {
		t.Error("a missing certificate is accepted")
	}
	serial := func() int64 {
		pair, err := k.current(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	for i := int64(1); i <= 2; i++ {
		accesstest.WritePair(t, dir, i, now.Add(time.Duration(i)*time.Minute))
		if n := serial(); n != i {
			t.Errorf("certificate %d, want %d", n, i)
		}
	}
	// A file that is older than the one it replaces is a change, too.
	accesstest.WritePair(t, dir, 3, now.Add(-time.Hour))
	if err := os.Chtimes(k.key, now, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 3 {
		t.Errorf("certificate %d, want the older file that replaced it", n)
	}
	if err := os.WriteFile(k.cert, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n := serial(); n != 3 {
			t.Errorf("certificate %d after an invalid file was written", n)
		}
	}
	if n := strings.Count(log.String(), "unusable"); n != 1 {
		t.Errorf("%d warnings of the invalid file, want 1:\n%s", n, log.String())
	}
}
