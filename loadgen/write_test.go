package loadgen

import (
	"net"
	"path/filepath"
	"strings"
	"sync"
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
	var wg sync.WaitGroup
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				_, _ = c.Read(make([]byte, 100))
				time.Sleep(50 * time.Millisecond) // until what fits is sent
				c.Close()
			})
		}
	})
	polls(t, func(t *testing.T, o Options) {
		spec := Spec{Target: "unix:" + socket + ":/", Count: 8, Connections: 2, Body: strings.Repeat("x", maxBody)}
		out := carry(t, spec, o, Share{}, nil)
		if out.Total.Errors[ErrWrite] != 8 {
			t.Errorf("%+v", out.Total)
		}
	})
}
