package embedded

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// A byte of a record is flipped after a clean stop: earlier records are kept, and the partition accepts new
// ones.
func TestDamageOnDisk(t *testing.T) {
	dir := t.TempDir()
	b := start(t, Config{Dir: dir})
	c := client(t, b.Addr())
	create(t, c, "t")
	for _, value := range []string{"before", "damaged", "after"} {
		produce(t, c, "t", kafka.Record{Value: kafka.NewBytes([]byte(value))})
	}
	b.Close()
	path := filepath.Join(dir, "data", "partitions", "t-0", "0.dat")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[bytes.Index(data, []byte("damaged"))] ^= 0xff
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	c = client(t, start(t, Config{Dir: dir, Log: slog.New(slog.NewTextHandler(&logged, nil))}).Addr())
	produce(t, c, "t", kafka.Record{Value: kafka.NewBytes([]byte("new"))})
	var values []string
	records, _ := fetch(t, c, "t", 0)
	for _, r := range records {
		value, _ := protocol.ReadAll(r.Value)
		values = append(values, string(value))
	}
	if got := strings.Join(values, " "); got != "before new" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(logged.String(), "damaged records on disk") || !strings.Contains(logged.String(), path) {
		t.Errorf("logged: %s", &logged)
	}
	if rest, err := os.ReadFile(path + damaged); err != nil || !bytes.Contains(rest, []byte("after")) {
		t.Errorf("what was put aside: %d bytes, %v", len(rest), err)
	}
}

// A file that kfake cannot read stops the start; the error names the folder and a remedy.
func TestEmptiedFile(t *testing.T) {
	dir := t.TempDir()
	start(t, Config{Dir: dir}).Close()
	if err := os.Truncate(filepath.Join(dir, "data", "meta.json"), 0); err != nil {
		t.Fatal(err)
	}
	_, err := Start(Config{Dir: dir, Listen: "127.0.0.1:0"})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "data")) || !strings.Contains(err.Error(), "move") {
		t.Errorf("got %v", err)
	}
}

// An existing data folder that was readable by everybody is made private.
func TestDataFolderIsMadePrivate(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, Config{Dir: dir})
	if info, err := os.Stat(filepath.Join(dir, "data")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// If the lock is replaced by a link, the linked file is not overwritten.
func TestPlantedLink(t *testing.T) {
	dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, "lock")); err != nil {
		t.Skip(err)
	}
	if _, err := Start(Config{Dir: dir, Listen: "127.0.0.1:0"}); err == nil || !strings.Contains(err.Error(), "lock") {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(victim); string(text) != "precious" {
		t.Errorf("it holds %q", text)
	}
}
