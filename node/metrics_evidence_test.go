package node

import (
	"fmt"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// Evidence is cleaned and bounded when it is decoded, whatever a snapshot contains.
func TestHostileEvidence(t *testing.T) {
	const evil = "\x1b]52;c;cm0gLXJm\x07\u009b2J\u202e"
	many := make([]string, 200)
	for i := range many {
		many[i] = evil + strings.Repeat("x", 2000)
	}
	m := &Metrics{NodeID: "drv-1", BootID: "b1", TestID: "t1", Seq: 1}
	m.Snapshot.Exchanges = []evidence.Exchange{
		{Request: evil, Cause: evidence.Status, Why: evil, Driver: evil, Sent: many, Head: many, Body: many},
		{Cause: evil}, {Cause: "of a later version"},
	}
	m.Snapshot.Slowest = []evidence.Slow{{Request: evil, Driver: evil}}
	topic, key, value, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(Record{Topic: topic, Key: key, Value: value})
	if err != nil {
		t.Fatal(err)
	}
	s := got.(*Metrics).Snapshot
	text := fmt.Sprint(s.Exchanges, s.Slowest)
	if len(s.Exchanges) != 1 || len(text) > 24<<10 || strings.ContainsAny(text, "\x1b\x07\u009b\u202e") {
		t.Errorf("%d exchanges, %d bytes: %.200q", len(s.Exchanges), len(text), text)
	}
	for name, corrupt := range map[string]func(*loadgen.Snapshot){
		"too many exchanges": func(s *loadgen.Snapshot) { s.Exchanges = make([]evidence.Exchange, evidence.MaxExchanges+1) },
		"too many slow ones": func(s *loadgen.Snapshot) { s.Slowest = make([]evidence.Slow, evidence.MaxSlowest+1) },
		"a status":           func(s *loadgen.Snapshot) { s.Slowest = []evidence.Slow{{Status: -1}} },
		"a latency":          func(s *loadgen.Snapshot) { s.Exchanges = []evidence.Exchange{{Cause: evidence.Error, LatencyUS: -1}} },
		"a count":            func(s *loadgen.Snapshot) { s.Delta.UnexpectedBy = map[evidence.Cause]int64{evidence.Body: -1} },
		"a cause":            func(s *loadgen.Snapshot) { s.Delta.UnexpectedBy = map[evidence.Cause]int64{evil: 1} },
	} {
		m := &Metrics{NodeID: "drv-1", BootID: "b1", TestID: "t1", Seq: 1}
		corrupt(&m.Snapshot)
		topic, key, value, _ := Encode(m)
		if _, err := Decode(Record{Topic: topic, Key: key, Value: value}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
