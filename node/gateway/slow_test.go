package gateway

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"
)

// TestSlowSendersAreCutOff: who sends headers or a body a byte at a time is cut off, and holds up nobody meanwhile.
func TestSlowSendersAreCutOff(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	const body = "POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
	var wg sync.WaitGroup
	for i := range 100 {
		text := "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
		if i%2 == 0 {
			text = body
		}
		wg.Go(func() {
			c, err := net.Dial("tcp", s.g.Addr())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = c.SetReadDeadline(time.Now().Add(3 * readFor))
				if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("still open after %v", 3*readFor)
				}
			}()
			tick := time.NewTicker(200 * time.Millisecond)
			defer tick.Stop()
			_, err = c.Write([]byte(text))
			for err == nil {
				select {
				case <-ended:
					return
				case <-tick.C:
					_, err = c.Write([]byte("a"))
				}
			}
			<-ended
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for {
		began := time.Now()
		if resp := s.call("GET", "/api/v1/drivers", "", nil); resp.StatusCode != http.StatusOK || time.Since(began) > 2*time.Second {
			t.Fatalf("among slow senders: %s after %v", resp.Status, time.Since(began))
		}
		select {
		case <-done:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
