package sign

import (
	"context"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func BenchmarkDriversRecord(b *testing.B) {
	root, ann, d := NewKey(), NewKey(), NewKey()
	r, err := NewRing(root).Next(root, nil, func(list *[]Member) error {
		*list = append(*list, operator(ann, "ann"), driver(d, "d1"))
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	body := `{"schema":1,"pad":"` + strings.Repeat("x", 700) + `"}`
	e := envelope{at: noon, body: []byte(body)}
	message := signEnvelope(b, &e, d, place{r.Fleet, "landfall.", node.TopicMetrics, "d1"})
	unproven := e.bytes()
	newPairs(d, r.Fleet).prove(&e, message, r, noon)
	for _, c := range []struct {
		name  string
		value []byte
	}{{"proof", e.bytes()}, {"signature", unproven}} {
		b.Run(c.name, func(b *testing.B) {
			g := newGuard(r, "landfall.", ann, "")
			rec := node.Record{Topic: node.TopicMetrics, Key: "d1", Value: c.value, Appended: noon}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.judge(rec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("publish", func(b *testing.B) {
		bus, err := Wrap(nothing{}, Config{Prefix: "landfall.", Ring: r, Key: d, Driver: "d1"})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bus.Publish(b.Context(), node.TopicMetrics, "d1", []byte(body)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// nothing is a bus that discards everything.
type nothing struct{}

func (nothing) Publish(context.Context, node.Topic, string, []byte) (node.Ack, error) {
	return node.Ack{Sent: time.Now(), Answered: time.Now(), Appended: time.Now()}, nil
}

func (nothing) Tail(context.Context, node.Topic, node.From, node.Reader) error { return nil }
