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

func TestALinkTellsOfAnOutageOnce(t *testing.T) {
	var out bytes.Buffer
	l := newLink(node.TopicHeartbeat, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo})))
	l.answered(nil)
	for i := range 20 {
		l.answered(fmt.Errorf("dial 127.0.0.1:%d: refused", i))
	}
	l.answered(errors.New("Kafka refuses user \"d\": wrong password"))
	l.answered(nil)
	l.answered(nil)
	text := out.String()
	if n := strings.Count(text, "\n"); n != 3 {
		t.Errorf("%d lines, want the outage, its other reason and its end:\n%s", n, text)
	}
	for _, want := range []string{"level=INFO", "dial 127.0.0.1:0: refused", "wrong password", "failed_attempts=21"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}
