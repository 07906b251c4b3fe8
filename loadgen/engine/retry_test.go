package engine

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"landfall/loadgen"
)

// refuser is an HTTP/2 server that refuses some requests, the first one being number 1, and answers the others.
type refuser struct {
	refuses        func(n int64) bool
	leaves         bool // it refuses by GOAWAY, and then takes nothing more on that connection
	seen, answered atomic.Int64
}

func (s *refuser) serve(conn net.Conn) {
	defer conn.Close()
	if _, err := io.CopyN(io.Discard, conn, int64(len(http2.ClientPreface))); err != nil {
		return
	}
	f := http2.NewFramer(conn, conn)
	_ = f.WriteSettings()
	left := false
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = f.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			if !left {
				left = s.answer(f, frame.StreamID) && s.leaves
			}
		}
	}
}

// answer answers a request, or tells that it refused it.
func (s *refuser) answer(f *http2.Framer, stream uint32) (refused bool) {
	switch n := s.seen.Add(1); {
	case !s.refuses(n):
		s.answered.Add(1)
		_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{0x88}, EndHeaders: true, EndStream: true}) // :status 200
		return false
	case s.leaves:
		_ = f.WriteGoAway(max(stream, 2)-2, http2.ErrCodeNo, nil)
	default:
		_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
	}
	return true
}

// TestRefusedRequestsAreSentAgain: a target that leaves a connection, or takes no more streams, did not look at some requests
// and says so. They are sent again and counted once, but not for ever.
func TestRefusedRequestsAreSentAgain(t *testing.T) {
	const requests = 400
	for _, c := range []struct {
		name        string
		refuses     func(n int64) bool
		leaves      bool
		least, most int64 // errors
	}{
		{"none", func(int64) bool { return false }, false, 0, 0},
		{"every fortieth, leaving", func(n int64) bool { return n%40 == 0 }, true, 0, 0},
		{"one", func(n int64) bool { return n == 7 }, false, 0, 0},
		{"all", func(int64) bool { return true }, false, requests, requests},
		{"all from the hundredth, leaving", func(n int64) bool { return n >= 100 }, true, requests - 99, requests - 99},
	} {
		t.Run(c.name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				s := &refuser{refuses: c.refuses, leaves: c.leaves}
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				defer ln.Close()
				go func() {
					for conn, err := ln.Accept(); err == nil; conn, err = ln.Accept() {
						go s.serve(conn)
					}
				}()
				spec := loadgen.Spec{Target: "http://" + ln.Addr().String(), HTTP2: true, Streams: 4, Connections: 2, Count: requests, Timeout: loadgen.Duration(5 * time.Second)}
				got := carry(t, spec, o, loadgen.Share{}, nil).Total
				if got.Requests != requests || got.Responses != s.answered.Load() {
					t.Errorf("%+v; the target answered %d of %d", got, s.answered.Load(), s.seen.Load())
				}
				if s.seen.Load() > maxRefusals*requests {
					t.Errorf("the target saw %d", s.seen.Load())
				}
				if n := got.Errors[loadgen.ErrRead]; n < c.least || n > c.most || n != requests-got.Responses {
					t.Errorf("%d errors, want %d to %d", n, c.least, c.most)
				}
			})
		})
	}
}
