package http2

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"golang.org/x/net/http2"
)

// A body is sent exactly as far as the windows of stream and connection allow, in any order of updates.
func TestSendWindows(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := New(8)
		c.peerStreams = 8
		out := c.Start(nil)
		body := make([]byte, 200_000)
		want := map[uint32]int{}
		for i := range 5 {
			n := r.IntN(len(body))
			var id uint32
			id, out, _ = c.Request(out, &Request{Fields: getFields, Body: body[:n], Tag: i})
			want[id] = n
		}
		peer := &windows{conn: 65535, initial: 65535, stream: map[uint32]int64{}, left: want}
		peer.take(t, out[len(preface):])
		s := newScript()
		s.WriteSettings()
		for round := 0; len(peer.left) > 0; round++ {
			if round > 10_000 {
				t.Fatal("stuck", peer.left)
			}
			n := r.IntN(50_000) + 1
			switch r.IntN(3) {
			case 0:
				s.WriteWindowUpdate(0, uint32(n))
				peer.conn += int64(n)
			case 1:
				id := uint32(r.IntN(5)*2 + 1)
				if peer.left[id] > 0 {
					s.WriteWindowUpdate(id, uint32(n))
					peer.stream[id] += int64(n)
				}
			case 2:
				s.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: uint32(n)})
				peer.initial = int64(n)
			}
			_, out, err := replay(c, s.Bytes(), s.Len())
			if err != nil {
				t.Fatal(err)
			}
			peer.take(t, out)
			s.Buffer.Reset()
		}
	}
}

// A body that is not shared may be overwritten right after Request, even if most of it is not sent yet.
func TestBodyIsCopied(t *testing.T) {
	c := New(1)
	body := bytes.Repeat([]byte("a"), 100_000)
	_, out, _ := c.Request(c.Start(nil), &Request{Fields: getFields, Body: body})
	clear(body)
	s := newScript()
	s.WriteSettings()
	s.WriteWindowUpdate(0, 100_000)
	s.WriteWindowUpdate(1, 100_000)
	_, more, err := replay(c, s.Bytes(), s.Len())
	if n := bytes.Count(more, []byte("a")); err != nil || n != 100_000 || len(out) == 0 {
		t.Errorf("%d bytes of the body left, %v", n, err)
	}
}

// windows tracks the windows that the peer has granted.
type windows struct {
	conn, initial int64
	stream        map[uint32]int64 // relative to initial
	left          map[uint32]int
}

func (w *windows) take(t *testing.T, b []byte) {
	t.Helper()
	fr := http2.NewFramer(nil, bytes.NewReader(b))
	for {
		f, err := fr.ReadFrame()
		if err != nil {
			return
		}
		d, ok := f.(*http2.DataFrame)
		if !ok {
			continue
		}
		n := int64(len(d.Data()))
		w.conn -= n
		w.stream[d.StreamID] -= n
		w.left[d.StreamID] -= int(n)
		if w.conn < 0 || w.initial+w.stream[d.StreamID] < 0 {
			t.Fatal("sent beyond the window")
		}
		if d.StreamEnded() != (w.left[d.StreamID] == 0) {
			t.Fatal("END_STREAM at the wrong byte")
		}
		if w.left[d.StreamID] == 0 {
			delete(w.left, d.StreamID)
		}
	}
}
