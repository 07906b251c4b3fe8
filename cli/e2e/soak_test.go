//go:build e2e && soak && linux

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/kafkabus/kafkatest"
	"landfall/tui/tuitest"
)

const (
	sampleEvery = 10 * time.Second
	mostSlope   = 1.0 // percent of the mean in ten minutes
)

// Three drivers send 300 requests a second for an hour (or SOAK=10m), with `run` attached, on the embedded
// broker or, with LANDFALL_KAFKA, on Apache Kafka. After the first sixth, no process's memory, descriptors
// and goroutines may grow.
func TestSoak(t *testing.T) {
	length := soakLength(t, time.Hour)
	instrumented(t)
	var f *fleet
	if os.Getenv("LANDFALL_KAFKA") != "" {
		f = newFleetOn(t, kafkatest.StartKafka(t, kafkatest.Wanted(t), "").Brokers(), 3)
	} else {
		f = newFleet(t, 3)
	}
	run := f.run("-c", "8", "-q", "300", "-z", length.String(), f.url) // few connections, so that all are soon open
	watched := map[string]*process{"run": run, "target": f.target}
	for i, d := range f.drivers {
		watched[fmt.Sprint("driver ", i+1)] = d
	}
	if f.broker != nil {
		watched["broker"] = f.broker
	}
	soak(t, watched, length, run)
	if code := run.exit(time.Minute); code != 0 {
		t.Errorf("exit %d", code)
	}
	exact(t, run.report(), f.counted())
}

// One driver sends as fast as it can for half an hour: at most 25 MB, and no growth.
func TestSoakFullSpeed(t *testing.T) {
	length := soakLength(t, time.Hour) / 2
	instrumented(t)
	f := newFleet(t, 1)
	run := f.run("-c", "64", "-z", length.String(), f.url)
	if peak := soak(t, map[string]*process{"driver": f.drivers[0]}, length, run); peak["driver"] > 25<<20 {
		t.Errorf("the driver took %.1f MB, want at most 25", float64(peak["driver"])/1e6)
	}
	if code := run.exit(time.Minute); code != 0 {
		t.Errorf("exit %d", code)
	}
	exact(t, run.report(), f.counted())
}

func soakLength(t *testing.T, length time.Duration) time.Duration {
	if text := os.Getenv("SOAK"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatalf("SOAK=%s: %v", text, err)
		}
	}
	return length
}

// instrumented builds the program as the Makefile does, since its size counts, with a handler that prints the number of
// goroutines on SIGUSR2.
func instrumented(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(dir, "goroutines.go")
	overlay, _ := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "goroutines.go"): source}})
	for name, text := range map[string]string{source: `package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

func init() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	go func() {
		for range c {
			fmt.Fprintln(os.Stderr, "goroutines:", runtime.NumGoroutine())
		}
	}()
}
`, filepath.Join(dir, "overlay.json"): string(overlay)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plain := binary
	t.Cleanup(func() { binary = plain })
	binary = filepath.Join(dir, "landfall")
	if err := tuitest.Make(binary, "GOFLAGS=-overlay="+filepath.Join(dir, "overlay.json")); err != nil {
		t.Fatal(err)
	}
}

// soak samples processes during a run, prints a table, and fails if a figure grew. It returns the peaks of
// their memory, in bytes.
func soak(t *testing.T, watched map[string]*process, length time.Duration, run *process) map[string]float64 {
	series := map[[2]string][]float64{} // by process and figure
	began := time.Now()
	for range time.Tick(sampleEvery) {
		if time.Since(began) > length {
			break
		}
		select {
		case <-run.done:
			t.Fatalf("the run ended after %s: %s", time.Since(began), tail(run.stderr.String(), 2000))
		default:
		}
		for name, p := range watched {
			pid := p.cmd.Process.Pid
			descriptors, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
			sample := map[string]float64{"memory": memory(t, pid), "descriptors": float64(len(descriptors)), "goroutines": goroutines(p)}
			for figure, v := range sample {
				series[[2]string{name, figure}] = append(series[[2]string{name, figure}], v)
			}
		}
	}
	peaks := map[string]float64{}
	fmt.Println("| process | figure | mean | least | most | growth in 10 min |\n|---|---|---|---|---|---|")
	for name := range watched {
		for _, figure := range []string{"memory", "descriptors", "goroutines"} {
			list := series[[2]string{name, figure}]
			list = list[len(list)/6:]
			mean, slope := trend(list)
			low, high := list[0], list[0]
			for _, v := range list {
				low, high = min(low, v), max(high, v)
			}
			if figure == "memory" {
				peaks[name] = high
			}
			growth := 100 * slope * float64(10*time.Minute/sampleEvery) / mean
			fmt.Printf("| %s | %s | %.0f | %.0f | %.0f | %+.2f %% |\n", name, figure, mean, low, high, growth)
			if growth > mostSlope {
				t.Errorf("%s: %s grows by %.2f %% in ten minutes, want at most %g", name, figure, growth, mostSlope)
			}
		}
	}
	return peaks
}

// memory returns a process's memory, in bytes.
func memory(t *testing.T, pid int) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(fields[1], 64)
			return 1024 * kb
		}
	}
	t.Fatalf("process %d: no VmRSS", pid)
	return 0
}

// goroutines returns the number of goroutines last printed by the process, and requests the next.
func goroutines(p *process) float64 {
	output := p.stderr.String()
	p.signal(syscall.SIGUSR2)
	_, last, _ := strings.Cut(output[max(strings.LastIndex(output, "goroutines: "), 0):], "goroutines: ")
	n, _ := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(last, "\n", 2)[0]), 64)
	return n
}

// trend returns the mean of a series and its slope by least squares, per step.
func trend(list []float64) (mean, slope float64) {
	n := float64(len(list))
	for _, v := range list {
		mean += v / n
	}
	var up, down float64
	for i, v := range list {
		x := float64(i) - (n-1)/2
		up += x * (v - mean)
		down += x * x
	}
	return mean, up / down
}
