package target

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestDelaysAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(Config{Delay: 30 * time.Millisecond, SlowPath: "/ping/b", SlowPathDelay: 20 * time.Millisecond, ServiceTime: 5 * time.Millisecond})
		for path, want := range map[string]time.Duration{"/ping": 35 * time.Millisecond, "/ping/b": 55 * time.Millisecond} {
			began := time.Now()
			req, _ := http.NewRequest(http.MethodGet, "http://x"+path, nil)
			s.ServeHTTP(nowhere{}, req)
			if took := time.Since(began); took != want {
				t.Errorf("%s: answered after %s, want %s", path, took, want)
			}
		}
	})
}

func TestCanceledRequestGetsNoResponse(t *testing.T) {
	s, _ := start(t, Config{Delay: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://x/ping", nil)
	s.ServeHTTP(nowhere{}, req)
	if s.Requests() != 1 || s.Responses() != 0 {
		t.Errorf("requests %d, responses %d, want 1 and 0", s.Requests(), s.Responses())
	}
}
