package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/gateway/access/accesstest"
	"landfall/node/membus"
	"landfall/node/orchestrator"
)

// site is a bus with one driver and one gateway, and a target that counts requests.
type site struct {
	t      *testing.T
	bus    *membus.Bus
	link   *membus.Node // the gateway's
	o      *orchestrator.Orchestrator
	g      *Gateway
	target string
	served atomic.Int64
	token  string
	end    func() // ends all of it
}

func newSite(t *testing.T, c Config, change ...func(*Gateway)) *site {
	s := &site{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.served.Add(1) }))
	t.Cleanup(server.Close)
	s.target = server.URL + "/"
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	s.end = func() { cancel(); wg.Wait() }
	t.Cleanup(s.end)
	bus := membus.New()
	s.bus = bus
	d, err := driver.New(bus.Node("drv-a"), driver.Config{NodeID: "drv-a", Host: "here", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	wg.Go(func() { _ = d.Run(ctx) })
	s.link = bus.Node("o1")
	s.o = orchestrator.New(s.link, orchestrator.Config{ID: "o1", By: "host"})
	wg.Go(func() { _ = s.o.Run(ctx) })
	<-s.o.Ready()
	c.Listen = "127.0.0.1:0"
	if s.g, err = New(s.o, c); err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(s.g)
	}
	wg.Go(func() { _ = s.g.Run(ctx) })
	return s
}

// call sends a request and decodes the response into out, unless it is nil; more are headers: name, value, …
func (s *site) call(method, path, body string, out any, more ...string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequest(method, "http://"+s.g.Addr()+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i+1 < len(more); i += 2 {
		if r.Header.Set(more[i], more[i+1]); more[i] == "Host" {
			r.Host = more[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			s.t.Fatalf("%s %s: %s: %v\n%.400s", method, path, resp.Status, err, text)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp
}

func (s *site) spec(seconds int) string {
	return fmt.Sprintf(`{"spec":{"test_type":"tsunami","target":%q,"rate_rps":100,"duration_us":%d,"connections":4},"count":1}`, s.target, seconds*1_000_000)
}

func (s *site) until(f func(*fleet.State) bool) {
	s.t.Helper()
	changed, cancel := s.o.Subscribe()
	defer cancel()
	for end := time.After(20 * time.Second); ; {
		done := false
		s.o.View(func(st *fleet.State) { done = f(st) })
		if done {
			return
		}
		select {
		case <-changed:
		case <-end:
			s.t.Fatal("condition not met within 20 s")
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tokens")
	write := func(text string, at time.Time) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("ann operator 0123456789abcdef\nbob viewer fedcba9876543210\n", time.Now())
	s := newSite(t, Config{TokenFile: path})
	const ann, bob = "Bearer 0123456789abcdef", "Bearer fedcba9876543210"
	for _, c := range []struct {
		name, method, path string
		status             int
		headers            []string
	}{
		{"no token", "GET", "/api/v1/drivers", 401, nil},
		{"wrong token", "GET", "/metrics", 401, []string{"Authorization", "Bearer 0123456789abcdee"}},
		{"health needs none", "GET", "/readyz", 200, nil},
		{"a viewer reads", "GET", "/api/v1/drivers", 200, []string{"Authorization", bob}},
		{"a viewer does not control", "POST", "/api/v1/drivers/drv-a/drain", 403, []string{"Authorization", bob}},
	} {
		if resp := s.call(c.method, c.path, "", nil, c.headers...); resp.StatusCode != c.status {
			t.Errorf("%s: %s", c.name, resp.Status)
		}
	}
	write("eve operator aaaabbbbccccdddd\n", time.Now().Add(time.Minute))
	if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", ann); resp.StatusCode != 401 {
		t.Errorf("a removed token: %s", resp.Status)
	}
	s.token = "aaaabbbbccccdddd"
	var made Run
	s.call("POST", "/api/v1/runs", s.spec(20), &made)
	if made.By != "eve" {
		t.Errorf("triggered by %q", made.By)
	}
	s.call("POST", "/api/v1/runs/"+made.TestID+"/stop", "", nil)
	s.until(func(st *fleet.State) bool { return strings.Contains(st.Run(made.TestID).StopBy, "eve") })
	for range 10 {
		s.call("GET", "/api/v1/drivers", "", nil, "Authorization", "Bearer wrong")
	}
	if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", "Bearer wrong"); resp.StatusCode != 429 {
		t.Errorf("one guess too many: %s", resp.Status)
	}
	if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", bob); resp.StatusCode != 401 {
		t.Errorf("a removed token, among guesses: %s", resp.Status)
	}
	if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", "Bearer "+s.token); resp.StatusCode != 200 {
		t.Errorf("a token that was valid before the guesses: %s", resp.Status)
	}
}

func TestBeyondLoopbackNeedsTokens(t *testing.T) {
	o := orchestrator.New(membus.New(), orchestrator.Config{})
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80"} {
		if _, err := New(o, Config{Listen: addr}); err == nil || !strings.Contains(err.Error(), "--token-file") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

// TestWarningOfTokensInClearText: the gateway warns if it listens beyond loopback without TLS, and only then.
func TestWarningOfTokensInClearText(t *testing.T) {
	dir := t.TempDir()
	accesstest.WritePair(t, dir, 1, time.Now())
	path := filepath.Join(dir, "tokens")
	if err := os.WriteFile(path, []byte("ann operator 0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := orchestrator.New(membus.New(), orchestrator.Config{})
	for name, c := range map[string]struct {
		config Config
		warned bool
	}{
		"beyond loopback":          {Config{Listen: "0.0.0.0:0"}, true},
		"beyond loopback with TLS": {Config{Listen: "0.0.0.0:0", TLSCert: filepath.Join(dir, "cert"), TLSKey: filepath.Join(dir, "key")}, false},
		"loopback":                 {Config{Listen: "127.0.0.1:0"}, false},
	} {
		var log bytes.Buffer
		c.config.TokenFile, c.config.Log = path, slog.New(slog.NewTextHandler(&log, nil))
		g, err := New(o, c.config)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		g.listener.Close()
		if warned := strings.Contains(log.String(), "in clear text"); warned != c.warned {
			t.Errorf("%s: %q", name, log.String())
		}
	}
}

// Most of many wrong tokens are refused without a check, and known callers are still admitted. (Not parallel: the memory of
// other tests would be counted.)
func TestTenThousandWrongTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(path, []byte("ann operator 0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, Config{TokenFile: path})
	const right = "Bearer 0123456789abcdef"
	if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", right); resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	began, before := time.Now(), heap()
	got := map[int]int{}
	for i := range 10_000 {
		got[s.call("GET", "/api/v1/drivers", "", nil, "Authorization", fmt.Sprintf("Bearer 0123456789abc%03d", i)).StatusCode]++
		if i%1000 == 0 {
			if resp := s.call("GET", "/api/v1/drivers", "", nil, "Authorization", right); resp.StatusCode != http.StatusOK {
				t.Errorf("the right token after %d wrong ones: %s", i, resp.Status)
			}
		}
	}
	most := 10 * (1 + int(time.Since(began)/(10*time.Second))) // ten in ten seconds
	if got[http.StatusUnauthorized] > most || got[http.StatusUnauthorized]+got[http.StatusTooManyRequests] != 10_000 {
		t.Errorf("in %v: %v, want at most %d checked", time.Since(began), got, most)
	}
	if more := heap() - before; more > 8<<20 {
		t.Errorf("%d bytes more after them", more)
	}
}
