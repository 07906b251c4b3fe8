//go:build unix

package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Every tool that supports a load gets its URL, connections and rate as arguments.
func TestArgumentsOfTools(t *testing.T) {
	loads := []load{
		{url: "http://127.0.0.1:1234", connections: 64, length: 4 * time.Second}, {url: "http://127.0.0.1:1234", connections: 64, rate: 5000, length: 4 * time.Second},
		{url: "http://127.0.0.1:1234", connections: 16, streams: 10, length: 4 * time.Second}, {url: "https://127.0.0.1:1234", connections: 64, length: 4 * time.Second},
	}
	for i, want := range []string{"landfall wrk ab fortio hey", "landfall wrk2 fortio", "landfall h2load", "landfall wrk"} {
		var supported []string
		for _, tool := range tools("landfall") {
			if tool.name == "vegeta" || tool.name == "k6" || tool.name == "even in C" { // these need files
				continue
			}
			args := tool.args(loads[i])
			if args == nil {
				continue
			}
			supported = append(supported, tool.command())
			text := strings.Join(args, " ")
			if !strings.Contains(text, "127.0.0.1:1234") || loads[i].rate > 0 && !strings.Contains(text, "5000") || loads[i].streams > 0 && !strings.Contains(text, "10") || !strings.Contains(text, "4") {
				t.Errorf("%s: %s", tool.name, text)
			}
		}
		for _, name := range strings.Fields(want) {
			if !slices.Contains(supported, name) {
				t.Errorf("load %d: %s is missing in %q", i, name, supported)
			}
		}
	}
}

func TestLandfallArgs(t *testing.T) {
	got := strings.Join(landfallArgs(load{url: "https://h", connections: 8, streams: 3, rate: 7, length: time.Second}), " ")
	for _, want := range []string{"-c 8", "-z 1s", "-q 7", "--http2 --streams 3", "-k", "https://h"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
