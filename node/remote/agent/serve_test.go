//go:build unix

package agent

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"landfall/node/remote/hosts"
)

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

// Files are readable by this user only, and passed to the driver by a flag.
func TestFilesTravelWithinTheOrder(t *testing.T) {
	s := &server{order: hosts.Order{Root: filepath.Join(t.TempDir(), "landfall"), Folder: "x", Session: "1", Drivers: []hosts.Launch{{Name: "a", Args: []string{"driver"}}},
		Files: []hosts.File{{Flag: "--kafka-password-file", Name: "file0", Data: []byte("s3cret")}, {Flag: "--sign-key", Name: "file1", Data: []byte("a's"), Driver: "a"},
			{Flag: "--sign-key", Name: "file2", Data: []byte("b's"), Driver: "b"}}}}
	if err := os.MkdirAll(s.drivers(), 0o700); err != nil {
		t.Fatal(err)
	}
	p, charges, err := s.takeOver(t.Context(), "binary")
	if err != nil || len(charges) != 1 || charges[0].started {
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
	if _, charges, _ := s.takeOver(t.Context(), "binary"); !charges[0].started {
		t.Error("the same session starts over")
	}
	s.order.Session = "2"
	if _, charges, _ := s.takeOver(t.Context(), "binary"); charges[0].started {
		t.Error("another session continues the previous one")
	}
}

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
