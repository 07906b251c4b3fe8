package node

import (
	"log/slog"
	"slices"
	"strings"
)

// Complaints says on a log what is wrong with records, once per kind and source, however many come. It is not safe for
// concurrent use; the zero value has said nothing.
type Complaints struct{ said map[complaint][]string } // keys: the sources

// complaint is a kind of what is wrong with records of a topic.
type complaint struct {
	topic Topic
	kind  string
}

// What is remembered and said is bounded: some sources have ever new names, and some rubbish is of ever new kinds.
const (
	kindsMost   = 200
	sourcesMost = 10 // of each kind
)

// About says on log why a record is ignored, unless that was said of another one of its kind and source.
func (c *Complaints) About(r Record, err error, log *slog.Logger) {
	about, key := complaint{r.Topic, Kind(err)}, Clean(r.Key, 64)
	sources, known := c.said[about]
	if slices.Contains(sources, key) || len(sources) > sourcesMost || !known && len(c.said) == kindsMost {
		return
	}
	if c.said == nil {
		c.said = map[complaint][]string{}
	}
	c.said[about] = append(sources, key)
	more := "further records like it will be ignored silently"
	if len(sources) == sourcesMost {
		more = "further records like it will be ignored silently, whatever their source"
	}
	log.Warn("ignored a record; "+more, "topic", r.Topic, "key", key, "why", Clean(err.Error(), 240))
}

// Kind is an error's text up to the first value in it, so that errors that differ only in their values are alike.
func Kind(err error) string {
	text := err.Error()
	if i := strings.IndexAny(text, "\"'0123456789"); i >= 0 {
		text = text[:i]
	}
	return text
}
