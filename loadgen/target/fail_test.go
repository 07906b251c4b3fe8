package target

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestErrorRate(t *testing.T) {
	_, url := start(t, Config{ErrorRate: 1})
	if status, _ := fetch(t, url+"/ping", ""); status != 500 {
		t.Errorf("status %d, want 500", status)
	}
	_, text := fetch(t, url+"/metrics", "")
	if !strings.Contains(text, "landfall_target_errors_total 1\n") {
		t.Errorf("no error counted: %s", text)
	}
}

func TestFailWith(t *testing.T) {
	for how, is := range map[string]func(error) bool{
		"close":   func(err error) bool { return errors.Is(err, io.EOF) },
		"reset":   func(err error) bool { return errors.Is(err, syscall.ECONNRESET) },
		"hang":    func(err error) bool { return errors.Is(err, context.DeadlineExceeded) },
		"garbage": func(err error) bool { return strings.Contains(err.Error(), "malformed HTTP") },
	} {
		s, url := start(t, Config{FailWith: how})
		client := http.Client{Timeout: 200 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get(url + "/ping")
		if err == nil {
			resp.Body.Close()
		}
		if err == nil || !is(err) {
			t.Errorf("%s: %v", how, err)
		}
		if m := s.metrics(); m.Requests != 1 || m.Responses != 0 || m.Errors != 1 {
			t.Errorf("%s: %+v, want one request, no response, one error", how, m)
		}
	}
}

func TestFailAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(Config{FailWith: "503", FailAfter: time.Second})
		for _, want := range []int64{0, 1} {
			req, _ := http.NewRequest(http.MethodGet, "http://x/ping", nil)
			s.ServeHTTP(nowhere{}, req)
			if got := s.failed.Load(); got != want {
				t.Errorf("at %s: %d failed, want %d", time.Since(s.started), got, want)
			}
			time.Sleep(time.Second)
		}
	})
}

// A paced load below the rate has no failures. Of one above it, only the excess fails.
func TestFailAbove(t *testing.T) {
	for _, c := range []struct {
		rate     float64
		from, to int
	}{{90, 0, 0}, {100, 0, 0}, {150, 480, 500}, {200, 980, 1000}} {
		f := newFailures(Config{FailWith: "500", FailAbove: 100})
		failed := 0
		for i := range int(c.rate * 10) {
			if f.hits(time.Duration(float64(i) / c.rate * float64(time.Second))) {
				failed++
			}
		}
		if failed < c.from || failed > c.to {
			t.Errorf("%.0f/s for 10 s: %d failed, want %d to %d", c.rate, failed, c.from, c.to)
		}
	}
}
