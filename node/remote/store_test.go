package remote

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/node/remote/hosts"
)

func TestStoreReadsBack(t *testing.T) {
	s, err := StoreOf(t.TempDir(), "load")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Plan(); !errors.Is(err, ErrUnknown) {
		t.Errorf("the plan of a fleet that was never started: %v", err)
	}
	if states, err := s.States(); err != nil || len(states) > 0 {
		t.Errorf("its states: %v, %v", states, err)
	}
	plan := Plan{Named: []NamedFile{{Flag: "--ca", Path: "/ca.pem"}, {Flag: "--key", Path: "/d1.key", Driver: "d1"}}}
	plan.Tunnel = []string{"10.0.0.1:9092"}
	states := []hosts.State{{Host: "h1", Wanted: 2, Touched: true}, {Host: "h2", Detail: "no route"}}
	for range 2 { // the second time replaces the first
		if err := errors.Join(s.SavePlan(plan), s.SaveStates(states)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Plan(); err != nil || !reflect.DeepEqual(got, plan) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := s.States(); err != nil || !reflect.DeepEqual(got, states) {
		t.Errorf("%+v, %v", got, err)
	}
	list, _ := os.ReadDir(s.Dir)
	for _, f := range list {
		if info, _ := f.Info(); info.Mode().Perm() != 0o600 || strings.HasSuffix(f.Name(), ".new") {
			t.Errorf("%s is left with %v", f.Name(), info.Mode())
		}
	}
}

func TestDamagedStoreIsNamed(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	for _, name := range []string{"plan.json", "states.json"} {
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(`{"files":`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Plan(); err == nil || errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), filepath.Join(s.Dir, "plan.json")) {
		t.Errorf("plan: %v", err)
	}
	if _, err := s.States(); err == nil || !strings.Contains(err.Error(), "states.json") {
		t.Errorf("states: %v", err)
	}
}

// A name is a folder's: it must not lead elsewhere.
func TestFleetNamesStayInTheirFolder(t *testing.T) {
	for _, name := range []string{"", "..", "../x", "a/b", "a b"} {
		if s, err := StoreOf("/data", name); err == nil || !strings.Contains(err.Error(), "--fleet") {
			t.Errorf("%q: %+v, %v", name, s, err)
		}
	}
}

// The plan holds the names of files; their content is read when it is used.
func TestFilesOfAPlanAreReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ca.pem")
	p := Plan{Named: []NamedFile{{Flag: "--ca", Path: path, Driver: "d1"}}}
	if _, err := p.Whole(); err == nil || !strings.Contains(err.Error(), "--ca") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without the file: %v", err)
	}
	for _, text := range []string{"old", "new"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := p.Whole()
		if err != nil || len(c.Files) != 1 || string(c.Files[0].Data) != text || c.Files[0].Flag != "--ca" || c.Files[0].Driver != "d1" {
			t.Errorf("%+v, %v", c.Files, err)
		}
	}
	if len(p.Files) > 0 {
		t.Error("the plan keeps the content")
	}
}
