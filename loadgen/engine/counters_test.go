package engine

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/loadgen/script"
)

// Fast errors and slow responses are measured separately.
func TestLatenciesByStatusClass(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/no" {
				w.WriteHeader(503)
				return
			}
			time.Sleep(100 * time.Millisecond)
		}, nil)
		spec := loadgen.Spec{Target: r.url, Count: 40, Connections: 4, Order: "sequence", Requests: []loadgen.Request{{Name: "yes", URL: "/yes"}, {Name: "no", URL: "/no"}}}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		got := map[string]*loadgen.Times{"2xx": {}, "5xx": {}}
		for _, s := range out.list {
			for _, c := range s.ByClass() {
				got[c.Class].Merge(c.Times)
			}
		}
		for name, of := range map[string]func(*loadgen.Times) *hdr.Histogram{
			"latency": func(t *loadgen.Times) *hdr.Histogram { return t.Latency }, "service time": func(t *loadgen.Times) *hdr.Histogram { return t.Service },
		} {
			if ok, no := of(got["2xx"]), of(got["5xx"]); ok.Count() != 20 || no.Count() != 20 || ok.Min() < 99_000 || no.Quantile(0.5) > 90_000 {
				t.Errorf("%s: 2xx %v, 5xx %v", name, ok, no)
			}
		}
	})
}

func TestOneStatusClassIsAllThereIs(t *testing.T) {
	h := hdr.New()
	h.Record(5)
	for _, c := range []struct {
		statuses map[string]int64
		want     string
	}{{map[string]int64{"200": 1, "204": 1}, "2xx"}, {map[string]int64{"200": 1, "404": 1}, ""}} {
		s := loadgen.Snapshot{Times: loadgen.Times{Latency: h, Service: h}, Delta: loadgen.Counts{Statuses: c.statuses}}
		list := s.ByClass()
		if (len(list) == 1) != (c.want != "") || len(list) == 1 && (list[0].Class != c.want || list[0].Latency != h || list[0].Service != h) {
			t.Errorf("%v: %+v", c.statuses, list)
		}
	}
	both := loadgen.MergedClasses([]loadgen.StatusClass{{Class: "2xx", Times: loadgen.Times{Latency: h, Service: h}}, {Class: "5xx", Times: loadgen.Times{Latency: h, Service: h}}}, []loadgen.StatusClass{{Class: "2xx", Times: loadgen.Times{Latency: h, Service: h}}, {Class: "4xx", Times: loadgen.Times{Latency: h, Service: h}}})
	if len(both) != 3 || both[0].Latency.Count() != 2 || both[0].Service.Count() != 2 || both[1].Class != "4xx" || h.Count() != 1 {
		t.Errorf("%+v", both)
	}
}

// The counters of a snapshot add up, and a reset keeps only the memory.
func TestStatsCountsAndReset(t *testing.T) {
	s := newStats(&script.Script{Program: &script.Program{}})
	s.responses, s.unexpected, s.retried, s.dropped, s.written, s.read, s.handshakes, s.connects = 10, 3, 2, 4, 100, 200, 1, 2
	s.errors[classDNS], s.errors[classProtocol] = 5, 6
	s.statuses[200], s.statuses[7], s.statuses[loadgen.MaxStatus] = 8, 1, 1
	s.wrong[0] = 3
	s.users.finished, s.users.failed, s.users.interrupted = 7, 2, 1
	s.times[2].Record(10, 5)
	c := s.counts()
	want := loadgen.Counts{
		Requests: 21, Responses: 10, Errors: map[loadgen.Class]int64{loadgen.ErrDNS: 5, loadgen.ErrProtocol: 6}, Unexpected: 3, UnexpectedBy: map[evidence.Cause]int64{evidence.Causes[0]: 3},
		Dropped: 4, Statuses: map[string]int64{"200": 8, "007": 1, "999": 1}, BytesWritten: 100, BytesRead: 200, Handshakes: 1, Connects: 2, Retried: 2,
		Iterations: 10, IterationsFailed: 2, IterationsInterrupted: 1,
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v\nwant %+v", c, want)
	}
	latency := s.times[2].Latency
	if s.reset(); !reflect.DeepEqual(s.counts(), loadgen.Counts{}) || s.times[2].Latency != latency || latency.Count() != 0 || s.startLag != -1 {
		t.Errorf("after a reset: %+v", s.counts())
	}
}

// The times of a class are those of all loops. A single class equals the total.
func TestByClass(t *testing.T) {
	a, b := newStats(&script.Script{}), newStats(&script.Script{})
	a.times[2].Record(10, 5)
	b.times[2].Record(30, 5)
	if all, classes := byClass([]*stats{a, b}); all.Latency.Count() != 2 || classes != nil {
		t.Errorf("%d responses, classes %+v", all.Latency.Count(), classes)
	}
	b.times[5].Record(90, 80)
	all, classes := byClass([]*stats{a, b})
	if all.Latency.Count() != 3 || len(classes) != 2 || classes[0].Class != "2xx" || classes[0].Latency.Count() != 2 || classes[1].Class != "5xx" || classes[1].Service.Max() < 80 {
		t.Errorf("%d responses, classes %+v", all.Latency.Count(), classes)
	}
}
