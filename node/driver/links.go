package driver

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"landfall/node"
)

// links tells the log of outages of Kafka: once for each reason when one begins, whichever topic it hits, and once when all
// topics can be used again, with how many attempts failed.
type links struct {
	log *slog.Logger

	mu      sync.Mutex
	failing map[node.Topic]bool
	said    map[string]bool // reasons, of this outage
	since   time.Time
	failed  int
}

func newLinks(log *slog.Logger) *links {
	return &links{log: log, failing: map[node.Topic]bool{}, said: map[string]bool{}}
}

// answered notes that an attempt to read or write a topic succeeded (nil) or failed.
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
	bare := err.Error() == context.DeadlineExceeded.Error() // says less than what was said
	if reason := reasonOf(err); !l.said[reason] && (!bare || len(l.said) == 0) {
		l.said[reason] = true
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
		clear(l.said)
	}
}

// reasonOf is what kind of error it is: of one that ran out of time in the middle of an attempt, why earlier ones failed.
func reasonOf(err error) string {
	text := node.Kind(err)
	if _, earlier, ok := strings.Cut(text, "last attempt: "); ok {
		return earlier
	}
	return text
}
