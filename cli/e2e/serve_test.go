//go:build e2e && unix

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"landfall/node/report"
)

// service is a running `landfall serve`.
type service struct {
	*process
	api string
}

func (f *fleet) serve(flags ...string) *service {
	f.t.Helper()
	p := start(f.t, append([]string{"serve", "--listen", "127.0.0.1:0", "--brokers", f.brokers}, flags...)...)
	return &service{p, "http://" + strings.TrimPrefix(p.firstLine(), "http://") + "/api/v1"}
}

// call makes a request, decodes the response into to, and returns the status.
func (s *service) call(method, path, body string, to any) int {
	s.t.Helper()
	req, _ := http.NewRequest(method, s.api+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if to != nil && resp.StatusCode < 300 {
		if err := json.Unmarshal(text, to); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return resp.StatusCode
}

// The service that conducts a run is killed with -9. The drivers continue; another service adopts the run, adjusts and stops it,
// and nothing is lost. The first service, restarted, shows the same report.
func TestServeKilled(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	a, b := f.serve(), f.serve()
	var run struct {
		TestID string `json:"test_id"`
		AtHelm bool   `json:"at_helm"`
		Phase  string `json:"phase"`
	}
	spec := fmt.Sprintf(`{"spec": {"test_type": "tsunami", "target": %q, "rate_rps": 200, "duration_us": 120000000}}`, f.url)
	eventually(t, 20*time.Second, "the run is made", func() bool { return a.call("POST", "/runs", spec, &run) == http.StatusCreated })
	if !run.AtHelm {
		t.Error("the service that started the run does not conduct it")
	}
	path := "/runs/" + run.TestID
	f.busy(200)
	a.kill()
	if code := b.call("POST", path+"/adjust", `{"rate_rps": 400}`, nil); code != http.StatusConflict {
		t.Errorf("adjusted without conducting: %d, want %d", code, http.StatusConflict)
	}
	if code := b.call("POST", path+"/adopt", "", nil); code != http.StatusAccepted {
		t.Fatalf("adopt: %d", code)
	}
	eventually(t, 10*time.Second, "b conducts the run", func() bool { b.call("GET", path, "", &run); return run.AtHelm })
	if code := b.call("POST", path+"/adjust", `{"rate_rps": 400}`, nil); code != http.StatusAccepted {
		t.Errorf("adjust: %d", code)
	}
	from, began := f.counted().Requests, time.Now()
	f.busy(from + 1600)
	if took := time.Since(began); took > 7*time.Second { // at the former rate it would be 8 s
		t.Errorf("1,600 requests at 400/s took %v", took)
	}
	if code := b.call("POST", path+"/stop", "", nil); code != http.StatusAccepted {
		t.Errorf("stop: %d", code)
	}
	for _, s := range []*service{b, f.serve()} {
		eventually(t, 20*time.Second, "the run has ended", func() bool {
			return s.call("GET", path, "", &run) == http.StatusOK && run.Phase == "finished"
		})
		var r report.Report
		if code := s.call("GET", path+"/report", "", &r); code != http.StatusOK {
			t.Fatalf("report: %d", code)
		}
		exact(t, &r, f.counted())
	}
}
