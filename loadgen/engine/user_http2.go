package engine

import (
	"bytes"

	"landfall/loadgen/http2"
)

// frames sets q to the request of a user. dst is the buffer for data that q refers to; it is returned.
func (s *users) frames(q *http2.Request, dst []byte, u *user) []byte {
	dst = s.render(dst, u)
	m := &s.program.Messages[u.message]
	q.Message, q.Body, _ = bytes.Cut(dst, []byte("\r\n\r\n"))
	q.Shared, q.Head, q.Secure = false, m.Method == "HEAD" && !u.hop.to.Get, s.program.Hosts[u.host].Secure
	return dst
}

// serveOwn sends the requests of users whose own HTTP/2 connection has room again. A user whose connection has none delays no other user.
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
