package engine

import (
	"bytes"

	"landfall/loadgen/http2"
)

// frames makes q the request of a user. dst is filled with what q refers to, and returned.
func (s *users) frames(q *http2.Request, dst []byte, u *user) []byte {
	dst = s.render(dst, u)
	m := &s.program.Messages[u.message]
	q.Message, q.Body, _ = bytes.Cut(dst, []byte("\r\n\r\n"))
	q.Shared, q.Head, q.Secure = false, m.Method == "HEAD" && !u.hop.to.Get, s.program.Hosts[u.host].Secure
	return dst
}

// refused has a user whose request the target did not process wait for a connection to send it again, as often as
// [loop.refused] allows.
func (s *users) refused(f *flight, left bool, why string) {
	l, u := s.loop, f.user
	if l.ended || left && f.left == maxLeft || !left && f.retries == maxRefused {
		l.fail(f, classRead, why)
		return
	}
	r := l.retry(f)
	if left {
		r.left++
	} else {
		r.retries++
	}
	f.user = nil
	s.recycle(u)
	u.conn, u.retries, u.left, u.state = nil, r.retries, r.left, userWaiting
	s.waiting = append(s.waiting, u)
}

// serveOwn gives those who wait for room on an HTTP/2 connection of their own what there is: one that has none holds up no other.
func (s *users) serveOwn() {
	kept := s.waiting[:0]
	for _, u := range s.waiting {
		if s.mayAsk(u) {
			s.send(u, &s.program.Messages[u.message])
		} else {
			kept = append(kept, u)
		}
	}
	s.waiting = kept
}
