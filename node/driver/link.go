package driver

import (
	"log/slog"
	"time"

	"landfall/node"
)

// link tells the log of a topic's outages: once when one begins, with the reason, and once when it is over, with how often
// it was tried. It is used by one goroutine.
type link struct {
	topic  node.Topic
	log    *slog.Logger
	since  time.Time
	reason string
	failed int
}

func newLink(topic node.Topic, log *slog.Logger) *link { return &link{topic: topic, log: log} }

// answered notes that an attempt to read or write the topic succeeded (nil) or failed. Another reason than the one that was
// said is said too: after an outage a password may be refused.
func (l *link) answered(err error) {
	switch {
	case err == nil && l.failed == 0:
	case err == nil:
		l.log.Info("Kafka can be used again", "topic", l.topic, "after", time.Since(l.since).Round(100*time.Millisecond), "failed_attempts", l.failed)
		l.failed, l.reason = 0, ""
	default:
		if l.failed == 0 {
			l.since = time.Now()
		}
		l.failed++
		if reason := node.Kind(err); reason != l.reason {
			l.reason = reason
			l.log.Info("Kafka cannot be used; retrying", "topic", l.topic, "error", node.Clean(err.Error(), 240))
		}
	}
}
