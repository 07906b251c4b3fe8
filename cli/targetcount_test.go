package cli

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSumOf(t *testing.T) {
	text := `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a} 9"} 1027 1395066363000
http_requests_total{code="500"} 3
http_requests_total_other 8
http_requests 5
idle_total 1e3
`
	for metric, want := range map[string]float64{"http_requests_total": 1030, "http_requests": 5, "idle_total": 1000} {
		if got, ok := sumOf(strings.NewReader(text), metric); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", metric, got, ok, want)
		}
	}
	if got, ok := sumOf(strings.NewReader(text), "none"); ok {
		t.Errorf("none: %v", got)
	}
}

func TestTargetCounter(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metrics" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte("landfall_target_requests_total 42\nother_total 7\n"))
	}))
	defer s.Close()
	for text, want := range map[string]int64{s.URL + "/metrics": 42, s.URL + "/metrics#other_total": 7} {
		c, err := parseTargetCounter(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.read(context.Background()); err != nil || got != want {
			t.Errorf("%s: %d %v, want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{s.URL + "/x": "404", s.URL + "/metrics#none": "there is no counter none"} {
		c, _ := parseTargetCounter(text)
		if got, err := c.read(context.Background()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d %v, want %s", text, got, err, want)
		}
	}
	if c, err := parseTargetCounter("metrics"); err == nil {
		t.Errorf("%+v", c)
	}
}
