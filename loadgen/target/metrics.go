package target

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Metrics are the target's counters, as /metrics shows them.
type Metrics struct {
	Requests  int64 `json:"requests"`  // that arrived
	Responses int64 `json:"responses"` // that were answered, errors included
	Errors    int64 `json:"errors"`    // answered with an error on purpose
	UptimeMS  int64 `json:"uptime_ms"`
}

func (s *Server) metrics() Metrics {
	return Metrics{
		Requests: s.requests.Load(), Responses: s.responses.Load(), Errors: s.failures.Load(),
		UptimeMS: time.Since(s.started).Milliseconds(),
	}
}

func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	m := s.metrics()
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(m)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprintf(w, `# HELP landfall_target_requests_total Requests that arrived, those for /metrics left out.
# TYPE landfall_target_requests_total counter
landfall_target_requests_total %d
# HELP landfall_target_responses_total Requests that were answered.
# TYPE landfall_target_responses_total counter
landfall_target_responses_total %d
# HELP landfall_target_errors_total Requests that were answered with an error on purpose.
# TYPE landfall_target_errors_total counter
landfall_target_errors_total %d
`, m.Requests, m.Responses, m.Errors)
}
