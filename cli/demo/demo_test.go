//go:build unix

package demo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program writes a shell script that replaces landfall; words is the folder in which its processes leave
// files.
func program(t *testing.T, script string) (binary, words string) {
	t.Helper()
	dir := t.TempDir()
	binary, words = filepath.Join(dir, "landfall"), filepath.Join(dir, "words")
	if err := os.Mkdir(words, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binary, []byte("#!/bin/sh\nwords="+words+"\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return binary, words
}

// demos returns a function that lists the demos' folders in a temporary folder of the test.
func demos(t *testing.T) func() []string {
	t.Helper()
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	return func() []string {
		found, err := filepath.Glob(filepath.Join(tmp, "landfall-demo-*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

func TestChildrenExitWithTheirParent(t *testing.T) {
	left := demos(t)
	t.Setenv("LANDFALL_BROKERS", "elsewhere:1")
	binary, words := program(t, `echo "$@ ${LANDFALL_BROKERS-none}" > $words/$1-$$.began
[ $1 = driver ] || echo 127.0.0.1:12$#
cat
mv $words/$1-$$.began $words/$1-$$.ended
`)
	f, err := Start(t.Context(), Config{Binary: binary, Drivers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if f.Broker != "127.0.0.1:127" || f.Target != "http://127.0.0.1:124/ping" || len(left()) != 1 {
		t.Errorf("broker %s, target %s, folders %q", f.Broker, f.Target, left())
	}
	for deadline := time.Now().Add(10 * time.Second); len(read(t, words, "*.began")) < 4 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	f.Close()
	ended := strings.Join(read(t, words, "*.ended"), "")
	for _, want := range []string{
		"broker --listen 127.0.0.1:0 --data " + f.Dir + " --temporary --until-eof none", "target --listen 127.0.0.1:0 --until-eof none",
		"driver --name demo-1 --brokers 127.0.0.1:127 --fleet-keys " + f.Ring + " --sign-key " + f.Dir + "/demo-1.key --until-eof none",
		"driver --name demo-2 --brokers 127.0.0.1:127 --fleet-keys " + f.Ring + " --sign-key " + f.Dir + "/demo-2.key --until-eof none",
	} {
		if !strings.Contains(ended, want+"\n") {
			t.Errorf("%q did not exit by itself:\n%s", want, ended)
		}
	}
	if found := left(); len(found) > 0 {
		t.Errorf("%q is left", found)
	}
}

func TestFailedChildsOutputIsShown(t *testing.T) {
	left := demos(t)
	binary, _ := program(t, `[ $1 = target ] && { echo "no ports left" >&2; exit 1; }
echo 127.0.0.1:1
exec cat
`)
	if _, err := Start(t.Context(), Config{Binary: binary}); err == nil || !strings.Contains(err.Error(), "the target did not start: no ports left") {
		t.Errorf("%v", err)
	}
	if found := left(); len(found) > 0 {
		t.Errorf("%q is left", found)
	}
}

func TestSilentChildIsKilled(t *testing.T) {
	left := demos(t)
	binary, _ := program(t, "exec sleep 600\n")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := Start(ctx, Config{Binary: binary}); err != context.DeadlineExceeded {
		t.Errorf("%v", err)
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("it took %v", took)
	}
	if found := left(); len(found) > 0 {
		t.Errorf("%q is left", found)
	}
}

// read returns the contents of a folder's files.
func read(t *testing.T, dir, pattern string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if text, err := os.ReadFile(name); err == nil {
			texts = append(texts, string(text))
		}
	}
	return texts
}
