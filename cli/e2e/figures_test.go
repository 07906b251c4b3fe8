//go:build e2e && bench && linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"landfall/node"
)

// TestFigures prints the resource usage of real processes with their limits, and fails if one is exceeded.
func TestFigures(t *testing.T) {
	fmt.Println("| figure | measured | bar |\n|---|---|---|")
	triggerToFirstRequest(t)
	idleDriver(t)
	demoToFirstRequest(t)
}

func figure(t *testing.T, what string, value, bar float64, unit string) {
	t.Helper()
	fmt.Printf("| %s | %.2f %s | ≤ %g |\n", what, value, unit, bar)
	if value > bar {
		t.Errorf("%s: %.2f %s, want at most %g", what, value, unit, bar)
	}
}

// triggerToFirstRequest measures the longest of five runs, each from the append time of the start record to
// the first request of the last of nine drivers, both by the broker's clock.
func triggerToFirstRequest(t *testing.T) {
	f := newFleet(t, 9)
	bus := f.openBus()
	var mu sync.Mutex
	written, first := map[string]time.Time{}, map[string]time.Time{}
	began := map[string]int{} // drivers
	ctx, cancel := context.WithCancel(t.Context())
	var tails sync.WaitGroup
	defer tails.Wait()
	defer cancel()
	note := node.Reader{Record: func(r node.Record) {
		m, err := node.Decode(r)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		switch m := m.(type) {
		case *node.Trigger:
			if m.Action == node.Start {
				written[m.TestID] = r.Appended
			}
		case *node.Metrics:
			if m.Seq == 1 && m.StartUS > 0 {
				began[m.TestID]++
				if at := time.UnixMicro(m.StartUS); at.After(first[m.TestID]) {
					first[m.TestID] = at
				}
			}
		}
	}}
	for _, topic := range []node.Topic{node.TopicTrigger, node.TopicMetrics} {
		tails.Go(func() { bus.Tail(ctx, topic, node.From{}, note) })
	}
	worst := time.Duration(0)
	for range 5 {
		code, r := f.pass(30*time.Second, "-q", "900", "-z", "1s", "--drivers", "9", f.url)
		if code != 0 {
			t.Fatalf("exit %d: %v", code, r.Reasons)
		}
		eventually(t, 10*time.Second, "nine drivers' first snapshots", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return began[r.TestID] == 9 && !written[r.TestID].IsZero()
		})
		mu.Lock()
		worst = max(worst, first[r.TestID].Sub(written[r.TestID]))
		mu.Unlock()
	}
	figure(t, "start written → first request at the last of 9 drivers, longest of 5", worst.Seconds(), 1, "s")
}

func idleDriver(t *testing.T) {
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	figure(t, "binary", float64(info.Size())/1e6, 25, "MB")
	f := newFleet(t, 1)
	time.Sleep(5 * time.Second) // startup is not idle
	const length = 30 * time.Second
	pid := f.drivers[0].cmd.Process.Pid
	before, _ := consumed(t, pid)
	time.Sleep(length)
	after, resident := consumed(t, pid)
	figure(t, "idle driver, resident", float64(resident)/1e6, 20, "MB")
	figure(t, "idle driver, CPU", 100*float64(after-before)/float64(length), 0.5, "% of a core")
}

// demoToFirstRequest measures from the start of the program to T0 of its run, when a tsunami's first request
// is due.
func demoToFirstRequest(t *testing.T) {
	began := time.Now()
	p, _ := startDemo(t, "--json", "--quiet")
	if code := p.exit(60 * time.Second); code != 0 {
		t.Fatalf("exit %d", code)
	}
	figure(t, "make demo → first request, after the build", time.UnixMilli(p.report().StartedAtMS).Sub(began).Seconds(), 3, "s")
}

// consumed returns a process's CPU time and resident bytes.
func consumed(t *testing.T, pid int) (cpu time.Duration, resident int64) {
	t.Helper()
	const tick = time.Second / 100 // USER_HZ
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	number := func(i int) int64 {
		n, err := strconv.ParseInt(f[i], 10, 64)
		if err != nil {
			t.Fatalf("stat of process %d: %q", pid, stat)
		}
		return n
	}
	return time.Duration(number(11)+number(12)) * tick, number(21) * int64(os.Getpagesize())
}
