package loadgen

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A target that resets while the body is still on its way: it is the write that failed.
func TestAResetInARequestIsAnErrorOfWriting(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	ln, err := net.Listen("unix", socket) // which holds less of a body than TCP may
	if err != nil {
		t.Skip("not to be had here: ", err)
	}
	accept(t, ln, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 100))
		time.Sleep(50 * time.Millisecond) // until what fits is sent
	})
	polls(t, func(t *testing.T, o Options) {
		spec := Spec{Target: "unix:" + socket + ":/", Count: 8, Connections: 2, Body: strings.Repeat("x", maxBody)}
		out := carry(t, spec, o, Share{}, nil)
		if out.Total.Errors[ErrWrite] != 8 {
			t.Errorf("%+v", out.Total)
		}
	})
}
