//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// The burst of evenly spaced arrivals is 0; that of arrivals in groups is the size of a group minus the
// expected value.
func TestBurst(t *testing.T) {
	for name, c := range map[string]struct {
		perMS func(ms int) int32
		want  float64
	}{
		"even": {func(int) int32 { return 2 }, 0}, "pairs": {func(ms int) int32 { return int32(4 * (ms % 2)) }, 2}, "none": {func(int) int32 { return 0 }, 0},
	} {
		var counter counter
		for ms := range 1000 {
			counter.perMS[ms].Store(c.perMS(ms))
		}
		if got := counter.burst(100, 900); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Taking the counts ignores the first and the last tenth, and resets them.
func TestTake(t *testing.T) {
	c := counter{began: time.Now()}
	c.requests.Store(1000)
	for ms := range 1000 {
		c.perMS[ms].Store(1)
	}
	c.perMS[5].Store(500)
	c.perMS[995].Store(500)
	if got := c.take(); got != (counts{Requests: 1000}) {
		t.Errorf("%+v", got)
	}
	if got := c.take(); got != (counts{}) {
		t.Errorf("%+v after the counts were taken", got)
	}
}

func TestServerCountsRequests(t *testing.T) {
	in, commands := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- runServer(in, out) }()
	lines := bufio.NewScanner(answers)
	read := func(v any) {
		t.Helper()
		if !lines.Scan() {
			t.Fatalf("no answer: %v", lines.Err())
		}
		if err := json.Unmarshal(lines.Bytes(), v); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
	}
	var at addresses
	read(&at)
	for range 3 {
		resp, err := http.Get("http://" + at.Plain + "/")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != "ok" {
			t.Errorf("%q", body)
		}
	}
	fmt.Fprintln(commands)
	var got counts
	if read(&got); got.Requests != 3 {
		t.Errorf("%+v", got)
	}
	commands.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
