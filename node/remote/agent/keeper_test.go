//go:build unix

package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// serve executes an order and returns the answers.
func serve(t *testing.T, o hosts.Order) (answers []hosts.Answer) {
	t.Helper()
	if o.Schema == 0 {
		o.Schema = hosts.Schema
	}
	line, _ := json.Marshal(o)
	var out bytes.Buffer
	if err := Serve(bytes.NewReader(append(line, '\n')), &out); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(bytes.TrimLeft(out.Bytes(), "\n")) {
		a, ok, err := hosts.ReadAnswer(line)
		if !ok || err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		answers = append(answers, a)
	}
	return answers
}

func TestOrdersOutsideTheFolderAreRefused(t *testing.T) {
	root := filepath.Join(t.TempDir(), "landfall")
	for name, o := range map[string]hosts.Order{
		"root":     {Do: hosts.End, Root: "/usr", Folder: "x"},
		"relative": {Do: hosts.End, Root: "landfall", Folder: "x"},
		"folder":   {Do: hosts.End, Root: root, Folder: "../x"},
		"none":     {Do: hosts.End, Root: root, Folder: ""},
		"driver":   {Do: hosts.Keep, Root: root, Folder: "x", Drivers: []hosts.Launch{{Name: "a/b"}}},
		"file":     {Do: hosts.Keep, Root: root, Folder: "x", Files: []hosts.File{{Name: ".."}}},
		"schema":   {Do: hosts.End, Root: root, Folder: "x", Schema: 7},
		"unknown":  {Do: "dance", Root: root, Folder: "x"},
	} {
		if a := serve(t, o); len(a) != 1 || !a[0].Done || a[0].Error == "" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("the root folder was created")
	}
}

func TestEndLeavesForeignFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "landfall")
	sum := strings.Repeat("ab", 32)
	for _, dir := range []string{"bin/" + sum, "bin/mine", "fleets/x/drivers", "fleets/y"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	order := hosts.Order{Do: hosts.End, Root: root, Folder: "x", Purge: true}
	there := func(name string) bool { _, err := os.Stat(filepath.Join(root, name)); return err == nil }
	if a := serve(t, order); a[len(a)-1].Error != "" || there("fleets/x") || !there("bin/"+sum) {
		t.Errorf("while another fleet uses it: %+v, x %v, binary %v", a, there("fleets/x"), there("bin/"+sum))
	}
	os.Remove(filepath.Join(root, "fleets/y"))
	if a := serve(t, order); a[len(a)-1].Error != "" || there("fleets") || there("bin/"+sum) || !there("bin/mine") {
		t.Errorf("when no fleet uses it: %+v, fleets %v, binary %v, others' %v", a, there("fleets"), there("bin/"+sum), there("bin/mine"))
	}
	os.Remove(filepath.Join(root, "bin/mine"))
	if serve(t, order); there("") {
		t.Error("the empty folder is left")
	}
}

func TestCharge(t *testing.T) {
	now := time.Now()
	c := &charge{}
	c.see(now, false, 0, false, true)
	if !c.due(now) || c.Left {
		t.Fatalf("never started: %+v", c)
	}
	c.begun = true
	c.see(now, true, 7, true, false)
	if c.due(now) || !c.Joined {
		t.Fatalf("runs: %+v", c)
	}
	for i, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		c.see(now, true, 0, false, false)
		if c.PID != 0 || c.due(now.Add(pause*time.Second-1)) || !c.due(now.Add(pause*time.Second)) {
			t.Errorf("died for the %dth time: %+v, want a pause of %d s", i+1, c, pause)
		}
		c.see(now, false, 8+i, true, false)
	}
	now = now.Add(wellAfter + 1)
	c.see(now, true, c.PID, true, false)
	if c.see(now, true, 0, false, false); !c.due(now.Add(time.Second)) {
		t.Errorf("died after a long uptime: %+v", c)
	}
	c.see(now, false, 9, true, false)
	if c.see(now, true, 0, false, true); !c.Left || c.due(now.Add(time.Hour)) {
		t.Errorf("exited cleanly: %+v", c)
	}
}

func TestOutdated(t *testing.T) {
	d := func(name string, args ...string) hosts.Launch { return hosts.Launch{Name: name, Args: args} }
	last := plan{Binary: "b", Drivers: []hosts.Launch{d("same", "1"), d("changed", "1"), d("gone", "1")}}
	next := plan{Binary: "b", Drivers: []hosts.Launch{d("same", "1"), d("changed", "2"), d("new", "1")}}
	if got := outdated(last, next); !slices.Equal(got, []string{"changed", "gone"}) {
		t.Error(got)
	}
	next.Binary = "c"
	if got := outdated(last, next); len(got) != 3 {
		t.Error(got)
	}
}

// Files are readable by this user only, and passed to the driver by a flag.
func TestFilesTravelWithinTheOrder(t *testing.T) {
	s := &server{order: hosts.Order{Root: filepath.Join(t.TempDir(), "landfall"), Folder: "x", Session: "1", Drivers: []hosts.Launch{{Name: "a", Args: []string{"driver"}}},
		Files: []hosts.File{{Flag: "--kafka-password-file", Name: "file0", Data: []byte("s3cret")}, {Flag: "--sign-key", Name: "file1", Data: []byte("a's"), Driver: "a"},
			{Flag: "--sign-key", Name: "file2", Data: []byte("b's"), Driver: "b"}}}}
	if err := os.MkdirAll(s.drivers(), 0o700); err != nil {
		t.Fatal(err)
	}
	p, charges, err := s.takeOver(t.Context(), "binary")
	if err != nil || len(charges) != 1 || charges[0].begun {
		t.Fatalf("%+v, %v", charges, err)
	}
	path := filepath.Join(s.folder(), "file0")
	if key := "--sign-key=" + filepath.Join(s.folder(), "file"); !slices.Contains(p.Drivers[0].Args, key+"1") || slices.Contains(p.Drivers[0].Args, key+"2") {
		t.Errorf("driver a has other keys than its own: %q", p.Drivers[0].Args)
	}
	if !slices.Contains(p.Drivers[0].Args, "--kafka-password-file="+path) || !slices.Contains(p.Drivers[0].Args, "--data="+s.folder()) {
		t.Errorf("%q", p.Drivers[0].Args)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if data, _ := os.ReadFile(path); string(data) != "s3cret" {
		t.Errorf("%q", data)
	}
	if plan, _ := os.ReadFile(s.planFile()); bytes.Contains(plan, []byte("s3cret")) || len(plan) == 0 {
		t.Errorf("plan: %s", plan)
	}
	if err := os.WriteFile(filepath.Join(s.drivers(), "a.log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, charges, _ := s.takeOver(t.Context(), "binary"); !charges[0].begun {
		t.Error("the same session starts over")
	}
	s.order.Session = "2"
	if _, charges, _ := s.takeOver(t.Context(), "binary"); charges[0].begun {
		t.Error("another session continues the previous one")
	}
}

func TestFollow(t *testing.T) {
	root := filepath.Join(t.TempDir(), "landfall")
	dir := filepath.Join(root, "fleets/x/drivers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a": "1\n2\n3\n", "b": "4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name+".log"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(driver string, lines int) (text string) {
		for _, a := range serve(t, hosts.Order{Do: hosts.Follow, Root: root, Folder: "x", Driver: driver, Lines: lines}) {
			if a.Line != nil {
				text += a.Line.Driver + a.Line.Text + " "
			}
			text += a.Error
		}
		return strings.TrimSpace(text)
	}
	for _, c := range []struct {
		driver string
		lines  int
		want   string
	}{{"", 2, "a2 a3 b4"}, {"a", 100, "a1 a2 a3"}, {"a", 0, ""}, {"c", 1, `driver "c": has no log here`}} {
		if got := read(c.driver, c.lines); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestLockIsHeldByOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	gaveUp := errors.New("gave up")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(gaveUp)
	if _, err := lock(ctx, path); !errors.Is(err, gaveUp) {
		t.Errorf("locked twice: %v", err)
	}
	unlock()
	if unlock, err = lock(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	unlock()
}
