package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// follow applies a change as a client does.
func follow(s State, c Change) State {
	s.Seq, s.At, s.Trouble = c.Seq, c.At, c.Trouble
	if s.IntervalsOf != c.IntervalsOf {
		s.IntervalsOf, s.Intervals = c.IntervalsOf, nil
	}
	s.Run = cmp.Or(c.Run, s.Run)
	s.Drivers = slices.DeleteFunc(put(s.Drivers, c.Drivers, func(d Driver) string { return d.NodeID }), func(d Driver) bool { return slices.Contains(c.Gone, d.NodeID) })
	s.Runs = put(s.Runs, c.Runs, func(r Run) string { return r.TestID })
	slices.SortFunc(s.Runs, func(a, b Run) int { return b.ConfiguredAt.Compare(a.ConfiguredAt) })
	s.Runs = s.Runs[:min(len(s.Runs), shownRuns)]
	s.Intervals = put(s.Intervals, c.Intervals, func(f Figures) int64 { return f.AtMS })
	s.Intervals = s.Intervals[max(0, len(s.Intervals)-shownSecs):]
	if c.EventsAnew {
		s.Events = nil
	}
	s.Events = append(slices.Clone(s.Events), c.Events...)
	s.Events = s.Events[max(0, len(s.Events)-shownEvents):]
	return s
}

func put[T any, K cmp.Ordered](list, more []T, key func(T) K) []T {
	list = slices.Clone(list)
	for _, x := range more {
		if i := slices.IndexFunc(list, func(y T) bool { return key(x) == key(y) }); i >= 0 {
			list[i] = x
		} else {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}

// A client that applies all changes has the same state as one that reads it whole.
func TestChangesLeadToTheState(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	at := func(i int) time.Time { return time.Unix(1_800_000_000+int64(i), 0).UTC() }
	var now, seen State
	ran := 0
	for seq := 1; seq < 3000; seq++ {
		next := State{Seq: uint64(seq), At: at(seq), IntervalsOf: now.IntervalsOf, Trouble: now.Trouble}
		for i := range 6 {
			if random.IntN(12) > 0 {
				next.Drivers = append(next.Drivers, Driver{NodeID: fmt.Sprint("d", i), State: fmt.Sprint(random.IntN(3)), Labels: map[string]string{"a": "b"}})
			}
		}
		next.Runs = slices.Clone(now.Runs)
		if random.IntN(40) == 0 {
			ran++
			next.IntervalsOf = fmt.Sprint("r", ran)
			next.Runs = slices.Insert(next.Runs, 0, Run{TestID: next.IntervalsOf, ConfiguredAt: at(seq)})
			next.Runs = next.Runs[:min(len(next.Runs), shownRuns)]
		} else {
			next.Intervals = slices.Clone(now.Intervals)
		}
		if len(next.Runs) > 0 {
			next.Runs[0].Requests += int64(random.IntN(2))
			run := next.Runs[0]
			next.Run = &run
			if random.IntN(2) == 0 {
				next.Intervals = append(next.Intervals, Figures{AtMS: int64(seq) * 1000, Requests: 1})
				next.Intervals = next.Intervals[max(0, len(next.Intervals)-shownSecs):]
			} else if n := len(next.Intervals); n > 0 {
				next.Intervals[n-1].Requests++
			}
		}
		next.Events = slices.Clone(now.Events)
		for range random.IntN(4) {
			next.Events = append(next.Events, Event{At: at(seq), Text: fmt.Sprint("event ", random.IntN(5)), TestID: fmt.Sprint(seq, len(next.Events))})
		}
		if n := len(next.Events); n > 0 && random.IntN(8) == 0 { // a report has another version of it, or it became known late
			next.Events[random.IntN(n)].Text += ", as reported"
			next.Events = slices.Insert(next.Events, random.IntN(n), Event{At: at(seq), Text: "late", TestID: fmt.Sprint("late", seq)})
		}
		next.Events = next.Events[max(0, len(next.Events)-shownEvents):]
		if random.IntN(30) == 0 {
			next.Trouble = fmt.Sprint("trouble ", seq)
		}
		c, _ := changes(&now, &next)
		seen = follow(seen, c)
		want, _ := json.Marshal(next)
		got, _ := json.Marshal(seen)
		if string(got) != string(want) && !reflect.DeepEqual(seen, next) {
			t.Fatalf("after %d changes:\n%.600s\nwant\n%.600s", seq, got, want)
		}
		now = next
	}
	if _, any := changes(&now, &now); any {
		t.Error("equal states are a change")
	}
}
