package gateway

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"landfall/node/membus"
	"landfall/node/orchestrator"
)

// ready returns the response of /readyz.
func (s *site) ready() (int, string) {
	s.t.Helper()
	resp := s.call("GET", "/readyz", "", nil)
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// While the broker is unreachable the process keeps running and reports why it is not ready; afterwards it is
// ready again.
func TestReadyzGivesTheReason(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	becomes := func(want int, why string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); ; {
			status, text := s.ready()
			if status == want && strings.Contains(text, why) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d %s, want %d with %q", status, text, want, why)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	becomes(http.StatusOK, "ok")
	s.link.Cut()
	becomes(http.StatusServiceUnavailable, membus.ErrCut.Error())
	if resp := s.call("GET", "/livez", "", nil); resp.StatusCode != http.StatusOK {
		t.Errorf("livez: %s", resp.Status)
	}
	if text, _ := io.ReadAll(s.call("GET", "/metrics", "", nil).Body); !strings.Contains(string(text), "landfall_broker_connected 0") {
		t.Error("metrics say that it is connected")
	}
	s.link.Heal()
	becomes(http.StatusOK, "ok")
}

func TestReadyzBeforeTheTopicsAreRead(t *testing.T) {
	s := &site{t: t, o: orchestrator.New(membus.New(), orchestrator.Config{})} // it does not run
	var err error
	if s.g, err = New(s.o, Config{Listen: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.g.Run(t.Context()) }()
	if status, text := s.ready(); status != http.StatusServiceUnavailable || !strings.Contains(text, "topics") {
		t.Errorf("%d %s", status, text)
	}
}
