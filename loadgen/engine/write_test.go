package engine

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
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
		spec := loadgen.Spec{Target: "unix:" + socket + ":/", Count: 8, Connections: 2, Body: strings.Repeat("x", loadgen.MaxBody)}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrWrite] != 8 {
			t.Errorf("%+v", out.Total)
		}
	})
}
