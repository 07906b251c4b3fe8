//go:build unix

package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
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
