package engine

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// A target resets the connection while the body is being sent: the error is one of writing.
func TestAResetInARequestIsAnErrorOfWriting(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	ln, err := net.Listen("unix", socket) // a Unix socket may buffer less of a body than TCP
	if err != nil {
		t.Skip("not available on this machine: ", err)
	}
	accept(t, ln, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 100))
		time.Sleep(50 * time.Millisecond) // until the buffer is full
	})
	polls(t, func(t *testing.T, o Options) {
		spec := loadgen.Spec{Target: "unix:" + socket + ":/", Count: 8, Connections: 2, Body: strings.Repeat("x", loadgen.MaxBody)}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrWrite] != 8 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// A target may respond before it has received the whole request, and close the connection. Its response counts, although the rest of the
// request cannot be written any more.
func TestAnswersBeforeTheRequestIsSent(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := listen(t, func(c net.Conn) {
			r := bufio.NewReader(c)
			if _, err := http.ReadRequest(r); err != nil {
				return
			}
			io.WriteString(c, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		}) // closing with much of the body unread resets the connection
		spec := loadgen.Spec{Target: url, Method: "POST", Body: strings.Repeat("x", 3<<20), Count: 100, Connections: 4, Expect: loadgen.Expect{Statuses: []int{413}}}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Statuses["413"] != 100 {
			t.Errorf("%+v, %+v", out.Total, out.failures)
		}
	})
}

func TestWhatIsNotExpected(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var n atomic.Int64
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			switch n.Add(1) % 4 {
			case 0:
				w.WriteHeader(500)
			case 1:
				io.WriteString(w, "all is w")
				w.(http.Flusher).Flush()
				io.WriteString(w, "ell here")
			case 2:
				io.WriteString(w, "something else")
			case 3:
				io.WriteString(w, "all is well, but it takes far too many words to say so")
			}
		}, nil)
		out := carry(t, loadgen.Spec{Target: r.url, Count: 400, Connections: 4, Expect: loadgen.Expect{BodyContains: "is well", MaxBytes: 20}}, o, loadgen.Share{}, nil)
		if out.Total.Unexpected != 300 || out.Total.Statuses["500"] != 100 || out.Total.Statuses["200"] != 300 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// Any three digits are a status, and are counted as received.
func TestUndefinedStatuses(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(c net.Conn, n int) bool {
			_, err := fmt.Fprintf(c, "HTTP/1.1 %s Why\r\nContent-Length: 2\r\n\r\nno", []string{"000", "200", "600", "999"}[n%4])
			return err == nil
		})
		out := carry(t, loadgen.Spec{Target: url, Count: 80, Connections: 1, Expect: loadgen.Expect{Statuses: []int{200, 999}}}, o, loadgen.Share{}, nil)
		want := map[string]int64{"000": 20, "200": 20, "600": 20, "999": 20}
		if !maps.Equal(out.Total.Statuses, want) || out.Total.Unexpected != 40 {
			t.Errorf("%+v", out.Total)
		}
	})
}
