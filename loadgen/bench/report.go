//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// reported is the part of landfall's report that is used.
type reported struct {
	Requests  int64 `json:"requests"`
	Responses int64 `json:"responses"`
	Latency   struct {
		P50 float64 `json:"p50"`
		P95 float64 `json:"p95"`
		P99 float64 `json:"p99"`
	} `json:"latency_us"`
	memory float64 // peak, in MB
}

// runLandfall runs landfall and reads its report. It calls during while landfall is running.
func runLandfall(s settings, limit time.Duration, during func(pid int), args ...string) (r reported, err error) {
	var out, stderr bytes.Buffer
	c := pinned(1, s.landfall, append([]string{"run", "--local", "--threads", "1", "--json", "--quiet"}, args...)...)
	c.Stdout, c.Stderr, c.WaitDelay = &out, &stderr, time.Second
	if err := c.Start(); err != nil {
		return r, err
	}
	late := time.AfterFunc(limit, func() { _ = c.Process.Kill() })
	defer late.Stop()
	if during != nil {
		go during(c.Process.Pid)
	}
	if err := c.Wait(); err != nil {
		return r, fmt.Errorf("%s: %w: %.300s", s.landfall, err, stderr.String())
	}
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.memory = float64(u.Maxrss) / 1024
	}
	return r, json.Unmarshal(out.Bytes(), &r)
}

// output runs a program on the core of the clients and parses the number that it prints.
func output(name string, args ...string) (float64, error) {
	text, err := pinned(1, name, args...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return 0, fmt.Errorf("%s: %w: %.300s", name, err, exit.Stderr)
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
}
