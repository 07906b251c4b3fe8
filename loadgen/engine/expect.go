package engine

import (
	"bytes"
	"fmt"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/script"
)

// expectation is what a request of the script expects, prepared for fast checks.
type expectation struct {
	status   [loadgen.MaxStatus + 1]bool
	contains []byte
	most     int64 // maximum bytes of body; 0: any
}

func newExpectations(s *script.Script) []expectation {
	list := make([]expectation, len(s.Requests))
	for i := range s.Requests {
		want, e := s.Requests[i].Expect, &list[i]
		e.contains, e.most = []byte(want.BodyContains), want.MaxBytes
		for _, status := range want.Statuses {
			e.status[status] = true
		}
		for status := 200; len(want.Statuses) == 0 && status < 400; status++ {
			e.status[status] = true
		}
	}
	return list
}

// met reports whether a response is expected.
func (e *expectation) met(status int, body int64, found bool) bool {
	return e.status[status] && (e.most == 0 || body <= e.most) && (len(e.contains) == 0 || found)
}

// wrong returns why a response is unexpected.
func (e *expectation) wrong(status int, body int64) wrong {
	switch {
	case !e.status[status]:
		return wrong{evidence.Status, whyStatus(status)}
	case e.most != 0 && body > e.most:
		return wrong{evidence.Body, fmt.Sprintf("longer than %d bytes", e.most)}
	}
	return wrong{evidence.Body, fmt.Sprintf("does not contain %.60q", e.contains)}
}

func whyStatus(status int) string { return fmt.Sprintf("status %d", status) }

// finder searches for a text in a body that arrives in pieces.
type finder struct {
	found bool
	tail  []byte // end of the data so far, in which the text may start
}

func (f *finder) reset() { f.found, f.tail = false, f.tail[:0] }

func (f *finder) search(text, piece []byte) {
	if f.found {
		return
	}
	if bytes.Contains(piece, text) {
		f.found = true
		return
	}
	joint := append(f.tail, piece[:min(len(piece), len(text)-1)]...)
	if bytes.Contains(joint, text) {
		f.found = true
		return
	}
	keep := len(text) - 1
	if len(piece) >= keep {
		f.tail = append(f.tail[:0], piece[len(piece)-keep:]...)
		return
	}
	f.tail = append(f.tail[:0], joint[max(0, len(joint)-keep):]...)
}
