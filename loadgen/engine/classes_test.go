package engine

import (
	"net/http"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
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

// Every snapshot contains the states of the connections.
func TestConnectionStates(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Millisecond) }, nil)
		out := carry(t, loadgen.Spec{Target: r.url, Duration: loadgen.Duration(1200 * time.Millisecond), Connections: 6}, o, loadgen.Share{}, nil)
		if s := out.list[0]; s.Open != 6 || s.Connecting != 0 || s.Paused != 0 {
			t.Errorf("%d open, %d connecting, %d paused", s.Open, s.Connecting, s.Paused)
		}
		dead := carry(t, loadgen.Spec{Target: "http://127.0.0.1:1/", Duration: loadgen.Duration(1200 * time.Millisecond), Connections: 6}, o, loadgen.Share{}, nil)
		if s := dead.list[0]; s.Open != 0 || s.Paused == 0 || s.Paused+s.Connecting > 6 {
			t.Errorf("of a dead target: %d open, %d connecting, %d paused", s.Open, s.Connecting, s.Paused)
		}
	})
}
