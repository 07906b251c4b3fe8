package gateway

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestGuessesAreLimitedAndBounded(t *testing.T) {
	f := newFailures()
	for i := range 3 * failuresKept {
		f.note(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255))
		f.right(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255), "t")
	}
	if len(f.from) > failuresKept || len(f.trusted) > failuresKept {
		t.Errorf("%d addresses, %d tokens are kept", len(f.from), len(f.trusted))
	}
	f = newFailures()
	f.right("192.0.2.1:5", "right")
	looked := 0
	for i := range 10_000 {
		if f.allow("192.0.2.1:5", fmt.Sprint("guess", i)) {
			looked++
			f.note("192.0.2.1:5")
		}
		if !f.allow("192.0.2.1:6", "right") {
			t.Fatalf("the right token was refused after %d guesses", i)
		}
	}
	if looked != failuresAllowed {
		t.Errorf("%d of 10,000 guesses were looked at", looked)
	}
	f.note("[2001:db8::1]:5")
	if len(f.from) != 2 || hostOf("[2001:db8::1]:5") != hostOf("[2001:db8:0:0:ffff::2]:6") || hostOf("[2001:db8::1]:5") == hostOf("[2001:db8:0:1::1]:5") {
		t.Error("a host of IPv6 has its whole network's guesses")
	}
	if hostOf("[::ffff:192.0.2.1]:5") != "192.0.2.1" {
		t.Error(hostOf("[::ffff:192.0.2.1]:5"))
	}
	if f.allow("192.0.2.1:5", "right at another address") || !f.allow("192.0.2.2:5", "guess") {
		t.Error("another token, or another address")
	}
}

// TestTenThousandWrongTokens: nearly none of them is looked at, all are answered at once, and who was let in before still is.
// (Not in parallel with others, whose memory would be counted too.)
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
	most := failuresAllowed * (1 + int(time.Since(began)/failuresFor))
	if got[http.StatusUnauthorized] > most || got[http.StatusUnauthorized]+got[http.StatusTooManyRequests] != 10_000 {
		t.Errorf("in %v: %v, want at most %d looked at", time.Since(began), got, most)
	}
	if more := heap() - before; more > 8<<20 {
		t.Errorf("%d bytes more after them", more)
	}
}
