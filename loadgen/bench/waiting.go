//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// crowd is a number of virtual users in think time after one request.
type crowd struct {
	name   string
	users  int
	shared string // shared_connections
}

// crowds are measured in this order. The first one gives the memory of the process itself, which is subtracted from the others.
var crowds = []crowd{{"1 user", 1, "true"}, {"50,000 users, shared connections", 50_000, "true"}, {"10,000 users, a connection each", 10_000, "false"}}

const waitingSpec = `target: %s
users: %d
duration: 10m
finish: 1ms
shared_connections: %s
scenarios:
  - name: patient
    steps: [{get: /ping}, {think: 10m}]
`

// crowdCost is the cost of a waiting crowd: the memory of the process in bytes, and its share of a core.
type crowdCost struct{ memory, cpu float64 }

// waiting measures the cost of users in think time, and the accuracy of think time.
func waiting(s settings, _ *server) (bars []*bar) {
	alone := &bar{what: "memory of a waiting user, without an open connection, KB", format: "%.1f", must: 2}
	connected := &bar{what: "memory of a waiting user, with one, KB", format: "%.1f", must: 12}
	many := &bar{what: "50,000 users in think time: MB", format: "%.0f", must: 250}
	cores := &bar{what: "50,000 users in think time: % of a core", format: "%.1f", must: 5}
	own := &bar{what: "10,000 users in think time with a connection each: MB", format: "%.0f", must: 250}
	exact := &bar{what: "think time of 50 ms off by, p99 of iterations less that of their requests, ms", format: "%.2f", must: 1}
	bars = []*bar{alone, connected, many, cores, own, exact}
	for range s.rounds {
		var of [3]crowdCost
		for i, c := range crowds {
			var err error
			if of[i], err = stand(c, s); err != nil {
				for _, b := range bars[:5] {
					b.why = c.name + ": " + err.Error()
				}
				return bars
			}
		}
		alone.measured = append(alone.measured, (of[1].memory-of[0].memory)/1024/float64(crowds[1].users))
		connected.measured = append(connected.measured, (of[2].memory-of[0].memory)/1024/float64(crowds[2].users))
		many.measured, cores.measured = append(many.measured, of[1].memory/1e6), append(cores.measured, of[1].cpu*100)
		own.measured = append(own.measured, of[2].memory/1e6)
		off, err := thinkError(s)
		if err != nil {
			exact.why = err.Error()
			continue
		}
		exact.measured = append(exact.measured, off)
	}
	return bars
}

// stand runs a crowd and measures the process.
func stand(c crowd, s settings) (got crowdCost, err error) {
	url, closeTarget, err := openShop(s.landfall)
	if err != nil {
		return got, err
	}
	defer closeTarget()
	dir, err := os.MkdirTemp("", "landfall-bench-")
	if err != nil {
		return got, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "waiting.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, waitingSpec, url, c.users, c.shared), 0o600); err != nil {
		return got, err
	}
	run := pinned(1, s.landfall, "run", "--local", "--threads", "1", file)
	if err := run.Start(); err != nil {
		return got, err
	}
	defer func() { _ = run.Process.Kill(); _ = run.Wait() }()
	for limit := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		counted, err := shopCounts(url)
		switch {
		case err != nil:
			return got, err
		case counted.Requests >= int64(c.users):
			return watch(run.Process.Pid, s.length)
		case time.Now().After(limit):
			return got, fmt.Errorf("%d of %d users arrived", counted.Requests, c.users)
		}
	}
}

// watch measures what a process uses over a time, once it has settled.
func watch(pid int, length time.Duration) (got crowdCost, err error) {
	time.Sleep(2 * time.Second)
	before, err := processTime(pid)
	if err != nil {
		return got, err
	}
	start := time.Now()
	time.Sleep(length)
	after, err := processTime(pid)
	if err != nil {
		return got, err
	}
	got.cpu = (after - before).Seconds() / time.Since(start).Seconds()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
		pages, err := strconv.ParseFloat(fields[1], 64)
		got.memory = pages * float64(syscall.Getpagesize())
		return got, err
	}
	return got, err
}

// processTime returns the CPU time of a process from /proc/PID/stat, whose clock has 100 ticks per second on Linux.
func processTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat: %.80q", pid, text)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err == nil {
		err = err2
	}
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

const thinkSpec = `target: %s
users: 50
duration: %s
shared_connections: true
scenarios:
  - name: patient
    steps: [{name: ask, get: /ping}, {think: 50ms}]
`

// thinkError returns the error of think time: how many milliseconds an iteration of one request and 50 ms of think time takes longer than
// both together, at the 99th percentile.
func thinkError(s settings) (float64, error) {
	url, closeTarget, err := openShop(s.landfall)
	if err != nil {
		return 0, err
	}
	defer closeTarget()
	dir, err := os.MkdirTemp("", "landfall-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "think.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, thinkSpec, url, s.length), 0o600); err != nil {
		return 0, err
	}
	out, err := pinned(1, s.landfall, "run", "--local", "--threads", "1", "--json", file).Output()
	if err != nil {
		return 0, err
	}
	var report struct {
		Latency   struct{ P99 float64 } `json:"latency_us"`
		Scenarios struct {
			Time struct{ P99 float64 } `json:"iteration_us"`
		} `json:"scenarios"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return 0, err
	}
	return (report.Scenarios.Time.P99 - report.Latency.P99 - 50_000) / 1000, nil
}
