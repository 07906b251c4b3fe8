package target

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
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

func TestAnswersAndCounts(t *testing.T) {
	s, url := start(t, Config{})
	for path, want := range map[string]struct {
		status int
		body   string
	}{"/ping": {200, "pong"}, "/nothing": {404, "404 page not found\n"}} {
		if status, body := fetch(t, url+path, ""); status != want.status || body != want.body {
			t.Errorf("%s: %d %q, want %d %q", path, status, body, want.status, want.body)
		}
	}
	if s.Requests() != 2 || s.Responses() != 2 {
		t.Errorf("requests %d, responses %d, want 2 and 2", s.Requests(), s.Responses())
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

func TestCountsAreExactFromManyConnections(t *testing.T) {
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

func TestErrorsOnPurpose(t *testing.T) {
	_, url := start(t, Config{ErrorRate: 1})
	if status, _ := fetch(t, url+"/ping", ""); status != 500 {
		t.Errorf("status %d, want 500", status)
	}
	_, text := fetch(t, url+"/metrics", "")
	if !strings.Contains(text, "landfall_target_errors_total 1\n") {
		t.Errorf("no error counted: %s", text)
	}
}

func TestDelay(t *testing.T) {
	_, url := start(t, Config{Delay: 30 * time.Millisecond, Jitter: 10 * time.Millisecond})
	began := time.Now()
	fetch(t, url+"/ping", "")
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("answered after %s, want 30 ms at least", took)
	}
}

func TestClientThatDoesNotWaitIsNotAnswered(t *testing.T) {
	s, _ := start(t, Config{Delay: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://x/ping", nil)
	s.ServeHTTP(nowhere{}, req)
	if s.Requests() != 1 || s.Responses() != 0 {
		t.Errorf("requests %d, responses %d, want 1 and 0", s.Requests(), s.Responses())
	}
}

func TestStall(t *testing.T) {
	s := &Server{config: Config{StallAfter: 2 * time.Second, StallFor: 3 * time.Second}}
	for age, want := range map[time.Duration]time.Duration{
		0: 0, 2*time.Second - 1: 0, 2 * time.Second: 3 * time.Second, 4 * time.Second: time.Second, 5 * time.Second: 0, time.Hour: 0,
	} {
		if got := s.stalled(age); got != want {
			t.Errorf("at %s: %s left, want %s", age, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for name, c := range map[string]Config{
		"delay -1s": {Delay: -time.Second}, "error-rate 2": {ErrorRate: 2}, "error-rate NaN": {ErrorRate: math.NaN()},
		"stall-for 2h0m0s": {StallFor: 2 * time.Hour},
	} {
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), name+": must be between") {
			t.Errorf("%s: %v", name, err)
		}
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
