package driver

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"landfall/node"
)

func TestLinksLogAnOutageOnce(t *testing.T) {
	var out bytes.Buffer
	l := newLinks(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo})))
	l.answered(node.TopicTrigger, nil)
	for i := range 10 {
		l.answered(node.TopicTrigger, fmt.Errorf("dial 127.0.0.1:%d: refused", i))
		l.answered(node.TopicHeartbeat, fmt.Errorf("publish to heartbeat: context deadline exceeded (last attempt: dial 127.0.0.1:%d: refused)", i))
	}
	l.answered(node.TopicTrigger, nil)
	l.answered(node.TopicHeartbeat, errors.New("Kafka refuses user \"d\": wrong password"))
	l.answered(node.TopicHeartbeat, nil)
	l.answered(node.TopicHeartbeat, nil)
	text := out.String()
	if n := strings.Count(text, "\n"); n != 3 {
		t.Errorf("%d lines, want the outage, its other reason and its end:\n%s", n, text)
	}
	for _, want := range []string{"level=INFO", "dial 127.0.0.1:0: refused", "wrong password", "failed_attempts=21"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	out.Reset()
	l.answered(node.TopicTrigger, errors.New("dial 127.0.0.1:1: refused"))
	if !strings.Contains(out.String(), "refused") {
		t.Error("the next outage is not said")
	}
}
