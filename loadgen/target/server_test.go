package target

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func start(t testing.TB, c Config) (*Server, string) {
	t.Helper()
	c.Listen = "127.0.0.1:0"
	s, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, "http://" + s.Addr()
}

func fetch(t testing.TB, url, accept string) (int, string) {
	t.Helper()
	req, _ := http.NewRequest(http.MethodGet, url, nil)
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestResponsesAndCounters(t *testing.T) {
	s, url := start(t, Config{})
	for path, want := range map[string]struct {
		status int
		body   string
	}{"/ping": {200, "pong"}, "/ping/b": {200, "pong"}, "/nothing": {404, "404 page not found\n"}} {
		if status, body := fetch(t, url+path, ""); status != want.status || body != want.body {
			t.Errorf("%s: %d %q, want %d %q", path, status, body, want.status, want.body)
		}
	}
	if s.Requests() != 3 || s.Responses() != 3 {
		t.Errorf("requests %d, responses %d, want 3 and 3", s.Requests(), s.Responses())
	}
}

func TestMetricsAreNotCounted(t *testing.T) {
	_, url := start(t, Config{})
	fetch(t, url+"/ping", "")
	_, text := fetch(t, url+"/metrics", "")
	if !strings.Contains(text, "\nlandfall_target_requests_total 1\n") {
		t.Errorf("no count of 1 in %s", text)
	}
	_, body := fetch(t, url+"/metrics", "application/json")
	var m Metrics
	if err := json.Unmarshal([]byte(body), &m); err != nil || m.Requests != 1 || m.Responses != 1 || m.Errors != 0 {
		t.Errorf("%s: %+v, %v", body, m, err)
	}
}

func TestCountersAreExactWithManyConnections(t *testing.T) {
	s, url := start(t, Config{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				fetch(t, url+"/ping", "")
			}
		})
	}
	wg.Wait()
	if s.Requests() != 400 || s.Responses() != 400 {
		t.Errorf("requests %d, responses %d, want 400 and 400", s.Requests(), s.Responses())
	}
}

func BenchmarkPing(b *testing.B) {
	s, _ := start(b, Config{})
	req, _ := http.NewRequest(http.MethodGet, "http://x/ping", nil)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(nowhere{}, req)
	}
}

type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}
