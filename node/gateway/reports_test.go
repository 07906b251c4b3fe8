package gateway

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"landfall/loadgen/evidence"
	"landfall/node/fleet"
)

// During a run and afterwards, the first failed requests are available, merged from the drivers.
func TestDiagnosis(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, `{"error":"out of stock","session":"s3cret"}`)
	}))
	t.Cleanup(target.Close)
	var created Run
	s.call("POST", "/api/v1/runs", fmt.Sprintf(`{"spec":{"test_type":"avalanche","target":%q,"connections":2,"message_count":50}}`, target.URL+"/pay?card=4111"), &created)
	s.until(func(st *fleet.State) bool { return st.Run(created.TestID).Report != nil })
	var got diagnosis
	if resp := s.call("GET", "/api/v1/runs/"+created.TestID+"/diagnosis", "", &got); resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	if got.UnexpectedBy[evidence.Status] != 50 || len(got.Exchanges) != evidence.PerFailure || len(got.Slowest) != evidence.MaxSlowest {
		t.Fatalf("%+v", got)
	}
	e := got.Exchanges[0]
	if e.Cause != evidence.Status || e.Why != "status 500" || e.Driver != "drv-a" || e.Sent[0] != "GET /pay?card=(hidden) HTTP/1.1" ||
		!strings.Contains(strings.Join(e.Head, "\n"), "Retry-After: 7") || e.Body[0] != `{"error":"out of stock","session":"(hidden)"}` {
		t.Errorf("%+v", e)
	}
}
