//go:build unix

package main

import (
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// result is one measurement.
type result struct{ requests, cpu, burst, memory float64 }

// row holds all rounds of one tool in one scenario.
type row struct {
	scenario, tool string
	reference      string // tool to compare with
	rate           int
	rounds         []result
	ratios         []float64 // of CPU per request to the reference tool's, in the same round
	failed         error
}

// scenario is a load, the tools to compare with (the first one available is used), and the limit of landfall's CPU per request relative
// to theirs.
type scenario struct {
	name       string
	load       load
	references []string
	must       float64
}

func scenarios(a addresses) (list []scenario) {
	add := func(name string, must float64, l load, references ...string) {
		list = append(list, scenario{name, l, references, must})
	}
	add("HTTP/1.1, 64 connections", 0.95, load{url: "http://" + a.Plain, connections: 64}, "wrk")
	add("HTTP/1.1, 512 connections", 0.90, load{url: "http://" + a.Plain, connections: 512}, "wrk")
	for _, c := range []int{64, 512} {
		add(fmt.Sprintf("TLS 1.3, %d connections", c), 0.95, load{url: "https://" + a.TLS, connections: c}, "wrk")
	}
	for _, n := range []int{1, 10, 100} {
		add(fmt.Sprintf("HTTP/2, 16 connections × %d streams", n), 0.90, load{url: "http://" + a.H2C, connections: 16, streams: n}, "h2load")
	}
	for _, r := range []int{1000, 5000, 20000} {
		add(fmt.Sprintf("%d requests/s, 64 connections", r), 1, load{url: "http://" + a.Plain, connections: 64, rate: r}, "wrk2", "fortio -uniform")
	}
	return list
}

// available returns the first tool that is installed, or "".
func available(names []string) string {
	for _, name := range names {
		if _, err := exec.LookPath(strings.Fields(name)[0]); err == nil {
			return name
		}
	}
	return ""
}

// measure runs every scenario. Each round runs all tools in turn.
func measure(s settings, srv *server, progress io.Writer) ([]*row, error) {
	var all []*row
	for _, sc := range scenarios(srv.addresses) {
		if !strings.Contains(sc.name, s.only) {
			continue
		}
		l, reference := sc.load, available(sc.references)
		l.length = s.length
		var rows []*row
		for range s.rounds {
			round, err := measureRound(s, srv, sc.name, l, &rows)
			if err != nil {
				return nil, err
			}
			compare(rows, reference, round)
			fmt.Fprint(progress, ".")
		}
		fmt.Fprintln(progress, " "+sc.name)
		all = append(all, rows...)
	}
	return all, nil
}

// measureRound runs each tool once and returns the costs by tool.
func measureRound(s settings, srv *server, name string, l load, rows *[]*row) (map[string]float64, error) {
	costs := map[string]float64{}
	for _, t := range tools(s.landfall) {
		args := t.args(l)
		if _, err := exec.LookPath(t.command()); err != nil || args == nil {
			continue
		}
		i := slices.IndexFunc(*rows, func(r *row) bool { return r.tool == t.name })
		if i < 0 {
			i = len(*rows)
			*rows = append(*rows, &row{scenario: name, tool: t.name, rate: l.rate * int(l.length.Seconds())})
		}
		r, err := once(t, args, srv, 2*l.length+5*time.Second)
		if err != nil {
			(*rows)[i].failed = err
			continue
		}
		(*rows)[i].rounds = append((*rows)[i].rounds, r)
		costs[t.name] = r.cpu
	}
	return costs, nil
}

func compare(rows []*row, reference string, costs map[string]float64) {
	base, ok := costs[reference]
	for _, r := range rows {
		r.reference = reference
		if cost, has := costs[r.tool]; ok && has && base > 0 {
			r.ratios = append(r.ratios, cost/base)
		}
	}
}

// spread formats the median with minimum and maximum.
func spread(list []float64, format string) string {
	if len(list) == 0 {
		return "–"
	}
	list = slices.Sorted(slices.Values(list))
	if len(list) == 1 {
		return fmt.Sprintf(format, list[0])
	}
	return fmt.Sprintf(format+" ("+format+"…"+format+")", list[len(list)/2], list[0], list[len(list)-1])
}

func writeTable(w io.Writer, s settings, rows []*row) {
	fmt.Fprintf(w, "%s/%s, %d cores, %s; %d rounds of %s, medians (minimum…maximum).\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), s.rounds, s.length)
	if missing := missing(s); len(missing) > 0 {
		fmt.Fprintf(w, "Not found, so not measured: %s.\n", strings.Join(missing, ", "))
	}
	if runtime.NumCPU() < 2 {
		fmt.Fprintln(w, "There is only one core, shared by server and clients: the figures are not meaningful.")
	}
	fmt.Fprintln(w, "\n| load | tool | CPU µs/request | ÷ reference (wrk; h2load for HTTP/2; wrk2 or fortio -uniform for rates) | rate error % | variance/mean per ms | peak MB |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|")
	for _, r := range rows {
		fmt.Fprintln(w, r.line())
	}
}

func missing(s settings) (names []string) {
	for _, t := range tools(s.landfall) {
		if _, err := exec.LookPath(t.command()); err != nil {
			names = append(names, t.name)
		}
	}
	return names
}

func (r *row) line() string {
	var cpu, burst, off, memory []float64
	for _, one := range r.rounds {
		cpu, memory = append(cpu, one.cpu), append(memory, one.memory)
		if r.rate > 0 {
			burst, off = append(burst, one.burst), append(off, 100*(one.requests/float64(r.rate)-1))
		}
	}
	tool := filepath.Base(r.tool)
	if r.failed != nil {
		tool += " (failed: " + strings.NewReplacer("\n", " ", "|", "/").Replace(r.failed.Error()) + ")"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |", r.scenario, tool,
		spread(cpu, "%.2f"), spread(r.ratios, "%.2f"), spread(off, "%+.3f"), spread(burst, "%.2f"), spread(memory, "%.0f"))
}
