package node

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestOneComplaintPerKindAndSource(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	var c Complaints
	for i := range 1000 {
		for _, key := range []string{"a", "b"} {
			c.About(Record{Topic: TopicTrigger, Key: key}, fmt.Errorf("trigger: schema %d: this version reads schema 1", 5+i), log)
			c.About(Record{Topic: TopicTrigger, Key: key}, fmt.Errorf("trigger: id %q: must be", fmt.Sprint(i)), log)
		}
		c.About(Record{Topic: TopicMetrics, Key: "a"}, errors.New("metrics: schema 7: this version reads schema 1"), log)
	}
	if n := strings.Count(out.String(), "\n"); n != 5 {
		t.Errorf("%d lines, want 5:\n%s", n, out.String())
	}
}

func TestComplaintsAreBounded(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	var c Complaints
	for i := range 10_000 {
		c.About(Record{Topic: TopicTrigger, Key: fmt.Sprint("\x1b[2J", i)}, errors.New("trigger: \x1b[31m"), log)
	}
	text := out.String()
	if n := strings.Count(text, "\n"); n != maxSources+1 || strings.Count(text, "from any source") != 1 {
		t.Errorf("%d lines of ever new sources, want %d", n, maxSources+1)
	}
	for i := range 10_000 {
		c.About(Record{Topic: TopicTrigger, Key: "k"}, errors.New(strings.Repeat("x", i)), log)
	}
	if len(c.reported) != maxKinds {
		t.Errorf("%d kinds are remembered, want %d", len(c.reported), maxKinds)
	}
	if strings.ContainsRune(out.String(), '\x1b') {
		t.Error("an escape sequence came through")
	}
}
