package node

import (
	"log/slog"
	"slices"
	"strings"
)

// Complaints logs why records are ignored, once per kind and source regardless of their number. It is not safe for
// concurrent use; the zero value is ready to use.
type Complaints struct{ reported map[complaint][]string } // keys: the sources

// complaint is a kind of problem with the records of a topic.
type complaint struct {
	topic Topic
	kind  string
}

// Memory and log are bounded: a source can keep changing its name, and a malformed record can always be wrong
// in a new way.
const (
	maxKinds   = 200
	maxSources = 10 // of each kind
)

// About logs why a record is ignored, unless that was logged for the same kind and source before.
func (c *Complaints) About(r Record, err error, log *slog.Logger) {
	about, key := complaint{r.Topic, Kind(err)}, Clean(r.Key, 64)
	sources, known := c.reported[about]
	if slices.Contains(sources, key) || len(sources) > maxSources || !known && len(c.reported) == maxKinds {
		return
	}
	if c.reported == nil {
		c.reported = map[complaint][]string{}
	}
	c.reported[about] = append(sources, key)
	more := "further records like it will be ignored silently"
	if len(sources) == maxSources {
		more = "further records like it will be ignored silently, from any source"
	}
	log.Warn("ignored a record; "+more, "topic", r.Topic, "key", key, "why", Clean(err.Error(), 240))
}

// Kind returns an error's text up to the first value in it, so that errors that differ only in values are equal.
func Kind(err error) string {
	text := err.Error()
	if i := strings.IndexAny(text, "\"'0123456789"); i >= 0 {
		text = text[:i]
	}
	return text
}
