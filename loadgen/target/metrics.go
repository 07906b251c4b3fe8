package target

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"landfall/loadgen/target/shop"
)

// Metrics are the target's counters, as served by /metrics.
type Metrics struct {
	Requests  int64 `json:"requests"`  // received
	Responses int64 `json:"responses"` // sent, including failures on purpose
	Errors    int64 `json:"errors"`    // failures on purpose
	UptimeMS  int64 `json:"uptime_ms"`

	Shop       shop.Counts         `json:"shop"`
	Violations map[shop.Kind]int64 `json:"violations"` // all kinds, including those with count 0
}

func (s *Server) metrics() Metrics {
	return Metrics{
		Requests: s.requests.Load(), Responses: s.responses.Load(), Errors: s.failed.Load(),
		UptimeMS: time.Since(s.started).Milliseconds(), Shop: s.shop.Counts(), Violations: s.shop.Violations(),
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
	m.writeText(w)
}

// writeText writes the Prometheus text format.
func (m Metrics) writeText(w io.Writer) {
	counter(w, "landfall_target_requests_total", "Requests received, except for /metrics.")
	fmt.Fprintf(w, "landfall_target_requests_total %d\n", m.Requests)
	counter(w, "landfall_target_responses_total", "Responses sent.")
	fmt.Fprintf(w, "landfall_target_responses_total %d\n", m.Responses)
	counter(w, "landfall_target_errors_total", "Requests that failed on purpose.")
	fmt.Fprintf(w, "landfall_target_errors_total %d\n", m.Errors)
	counter(w, "landfall_target_violations_total", "Requests that violated a rule of the shop.")
	for _, kind := range shop.Kinds {
		fmt.Fprintf(w, "landfall_target_violations_total{kind=%q} %d\n", kind, m.Violations[kind])
	}
	counter(w, "landfall_target_shop_total", "Actions of the users of the shop.")
	for _, c := range []struct {
		what string
		n    int64
	}{
		{"login", m.Shop.Logins}, {"logout", m.Shop.Logouts}, {"cart", m.Shop.CartItems}, {"order", m.Shop.Orders}, {"upload", m.Shop.Uploads},
	} {
		fmt.Fprintf(w, "landfall_target_shop_total{event=%q} %d\n", c.what, c.n)
	}
	fmt.Fprintf(w, "# HELP landfall_target_shop_users Accounts that have logged in at least once.\n# TYPE landfall_target_shop_users gauge\nlandfall_target_shop_users %d\n", m.Shop.Users)
}

func counter(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s counter\n", name, help, name)
}
