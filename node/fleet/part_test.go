package fleet

import (
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// Iterations, in total and by scenario, and groups are parts of each second. A scenario's users are summed over the drivers, and
// their maximum over the seconds is kept.
func TestPartsOfUsers(t *testing.T) {
	h := hdr.New()
	h.Record(1000)
	snap := &loadgen.Snapshot{
		Delta: loadgen.Counts{Iterations: 4, IterationsFailed: 1}, IterationTime: h,
		Scenarios: []loadgen.ScenarioCount{{Name: "buy", Users: 2, Started: 5, Finished: 2, Failed: 1, Interrupted: 1, Dropped: 3, Time: h}},
		Groups:    []loadgen.Group{{Name: "pay", Failed: 1, Time: h}},
	}
	parts := Parts{}
	var u Users
	for range 2 { // drivers
		u.measure(snap, true)
		parts.users(snap)
		u.peak(parts)
	}
	parts.compute()
	for label, want := range map[condition.Label]Part{
		{Name: LabelIterations}:               {Requests: 8, Unexpected: 2},
		{Name: LabelIterations, Value: "buy"}: {Requests: 8, Unexpected: 2, Dropped: 6, Users: 4, Started: 10},
		{Name: LabelGroup, Value: "pay"}:      {Requests: 4, Unexpected: 2},
	} {
		p := parts[label]
		if p == nil {
			t.Errorf("%v: no such part", label)
			continue
		}
		want.P50US, want.P95US, want.P99US = 1000, 1000, 1000
		if got := (Part{Requests: p.Requests, Errors: p.Errors, Unexpected: p.Unexpected, Dropped: p.Dropped, P50US: p.P50US, P95US: p.P95US, P99US: p.P99US, Users: p.Users, Started: p.Started}); got.scalars() != want.scalars() {
			t.Errorf("%v: %+v, want %+v", label, got, want)
		}
	}
	u.peak(Parts{})
	if s := u.Scenarios[0]; s.Users != 4 || s.Started != 10 || s.Dropped != 6 {
		t.Errorf("%+v", s)
	}
	plain := Parts{}
	plain.users(&loadgen.Snapshot{Delta: loadgen.Counts{Requests: 9}})
	if len(plain) != 0 {
		t.Errorf("a plain spec has parts of users: %v", plain)
	}
}
