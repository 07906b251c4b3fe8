package driver

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"landfall/node"
)

// links logs outages of Kafka: once per reason when one starts, whichever topic is affected, and once when
// all topics work again, with the number of failed attempts.
type links struct {
	log *slog.Logger

	mu      sync.Mutex
	failing map[node.Topic]bool
	logged  map[string]bool // reasons logged during this outage
	since   time.Time
	failed  int
}

func newLinks(log *slog.Logger) *links {
	return &links{log: log, failing: map[node.Topic]bool{}, logged: map[string]bool{}}
}

// answered records whether an attempt to read or write a topic succeeded (nil).
func (l *links) answered(topic node.Topic, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.succeeded(topic)
		return
	}
	if len(l.failing) == 0 {
		l.since = time.Now()
	}
	l.failing[topic] = true
	l.failed++
	bare := err.Error() == context.DeadlineExceeded.Error() // less informative than the last message
	if reason := reasonOf(err); !l.logged[reason] && (!bare || len(l.logged) == 0) {
		l.logged[reason] = true
		l.log.Info("Kafka cannot be used; retrying", "topic", topic, "error", node.Clean(err.Error(), 240))
	}
}

func (l *links) succeeded(topic node.Topic) {
	if !l.failing[topic] {
		return
	}
	delete(l.failing, topic)
	if len(l.failing) == 0 {
		l.log.Info("Kafka can be used again", "after", time.Since(l.since).Round(100*time.Millisecond), "failed_attempts", l.failed)
		l.failed = 0
		clear(l.logged)
	}
}

// reasonOf returns the kind of an error. If time ran out during an attempt, it is the reason why earlier ones
// failed.
func reasonOf(err error) string {
	text := node.Kind(err)
	if _, earlier, ok := strings.Cut(text, "last attempt: "); ok {
		return earlier
	}
	return text
}
